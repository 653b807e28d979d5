"""Judging a frame by a suite, with nothing said that could tell on a person.

Belongs here: the calls to Great Expectations and the reading of its results. Does not belong here: suite
files (``suites``), what an outcome leads to. Great Expectations takes seconds to import, hence on first use.
"""

import logging
import numbers
import re
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.checks.frames import numpy_backed
from pipeline.checks.outcomes import CheckOutcome, Severity
from pipeline.checks.suites import Expectation, Frame, SuiteError, build, read_suite

if TYPE_CHECKING:
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.expectations.expectation import Expectation as BuiltExpectation

_LABELS_SHOWN = 8
_EXCEPTION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*(Error|Exception)")


def judge(
    frame: pd.DataFrame,
    suite_file: Path,
    *,
    index_column: str | None = None,
    label_column: str | None = None,
    kind: Frame = Frame.ROWS,
) -> list[CheckOutcome]:
    """Judge a frame by a suite: one outcome per expectation on frames of its kind, in the order of the file.

    Args:
        frame: the rows; one row per extract day at door 1, the published table at door 2.
        suite_file: Great Expectations suite as JSON.
        index_column: column that names a row, e.g. the extract day, so that outcomes can say which rows fail.
            Give it only for frames without personal data: numeric bounds of failing rows are then shown.
        label_column: column whose text may be shown of failing rows, e.g. the name of the column profiled.
        kind: which expectations of the suite to judge.

    Raises:
        SuiteError: the suite cannot be read, or Great Expectations does not know one of its types.
        KeyError: the frame has no such index column.
    """
    if index_column is not None and index_column not in frame.columns:
        raise KeyError(f"{suite_file}: the frame has no column {index_column} to name its rows by")
    expectations = [each for each in read_suite(suite_file) if each.frame is kind]
    return judge_by(frame, expectations, str(suite_file), index_column=index_column, label_column=label_column)


def judge_by(
    frame: pd.DataFrame,
    expectations: Sequence[Expectation],
    where: str,
    *,
    index_column: str | None = None,
    label_column: str | None = None,
) -> list[CheckOutcome]:
    """Judge a frame by expectations; as `judge`, for those already read.

    Args:
        frame: the rows.
        expectations: what is expected.
        where: what to name in errors.
        index_column: as in `judge`.
        label_column: as in `judge`.
    """
    built = [build(each, where=where, position=n) for n, each in enumerate(expectations)]
    plain = numpy_backed(frame.reset_index(drop=True))
    judged = [n for n, each in enumerate(expectations) if set(each.columns) <= set(plain.columns)]
    results = _validate(plain, [built[n] for n in judged], where)
    everything = tuple(plain[index_column].tolist()) if index_column else ()
    outcomes = []
    for n, each in enumerate(expectations):
        if n not in judged:
            outcomes.append(_missing(each, plain, everything))
        else:
            outcomes.append(_outcome(each, results[n], plain, index_column, label_column))
    return outcomes


@lru_cache(maxsize=1)
def _batches() -> "BatchDefinition":
    """A batch definition in an ephemeral context, one per process; nothing is stored or reported anywhere."""
    import great_expectations as gx  # noqa: PLC0415
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _validate(
    frame: pd.DataFrame, built: "list[BuiltExpectation]", where: str
) -> "dict[int, ExpectationValidationResult]":
    """Results by position in the suite file."""
    if not built:
        return {}
    batches = _batches()
    from great_expectations.core.expectation_suite import ExpectationSuite  # noqa: PLC0415

    suite = ExpectationSuite(name=Path(where).stem, expectations=built)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batch = batches.get_batch(batch_parameters={"dataframe": frame})
        found = batch.validate(suite, result_format={"result_format": "COMPLETE"}).results
    results = {result.expectation_config.meta["position"]: result for result in found}
    if len(results) != len(built):
        raise SuiteError(
            f"{where}: {len(built)} expectations were handed over, {len(results)} were judged; "
            "are two of them the same?"
        )
    return results


def _missing(expectation: Expectation, frame: pd.DataFrame, everything: tuple[object, ...]) -> CheckOutcome:
    absent = [name for name in expectation.columns if name not in frame.columns]
    return CheckOutcome(
        expectation=expectation.type,
        column_name=expectation.column_name,
        severity=expectation.severity,
        is_met=False,
        observed_value=f"no such column: {', '.join(absent)}",
        why=expectation.why,
        failing_index=everything,
    )


def _outcome(
    expectation: Expectation,
    result: "ExpectationValidationResult",
    frame: pd.DataFrame,
    index_column: str | None,
    label_column: str | None,
) -> CheckOutcome:
    raised = _exception_type(result.exception_info)
    is_met = bool(result.success) and raised is None
    failing: list[int] | None = result.result.get("unexpected_index_list")
    rows = frame if failing is None else frame.loc[failing]
    return CheckOutcome(
        expectation=expectation.type,
        column_name=expectation.column_name,
        # What could not be judged might be anything, so it always blocks.
        severity=Severity.CRITICAL if raised else expectation.severity,
        is_met=is_met,
        observed_value=f"could not be judged: {raised}"
        if raised
        else _observed(expectation, result.result, rows if index_column and failing else None, label_column),
        why=expectation.why,
        failing_index=() if is_met or index_column is None else tuple(rows[index_column].tolist()),
    )


def _observed(
    expectation: Expectation, result: dict[str, Any], failing_rows: pd.DataFrame | None, label_column: str | None
) -> str:
    """Counts, shares and, for frames without personal data only, labels and bounds of numbers."""
    if {"unexpected_count", "element_count"} <= set(result):
        failed, total = int(result["unexpected_count"]), int(result["element_count"])
        text = f"{failed} of {total} rows fail"
        if failing_rows is not None and label_column is not None:
            text += f" ({_labels(failing_rows[label_column])})"
        column = expectation.kwargs.get("column")
        if failing_rows is None or column is None or not pd.api.types.is_numeric_dtype(failing_rows[column]):
            return text
        values = failing_rows[column].dropna()
        return text if values.empty else f"{text}: {_number(values.min())} to {_number(values.max())}"
    observed = result.get("observed_value")
    # Aggregates of numbers may be shown; a list or a text could hold somebody's value.
    if isinstance(observed, numbers.Real):
        return _number(observed)
    return "as expected" if observed is None else "not shown"


def _labels(column: pd.Series) -> str:
    names = sorted({str(name) for name in column})
    return ", ".join(names[:_LABELS_SHOWN]) + (" …" if len(names) > _LABELS_SHOWN else "")


def _number(value: numbers.Real) -> str:
    return f"{float(value):.6g}"


def _exception_type(information: dict[str, Any] | None) -> str | None:
    """Name of the exception a result carries; its message may quote cells and stays here."""
    if not information:
        return None
    if "raised_exception" in information:
        entries = [information]
    else:
        entries = [entry for entry in information.values() if isinstance(entry, dict)]
    for entry in entries:
        if entry.get("raised_exception"):
            heads = [line.split(":")[0] for line in (entry.get("exception_traceback") or "").splitlines()]
            named = [head for head in heads if _EXCEPTION_NAME.fullmatch(head)]
            return named[-1].rsplit(".", 1)[-1] if named else "unknown error"
    return None
