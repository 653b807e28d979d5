"""A home that lives through days, and what its build would be if it were made from nothing.

Belongs here: landing, building and rebuilding by the product's own functions. Does not belong here: messes, rules.
"""

import gc
import itertools
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from pipeline import landing
from pipeline.contracts import CONTRACTS
from pipeline.defs import course, modelling
from pipeline.defs.session import Session, build_code, open_session
from pipeline.extract import FileReader, discover
from pipeline.settings import Settings
from tests.law.comparing import differences
from tests.law.narrow import NarrowSettings, write_narrow_project

GROWING = ("int_journey_touches__listed", "int_sessions__aggregated", "int_identifiers__resolved")
"""The models that grow by the day; they are built with all they stand on."""


def flags_of(models: Sequence[str]) -> tuple[str, ...]:
    """Flags of a build of some models and all they stand on, as those of the first build of a run."""
    chosen = [f"+{model}" for model in models]
    return ("--select", *chosen, "--exclude", *modelling.OWN_NODES, "--indirect-selection", "cautious")


class _KilledError(RuntimeError):
    """The process is no more."""


@contextmanager
def killed_in(model: str, *, after: int) -> Iterator[None]:
    """The engine takes so many statements of a model and nothing at all after them, not even a commit."""
    from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper  # noqa: PLC0415

    mark, execute = f'"node_id": "model.parcours.{model}"', DuckDBCursorWrapper.execute
    taken = itertools.count()
    is_dead = threading.Event()

    def execute_or_die(self: DuckDBCursorWrapper, sql: str, bindings: object = None) -> object:
        if not is_dead.is_set() and mark in sql and next(taken) >= after:
            is_dead.set()
        if is_dead.is_set():
            raise _KilledError(f"killed in {model}")
        return execute(self, sql, bindings)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DuckDBCursorWrapper, "execute", execute_or_die)
        yield


@dataclass
class History:
    """A home.

    Attributes:
        settings: where it is.
        flags: what of the models is built.
        as_of: the day of the last build.
        variables: constants that differ from those of the company.
        session: its configuration; forget it (`None`) when a file of the configuration was changed.
    """

    settings: Settings
    flags: Sequence[str] = flags_of(GROWING)
    as_of: date = date.min
    variables: dict[str, str] = field(default_factory=dict)
    session: Session | None = None

    def opened(self) -> Session:
        """The configuration, read when first asked for."""
        self.session = self.session or open_session(self.settings)
        return self.session

    def land(self, tables: Iterable[str] = CONTRACTS) -> None:
        """Land whatever is new in the drop for some tables, and for those that lean on them; every day is accepted."""
        asked = set(tables)
        asked |= {name for name in CONTRACTS if landing.referred_tables(name) & asked}
        for table in sorted(asked, key=lambda name: (name != "fx_rates", list(CONTRACTS).index(name))):
            self._land(table)

    def _land(self, table: str) -> None:
        session, contract = self.opened(), CONTRACTS[table]
        home, mapping = self.settings.paths, session.sources.mappings.get(table)
        if mapping is None:
            return
        files = discover(home.drop, mapping)
        reader = FileReader(mapping, contract, session.limits)
        for _ in range(len(files) + 1):  # as many passes as a run makes
            landing.land_table(home, mapping, contract, files=files, read=reader, settings=session.door)
            for day in landing.pending_outcomes(home, table):
                landing.promote(home, table, day.extract_date)
            if not [day for day in landing.leaning_days(home, table) if day in files]:
                break

    def build(self, as_of: date | None = None) -> None:
        """Write the facts and build upon what was built before.

        Raises:
            AssertionError: a model or a test failed.
        """
        self._write_facts(as_of or self.as_of)
        self.model()

    def _write_facts(self, as_of: date) -> None:
        """Tell dbt about the build; constants stand in dbt_project.yml, which is code, so others are other code."""
        self.as_of = as_of
        course.write_facts(self.opened(), as_of)
        code = build_code(self.opened()) + json.dumps(self.variables, sort_keys=True)
        landing.write_build_code(self.settings.paths, code, is_rebuild=False)

    def model(self, *flags: str) -> None:
        """Build the models on the facts as they are."""
        variables = self.opened().dbt_variables | self.variables
        results = modelling.build_models(self.settings, variables, (*self.flags, *flags))
        assert [each for each in results if not each.is_good] == []

    def build_killed(self, as_of: date, model: str, *, after: int) -> None:
        """The same, but killed within a model, after so many of its statements: what was not committed is lost."""
        self._write_facts(as_of)
        variables = self.opened().dbt_variables | self.variables
        with killed_in(model, after=after), suppress(modelling.ModellingError):
            modelling.build_models(self.settings, variables, self.flags)

    def differences(self) -> list[str]:
        """How the build differs from one that is made from nothing out of the same landing."""
        grown = self.settings.paths.build_file
        kept = grown.with_name("grown.duckdb")
        grown.rename(kept)
        try:
            self.model("--full-refresh")
            gc.collect()  # a cursor that a thread of dbt left behind holds the file
            return differences(kept, grown, names=("grown", "rebuilt"))
        finally:
            grown.unlink(missing_ok=True)
            kept.rename(grown)


def narrow_history(home: Path, models: Sequence[str] = GROWING) -> History:
    """A home of which only some models are built, with all they stand on."""
    settings = NarrowSettings(home=home)
    write_narrow_project(settings, models)
    return History(settings, flags_of(models))
