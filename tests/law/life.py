"""The shop and its home together: days go by, messes come in, runs are made, and each build is held against a rebuild.

Belongs here: what may happen, one method each. Does not belong here: in which order it happens (the tests).
"""

import csv
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import landing
from pipeline.defs.erasing import erase
from pipeline.settings import PROJECT_ROOT
from tests.law.company import FIRST_DAY, Company
from tests.law.history import GROWING, History, narrow_history
from tests.law.shop import CUSTOMERS

_SHIPPED = PROJECT_ROOT / "dbt_project" / "seeds"
_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC).replace(tzinfo=None)
_DECIDED = ("action", "identifier_type", "identifier", "other_identifier_type", "other_identifier", "reason",
            "decided_by", "decided_on")  # fmt: skip


class Life:
    """The shop, its home, and the decisions made by hand."""

    def __init__(self, home: Path, models: Sequence[str] = GROWING) -> None:
        home.mkdir(parents=True, exist_ok=True)
        (home / "sources.yaml").write_text(Company.sources(), encoding="utf-8")
        self.company = Company(home / "drop")
        self.history: History = narrow_history(home, models)
        self.decisions: list[tuple[str, str, str]] = []

    @property
    def home(self) -> Path:
        """The home."""
        return self.history.settings.paths.root

    def land(self) -> None:
        """Land the files that changed since the last time."""
        self.history.land(self.company.changed_tables())

    def run(self, *, ahead: int = 0) -> None:
        """A run: land what is new, build as of the last day made, or so many days after it."""
        self.land()
        self.history.build(max(self.history.as_of, self.company.today) + timedelta(days=ahead))

    def run_back(self, days: int) -> None:
        """A run as of a day before the last one that was made, which may lie before that of the last run."""
        self.land()
        self.history.build(max(FIRST_DAY, self.company.today - timedelta(days=days)))

    def run_killed(self, model: str, *, after: int = 0) -> None:
        """A run that is killed when it comes to a model, or after so many statements of it."""
        self.land()
        self.history.build_killed(max(self.history.as_of, self.company.today), model, after=after)

    def take_out(self, number: int) -> None:
        """A landed day is gone, as when an earlier day turns out to hold its rows; the next landing brings it back."""
        table, day = sorted(self.company.files)[number % len(self.company.files)]
        shutil.rmtree(self.history.settings.paths.landing / table / f"extract_date={day}", ignore_errors=True)
        self.company.touched.add(table)

    def run_without(self, number: int) -> None:
        """A run that lands nothing of a day it takes out."""
        self.land()
        self.take_out(number)
        self.history.build()

    def forget(self, number: int, *, keeps_build: bool = False) -> bool:
        """A person is erased from drop and landing, and the build goes; nothing happens if nobody knows them.

        Args:
            number: the customer.
            keeps_build: put the build back: it is up to its models to see that rows of days long landed are gone.
        """
        self.land()
        build = self.history.settings.paths.build_file
        kept = build.read_bytes()
        try:
            erase(self.history.opened(), frozenset({f"c{number % CUSTOMERS:02}"}), at=_NOW)
        except landing.UnknownPersonError:
            return False
        if keeps_build:
            build.write_bytes(kept)
        self.company.read_again()
        self.history.session = None
        return True

    def decide(self, action: str, one: int, other: int) -> None:
        """Somebody decides that two customers are one (`merge`) or are not (`split`)."""
        decision = (action, f"c{one % CUSTOMERS:02}", f"c{other % CUSTOMERS:02}")
        self.decisions = [each for each in self.decisions if each[1:] != decision[1:]]
        if one % CUSTOMERS != other % CUSTOMERS:
            self.decisions.append(decision)
        rows = [(kind, "crm", this, "crm", that, "told so", "us", "2025-03-01") for kind, this, that in self.decisions]
        self._write_seed("identity_overrides.csv", [_DECIDED, *rows])

    def edit_seed(self, number: int) -> None:
        """An event of the site means another touchpoint from now on: all of the past is read otherwise."""
        with (_SHIPPED / "touchpoint_mappings.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        meaning = ("content_page", "help_page", "home_page")[number % 3]
        changed = [[*row[:2], meaning] if row[1] == "product_view" else row for row in rows]
        self._write_seed("touchpoint_mappings.csv", changed)

    def change_code(self, number: int) -> None:
        """A constant of the models is another one."""
        self.history.variables = {"session_gap_minutes": (30, 15, 25)[number % 3]}

    def expect_no_difference(self) -> None:
        """The law.

        Raises:
            AssertionError: a table differs from what a rebuild makes.
        """
        found = self.history.differences()
        assert not found, "\n".join(found)

    def _write_seed(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        file = self.home / "seeds" / name
        file.parent.mkdir(exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened, lineterminator="\n").writerows(rows)
        self.history.session = None
