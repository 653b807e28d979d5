"""One frame with rows of many tables, each judged by its own suite, in as few calls as there are expectations.

Belongs here: sharing expectations that many suites state alike, and giving each table its own outcomes. Does not
belong here: the frame, the verdict.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.checks.judging import judge_by
from pipeline.checks.outcomes import CheckOutcome
from pipeline.checks.suites import Expectation, Frame, read_suite

_PLACE = "place"


def judge_together(
    frame: pd.DataFrame, suites: Mapping[str, Path], *, kind: Frame, label_column: str | None = None
) -> dict[str, list[CheckOutcome]]:
    """Judge the rows of each table by its suite.

    Args:
        frame: rows with ``table_name``; without personal data, since bounds of failing rows are told.
        suites: suite file by table.
        kind: which expectations of the suites to judge.
        label_column: column whose text may be told of failing rows.

    Returns:
        Outcomes by table, in the order of its suite.

    Raises:
        SuiteError: a suite cannot be read.
    """
    wanted = {
        table: [each for each in read_suite(file) if each.frame is kind] for table, file in sorted(suites.items())
    }
    stated = {_stated(each): each for expectations in wanted.values() for each in expectations}
    judged = frame.reset_index(drop=True).assign(**{_PLACE: range(len(frame))})
    outcomes = judge_by(judged, list(stated.values()), str(kind), index_column=_PLACE)
    found = dict(zip(stated, outcomes, strict=True))
    return {
        table: [_own(found[_stated(each)], judged, table, label_column) for each in expectations]
        for table, expectations in wanted.items()
    }


def _stated(expectation: Expectation) -> str:
    parts = (expectation.type, str(expectation.severity), expectation.why, expectation.kwargs)
    return json.dumps(parts, sort_keys=True)


def _own(outcome: CheckOutcome, frame: pd.DataFrame, table: str, label_column: str | None) -> CheckOutcome:
    """The outcome on the rows of one table alone."""
    rows = frame[frame["table_name"] == table]
    failing = rows[rows[_PLACE].isin(outcome.failing_index)]
    column = outcome.column_name
    if outcome.is_met or failing.empty:
        shown = (
            f"{rows[column].iloc[0]:.6g}" if len(rows) == 1 and column in rows and rows[column].notna().all() else ""
        )
        return replace(outcome, is_met=True, observed_value=shown or f"0 of {len(rows)} rows fail", failing_index=())
    if column not in frame.columns or outcome.observed_value.startswith(("no such", "could not")):
        return replace(outcome, failing_index=())
    text = f"{len(failing)} of {len(rows)} rows fail"
    if label_column is not None:
        text += f" ({', '.join(sorted(map(str, failing[label_column]))[:8])})"
    values = failing[column].dropna()
    if not values.empty:
        text += f": {values.min():.6g} to {values.max():.6g}"
    return replace(outcome, observed_value=text, failing_index=())
