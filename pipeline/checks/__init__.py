"""The two doors: suites of expectations as data, judged by Great Expectations.

Belongs here: everything that knows Great Expectations, and what its verdict looks like. Does not belong here:
the expectations themselves (``expectations/``), checks of rows (contracts), what follows from a verdict.
"""

from pipeline.checks.aggregating import LARGE_ROW_COUNT, is_countable, judge_table, judge_tables
from pipeline.checks.data_docs import Page, write_data_docs
from pipeline.checks.frames import frame_of
from pipeline.checks.history import column_frame, column_rows
from pipeline.checks.judging import judge
from pipeline.checks.outcomes import CheckOutcome, Severity, Verdict
from pipeline.checks.profiles import ColumnProfile, profile
from pipeline.checks.published import with_identities
from pipeline.checks.suites import Expectation, Frame, SuiteError, read_suite
from pipeline.checks.together import judge_together

__all__ = [
    "LARGE_ROW_COUNT",
    "CheckOutcome",
    "ColumnProfile",
    "Expectation",
    "Frame",
    "Page",
    "Severity",
    "SuiteError",
    "Verdict",
    "column_frame",
    "column_rows",
    "frame_of",
    "is_countable",
    "judge",
    "judge_table",
    "judge_tables",
    "judge_together",
    "profile",
    "read_suite",
    "with_identities",
    "write_data_docs",
]
