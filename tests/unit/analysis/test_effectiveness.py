"""Credits of a segment: shares that sum to one, conversions that add up, the same every time."""

from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.analysis.effectiveness import (
    METHODS,
    credit_rows,
    draw_weights,
    drawn_shares,
    read_paths,
    removal_shares,
    write_effectiveness,
)

_PATHS = [
    (("ad", "home"), True),
    (("ad", "home", "home", "chat"), True),
    (("home",), False),
    (("ad",), False),
    ((), True),
]


def _tables(groups: int = 12) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables of paths that every group took alike, group 0 twice."""
    steps, simple = [], []
    for group in range(groups):
        for path, converted in _PATHS:
            times = 2 if group == 0 else 1
            walk = ["start", *path, "conversion" if converted else "null"]
            steps += [(group, one, other, times) for one, other in pairwise(walk)]
            if converted:
                named = path or ("direct",)
                for position, touchpoint in enumerate(named):
                    first, last = times * (position == 0), times * (position == len(named) - 1)
                    simple.append((group, touchpoint, first, last, times / len(named)))
    step_columns = ["bootstrap_group", "from_touchpoint", "to_touchpoint", "step_count"]
    summed = pd.DataFrame(steps, columns=step_columns).groupby(step_columns[:3], as_index=False).sum()
    credit_columns = ["bootstrap_group", "touchpoint", "first_count", "last_count", "linear_count"]
    credited = pd.DataFrame(simple, columns=credit_columns).groupby(credit_columns[:2], as_index=False).sum()
    return summed, credited


def test_shares_sum_to_one_and_credits_to_the_conversions() -> None:
    rows = pd.DataFrame(credit_rows(read_paths(*_tables())))
    assert set(rows["method"]) == set(METHODS)
    for _, own in rows.groupby("method"):
        assert own["share"].sum() == pytest.approx(1.0, abs=1e-8)
        assert own["credited_count"].sum() == pytest.approx(39, abs=1e-4)
        assert set(own["conversion_count"]) == {39}
        assert (own["share_low"] <= own["share"] + 1e-6).all()
        assert (own["share_high"] >= own["share"] - 1e-6).all()


def test_the_simple_rules_are_what_they_say() -> None:
    rows = pd.DataFrame(credit_rows(read_paths(*_tables()))).set_index(["method", "touchpoint"])["credited_count"]
    assert rows["first", "ad"] == pytest.approx(26)
    assert rows["last", "chat"] == pytest.approx(13)
    assert rows["linear", "home"] == pytest.approx(13 * (1 / 2 + 2 / 4), abs=1e-5)
    assert [rows[method, "direct"] for method in METHODS] == pytest.approx([13] * 4)


def test_rows_in_another_order_give_the_same_bits() -> None:
    steps, credited = _tables()
    again = credit_rows(read_paths(steps.sample(frac=1, random_state=1), credited.sample(frac=1, random_state=2)))
    assert again == credit_rows(read_paths(steps, credited))


def test_with_few_groups_there_is_no_interval() -> None:
    assert {row["share_low"] for row in credit_rows(read_paths(*_tables(3)))} == {None}


def test_every_replicate_draws_as_many_groups_as_there_are() -> None:
    weights = draw_weights(60, 5)
    assert weights.sum(axis=1).tolist() == [60.0] * 5
    assert np.array_equal(weights, draw_weights(60, 5))


@pytest.mark.parametrize("groups", [0, 12])
def test_the_pass_reads_the_build_and_writes_the_table(tmp_path: Path, groups: int) -> None:
    steps, credited = _tables(groups)
    build = tmp_path / "build.duckdb"
    with duckdb.connect(str(build)) as opened:
        opened.execute("create schema intermediate")
        for name, frame in (("int_path_steps__grouped", steps), ("int_path_credits__grouped", credited)):
            opened.register("given", frame)
            opened.execute(
                f"create table intermediate.{name} as select 'all' as segment_dimension, 'all' as segment, * from given"
            )
    rows = 16 if groups else 0
    assert write_effectiveness(build, tmp_path) == {"touchpoint_credits": rows}
    assert duckdb.sql(f"select count(*) from '{tmp_path / 'touchpoint_credits.parquet'}'").fetchall() == [(rows,)]


def test_draws_are_shared_as_one_by_one() -> None:
    paths = read_paths(*_tables())
    drawn = draw_weights(12, 30) @ paths.steps
    shares, effects = drawn_shares(paths, drawn)
    alone = [removal_shares(paths, counts) for counts in drawn]
    assert shares == pytest.approx(np.array([each for each, _ in alone]), abs=1e-12)
    assert effects == pytest.approx(np.array([each for _, each in alone]), abs=1e-12)
