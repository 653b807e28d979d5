"""Nobody works a hidden count out: from its whole, from its windows, from the releases before and after."""

from collections import defaultdict
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.privacy.attack import ContradictionError, Relation, ranges, relation, values_held
from tests.unit.privacy.macros import MINIMUM, rendered

FIRST, WINDOW = date(2025, 1, 1), 7
SUPPRESS = "with cells as (from given), {{ suppress('cells', cell=['cell'], measures=['n']) }} select * from suppressed"
DAILY = (
    "with days as (from given where window_days = 1), "
    "{{ suppress('days', cell=['kpi_id', 'window_end'], measures=['n']) }} "
    "select * exclude (window_end), window_end as metric_date from suppressed"
)
WINDOWS = (
    "with windows as (from given), daily as (from daily_shown), "
    "wanted as (select *, 'additive' as aggregation from windows where window_days > 1), "
    "{{ guarded_windows('wanted', 'windows', 'daily') }}, "
    "{{ suppress('guarded', cell=['kpi_id', 'window_end'], measures=['n']) }} "
    "select window_end, segment, n from suppressed"
)


def test_a_single_hidden_cell_is_told_and_two_are_not():
    assert ranges([relation({"a": None, "b": 20}, 27)]) == {"a": (7, 7)}
    assert ranges([relation({"a": None, "b": None, "c": 20}, 31)]) == {"a": (1, 10), "b": (1, 10)}
    assert values_held((1, 10)) == 10
    with pytest.raises(ContradictionError):
        ranges([relation({"a": None, "b": 20}, 7)])


def test_what_relations_share_is_solved_together():
    rows = [relation({"a": None, "b": None}, 20), Relation({"b": 1, "c": 1}, 20), Relation({"c": 1}, 3)]
    assert ranges(rows) == {"a": (3, 3), "b": (17, 17), "c": (3, 3)}


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect(config={"threads": 1}) as opened:
        yield opened


def give(engine, **columns):
    """Table ``given`` of some columns, with ``n`` beside the count of customers."""
    places = range(1, len(columns) + 1)
    unnested = ", ".join(f"unnest(${place}) as {name}" for place, name in zip(places, columns, strict=True))
    engine.execute(
        f"create or replace table given as select *, customer_count as n from (select {unnested})",
        list(columns.values()),
    )


@settings(max_examples=60, deadline=None)
@given(counts=st.lists(st.integers(1, 40), min_size=2, max_size=8))
def test_no_hidden_segment_is_told_by_the_whole(engine, counts):
    names = [f"s{n}" for n in range(len(counts))]
    give(engine, segment=names, customer_count=counts, cell=["x"] * len(counts), segment_dimension=["d"] * len(counts))
    shown = dict(engine.execute(f"select segment, n from ({rendered(SUPPRESS, 'suppress')})").fetchall())
    if sum(counts) < MINIMUM:
        return  # the whole is hidden itself
    for cell, found in ranges([relation(shown, sum(counts))]).items():
        assert values_held(found) >= min(MINIMUM, sum(counts) - len(counts) + 1), (counts, shown, cell)


def releases(engine, series):
    """Everything published by releases of every day: counts by day, windows by their end."""
    days = len(next(iter(series.values())))
    rows = [
        ("k", window, FIRST + timedelta(days=end), "d", segment, sum(counts[max(0, end - window + 1) : end + 1]))
        for segment, counts in series.items()
        for end in range(days)
        for window in (1, WINDOW)
        if window == 1 or end >= window - 1
    ]
    names = ("kpi_id", "window_days", "window_end", "segment_dimension", "segment", "customer_count")
    give(engine, **dict(zip(names, map(list, zip(*[row for row in rows if row[5]], strict=True)), strict=True)))
    engine.execute(f"create or replace table daily_shown as {rendered(DAILY, 'suppress')}")
    daily = engine.execute("select metric_date, segment, n from daily_shown").fetchall()
    shown = {(1, (end - FIRST).days, segment): n for end, segment, n in daily}
    windows = engine.execute(rendered(WINDOWS, "suppress", "suppress_windows"))
    return shown | {(WINDOW, (end - FIRST).days, segment): n for end, segment, n in windows.fetchall()}


def relations_of(series, shown):
    """What an attacker knows of the days: the whole of each day, and the windows that are shown."""
    found = []
    by_day = defaultdict(dict)
    for (window, end, segment), n in shown.items():
        if window == 1:
            by_day[end][end, segment] = n
    for end, parts in by_day.items():
        total = sum(counts[end] for counts in series.values())
        if total >= MINIMUM:
            found.append(relation(parts, total))
    for (window, end, segment), n in shown.items():
        if window > 1 and n is not None:
            days = range(end - window + 1, end + 1)
            found.append(relation({(day, segment): shown.get((1, day, segment), 0) for day in days}, n))
    return found


small = st.integers(0, 30)


@settings(max_examples=25, deadline=None)
@given(days=st.lists(st.tuples(small, small, small), min_size=16, max_size=22))
def test_no_hidden_day_is_told_by_windows_of_releases_in_a_row(engine, days):
    series = {f"s{place}": [1, *(day[place] for day in days)] for place in range(3)}
    shown = releases(engine, series)
    told = {
        cell: found
        for cell, found in ranges(relations_of(series, shown), least=0).items()
        if values_held(found) == 1 and series[cell[1]][cell[0]] > 0
    }
    assert told == {}


def test_the_attack_succeeds_where_windows_are_not_guarded(engine):
    """A day of three customers among days of thirty is what a window less its other days gives."""
    series = {"s0": [30] * 10 + [3] + [30] * 9, "s1": [30] * 20, "s2": [30] * 20}
    shown = releases(engine, series)
    assert shown[1, 10, "s0"] is None
    assert shown[WINDOW, 12, "s0"] is None
    told = relation({(day, "s0"): shown[1, day, "s0"] for day in range(6, 13)}, sum(series["s0"][6:13]))
    assert ranges([told]) == {(10, "s0"): (3, 3)}
