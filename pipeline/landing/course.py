"""The rows of one extract day on their way: streamed where they are clean, read whole where they are not.

Belongs here: choosing the way, writing what lands and what is quarantined. Does not belong here: which days, folders of
days; the SQL of either way (``stream``, ``judge``).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import Contract
from pipeline.landing import outcome as outcomes_of
from pipeline.landing import store
from pipeline.landing.case import DayCase
from pipeline.landing.judge import judge_day, landed_sql, quarantine_sql, repairs_sql
from pipeline.landing.model import DroppedFile, LandingError, Reader, Streamed
from pipeline.landing.references import REFERENCES
from pipeline.landing.stream import discard, stream_day, write_landed
from pipeline.landing.verdict import Verdict, door_verdict
from pipeline.landing.write import copy_to, private_copy
from pipeline.settings import Home

Files = list[tuple[DroppedFile, Streamed]]


@dataclass(frozen=True)
class Course:
    """The way of rows of one table.

    Attributes:
        opened: the connection.
        home: the home.
        contract: the contract.
        read: turns a file into typed rows.
        rates_fingerprint: the exchange rates at hand.
    """

    opened: duckdb.DuckDBPyConnection
    home: Home
    contract: Contract
    read: Reader
    rates_fingerprint: str

    def land_rows(
        self, files: Sequence[DroppedFile], case: DayCase, head: dict[str, Any], *, folder: Path, scratch: Path
    ) -> tuple[dict[str, Any] | None, Files]:
        """Write the rows of a day that land to a folder, the others to quarantine.

        Returns:
            The outcome, ``None`` if a file has a problem, and the files as they were staged.

        Raises:
            ConservationError: rows were lost or made, which is a fault of the program.
            LandingError: the engine failed.
        """
        staged: Files = []
        if not case.is_key_row and self.contract.table not in REFERENCES:
            staged = self._streams(files, scratch)
            if staged and all(item.is_streamed for _, item in staged):
                streamed = self._stream(staged, case, head, folder=folder)
                if streamed is not None:
                    return streamed
        if not staged or any(item.is_streamed or item.problem for _, item in staged):
            staged = [
                (file, self._staged(file, f"file_{place}", scratch, is_streamed=False))
                for place, file in enumerate(files)
            ]
        if any(item.problem for _, item in staged):
            return None, staged
        named = [(file.name, item) for file, item in staged]
        with self._plain_errors(*files):
            judge_day(self.opened, named, case)
            verdict = door_verdict(self.opened, self.contract.table, {name: item.row_count for name, item in named})
            copy_to(self.opened, landed_sql(self.contract), folder / store.DATA)
            rates = self._rates("staged", case)
            return self._finish(staged, case, head, verdict=verdict, folder=folder, rates=rates), staged

    def _streams(self, files: Sequence[DroppedFile], scratch: Path) -> Files:
        """The files made ready for one pass, or read whole where their mapping allows no other way."""
        try:
            return [
                (file, self._staged(file, f"stream_{place}", scratch, is_streamed=True))
                for place, file in enumerate(files)
            ]
        except duckdb.Error:  # whatever is wrong with a file, reading it whole will say it better
            return []

    def _stream(
        self, staged: Files, case: DayCase, head: dict[str, Any], *, folder: Path
    ) -> tuple[dict[str, Any], Files] | None:
        """The same in one pass; ``None`` where what is read cannot be trusted."""
        try:
            found = stream_day(self.opened, [(file.name, item) for file, item in staged], case, folder=folder)
        except duckdb.Error:  # whatever is wrong with a file, reading it whole will say it better
            found = None
        if found is None:
            discard(folder)
            return None
        with self._plain_errors(*(file for file, _ in staged)):
            verdict = Verdict(found.rows, {(name, "loaded"): count for name, count in found.clean.items()})
            if not found.is_clean:
                verdict = door_verdict(self.opened, self.contract.table, found.rows, clean=found.clean)
            # Asked before the file is moved, of all rows that came.
            rates = self._rates(found.relation, case)
            write_landed(self.opened, self.contract, found, folder / store.DATA)
            settled = [(file, item) for (file, _), (_, item) in zip(staged, found.files, strict=True)]
            return self._finish(settled, case, head, verdict=verdict, folder=folder, rates=rates), settled

    def _rates(self, relation: str, case: DayCase) -> str | None:
        return outcomes_of.foreign_rates(
            self.opened,
            relation,
            self.contract,
            reporting=case.settings.reporting_currency,
            fingerprint=self.rates_fingerprint,
        )

    def _finish(
        self, staged: Files, case: DayCase, head: dict[str, Any], *, verdict: Verdict, folder: Path, rates: str | None
    ) -> dict[str, Any]:
        others: Mapping[str, Path] = {other.isoformat(): path.parent for other, path in case.others}
        landed = outcomes_of.landed_facts(self.opened, folder / store.DATA, self.contract)
        content = outcomes_of.readable(head, staged, verdict, landed, others=others, rates_fingerprint=rates)
        named = [(file.name, item) for file, item in staged]
        target = store.pending_quarantine_folder(self.home, self.contract.table, case.day)
        if verdict.quarantined_count:
            private_copy(self.opened, quarantine_sql(named), target / store.ROWS, home=self.home)
        if repairs := repairs_sql(named, case.day):
            private_copy(self.opened, repairs, target / store.REPAIRS, home=self.home)
        return content

    def _staged(self, file: DroppedFile, prefix: str, scratch: Path, *, is_streamed: bool) -> Streamed:
        if is_streamed:
            return self.read(self.opened, file, prefix=prefix, scratch=scratch, is_streamed=True)
        with self._plain_errors(file):
            return self.read(self.opened, file, prefix=prefix, scratch=scratch)

    @contextmanager
    def _plain_errors(self, *files: DroppedFile) -> Iterator[None]:
        try:
            yield
        except duckdb.Error:
            raise LandingError(
                f"{self.contract.table}: the engine failed on {', '.join(file.name for file in files)}. "
                "Check disk space and memory, then run again; if it fails again, take the file out of the drop "
                "and ask for it in another form. The day was left as it was."
            ) from None
