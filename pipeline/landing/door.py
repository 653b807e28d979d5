"""Landing a table: which days need it, in which order, and what is written.

Belongs here: the course of landing. Does not belong here: SQL of the rules, folders.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import Contract, Delivery
from pipeline.landing import outcome as outcomes_of
from pipeline.landing import store
from pipeline.landing.judge import judge_day, landed_sql, quarantine_sql
from pipeline.landing.model import DayOutcome, DoorSettings, DroppedFile, Reader, Staged, TableMapping
from pipeline.landing.write import copy_to, private_copy
from pipeline.settings import Home
from pipeline.warehouse import connection, literal, literals

_VERSION = "1"  # of the rules at the door: raising it lands everything again


def land_table(
    home: Home,
    mapping: TableMapping,
    contract: Contract,
    days: Sequence[date] | None = None,
    *,
    files: Mapping[date, Sequence[DroppedFile]],
    read: Reader,
    settings: DoorSettings,
) -> list[DayOutcome]:
    """Land extract days of one table; what was landed with the same input stays untouched.

    Args:
        home: the home.
        mapping: mapping of the table.
        contract: its contract.
        days: days to land; all in ``files`` if ``None``. For events, later days that share a key with
            an earlier one are looked at again, so that the order of landing makes no difference.
        files: every file of the table in the drop folder, by extract day.
        read: turns a file into typed rows.
        settings: key, currency, time zone and survey scales.

    Returns:
        One outcome per day looked at, ascending.

    Raises:
        KeyMismatchError: the table was landed with another pseudonym key.
        ConservationError: rows were lost or made, which is a fault of the program.
    """
    store.check_key(home, [contract.table], settings.key_fingerprint)
    wanted = sorted(set(files if days is None else days) & set(files))
    # What does not fit in memory goes to a private folder: it may hold personal data.
    with (
        tempfile.TemporaryDirectory(prefix="parcours-") as spill,
        connection(threads=settings.threads) as opened,
    ):
        opened.execute(f"set temp_directory = {literal(spill)}")
        landing = _Landing(opened, home, mapping, contract, files, read, settings)
        found = {day: landing.land(day) for day in wanted}
        day = date.min
        # Landing a day can touch later ones only, so one ascending walk, looking anew after each, is enough.
        while wanted and contract.delivery is Delivery.EVENTS:
            touched = [later for later in landing.touched_by_earlier() if later > day and later in files]
            if not touched:
                break
            day = touched[0]
            found[day] = landing.land(day, again=True)
    return [found[day] for day in sorted(found)]


class _Landing:
    """The days of one table on one connection."""

    def __init__(
        self,
        opened: duckdb.DuckDBPyConnection,
        home: Home,
        mapping: TableMapping,
        contract: Contract,
        files: Mapping[date, Sequence[DroppedFile]],
        read: Reader,
        settings: DoorSettings,
    ) -> None:
        self._opened, self._home, self._mapping, self._contract = opened, home, mapping, contract
        self._files, self._read, self._settings = files, read, settings
        self._rates = [path for _, path in store.landed_files(home, "fx_rates")] if contract.amount_columns else []
        rates = [hashlib.sha256(path.read_bytes()).hexdigest() for path in self._rates]
        self._rates_fingerprint = hashlib.sha256("".join(rates).encode()).hexdigest()

    def land(self, day: date, *, again: bool = False) -> DayOutcome:
        """Land one day unless the same input was landed before."""
        table = self._contract.table
        pending = store.pending_folder(self._home, table, day)
        accepted = store.accepted_folder(self._home, table, day)
        if not again and self.is_unchanged(day):
            is_pending = (pending / store.OUTCOME).is_file()
            content = store.read_outcome(pending if is_pending else accepted) or {}
            return DayOutcome(table, day, "unchanged", is_pending, content)
        with tempfile.TemporaryDirectory(prefix="parcours-") as scratch:
            folder = self._home.pending / table / f"_new_extract_date={day.isoformat()}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            content = self._write(day, folder, Path(scratch))
        if content == store.read_outcome(accepted):
            shutil.rmtree(folder)
            shutil.rmtree(pending, ignore_errors=True)
            return DayOutcome(table, day, "unchanged", is_pending=False, content=content)
        if content == store.read_outcome(pending):
            shutil.rmtree(folder)
            return DayOutcome(table, day, "unchanged", is_pending=True, content=content)
        store.replace_folder(folder, pending)
        return DayOutcome(table, day, "landed", is_pending=True, content=content)

    def is_unchanged(self, day: date) -> bool:
        """Whether the version at hand came from the same input; a stale pending version is dropped for it."""
        table = self._contract.table
        pending = store.pending_folder(self._home, table, day)
        if (waiting := store.read_outcome(pending)) is not None and self._is_same(day, waiting):
            return True
        accepted = store.read_outcome(store.accepted_folder(self._home, table, day))
        if accepted is None or not self._is_same(day, accepted):
            return False
        shutil.rmtree(pending, ignore_errors=True)
        return True

    def touched_by_earlier(self) -> list[date]:
        """Later days that hold a key of an earlier one, or leaned on an earlier day that is another now."""
        landed = store.landed_files(self._home, self._contract.table)
        if len(landed) < 2:
            return self._leaning(landed)
        paths = literals([str(path) for _, path in landed])
        shared = self._opened.execute(
            "select distinct _extract_date from ("
            "select _extract_date, min(_extract_date) over (partition by _key_hash) as first_day "
            f"from read_parquet([{paths}], hive_partitioning = false)) where _extract_date > first_day"
        ).fetchall()
        return sorted({row[0] for row in shared} | set(self._leaning(landed)))

    def _leaning(self, landed: Sequence[tuple[date, Path]]) -> list[date]:
        return [day for day, path in landed if not self._leans_rightly(store.read_outcome(path.parent) or {})]

    def _is_same(self, day: date, known: dict[str, Any]) -> bool:
        rates = known.get("rates_fingerprint")
        return (
            known.get("input_fingerprint") == self._input_fingerprint(day)
            and rates in (None, self._rates_fingerprint)
            and self._leans_rightly(known)
        )

    def _leans_rightly(self, known: dict[str, Any]) -> bool:
        for day, content_hash in known.get("depends_on", {}).items():
            folder = store.current_folder(self._home, self._contract.table, date.fromisoformat(day))
            earlier = store.read_outcome(folder) if folder else None
            if earlier is None or earlier["content_hash"] != content_hash:
                return False
        return True

    def _input_fingerprint(self, day: date) -> str:
        parts: list[Any] = [
            _VERSION,
            [[file.name, file.sha256] for file in self._files[day]],
            self._mapping.fingerprint,
            repr(self._contract),
            self._settings.key_fingerprint,
        ]
        if self._contract.scored_by:
            parts.append(sorted((key, *map(str, scale)) for key, scale in self._settings.scales.items()))
        if self._contract.amount_columns:
            parts += [self._settings.reporting_currency, self._settings.business_time_zone]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _write(self, day: date, folder: Path, scratch: Path) -> dict[str, Any]:
        staged: list[tuple[DroppedFile, Staged]] = []
        for place, file in enumerate(sorted(self._files[day], key=lambda item: item.name)):
            staged.append((file, self._read(self._opened, file, prefix=f"file_{place}", scratch=scratch)))
        head = {
            "table": self._contract.table,
            "extract_date": day.isoformat(),
            "input_fingerprint": self._input_fingerprint(day),
            "mapping_fingerprint": self._mapping.fingerprint,
            "key_fingerprint": self._settings.key_fingerprint,
        }
        if any(item.problem for _, item in staged):
            content = outcomes_of.unreadable(head, staged, self._contract)
        else:
            content = self._write_rows(day, folder, head, staged)
        store.write_json(folder / store.OUTCOME, content)
        return content

    def _write_rows(
        self, day: date, folder: Path, head: dict[str, Any], staged: list[tuple[DroppedFile, Staged]]
    ) -> dict[str, Any]:
        named = [(file.name, item) for file, item in staged]
        earlier = [item for item in store.landed_files(self._home, self._contract.table) if item[0] < day]
        judge_day(
            self._opened,
            named,
            contract=self._contract,
            day=day,
            settings=self._settings,
            is_key_row=self._mapping.is_key_row,
            earlier=earlier,
            rates=self._rates,
        )
        content = outcomes_of.readable(
            self._opened,
            head,
            staged,
            contract=self._contract,
            reporting_currency=self._settings.reporting_currency,
            rates_fingerprint=self._rates_fingerprint,
            earlier={day.isoformat(): path.parent for day, path in earlier},
        )
        copy_to(self._opened, landed_sql(self._contract), folder / store.DATA)
        target = store.quarantine_folder(self._home, self._contract.table, day)
        shutil.rmtree(target, ignore_errors=True)
        if content["row_count_quarantined"]:
            private_copy(self._opened, quarantine_sql(named), target / "rows.parquet", home=self._home)
        return content
