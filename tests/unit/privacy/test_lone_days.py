"""Days of few of the whole company: nobody works one out from the windows of a release, less the days it shows."""

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.privacy.attack import ranges, relation, values_held
from tests.unit.privacy.macros import MINIMUM, rendered

FIRST, WINDOWS, DAYS = date(2025, 1, 1), (7, 14, 28), 56
LAST = DAYS - 1
SHOWN = [(window, LAST - back * window) for window in WINDOWS for back in (0, 1)]
"""Windows of a release: each and the one before it, by their last day."""
DAILY = (
    "with days as (from given where window_days = 1), "
    "renamed as (select * rename (window_end as metric_date) from days), "
    "{{ accompanied_days('renamed') }}, "
    "{{ suppress('accompanied', cell=['kpi_id', 'metric_date'], measures=['n']) }} "
    "select * from suppressed"
)
GUARDED = (
    "with windows as (from given), daily as (from daily_shown), wanted as (from windows where window_days > 1), "
    "{{ guarded_windows('wanted', 'windows', 'daily') }}, "
    "{{ suppress('guarded', cell=['kpi_id', 'window_days', 'window_end'], measures=['n']) }} "
    "select window_days, window_end, n from suppressed"
)


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect(config={"threads": 1}) as opened:
        yield opened


def released(engine, counts, daily=DAILY):
    """What a release shows of the whole company: days and windows by their last day, hidden ones as ``None``."""
    spans = [(1, end, end) for end in range(DAYS)] + [(window, end, end - window + 1) for window, end in SHOWN]
    cells = [(window, FIRST + timedelta(days=end), sum(counts[first : end + 1])) for window, end, first in spans]
    windows, ends, sizes = map(list, zip(*cells, strict=True))
    engine.execute(
        "create or replace table given as select 'k' as kpi_id, 'additive' as aggregation, 'all' as segment_dimension, "
        "'all' as segment, unnest($1) as window_days, unnest($2) as window_end, unnest($3) as customer_count, "
        "customer_count as n",
        [windows, ends, sizes],
    )
    names, variables = ("suppress", "suppress_windows", "suppress_lone_days"), {"kpi_windows_days": WINDOWS}
    engine.execute(f"create or replace table daily_shown as {rendered(daily, *names, variables=variables)}")
    days = engine.execute("select metric_date, n from daily_shown").fetchall()
    shown = {(1, (end - FIRST).days): n for end, n in days}
    rows = engine.execute(rendered(GUARDED, *names, variables=variables)).fetchall()
    return shown | {(window, (end - FIRST).days): n for window, end, n in rows}


def told(counts, shown):
    """Days of few that every window shown together leaves no more than one value."""
    known = [
        relation({day: shown[1, day] for day in range(end - window + 1, end + 1)}, shown[window, end])
        for window, end in SHOWN
        if shown[window, end] is not None
    ]
    found = ranges(known, least=0)
    return {day: held for day, held in found.items() if values_held(held) < 2 and 0 < counts[day] < MINIMUM}


@settings(max_examples=40, deadline=None)
@given(
    usual=st.integers(12, 40),
    few=st.dictionaries(st.integers(0, LAST), st.integers(1, MINIMUM - 1), max_size=8),
)
def test_no_day_of_few_is_told_by_the_windows_of_a_release(engine, usual, few):
    counts = [few.get(day, usual + day % 5) for day in range(DAYS)]
    assert told(counts, released(engine, counts)) == {}


def test_a_lone_day_hides_a_neighbour_and_no_window_but_those_that_part_them(engine):
    counts = [30] * DAYS
    counts[40] = 3
    shown = released(engine, counts)
    assert [day for day in range(DAYS) if shown[1, day] is None] == [39, 40]
    assert [shown[window, LAST] for window in WINDOWS] == [7 * 30, 14 * 30, 28 * 30 - 27]
    assert told(counts, shown) == {}


def test_the_attack_succeeds_where_a_lone_day_has_no_company(engine):
    """Without its neighbour and with its windows shown, a day of three is a window less its other days."""
    counts = [30] * DAYS
    counts[40] = 3
    shown = released(engine, counts) | {(1, 39): 30}
    assert told(counts, shown) == {40: (3, 3)}
