"""What is wrong on a day: every series against its own past and its bound, as findings.

Belongs here: from p-values to findings and health. Does not belong here: the p-values (``statistics.charts``), what
becomes of a finding (``lifecycle``).
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.alerts.lifecycle import OWN_PAST
from pipeline.alerts.model import Finding, Health, Measure, Severity, Subject
from pipeline.alerts.rules import RuleBook
from pipeline.alerts.series import Series
from pipeline.alerts.wording import kpi_sentences
from pipeline.statistics.baselines import Chart
from pipeline.statistics.budget import thresholds
from pipeline.statistics.charts import ALL_WINDOWS, WindowTest, judge_day, weights_of
from pipeline.statistics.panels import KeptBaselines

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

FIXED_BOUND = "fixed_bound"
_GOOD_FROM = 0.05
"""A short window whose p-value is above this is as it used to be."""
_SURE_OF_BOUND = 1.645
_NEARLY = 1e-300


@dataclass(frozen=True)
class DayJudged:
    """What one as-of day says.

    Attributes:
        findings: what is wrong, except on withheld series.
        health: per fingerprint of those asked for, where the day can tell.
        withheld: fingerprints that are wrong and not told, because their data are in doubt.
        tested_count: series that were tested.
    """

    findings: tuple[Finding, ...]
    health: Mapping[str, Health]
    withheld: tuple[str, ...]
    tested_count: int


def judge(
    series: Series,
    book: RuleBook,
    column: int,
    *,
    doubtful: Flags,
    asked: Iterable[Subject] = (),
    baselines: KeptBaselines | None = None,
    windows: Container[str] = ALL_WINDOWS,
) -> DayJudged:
    """Judge all series on one as-of day.

    Args:
        series: the series; the clean days of its panel decide the baselines.
        book: rules of the home.
        column: the as-of day.
        doubtful: rows and days whose data are in doubt, shape as the panel's.
        asked: subjects whose health is asked for: those of open alerts.
        baselines: kept between days of a replay.
        windows: the windows that may say something.
    """
    judged = judge_day(series.panel, column, baselines=baselines)
    tests = {name: test for name, test in judged.items() if name in windows}
    if not tests:
        return DayJudged((), {}, (), 0)
    sign, weight = series.bad_signs, _weights(series, book)
    counts = np.sum([test.is_tested for test in tests.values()], axis=0)
    limit = thresholds(
        is_whole=series.is_whole, is_tested=counts > 0, weight=weight, test_count=np.maximum(counts, 1).astype(np.int64)
    )
    names = list(tests)
    p_bad = np.stack([_bad(test, sign) for test in tests.values()])
    breached = np.flatnonzero((p_bad.min(axis=0) < limit) & (counts > 0))
    findings, withheld = [], []
    for row in breached:
        # The surest window tells; if what it shows is too little to tell, the next one.
        sure = [
            tests[names[place]] for place in np.argsort(p_bad[:, row], kind="stable") if p_bad[place, row] < limit[row]
        ]
        finding = next(filter(None, (_finding(series, book, int(row), column, test) for test in sure)), None)
        if finding is None:
            continue
        length = len(weights_of(finding.measure.window))
        if doubtful[row, max(0, column + 1 - length) : column + 1].any():
            withheld.append(finding.subject.fingerprint)
        else:
            findings.append(finding)
    findings += _bounds(series, column, tests, doubtful)
    return DayJudged(tuple(findings), _health(series, tests, sign, asked), tuple(withheld), int((counts > 0).sum()))


def _weights(series: Series, book: RuleBook) -> Floats:
    """Share of the budget of each row, by its KPI."""
    _, first, kpi = np.unique(series.panel.group, return_index=True, return_inverse=True)
    return np.array([book.rule(series.kpis[row].kpi_id).budget_weight for row in first], dtype=np.float64)[kpi]


def _bad(test: WindowTest, sign: npt.NDArray[np.int64]) -> Floats:
    """P-value in the bad direction; both directions where either is told."""
    both = np.minimum(1.0, 2 * np.minimum(test.p_low, test.p_high))
    return np.where(sign < 0, test.p_low, np.where(sign > 0, test.p_high, both))


def relative_change(value: float, expected: float, *, chart: int, unit: str) -> float:
    """Change relative to what is expected; of a share relative to its rarer side, of points to 100."""
    if unit == "points":
        scale = 100.0
    elif chart == Chart.PROPORTION:
        scale = min(expected, 1 - expected)
    else:
        scale = abs(expected)
    return abs(value - expected) / scale if scale > 0 else float("inf")


def _finding(series: Series, book: RuleBook, row: int, column: int, test: WindowTest) -> Finding | None:
    kpi, (_, dimension, segment) = series.kpis[row], series.keys[row]
    value, expected = float(test.value[row]) * kpi.factor, float(test.expected[row]) * kpi.factor
    if kpi.comes_in_unit:
        value, expected = value / kpi.factor, expected / kpi.factor
    rule = book.rule(kpi.kpi_id)
    change = relative_change(value, expected, chart=int(series.panel.chart[row]), unit=kpi.unit)
    if change < rule.minimum_change or abs(value - expected) < rule.least_difference:
        return None
    is_critical = dimension == "all" and change >= rule.critical_change
    measure = Measure(value, expected, int(test.n[row]), float(test.score[row]), test.window)
    last = series.metric_day(row, column)
    first = series.metric_day(row, column + 1 - len(weights_of(test.window)))
    text_en, text_fr = kpi_sentences(kpi, dimension, segment, first, last, measure)
    return Finding(
        subject=Subject("kpi", OWN_PAST, kpi.kpi_id, dimension, segment),
        severity=Severity.CRITICAL if is_critical else Severity.WARNING,
        first_day=first,
        last_day=last,
        measure=measure,
        text_en=text_en,
        text_fr=text_fr,
        owner=kpi.owner,
        group=kpi.kpi_group,
    )


def _bounds(series: Series, column: int, tests: Mapping[str, WindowTest], doubtful: Flags) -> list[Finding]:
    """Fixed bounds: the week of all customers lies beyond, and by more than chance."""
    test, found = tests.get("7"), list[Finding]()
    if test is None:
        return found
    for row in np.flatnonzero(series.is_whole & test.is_tested):
        bound = series.kpis[row].bound
        if bound is None or doubtful[row, max(0, column - 6) : column + 1].any():
            continue
        beyond = beyond_bound(series, int(row), test)
        if beyond is not None and beyond > _SURE_OF_BOUND:
            found.append(_bound_finding(series, int(row), column, test, bound))
    return found


def beyond_bound(series: Series, row: int, test: WindowTest) -> float | None:
    """How far the week lies beyond the bound, in standard errors; negative on the good side, ``None`` if unknown."""
    kpi = series.kpis[row]
    if kpi.bound is None or not test.is_tested[row] or kpi.bad_sign == 0:
        return None
    distance, score = float(test.value[row] - test.expected[row]), float(test.score[row])
    error = abs(distance / score) if score else 0.0
    beyond = kpi.bad_sign * (float(test.value[row]) - kpi.bound / kpi.factor)
    return beyond / max(error, _NEARLY)


def _bound_finding(series: Series, row: int, column: int, test: WindowTest, bound: float) -> Finding:
    kpi, (_, dimension, segment) = series.kpis[row], series.keys[row]
    measure = Measure(float(test.value[row]) * kpi.factor, bound, int(test.n[row]), float(test.score[row]), "7")
    last, first = series.metric_day(row, column), series.metric_day(row, column - 6)
    text_en, text_fr = kpi_sentences(kpi, dimension, segment, first, last, measure, is_bound=True)
    subject = Subject("kpi", FIXED_BOUND, kpi.kpi_id, dimension, segment)
    return Finding(subject, Severity.CRITICAL, first, last, measure, text_en, text_fr, kpi.owner, kpi.kpi_group)


def _health(
    series: Series,
    tests: Mapping[str, WindowTest],
    sign: npt.NDArray[np.int64],
    asked: Iterable[Subject],
) -> dict[str, Health]:
    """Whether the short window is as it used to be: of three days, or of seven where units are few."""
    found: dict[str, Health] = {}
    for subject in asked:
        row = series.rows.get((subject.name, subject.segment_dimension, subject.segment))
        windows = ("7",) if subject.rule == FIXED_BOUND else ("3", "7")
        tested = [tests[name] for name in windows if name in tests and row is not None and tests[name].is_tested[row]]
        if row is None or not tested:
            continue
        if subject.rule == FIXED_BOUND:
            is_good = (beyond_bound(series, row, tested[0]) or 0.0) <= 0
        else:
            is_good = bool(_bad(tested[0], sign)[row] > _GOOD_FROM)
        found[subject.fingerprint] = Health.GOOD if is_good else Health.UNCLEAR
    return found
