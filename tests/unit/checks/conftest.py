"""Good frames as fixtures, and the breaking of one expectation at a time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.checks.suites import Expectation


@pytest.fixture
def suite(tmp_path: Path) -> Callable[..., Path]:
    """Write a suite of the given entries and return its file."""

    def write(*entries: dict[str, Any]) -> Path:
        file = tmp_path / "suite.json"
        file.write_text(json.dumps({"name": "suite", "expectations": list(entries)}), encoding="utf-8")
        return file

    return write


def entry(type_: str, severity: str = "critical", **kwargs: Any) -> dict[str, Any]:
    """One entry of a suite file."""
    return {"type": type_, "severity": severity, "kwargs": kwargs, "meta": {"why": "because"}}


def as_entry(expectation: Expectation) -> dict[str, Any]:
    """The entry an expectation was read from."""
    return {
        **entry(expectation.type, expectation.severity, **expectation.kwargs),
        "meta": {"why": expectation.why, "frame": str(expectation.frame)},
    }


def broken(frame: pd.DataFrame, expectation: Expectation) -> pd.DataFrame:
    """The frame changed so that its first row (or the frame as a whole) contradicts the expectation."""
    kwargs = expectation.kwargs
    frame = frame.astype(object)
    _satisfy(frame, kwargs.get("row_condition"))
    column = kwargs.get("column")
    match expectation.type:
        case "expect_column_values_to_be_between":
            beyond = kwargs["max_value"] + 1 if "max_value" in kwargs else kwargs["min_value"] - 1
            frame.loc[0, column] = beyond
            frame[column] = frame[column].astype(float)
        case "expect_column_values_to_be_in_set":
            frame.loc[0, column] = False if True in kwargs["value_set"] else "nobody declared this"
        case "expect_column_values_to_not_be_null":
            frame.loc[0, column] = None
        case "expect_column_values_to_not_match_regex":
            frame.loc[0, column] = "0123@4567"
        case "expect_column_values_to_be_null":
            frame.loc[0, column] = 1.0
        case "expect_column_pair_values_a_to_be_greater_than_b":
            larger, smaller = kwargs["column_A"], kwargs["column_B"]
            frame.loc[0, [larger, smaller]] = [0.0, 1.0]
            frame[[larger, smaller]] = frame[[larger, smaller]].astype(float)
        case "expect_compound_columns_to_be_unique" | "expect_column_values_to_be_unique":
            frame = pd.concat([frame.iloc[[0]], frame.iloc[[0]]])
        case "expect_table_row_count_to_be_between":
            frame = frame.iloc[:0]
        case unknown:
            pytest.fail(f"say here how to break {unknown}")
    return frame.infer_objects()


def _satisfy(frame: pd.DataFrame, condition: dict[str, Any] | None) -> None:
    if condition is None:
        return
    if "conditions" in condition:
        for part in condition["conditions"]:
            _satisfy(frame, part)
    elif condition["type"] == "comparison":
        value = condition["parameter"]
        changed = {"<": lambda: value - 1, "IN": lambda: value[0], "!=": lambda: f"not {value}"}
        frame.loc[0, condition["column"]["name"]] = changed.get(condition["operator"], lambda: value)()
