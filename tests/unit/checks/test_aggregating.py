"""Counting in SQL gives the verdicts that handing over frames gives, suite by suite, met and unmet."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline.checks import (
    Frame,
    Severity,
    is_countable,
    judge,
    judge_table,
    judge_tables,
    read_suite,
    with_identities,
)
from pipeline.checks.outcomes import CheckOutcome
from pipeline.settings import PROJECT_ROOT
from tests.unit.checks.conftest import as_entry, broken, entry
from tests.unit.checks.good_frames import good_release

SUITES = sorted((PROJECT_ROOT / "expectations" / "published").glob("*.json"))
DERIVED = ("count_gap", "end_count_gap", "churn_gap", "value_gap", "mean_gap", "contract_count_gap")


def _verdicts(outcomes: list[CheckOutcome]) -> list[tuple[object, ...]]:
    return [(each.expectation, each.column_name, each.severity, each.is_met, each.why) for each in outcomes]


def _written(frame: pd.DataFrame, folder: Path) -> Path:
    file = folder / "table.parquet"
    duckdb.from_df(frame.convert_dtypes(dtype_backend="numpy_nullable")).write_parquet(str(file))
    return file


@pytest.mark.parametrize("suite_file", SUITES, ids=lambda file: file.stem)
def test_both_ways_give_the_same_verdicts(suite_file: Path, suite: Callable[..., Path], tmp_path: Path) -> None:
    good = good_release(suite_file.stem)
    frames = [good]
    expectations = [each for each in read_suite(suite_file) if each.frame is Frame.ROWS]
    breakable = [
        each
        for each in expectations
        if each.severity is Severity.CRITICAL and set(each.columns) <= set(good.columns) and each.kwargs.get("column")
    ]
    # A column of a release has one type, so only what keeps it is broken here.
    kept = [each for each in breakable if isinstance(each.kwargs.get("value_set", [""])[0], str)]
    frames += [broken(good, expectation) for expectation in kept[:1]]
    own = suite(*(as_entry(each) for each in expectations))
    for frame in frames:
        file = _written(frame, tmp_path)
        by_frame = judge(with_identities(suite_file.stem, duckdb.read_parquet(str(file)).df()), own)
        assert _verdicts(judge_table(suite_file.stem, file, own)) == _verdicts(by_frame)


def test_derived_columns_are_the_same_both_ways(tmp_path: Path) -> None:
    frame = good_release("segment_clv")
    frame.loc[0, "costs_amount"] = 29.0
    file = _written(frame, tmp_path)
    suite_file = PROJECT_ROOT / "expectations" / "published" / "segment_clv.json"
    unmet = {each.column_name for each in judge_table("segment_clv", file, suite_file) if not each.is_met}
    assert unmet == {"value_gap"}


def test_what_a_suppressed_row_shows_is_counted(tmp_path: Path) -> None:
    frame = good_release("kpi_daily")
    frame.loc[1, "n"] = 3
    file = _written(frame, tmp_path)
    suite_file = PROJECT_ROOT / "expectations" / "published" / "kpi_daily.json"
    (unmet,) = [each for each in judge_table("kpi_daily", file, suite_file) if not each.is_met]
    assert (unmet.column_name, unmet.observed_value) == ("suppressed_measure_count", "1 of 2 rows fail")


def test_a_missing_column_is_unmet(suite: Callable[..., Path], tmp_path: Path) -> None:
    file = _written(pd.DataFrame({"x": [1.0]}), tmp_path)
    (outcome,) = judge_table("t", file, suite(entry("expect_column_values_to_not_be_null", column="y")))
    assert (outcome.is_met, outcome.observed_value) == (False, "no such column: y")


def test_a_type_that_is_not_counted_is_refused_by_name(suite: Callable[..., Path], tmp_path: Path) -> None:
    file = _written(pd.DataFrame({"x": [1.0]}), tmp_path)
    with pytest.raises(NotImplementedError, match="expect_column_mean_to_be_between is not counted in SQL"):
        judge_table("t", file, suite(entry("expect_column_mean_to_be_between", column="x", max_value=1)))


def test_many_tables_are_judged_in_one_call_as_each_alone(tmp_path: Path) -> None:
    names = ("kpi_daily", "segment_clv", "segment_retention")
    frames = {name: good_release(name) for name in names}
    frames["kpi_daily"].loc[1, "n"] = 3
    frames["segment_clv"].loc[0, "costs_amount"] = 29.0
    files = {name: _written(frame, _folder(tmp_path, name)) for name, frame in frames.items()}
    suites = {file.stem: file for file in SUITES if file.stem in names}
    together = judge_tables(files, suites)
    assert together == {name: judge_table(name, files[name], suites[name]) for name in names}
    unmet = {name: [each.column_name for each in found if not each.is_met] for name, found in together.items()}
    assert unmet == {"kpi_daily": ["suppressed_measure_count"], "segment_clv": ["value_gap"], "segment_retention": []}


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


@pytest.mark.parametrize("suite_file", SUITES, ids=lambda file: file.stem)
def test_every_suite_of_ours_can_be_counted(suite_file: Path) -> None:
    assert is_countable(suite_file)


def test_a_suite_with_another_type_cannot_be_counted(suite: Callable[..., Path]) -> None:
    assert not is_countable(suite(entry("expect_column_mean_to_be_between", column="x", max_value=1)))
