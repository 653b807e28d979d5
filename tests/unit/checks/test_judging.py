"""Judging: what comes back, what is never said, and what cannot slip through."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.checks import Severity, SuiteError, Verdict, judge, read_suite
from tests.unit.checks.conftest import entry

Suite = Callable[..., Path]
BETWEEN = "expect_column_values_to_be_between"


def test_outcomes_keep_the_order_of_the_file(suite: Suite) -> None:
    file = suite(
        entry("expect_column_values_to_be_in_set", "warning", column="name", value_set=["a"]),
        entry(BETWEEN, column="rate", max_value=1),
        entry("expect_table_row_count_to_be_between", min_value=1),
        entry(BETWEEN, "warning", column="rate", min_value=0),
    )
    outcomes = judge(pd.DataFrame({"name": ["a"], "rate": [0.5]}), file)
    assert [(outcome.column_name, outcome.severity) for outcome in outcomes] == [
        ("name", "warning"),
        ("rate", "critical"),
        ("", "critical"),
        ("rate", "warning"),
    ]
    assert all(outcome.is_met and outcome.why == "because" for outcome in outcomes)


def test_a_misspelt_type_is_refused_and_named(suite: Suite) -> None:
    file = suite(entry(BETWEEN, column="x", max_value=1), entry("expect_colum_values_to_be_between", column="x"))
    with pytest.raises(SuiteError, match=r"suite\.json, expectation 2 \(expect_colum_values_to_be_between\)"):
        judge(pd.DataFrame({"x": [1]}), file)


def test_arguments_that_do_not_fit_are_refused(suite: Suite) -> None:
    with pytest.raises(SuiteError, match="expectation 1"):
        judge(pd.DataFrame({"x": [1]}), suite(entry("expect_column_values_to_be_in_set", colum="x")))


def test_the_same_expectation_twice_is_still_judged_twice(suite: Suite) -> None:
    same = entry(BETWEEN, column="x", max_value=1)
    assert len(judge(pd.DataFrame({"x": [1]}), suite(same, same))) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "needs a list `expectations`"),
        ('{"expectations": []}', "at least one entry"),
        ('{"expectations": [{"kwargs": {}}]}', "needs a `type`"),
        ('{"expectations": [{"type": "t", "severity": "grave"}]}', "`severity` must be"),
        ('{"expectations": [{"type": "t", "severity": "warning"}]}', "needs a reason"),
        ('{"expectations": [{"type": "t", "severty": "warning"}]}', "unknown key severty"),
    ],
)
def test_a_slip_in_a_suite_is_named(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "orders.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SuiteError, match=message) as refused:
        read_suite(file)
    assert "orders.json" in str(refused.value)


def test_a_missing_suite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="no such suite"):
        read_suite(tmp_path / "orders.json")


def test_failing_days_are_named(suite: Suite) -> None:
    days = pd.DataFrame({"extract_date": ["2024-03-01", "2024-03-02", "2024-03-03"], "rate": [0.01, 0.2, 0.4]})
    (outcome,) = judge(days, suite(entry(BETWEEN, column="rate", max_value=0.05)), index_column="extract_date")
    assert outcome.failing_index == ("2024-03-02", "2024-03-03")
    assert outcome.observed_value == "2 of 3 rows fail: 0.2 to 0.4"
    verdict = Verdict((outcome,))
    assert verdict.blocked_index == {"2024-03-02", "2024-03-03"}
    assert not verdict.for_index("2024-03-01").is_blocked
    assert verdict.for_index("2024-03-02").is_blocked


def test_failing_days_are_named_whatever_the_index_of_the_frame(suite: Suite) -> None:
    days = pd.DataFrame({"extract_date": ["2024-03-01", "2024-03-02"], "rate": [0.2, 0.0]}, index=[7, 7])
    (outcome,) = judge(days, suite(entry(BETWEEN, column="rate", max_value=0.05)), index_column="extract_date")
    assert outcome.failing_index == ("2024-03-01",)


def test_a_missing_column_is_unmet_on_every_row(suite: Suite) -> None:
    days = pd.DataFrame({"extract_date": ["2024-03-01", "2024-03-02"]})
    (outcome,) = judge(days, suite(entry(BETWEEN, column="rate", max_value=1)), index_column="extract_date")
    assert not outcome.is_met
    assert outcome.observed_value == "no such column: rate"
    assert outcome.failing_index == ("2024-03-01", "2024-03-02")


def test_a_column_missing_from_a_condition_is_unmet(suite: Suite) -> None:
    condition = {"type": "comparison", "column": {"name": "n"}, "operator": ">=", "parameter": 30}
    file = suite(entry(BETWEEN, column="rate", max_value=1, row_condition=condition))
    (outcome,) = judge(pd.DataFrame({"rate": [0.5]}), file)
    assert outcome.observed_value == "no such column: n"


def test_what_cannot_be_judged_blocks_even_as_a_warning(suite: Suite) -> None:
    frame = pd.DataFrame({"rate": ["0.5", {"odd": 1}]})
    (outcome,) = judge(frame, suite(entry(BETWEEN, "warning", column="rate", max_value=1)))
    assert outcome.blocks
    assert outcome.severity is Severity.CRITICAL
    assert outcome.observed_value.startswith("could not be judged: ")
    assert outcome.observed_value.endswith("Error")


@pytest.mark.parametrize("with_index", [False, True])
def test_no_cell_is_ever_quoted(suite: Suite, with_index: bool) -> None:  # noqa: FBT001
    private = "marie.curie@example.org"
    frame = pd.DataFrame({"row": [1, 2, 3], "email": [private, private, None], "number": [1.0, 2.0, 3.0]})
    file = suite(
        entry("expect_column_values_to_be_in_set", column="email", value_set=["x"]),
        entry("expect_column_values_to_be_null", column="email"),
        entry("expect_column_values_to_be_unique", column="email"),
        entry(BETWEEN, column="email", max_value=1),
        entry("expect_column_distinct_values_to_be_in_set", column="email", value_set=["x"]),
        entry("expect_column_most_common_value_to_be_in_set", column="email", value_set=["x"]),
        entry("expect_column_max_to_be_between", column="email", max_value=1),
    )
    outcomes = judge(frame, file, index_column="row" if with_index else None)
    assert not any(outcome.is_met for outcome in outcomes)
    assert private not in repr(outcomes)


def test_numbers_are_quoted_for_day_rows_only(suite: Suite) -> None:
    file = suite(entry(BETWEEN, column="spent", max_value=1))
    (outcome,) = judge(pd.DataFrame({"spent": [4242.0]}), file)
    assert outcome.observed_value == "1 of 1 rows fail"


def test_extension_dtypes_are_judged_like_any_other(suite: Suite) -> None:
    frame = pd.DataFrame(
        {
            "count": pd.array([1, None], dtype="Int64"),
            "is_met": pd.array([True, None], dtype="boolean"),
            "name": pd.array(["a", None], dtype="string"),
        }
    )
    file = suite(
        entry(BETWEEN, column="count", min_value=1),
        entry("expect_column_values_to_be_in_set", column="is_met", value_set=[True]),
        entry("expect_column_values_to_be_in_set", column="name", value_set=["a"]),
        entry("expect_column_values_to_not_be_null", column="name"),
    )
    assert [outcome.is_met for outcome in judge(frame, file)] == [True, True, True, False]


def test_outcomes_hold_plain_python_values(suite: Suite) -> None:
    days = pd.DataFrame({"day": np.array([1, 2]), "rate": np.array([0.2, 0.3])})
    (outcome,) = judge(days, suite(entry(BETWEEN, column="rate", max_value=0.1)), index_column="day")
    assert [type(value) for value in outcome.failing_index] == [int, int]
    assert type(outcome.is_met) is bool


def test_an_index_column_must_exist(suite: Suite) -> None:
    with pytest.raises(KeyError, match="no column day"):
        judge(pd.DataFrame({"rate": [1]}), suite(entry(BETWEEN, column="rate", max_value=1)), index_column="day")


def test_the_verdict_blocks_on_critical_only(suite: Suite) -> None:
    frame = pd.DataFrame({"rate": [2.0]})
    warning = judge(frame, suite(entry(BETWEEN, "warning", column="rate", max_value=1)))
    critical = judge(frame, suite(entry(BETWEEN, column="rate", max_value=1)))
    assert not Verdict(tuple(warning)).is_blocked
    assert Verdict((*warning, *critical)).is_blocked
    assert Verdict((*warning, *critical)).unmet == (*critical, *warning)
