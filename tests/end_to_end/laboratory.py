"""A home of the sample company, and what the scenarios do to it."""

import csv
import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline import publish
from pipeline.analysis.lifetime import write_lifetime
from pipeline.contracts import CONTRACTS
from pipeline.defs import course, modelling, releasing
from pipeline.defs.session import Session, open_session, require_tables
from pipeline.settings import Settings
from pipeline.warehouse import connection, one_writer

SERVED_DAY = date(2025, 12, 29)
"""Last day of the drop that the first run of every scenario has landed; two more lie ready."""
NEXT_DAY, LAST_DAY = date(2025, 12, 30), date(2025, 12, 31)


@dataclass(frozen=True)
class Laboratory:
    """One home, run with Dagster (`run_daily`) or, faster, with the plain functions below."""

    settings: Settings

    @property
    def root(self) -> Path:
        """The home's folder."""
        return self.settings.paths.root

    @property
    def served(self) -> str | None:
        """Id of the served release."""
        folder = publish.current_release(self.settings.paths.releases)
        return folder.name if folder else None

    def session(self) -> Session:
        """The configuration of this home."""
        return open_session(self.settings)

    def land(self, first: date, last: date) -> None:
        """Land a range of days of every table, rates first, as the asset graph does."""
        with one_writer(self.settings.paths.lock_file):
            session = self.session()
            require_tables(session)
            for table in sorted(CONTRACTS, key=lambda name: name != "fx_rates"):
                course.land_and_judge(session, table, first, last)

    def build(self, last: date = SERVED_DAY) -> None:
        """Write the facts and build the models."""
        with one_writer(self.settings.paths.lock_file):
            session = self.session()
            course.write_facts(session, course.as_of_day(session, last, None))
            self._build_half(session, modelling.BEFORE_ANALYSIS)
            write_lifetime(self.settings.paths.build_file, self.settings.paths.analysis)
            self._build_half(session, modelling.AFTER_ANALYSIS)

    def build_part(self, model: str, last: date) -> None:
        """Write the facts and build one model with its tests, on what is built already."""
        with one_writer(self.settings.paths.lock_file):
            session = self.session()
            course.write_facts(session, course.as_of_day(session, last, None))
            self._build_half(session, ("--select", model))

    def _build_half(self, session: Session, flags: Sequence[str]) -> None:
        results = modelling.build_models(self.settings, session.dbt_variables, flags)
        assert [each for each in results if not each.is_good] == []

    def publish(self) -> tuple[Path, bool]:
        """Stage, judge and seal."""
        with one_writer(self.settings.paths.lock_file):
            session = self.session()
            judged = releasing.stage_and_judge(session)
            assert not judged.is_blocked, judged.unmet
            return releasing.seal_staged(session, datetime.now(UTC).replace(tzinfo=None))

    def dropped(self, table: str, day: date) -> Path:
        """The file of a table and day in the drop."""
        (file,) = (self.settings.paths.drop / CONTRACTS[table].source / table).glob(f"{day}*")
        return file

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the build."""
        with connection(self.settings.paths.build_file, read_only=True) as build:
            return build.execute(sql).fetchall()

    def ask(self, sql: str) -> list[dict[str, object]]:
        """Ask the served release."""
        folder = publish.current_release(self.settings.paths.releases)
        assert folder is not None
        return publish.query_release(folder, sql).to_dict("records")


def state(*folders: Path) -> dict[str, str]:
    """Every file below some folders with the hash of its bytes, and links with their targets."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink():
                found[str(path)] = f"-> {path.readlink()}"
            elif path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def copy_home(origin: Path, target: Path) -> Laboratory:
    """The same home elsewhere; the link to the served release stays a link."""
    shutil.copytree(origin, target, symlinks=True)
    return Laboratory(Settings(home=target))


def without_column(file: Path, column: str) -> bytes:
    """A JSON Lines file (gzip) without one of its keys."""
    rows = [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()]
    lines = [json.dumps({key: value for key, value in row.items() if key != column}) for row in rows]
    return gzip.compress("\n".join(lines).encode("utf-8"), mtime=0)


def people(drop: Path) -> list[Mapping[str, str]]:
    """Every row of the customer extracts, as delivered."""
    rows: list[Mapping[str, str]] = []
    for file in sorted((drop / "crm" / "customers").glob("*.csv")):
        text = file.read_bytes().decode("windows-1252")
        rows += csv.DictReader(io.StringIO(text), delimiter=";")
    return rows
