"""Landing a table: which days need it, in which order, and what is written.

Belongs here: the course of landing. Does not belong here: SQL of the rules, folders.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import Contract, Delivery
from pipeline.landing import again, store
from pipeline.landing import outcome as outcomes_of
from pipeline.landing.case import DayCase, known_since
from pipeline.landing.course import Course
from pipeline.landing.delivered import changed_files, input_fingerprint, missing_parts, only_remains
from pipeline.landing.model import DayOutcome, DoorSettings, DroppedFile, Reader, Streamed, TableMapping
from pipeline.landing.references import paths_of
from pipeline.settings import Home
from pipeline.warehouse import connection, literal

_MOST_MEMORY = "3GB"  # of the engine; what is more goes to disk, and Python needs some too


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
            an earlier one are looked at again, so that the order of landing makes no difference. A later day whose
            file is gone cannot be: it keeps its rows, and the earlier day goes without. Days in a foreign currency
            are looked at again when rates are known from another day on, days that another table speaks against
            (delivered before ordered) when that table says otherwise.
        files: every file of the table in the drop folder, by extract day.
        read: turns a file into typed rows.
        settings: key, currency, time zone and survey scales.

    Returns:
        One outcome per day looked at, ascending.

    Raises:
        KeyMismatchError: the table was landed with another pseudonym key.
        ConservationError: rows were lost or made, which is a fault of the program.
        LandingError: the engine failed; the message names table, file and remedy.
    """
    store.check_key(home, [contract.table], settings.key_fingerprint)
    store.sweep(home, contract.table)
    # What does not fit in memory goes to a private folder: it may hold personal data.
    with store.scratch(home) as spill, connection(threads=settings.threads) as opened:
        opened.execute(f"set temp_directory = {literal(str(spill))}")
        opened.execute(f"set memory_limit = '{_MOST_MEMORY}'")
        landing = _Landing(opened, home, mapping, contract, files, read, settings)
        asked = set(files if days is None else days) | set(landing.rated_otherwise())
        wanted = sorted(asked & set(files))
        found = {day: landing.land(day) for day in wanted}
        day = date.min
        # Landing a day can touch later ones only, so one ascending walk, looking anew after each, is enough.
        while wanted and contract.delivery is Delivery.EVENTS:
            touched = [later for later in landing.touched_by_earlier() if later > day]
            if not touched:
                break
            day = touched[0]
            found[day] = landing.land(day, is_forced=True)
        found |= {day: landing.land(day, is_forced=True) for day in landing.contradicted()}
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
        since = known_since(opened, self._rates)
        self._rates_fingerprint = hashlib.sha256(json.dumps(since).encode()).hexdigest()

    def land(self, day: date, *, is_forced: bool = False) -> DayOutcome:
        """Land one day unless the same input was landed before."""
        table = self._contract.table
        pending = store.pending_folder(self._home, table, day)
        accepted = store.accepted_folder(self._home, table, day)
        if not is_forced and self.is_unchanged(day):
            is_pending = (pending / store.OUTCOME).is_file()
            content = store.read_outcome(pending if is_pending else accepted) or {}
            return DayOutcome(table, day, "unchanged", is_pending, content)
        with store.scratch(self._home) as scratch:
            folder = self._home.pending / table / f"_new_extract_date={day.isoformat()}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            content = self._write(day, folder, scratch)
        if content == store.read_outcome(accepted):
            shutil.rmtree(folder)
            store.drop_pending(self._home, table, day)
            return DayOutcome(table, day, "unchanged", is_pending=False, content=content)
        if content == store.read_outcome(pending):
            shutil.rmtree(folder)
            return DayOutcome(table, day, "unchanged", is_pending=True, content=content)
        store.replace_folder(self._home, folder, pending)
        return DayOutcome(table, day, "landed", is_pending=True, content=content)

    def is_unchanged(self, day: date) -> bool:
        """Whether the version at hand came from the same input; a stale pending version is dropped for it."""
        table = self._contract.table
        pending = store.pending_folder(self._home, table, day)
        if (waiting := store.read_outcome(pending)) is not None and self._is_same(day, waiting):
            return True
        accepted = store.read_outcome(store.accepted_folder(self._home, table, day))
        if accepted is None or not (only_remains(accepted, self._files[day]) or self._is_same(day, accepted)):
            return False
        store.drop_pending(self._home, table, day)
        return True

    def is_fixed(self, day: date) -> bool:
        """Whether a landed day cannot be landed anew, because the drop no longer holds all its files."""
        files = self._files.get(day, ())
        return not files or bool(missing_parts(self._home, self._contract.table, day, files))

    def rated_otherwise(self) -> list[date]:
        """Days to look at again for their exchange rates."""
        found = again.rated_otherwise(self._home, self._contract, self._files, self._rates_fingerprint)
        return [day for day in found if not self.is_fixed(day)]

    def touched_by_earlier(self) -> list[date]:
        """Days to look at again for keys of an earlier day."""
        touched = again.touched_by_earlier(self._opened, self._home, self._contract.table)
        return [day for day in touched if not self.is_fixed(day)]

    def contradicted(self) -> list[date]:
        """Days to look at again for what other tables say."""
        table, settings = self._contract.table, self._settings
        return again.contradicted(self._opened, self._home, table, settings, is_fixed=self.is_fixed)

    def _is_same(self, day: date, known: dict[str, Any]) -> bool:
        rates = known.get("rates_fingerprint")
        return (
            known.get("input_fingerprint") == self._input_fingerprint(day)
            and rates in (None, self._rates_fingerprint)
            and again.leans_rightly(self._home, self._contract.table, known)
        )

    def _input_fingerprint(self, day: date) -> str:
        return input_fingerprint(self._files[day], self._mapping, self._contract, self._settings)

    def _write(self, day: date, folder: Path, scratch: Path) -> dict[str, Any]:
        table, files = self._contract.table, sorted(self._files[day], key=lambda item: item.name)
        shutil.rmtree(store.pending_quarantine_folder(self._home, table, day), ignore_errors=True)
        head: dict[str, Any] = {
            "table": table,
            "extract_date": day.isoformat(),
            "input_fingerprint": self._input_fingerprint(day),  # hashes the files, before they are read
            "mapping_fingerprint": self._mapping.fingerprint,
            "key_fingerprint": self._settings.key_fingerprint,
        }
        staged: list[tuple[DroppedFile, Streamed]] = []
        content, problems = None, missing_parts(self._home, table, day, files)
        if not problems:
            course = Course(self._opened, self._home, self._contract, self._read, self._rates_fingerprint)
            content, staged = course.land_rows(files, self._case(day), head, folder=folder, scratch=scratch)
            problems = [{"file": file.name, "message": item.problem} for file, item in staged if item.problem]
            if changed := changed_files(files):
                problems, head["input_fingerprint"] = changed, None  # asks for another look in any case
        if problems or content is None:
            (folder / store.DATA).unlink(missing_ok=True)
            shutil.rmtree(store.pending_quarantine_folder(self._home, table, day), ignore_errors=True)
            content = outcomes_of.unreadable(head, staged or [(file, None) for file in files], self._contract, problems)
        store.write_json(folder / store.OUTCOME, content)
        return content

    def _case(self, day: date) -> DayCase:
        landed = store.landed_files(self._home, self._contract.table)
        others = [item for item in landed if item[0] < day or (item[0] > day and self.is_fixed(item[0]))]
        return DayCase(
            self._contract,
            day,
            self._settings,
            is_key_row=self._mapping.is_key_row,
            others=others if self._contract.delivery is Delivery.EVENTS else [],
            references={**paths_of(self._home, self._contract.table, without=day), "fx_rates": self._rates},
        )
