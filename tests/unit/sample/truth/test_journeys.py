"""The vectorised funnels agree with the plain ones, one subject at a time, whatever was touched when."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sample.truth.funnels import CHECKOUT, FIVE_STAGE, Funnel, Touches, reached_steps, sessions_of, steps_of
from tests.dbt import funnel_reference as reference

START = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
WINDOW = 10
FUNNEL = Funnel("any", WINDOW, tuple(frozenset({str(step)}) for step in range(1, 6)))
AS_OF = np.datetime64(START, "s") + np.timedelta64(25, "s")

LIVES = st.lists(
    st.lists(st.tuples(st.integers(0, 24), st.integers(1, 31)), max_size=12),
    min_size=1,
    max_size=5,
)


def _plain(lives: list[list[tuple[int, int]]]) -> list[tuple]:
    funnel = reference.Funnel(5, timedelta(seconds=WINDOW), (None,) * 5)
    rows = []
    for subject, life in enumerate(lives):
        touches = [
            reference.Touch(
                START + timedelta(seconds=second), frozenset(step for step in range(1, 6) if bits >> step - 1 & 1)
            )
            for second, bits in sorted(life, key=lambda touch: touch[0])
        ]
        for entry in reference.entries_of(touches, funnel):
            for step, at in enumerate(entry.reached, start=1):
                if at is None:
                    continue
                is_followed = step < 5 and entry.reached[step] is not None
                state = "dropped" if entry.deadline < AS_OF.astype(datetime) else "pending"
                state = "converted" if is_followed else "completed" if step == 5 else state
                rows.append((subject, entry.number, entry.entry_step, step, at, state))
    return rows


def _fast(lives: list[list[tuple[int, int]]]) -> list[tuple]:
    flat = [(subject, second, bits) for subject, life in enumerate(lives) for second, bits in life]
    subject, second, bits = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    touches = Touches.of(subject, np.datetime64(START, "s") + second.astype("timedelta64[s]"), bits)
    steps = reached_steps(touches, FUNNEL, as_of=AS_OF)
    return [
        (row.subject, row.entry_number, row.entry_step, row.step, row.reached_at.to_pydatetime(), row.entry_state)
        for row in steps.itertuples()
    ]


@settings(max_examples=400, deadline=None)
@given(LIVES)
def test_entries_are_those_of_the_plain_rules(lives):
    assert _fast(lives) == _plain(lives)


def test_the_funnels_are_those_of_the_seeds():
    """What fills a step is the seeds' choice; the reference only writes it in the events' own names."""
    folder = reference.__file__.split("tests")[0] + "dbt_project/seeds/"
    touchpoints = pd.read_csv(folder + "touchpoint_mappings.csv")
    named = dict(zip(touchpoints["touchpoint"], touchpoints["source_value"], strict=True))
    named |= {"order": "order", "cart": "add_to_cart"}
    fills = pd.read_csv(folder + "funnel_step_touchpoints.csv")
    steps = pd.read_csv(folder + "funnel_step_definitions.csv").set_index(["funnel_id", "step"])["step_id"]
    windows = pd.read_csv(folder + "funnels.csv").set_index("funnel_id")["window_days"]
    for funnel in (FIVE_STAGE, CHECKOUT):
        assert windows[funnel.funnel_id] * 86_400 == funnel.window_seconds
        for number, ours in enumerate(funnel.steps, start=1):
            here = fills[
                (fills["funnel_id"] == funnel.funnel_id) & (fills["step_id"] == steps[funnel.funnel_id, number])
            ]
            theirs = {named[each] for each in here["touchpoint"]} - {"search_without_result"}
            # a web purchase is the order, or confirms one the CRM knows
            theirs = {"purchase" if each in ("purchase_of_known_order",) else each for each in theirs}
            if funnel is CHECKOUT:
                theirs -= {"order"}
            assert ours == theirs


def test_a_session_ends_after_half_an_hour_of_silence_and_never_joins_two_browsers():
    minutes = np.array([0, 30, 61, 0, 5, 92], dtype=np.int64)
    browser = np.array([4, 4, 4, 7, 7, 4], dtype=np.int64)
    moment = np.datetime64(START, "s") + (minutes * 60).astype("timedelta64[s]")
    assert sessions_of(browser, moment).tolist() == [0, 0, 1, 3, 3, 2]


def test_no_touchpoint_no_entry():
    nothing = np.zeros(0, dtype=np.int64)
    touches = Touches.of(nothing, nothing.astype("datetime64[s]"), nothing)
    assert reached_steps(touches, FIVE_STAGE, as_of=AS_OF).empty


@pytest.mark.parametrize(("name", "bits"), [("order", 0b01100), ("share", 0b10000), ("login", 0)])
def test_an_event_fills_the_steps_it_can(name, bits):
    assert steps_of(FIVE_STAGE, (name,)).tolist() == [bits]
