"""Nobody works a hidden cell out of a table whose parts add up both ways: along its segments, and along its bands."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.privacy.attack import Relation, ranges, values_held
from tests.unit.privacy.macros import MINIMUM, rendered

SEGMENTS, BANDS = ("s0", "s1", "s2", "s3"), ("b0", "b1", "b2")
COVER = (
    "with cells as (select * from given), "
    "{{ suppress('cells', cell=['measure', 'band'], measures=[], prefix='small', keep_count=true) }}, "
    "{{ experience_cover('small_suppressed', 'band', \"band <> 'all'\", 'hidden', ['measure', 'segment_dimension']) }} "
    "select band, segment, customer_count, is_suppressed from hidden"
)


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect(config={"threads": 1}) as opened:
        yield opened


def shown(engine, counts):
    """What is published of a table of counts by segment and band: each cell with its count, ``None`` if hidden."""
    cells = dict(zip([(band, segment) for segment in SEGMENTS for band in BANDS], counts, strict=True))
    rows = [(band, "d", segment, count) for (band, segment), count in cells.items() if count]
    rows += [("all", "d", segment, sum(cells[band, segment] for band in BANDS)) for segment in SEGMENTS]
    rows += [(band, "all", "all", sum(cells[band, segment] for segment in SEGMENTS)) for band in BANDS]
    rows.append(("all", "all", "all", sum(counts)))
    rows = [("m", *row) for row in rows if row[3]]
    engine.execute(
        "create or replace table given (measure text, band text, segment_dimension text, segment text, "
        "customer_count bigint)"
    )
    engine.executemany("insert into given values (?, ?, ?, ?, ?)", rows)
    found = engine.execute(rendered(COVER, "suppress", "suppress_crossing", "experience_cover")).fetchall()
    return {(band, segment): None if is_hidden else count for band, segment, count, is_hidden in found}


def lines(table):
    """Parts and the whole of every line that adds up."""
    for segment in (*SEGMENTS, "all"):
        yield [cell for cell in table if cell[1] == segment and cell[0] != "all"], ("all", segment)
    for band in (*BANDS, "all"):
        yield [cell for cell in table if cell[0] == band and cell[1] != "all"], (band, "all")


def relations(table):
    """What an attacker knows: each line's parts are its whole, hidden or not."""
    for parts, whole in lines(table):
        if parts:
            factors = {cell: 1 for cell in parts if table[cell] is None}
            factors |= {whole: -1} if table[whole] is None else {}
            yield Relation(factors, (table[whole] or 0) - sum(table[cell] or 0 for cell in parts))


@settings(max_examples=25, deadline=None)
@given(counts=st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=12, max_size=12).filter(any))
def test_no_hidden_cell_is_told_by_lines_that_cross(engine, counts):
    table = shown(engine, counts)
    for parts, whole in lines(table):
        hidden = [cell for cell in parts if table[cell] is None]
        if table.get(whole) is not None and 0 < len(hidden) < len(parts):
            left = table[whole] - sum(table[cell] or 0 for cell in parts)
            assert len(hidden) >= 2, (whole, table)
            assert left - len(hidden) + 1 >= MINIMUM, (whole, table)
    told = [cell for cell, found in ranges(list(relations(table))).items() if values_held(found) < 2]
    assert told == [], table


def test_what_is_large_stays_shown(engine):
    assert None not in shown(engine, [20] * 12).values()
    table = shown(engine, [3, *[20] * 11])
    assert sum(value is None for value in table.values()) == 4, "one small cell hides a square"
