"""Profiles, what is learnt from those accepted, and one frame judged by the suites of many tables."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.checks import ColumnProfile, Frame, column_frame, column_rows, judge, judge_together, profile
from tests.unit.checks.conftest import entry


def _profile(sql: str, *columns: tuple[str, str], by: str | None = None, listed: tuple[str, ...] = ()) -> dict:
    with duckdb.connect() as duck:
        duck.execute(f"create table t as {sql}")
        return profile(duck, "t", columns, listed=frozenset(listed), by=by)


def test_a_profile_counts_gaps_fillers_and_bins() -> None:
    sql = "select * from (values ('web', 0), ('n/a', 3), (null, 4), ('web', -4)) as v (channel, amount)"
    channel, amount = _profile(sql, ("channel", "VARCHAR"), ("amount", "BIGINT"), listed=("channel",))[""]
    assert (channel.row_count, channel.null_count, channel.default_count) == (4, 1, 1)
    assert channel.histogram == {"n/a": 1, "web": 2}
    assert (amount.null_count, amount.default_count) == (0, 1)
    assert amount.histogram == {"-23.0": 1, "0.0": 1, "22.0": 1, "23.0": 1}


def test_values_that_may_be_somebodys_are_counted_and_never_kept() -> None:
    sql = "select 'marie.curie@example.org' as email"
    (email,) = _profile(sql, ("email", "VARCHAR"))[""]
    assert email.histogram == {}
    assert "marie" not in repr(email)


def test_a_filler_is_one_whatever_its_case_and_blanks() -> None:
    texts = ["Undefined", "   unknown                ", "UN\u212aNOWN", "", "undefined.", "Unknown customer", "x" * 300]
    (channel,) = _profile(f"select unnest({texts!r}) as channel", ("channel", "VARCHAR"))[""]
    assert (channel.row_count, channel.default_count) == (7, 4)


def test_profiles_are_by_day() -> None:
    sql = "select i % 2 = 0 as flag, date '2025-12-01' + (i // 5)::int as day from range(10) as r (i)"
    found = _profile(sql, ("flag", "BOOLEAN"), by="day")
    assert sorted(found) == ["2025-12-01", "2025-12-02"]
    assert [each[0].histogram for each in found.values()] == [{"false": 2, "true": 3}, {"false": 3, "true": 2}]


def _days(count: int, nulls: int = 2, **bins: int) -> list[list[ColumnProfile]]:
    return [[ColumnProfile("channel", 100, nulls, 0, bins or {"web": 60, "app": 38})] for _ in range(count)]


def test_bounds_are_learnt_from_five_accepted_days_on() -> None:
    now = [ColumnProfile("channel", 100, 60, 0, {"web": 20, "app": 20})]
    (young,) = column_rows(now, _days(4))
    assert (young["null_deviation"], young["null_change"]) == (None, pytest.approx(0.58))
    (learnt,) = column_rows(now, _days(5))
    assert learnt["null_deviation"] > 20
    (first,) = column_rows(now, [])
    assert (first["usual_null_rate"], first["drift"]) == (None, None)


def test_drift_is_beyond_chance() -> None:
    past = _days(5)
    (same,) = column_rows([ColumnProfile("channel", 100, 2, 0, {"web": 66, "app": 32})], past)
    assert same["drift"] == 0
    (other,) = column_rows([ColumnProfile("channel", 100, 2, 0, {"web": 2, "shop": 96})], past)
    assert other["drift"] > 0.8


def test_failing_columns_are_named(suite: Callable[..., Path]) -> None:
    rows = [{"extract_date": "2025-12-01", **row} for row in column_rows(_days(1, nulls=90)[0], _days(6))]
    expected = entry("expect_column_values_to_be_between", "warning", column="null_deviation", max_value=8)
    expected["meta"]["frame"] = "columns"
    outcomes = judge(
        column_frame(rows), suite(expected), index_column="extract_date", label_column="column_name", kind=Frame.COLUMNS
    )
    assert outcomes[0].failing_index == ("2025-12-01",)
    assert outcomes[0].observed_value.startswith("1 of 1 rows fail (channel): ")


def test_each_table_gets_the_outcomes_of_its_own_suite(tmp_path: Path, suite: Callable[..., Path]) -> None:
    common = entry("expect_column_values_to_be_between", column="drift", max_value=0.2)
    common["meta"]["frame"] = "columns"
    both, one = (
        suite(common).rename(tmp_path / "both.json"),
        suite(entry("expect_column_values_to_be_unique", column="x")),
    )
    frame = column_frame([{"column_name": "a", "drift": 0.9}, {"column_name": "b", "drift": 0.1}])
    frame = frame.assign(table_name=["orders", "returns"])
    suites = {"orders": both, "returns": both, "others": one}
    found = judge_together(frame, suites, kind=Frame.COLUMNS, label_column="column_name")
    assert [each.is_met for each in found["orders"] + found["returns"]] == [False, True]
    assert found["orders"][0].observed_value == "1 of 1 rows fail (a): 0.9 to 0.9"
    assert found["others"] == []
