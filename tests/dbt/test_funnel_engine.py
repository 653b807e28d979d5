"""The funnel engine against the rules in plain Python, on many small random subjects with ties, repeats and gaps."""

from datetime import datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.defs.modelling import NodeResult
from pipeline.settings import Settings
from tests.dbt.compiling import compiled_model
from tests.dbt.funnel_reference import Entry, Funnel, Touch, entries_of

pytestmark = pytest.mark.end_to_end

HOUR = timedelta(hours=1)
FUNNELS = {
    "plain": Funnel(3, 6 * HOUR, (None, None, None)),
    "step windows": Funnel(4, 8 * HOUR, (None, 2 * HOUR, None, 3 * HOUR)),
    "one step": Funnel(1, 2 * HOUR, (None,)),
    "pair": Funnel(2, 24 * HOUR, (None, 0 * HOUR + HOUR)),
}
SUBJECTS = 400


def _subject(seeded: np.random.Generator, funnel: Funnel) -> list[Touch]:
    """Up to twelve touches over a day and a half, by the hour, so that ties are common; one in five opens nothing."""
    start = datetime(2025, 3, 1)  # noqa: DTZ001 - stored time stamps are naive UTC
    hours = sorted(seeded.integers(0, 37, size=seeded.integers(1, 13)).tolist())
    steps = np.arange(1, funnel.step_count + 1)
    return [
        Touch(
            start + hour * HOUR,
            frozenset(seeded.permutation(steps)[: seeded.choice([1, 2], p=[0.8, 0.2])].tolist()),
            can_open=bool(seeded.random() < 0.8),
        )
        for hour in hours
    ]


def _tables(opened: duckdb.DuckDBPyConnection, subjects: dict[tuple[str, str], list[Touch]]) -> None:
    """Touches as the model before the engine leaves them: from the first that may open an entry, places kept."""
    opened.execute("attach ':memory:' as build")
    opened.execute("create schema build.seeds; create schema build.intermediate")
    opened.execute("create table build.seeds.funnels (funnel_id varchar, window_days double, step_count integer)")
    opened.execute(
        "create table build.seeds.funnel_step_definitions (funnel_id varchar, step integer, step_window_days double)"
    )
    day = timedelta(days=1)
    opened.executemany(
        "insert into build.seeds.funnels values (?, ?, ?)",
        [[name, funnel.window / day, funnel.step_count] for name, funnel in FUNNELS.items()],
    )
    opened.executemany(
        "insert into build.seeds.funnel_step_definitions values (?, ?, ?)",
        [
            [name, step, None if window is None else window / day]
            for name, funnel in FUNNELS.items()
            for step, window in enumerate(funnel.step_windows, 1)
        ],
    )
    rows = [
        [funnel, subject, touch.at, position, sum(2 ** (step - 1) for step in touch.steps), touch.can_open]
        for (funnel, subject), touches in subjects.items()
        for position, touch in enumerate(touches, 1)
    ]
    rows = [rows[n] for n in np.random.default_rng(1).permutation(len(rows))]
    columns = ["funnel_id", "subject_number", "occurred_at", "position", "steps", "is_opening"]
    opened.register("delivered", pd.DataFrame(rows, columns=columns))
    opened.execute(
        "create table build.intermediate.int_funnel_touchpoints__matched as "
        "select funnel_id, subject_number, list({'occurred_at': occurred_at::timestamp, 'position': position::integer, "
        "'kind': 1, 'steps': steps::integer, 'is_opening': is_opening} order by position) as touches "
        "from (select *, min(position) filter (where is_opening) over (partition by funnel_id, subject_number) "
        "as first from delivered) where position >= first group by funnel_id, subject_number"
    )


def _found(opened: duckdb.DuckDBPyConnection, sql: str) -> dict[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = {}
    columns = "entry_number, entry_step, entered_at, anchored_at, deadline, reached_at"
    for funnel, subject, *values, reached in opened.execute(
        f"select funnel_id, subject_number, {columns} from ({sql}) order by funnel_id, subject_number, entry_number"
    ).fetchall():
        steps = FUNNELS[funnel].step_count
        assert set(reached[steps:]) <= {None}
        found.setdefault((funnel, subject), []).append(Entry(*values, tuple(reached[:steps])))
    return found


def test_the_engine_follows_the_rules(settings: Settings, built: list[NodeResult]) -> None:
    seeded = np.random.default_rng(20_250_301)
    subjects = {
        (name, f"subject {number}"): _subject(seeded, funnel)
        for name, funnel in FUNNELS.items()
        for number in range(SUBJECTS)
    }
    expected = {key: entries_of(touches, FUNNELS[key[0]]) for key, touches in subjects.items()}
    expected = {key: entries for key, entries in expected.items() if entries}
    with duckdb.connect() as opened:
        _tables(opened, subjects)
        found = _found(opened, compiled_model(settings, "int_funnel_entries__chained"))
    assert {key: found.get(key) for key in expected if found.get(key) != expected[key]} == {}
    assert len(found) == len(expected)


def test_the_random_subjects_are_worth_something() -> None:
    """They must hold ties, direct entries, violations, re-entries, full passes, or the comparison proves little."""
    seeded = np.random.default_rng(20_250_301)
    funnel = FUNNELS["plain"]
    lists = [entries_of(_subject(seeded, funnel), funnel) for _ in range(SUBJECTS)]
    entries = [entry for passes in lists for entry in passes]
    assert sum(entry.entry_step > 1 for entry in entries) > 30
    assert sum(entry.entered_at < entry.anchored_at for entry in entries) > 30
    assert sum(entry.reached[-1] is not None and entry.entry_step == 1 for entry in entries) > 30
    assert sum(entry.reached[0] is not None and entry.reached[0] == entry.reached[1] for entry in entries) > 10
    assert sum(len(passes) > 2 for passes in lists) > 30
    assert sum(not passes for passes in lists) > 5
