"""The two doors: suites of expectations as data, judged by Great Expectations.

Belongs here: everything that knows Great Expectations, and what its verdict looks like. Does not belong here:
the expectations themselves (``expectations/``), checks of rows (contracts), what follows from a verdict.
"""

from pipeline.checks.frames import frame_of
from pipeline.checks.judging import judge
from pipeline.checks.outcomes import CheckOutcome, Severity, Verdict
from pipeline.checks.published import with_identities
from pipeline.checks.suites import Expectation, SuiteError, read_suite

__all__ = [
    "CheckOutcome",
    "Expectation",
    "Severity",
    "SuiteError",
    "Verdict",
    "frame_of",
    "judge",
    "read_suite",
    "with_identities",
]
