"""Control charts over many daily series at once: how unlikely the last days are, given what came before.

Belongs here: test statistics and p-values of windows. Does not belong here: how small a p-value must be (``budget``),
what is done about it. Laney (2002) for over-dispersion; the error of the baseline itself is part of every variance.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from pipeline.statistics.baselines import (
    BASELINE_DAYS,
    WEEK,
    Baseline,
    Chart,
    has_floor,
)
from pipeline.statistics.panels import KeptBaselines, Panel
from pipeline.statistics.rare_events import rare_tails, widen_skewed

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]

DAILY_WINDOWS = ("1", "3", "7", "slow")
"""Windows of series with enough units a day; ``slow`` is an exponentially weighted mean over 28 days."""
SPARSE_WINDOWS = ("7", "14", "28")
"""Windows of series with few units a day: they accumulate."""
ALL_WINDOWS = ("1", "3", "7", "14", "28", "slow")
LONGEST_WINDOW = 28
HISTORY_DAYS = BASELINE_DAYS + LONGEST_WINDOW
"""Days a test needs, the tested one included."""
_FEW_EVENTS = 20
_SLOW_WEIGHT = 0.1
_SCREEN = 1.8
"""Only what is this far out is worth an exact p-value."""
_DAY_COUNTS_FOR = {True: 5.0, False: 3.5}
"""Standard errors that one day of a mean adds to a longer window at most, by
whether the usual day has enough units to be tested by itself: an outlier is not a change."""
_MOST_SKEWED = 0.5
"""A mean of so few large amounts (a dozen refunds) is not tested: its tail cannot be known."""


@dataclass(frozen=True)
class WindowTest:
    """What one window says of every series.

    Attributes:
        window: one of ``ALL_WINDOWS``.
        p_low: probability of a value as low or lower, 1 where not tested, shape (series,).
        p_high: probability of a value as high or higher.
        score: distance from the expectation in standard errors.
        value: weighted sum of x over weighted sum of n.
        expected: the same, expected.
        n: units in the window, unweighted.
        is_tested: whether there was enough to test.
    """

    window: str
    p_low: Floats
    p_high: Floats
    score: Floats
    value: Floats
    expected: Floats
    n: Floats
    is_tested: Flags


def weights_of(window: str) -> Floats:
    """Weight of each day of a window, the last day last; Σ weights = 1 for the slow one's limit."""
    if window == "slow":
        back = np.arange(LONGEST_WINDOW - 1, -1, -1, dtype=np.float64)
        return np.asarray((1 - _SLOW_WEIGHT) ** back)
    return np.ones(int(window))


def is_sparse(panel: Panel, day: int, rows: Integers) -> Flags:
    """Whether the usual day of some series, before the longest window, has too few units to be tested by itself."""
    past = panel.counted[rows, max(0, day + 1 - HISTORY_DAYS) : day + 1 - LONGEST_WINDOW]
    return np.asarray(past.mean(axis=1) < panel.minimum_n[rows])


def judge_day(panel: Panel, day: int, *, baselines: KeptBaselines | None = None) -> dict[str, WindowTest]:
    """Test the windows that end on one day against the clean days before them.

    Short windows (1, 3, 7 days) of series with enough units a day have a baseline that ends seven days before; the
    others, and the slow one, have one that ends 28 days before: no tested day is in its own baseline.

    Args:
        panel: the series.
        day: column of the last day of the windows; at least ``HISTORY_DAYS - 1``.
        baselines: those of days judged before, kept by a replay that goes from day to day; changed in place.

    Returns:
        Per window, over all series; a series is tested on ``DAILY_WINDOWS`` or on ``SPARSE_WINDOWS``.

    Raises:
        ValueError: the history before the day is too short.
    """
    if day < HISTORY_DAYS - 1:
        raise ValueError(f"a test needs {HISTORY_DAYS} days of history, not {day + 1}")
    count = len(panel.x)
    # No window holds more units than the longest one, so what is too small there is tested in none.
    large = panel.counted[:, day + 1 - LONGEST_WINDOW : day + 1].sum(axis=1) >= panel.minimum_n
    sparse = np.ones(count, dtype=np.bool_)
    sparse[large] = is_sparse(panel, day, np.flatnonzero(large))
    dense, few = np.flatnonzero(large & ~sparse), np.flatnonzero(large & sparse)
    kept = KeptBaselines() if baselines is None else baselines
    kept.forget_before(day + 1 - LONGEST_WINDOW)
    near = kept.fitted(panel, day + 1 - WEEK, dense)
    far_dense, far_few = (kept.fitted(panel, day + 1 - LONGEST_WINDOW, rows) for rows in (dense, few))
    plan = [(window, dense, near) for window in DAILY_WINDOWS if window != "slow"]
    plan += [("slow", dense, far_dense)] + [(window, few, far_few) for window in SPARSE_WINDOWS]
    found: dict[str, WindowTest] = {}
    for window, rows, baseline in plan:
        if len(rows) == 0:
            continue
        judged = _judge(panel, rows, baseline, window, day, is_dense=rows is dense)
        found[window] = _spread(judged, rows, count, found.get(window))
    return found


def _judge(panel: Panel, rows: Integers, baseline: Baseline, window: str, day: int, *, is_dense: bool) -> WindowTest:
    """One window of some series."""
    weights = weights_of(window)
    length, chart = len(weights), panel.chart[rows]
    last = slice(day + 1 - length, day + 1)
    # The baseline's phase 0 is its first day; it spans whole weeks and ends a whole number of weeks before ``day``.
    phases = np.eye(WEEK)[(np.arange(length) - length) % WEEK]
    n = panel.n[rows, last]
    by_phase = n @ (phases * weights[:, None])
    seen, units = panel.x[rows, last] @ weights, panel.counted[rows, last].sum(axis=1)
    total, expected = by_phase.sum(axis=1), (by_phase * baseline.by_weekday).sum(axis=1)
    chance = ((n @ (phases * weights[:, None] ** 2)) * baseline.unit_variance).sum(axis=1)
    surge = np.where(has_floor(chart), baseline.surge(by_phase, weights @ phases), 1.0)
    variance = baseline.variance(chance, by_phase, length, surge) + expected**2 * panel.index_error[rows, day]
    variance = variance * panel.strain[rows, day]
    distance = _distance(panel, rows, baseline, weights, day, most=_DAY_COUNTS_FOR[is_dense])
    tested = baseline.is_usable & (units >= panel.minimum_n[rows]) & (variance > 0) & (total > 0)
    score = np.where(tested, distance / np.sqrt(np.where(tested, variance, 1.0)), 0.0)
    low, high = stdtr(baseline.degrees, score), stdtr(baseline.degrees, -score)
    # Units that come in clusters, over days, make as many fewer: their sums are the more skewed.
    fewer = np.maximum(total**2 / np.maximum(n @ weights**2, 1e-12), 1e-12) / baseline.block(length)
    care = np.where(tested & (np.abs(score) > _SCREEN), fewer, 0.0)
    skewness = widen_skewed(low, high, baseline.skewness, effective=care)
    tested[(skewness > _MOST_SKEWED).any(axis=1) & ~has_floor(chart)] = False
    is_rare = _is_rare(chart, expected, total)
    rare = np.flatnonzero(tested & (np.abs(score) > _SCREEN) & is_rare)
    if window != "slow":
        low[rare], high[rare] = rare_tails(
            chart[rare] == Chart.PROPORTION, seen[rare], total[rare], expected=expected[rare], variance=variance[rare]
        )
    else:
        tested[is_rare] = False
    safe = np.where(total > 0, total, 1.0)
    low, high, score = np.where(tested, low, 1.0), np.where(tested, high, 1.0), np.where(tested, score, 0.0)
    return WindowTest(window, low, high, score, value=seen / safe, expected=expected / safe, n=units, is_tested=tested)


def _distance(panel: Panel, rows: Integers, baseline: Baseline, weights: Floats, day: int, *, most: float) -> Floats:
    """What a window has more than expected; no day of a mean counts for more than some of its standard errors.

    A quantile of three answers, a ratio with one bulk order: such days lie hundreds of standard errors out, and say
    nothing of the others.
    """
    length = len(weights)
    last = slice(day + 1 - length, day + 1)
    phases = (np.arange(length) - length) % WEEK
    n = panel.n[rows, last]
    excess = panel.x[rows, last] - n * baseline.by_weekday[:, phases]
    if length > 1:
        variance = n * baseline.unit_variance[:, phases] * baseline.dispersion[:, None]
        limit = most * np.sqrt(np.maximum(variance, 0.0))
        is_mean = (panel.chart[rows] == Chart.MEAN)[:, None]
        excess = np.where(is_mean, np.clip(excess, -limit, limit), excess)
    return np.asarray(excess @ weights)


def _is_rare(chart: Integers, expected: Floats, total: Floats) -> Flags:
    """Whether so few events are expected that a normal tail is wrong."""
    few = np.where(chart == Chart.PROPORTION, np.minimum(expected, total - expected), expected)
    return np.asarray(((chart == Chart.PROPORTION) | (chart == Chart.COUNT)) & (few < _FEW_EVENTS))


def _spread(judged: WindowTest, rows: Integers, series: int, before: WindowTest | None) -> WindowTest:
    """A test of some series as one of all, beside what was found of others under the same window."""
    blank = {"p_low": 1.0, "p_high": 1.0, "is_tested": False}
    parts = {}
    for name in ("p_low", "p_high", "score", "value", "expected", "n", "is_tested"):
        own = getattr(judged, name)
        whole = getattr(before, name).copy() if before else np.full(series, blank.get(name, 0.0), dtype=own.dtype)
        whole[rows] = own
        parts[name] = whole
    return WindowTest(window=judged.window, **parts)
