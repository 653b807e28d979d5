"""A small home with a drop folder, a mapping written as a test needs it, and one call that lands."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import CONTRACTS
from pipeline.extract import FileReader, Mapping, discover, parse_sources
from pipeline.landing import DayOutcome, DoorSettings, land_table, promote
from pipeline.landing.model import Reader
from pipeline.settings import Home

KEY = bytes(range(32))
DAY = date(2025, 12, 1)


@dataclass
class Lab:
    """One table of one home."""

    home: Home
    table: str = "orders"
    block: dict[str, Any] = field(default_factory=dict)
    settings: DoorSettings = field(
        default_factory=lambda: DoorSettings(
            KEY, "fp", "EUR", "Europe/Paris", {"nps": (0, 10, True), "csat": (1, 5, True)}
        )
    )

    def drop(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> Path:
        """Put a file where the table's files are expected."""
        file = self.home.drop / CONTRACTS[self.table].source / self.table / name
        file.parent.mkdir(parents=True, exist_ok=True)
        payload = content.encode(encoding) if isinstance(content, str) else content
        file.write_bytes(gzip.compress(payload, mtime=0) if name.endswith(".gz") else payload)
        return file

    def mapping(self) -> Mapping:
        """The mapping as it is read from ``sources.yaml``."""
        tables = {"tables": {self.table: self.block}}
        content = {"version": 1, "company": {}, "sources": {CONTRACTS[self.table].source: tables}}
        return parse_sources(content, name="sources.yaml").mappings[self.table]

    def reader(self) -> FileReader:
        """What turns this table's files into rows."""
        return FileReader(self.mapping(), CONTRACTS[self.table])

    def land(self, days: Sequence[date] | None = None, *, read: Reader | None = None) -> list[DayOutcome]:
        """Land what is in the drop folder."""
        mapping = self.mapping()
        return land_table(
            self.home,
            mapping,
            CONTRACTS[self.table],
            days,
            files=discover(self.home.drop, mapping),
            read=read or self.reader(),
            settings=self.settings,
        )

    def land_one(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> DayOutcome:
        """Drop one file and land it."""
        self.drop(name, content, encoding=encoding)
        return self.land()[-1]

    def accept(self) -> None:
        """Promote every pending readable day."""
        for outcome in self.land():
            if outcome.is_pending:
                promote(self.home, self.table, outcome.extract_date)

    def rows(self, columns: str = "*", day: date = DAY, *, accepted: bool = False) -> list[tuple[Any, ...]]:
        """Rows of a landed day."""
        root = self.home.landing if accepted else self.home.pending
        file = root / self.table / f"extract_date={day}" / "data.parquet"
        return self._query(file, columns)

    def quarantined(self, columns: str = "_source_line, _reasons", day: date = DAY) -> list[tuple[Any, ...]]:
        """Quarantined rows of a day."""
        roots = (self.home.quarantine / "_pending", self.home.quarantine)
        files = [root / self.table / f"extract_date={day}" / "rows.parquet" for root in roots]
        return self._query(next(file for file in files if file.is_file()), columns)

    @staticmethod
    def _query(file: Path, columns: str) -> list[tuple[Any, ...]]:
        with duckdb.connect() as connection:
            return connection.execute(
                f"select {columns} from read_parquet('{file}', hive_partitioning = false) "
                "order by _source_file, _source_line"
            ).fetchall()
