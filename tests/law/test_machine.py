"""Any life of the shop: whatever comes in whatever order, each build is what a rebuild makes."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.law.life import Life

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]

EXAMPLES, STEPS = 4, 12
NUMBERS = st.integers(0, 200)
TABLES = ["web_events", "orders", "customers", "messages", "interactions"]
KILLED = ("int_identifiers__resolved", "int_session_buckets__touched", "int_touchpoints__sessionized",
          "int_sessions__aggregated", "int_funnel_subjects__listed", "int_funnel_entries__chained",
          "int_funnel_entries__attributed", "int_journey_touches__listed")  # fmt: skip
"""Models a run is killed in: those that grow, and what they stand on."""
Mess = Callable[[Life, int, int], object]
MESSES: dict[str, Mess] = {
    "a row is added": lambda life, one, _: life.company.resend(one, "add"),
    "a row is gone": lambda life, one, _: life.company.resend(one, "remove"),
    "a row is changed": lambda life, one, _: life.company.resend(one, "change"),
    "an event was a bot's": lambda life, one, _: life.company.resend(one, "hide"),
    "held files come": lambda life, *_: life.company.deliver_held(),
    "held files come with rows of a later day": lambda life, *_: life.company.deliver_held(echoed=True),
    "late events": lambda life, one, _: life.company.late_events(one),
    "a correction": lambda life, one, _: life.company.correct(one),
    "a login": lambda life, one, _: life.company.log_in(one),
    "two become one": lambda life, one, other: life.company.link(one, other),
    "one becomes two": lambda life, one, other: life.company.split(one, other),
    "a merge is decided": lambda life, one, other: life.decide("merge", one, other),
    "a split is decided": lambda life, one, other: life.decide("split", one, other),
    "an order finds its customer": lambda life, one, _: life.company.own_order(one),
    "an account moves": lambda life, one, _: life.company.move_account(one),
    "a contract goes on or ends": lambda life, one, _: life.company.renew(one),
    "a day without a run": lambda life, *_: life.company.next_day(),
}
RUNS: dict[str, Mess] = {
    "as of an earlier day": lambda life, one, _: life.run_back(one % 6),
    "without a landed day": lambda life, one, _: life.run_without(one),
    "after somebody was forgotten": lambda life, one, _: (life.forget(one), life.run()),
    "after rows vanished": lambda life, one, _: (life.forget(one, keeps_build=True), life.run()),
    "of other code": lambda life, one, _: (life.change_code(one), life.run()),
    "of another seed": lambda life, one, _: (life.edit_seed(one), life.run()),
    "of nothing new": lambda life, *_: (life.run(), life.run()),
}
SOME = st.lists(st.tuples(st.sampled_from(sorted(MESSES)), NUMBERS, NUMBERS), max_size=5)
HELD = st.sets(st.sampled_from(TABLES), max_size=2)
Chosen = list[tuple[str, int, int]]


class Lives(RuleBasedStateMachine):
    """Each step is some messes, a day of which some files may come later, and a run; then the law is looked at."""

    @initialize()
    def open_shop(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="law"))
        self.life = Life(self.folder / "home")
        self.life.run()

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _live(self, messes: Chosen, held: set[str]) -> None:
        for name, one, other in messes:
            MESSES[name](self.life, one, other)
        self.life.company.next_day(held=tuple(sorted(held)))

    @rule(messes=SOME, held=HELD, ahead=st.sampled_from([0, 0, 0, 0, 1, 3, 15, 60, 200]))
    def run(self, messes: Chosen, held: set[str], ahead: int) -> None:
        self._live(messes, held)
        self.life.run(ahead=ahead)
        self.life.expect_no_difference()

    @rule(messes=SOME, held=HELD, kind=st.sampled_from(sorted(RUNS)), number=NUMBERS)
    def run_otherwise(self, messes: Chosen, held: set[str], kind: str, number: int) -> None:
        self._live(messes, held)
        RUNS[kind](self.life, number, number)
        self.life.expect_no_difference()

    @rule(messes=SOME, model=st.sampled_from(KILLED), after=st.integers(0, 6), more=SOME)
    def run_after_a_killed_one(self, messes: Chosen, model: str, after: int, more: Chosen) -> None:
        self._live(messes, set())
        self.life.run_killed(model, after=after)
        self._live(more, set())
        self.life.run()
        self.life.expect_no_difference()


def test_whatever_happens_a_build_is_a_rebuild() -> None:
    patient = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # each try at a shorter life takes a minute
    )
    run_state_machine_as_test(Lives, settings=patient)
