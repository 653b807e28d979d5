"""Past days that are like no others, a sale or an outage, and so no part of what is usual.

Belongs here: finding them by what came before them. Does not belong here: baselines. All arrays hold one row per series
and one column per day.
"""

import numpy as np

from pipeline.statistics.baselines import WEEK, Chart, Flags, Floats, Integers, has_floor, ratio, unit_variance

_ODD_FROM = 4.5
"""Robust standard errors from which a past day is odd and no part of a baseline."""
_MOST_LOPSIDED = 0.25
"""Distance of the middle from half-way between the deciles, relative to theirs, up to which a mean has odd days."""
_FEWEST_UNITS = 10
"""On the usual day."""
_MAD_TO_SIGMA = 1.4826
_REFERENCE_DAYS = 56


def odd_days(x: Floats, n: Floats, *, counted: Floats, chart: Integers, first_phase: int = 0) -> Flags:
    """Past days too far from the eight weeks before them to be part of a baseline (a sale, an outage).

    Each week is held against the median of the 56 days before it, so what a day counts as never depends on later
    days; after a lasting change of level the median follows, and days count again.

    Args:
        x: numerators, shape (series, days).
        n: denominators.
        counted: units behind them; series with fewer than ten on the usual day, or with fewer than five events or
            non-events, are too rough to call a day odd.
        chart: kind per series.
        first_phase: phase of the week of the first column, so that blocks of a week stay the same as days are added.

    Returns:
        Shape (series, days); the first 56 days are never odd.
    """
    odd = np.zeros(x.shape, dtype=np.bool_)
    # Series that never have enough days with enough units cost nothing.
    large = np.flatnonzero((counted >= _FEWEST_UNITS).sum(axis=1) >= _REFERENCE_DAYS // 2)
    if len(large):
        odd[large] = _odd(x[large], n[large], counted[large], chart[large], first_phase)
    return odd


def _odd(x: Floats, n: Floats, counted: Floats, chart: Integers, first_phase: int) -> Flags:
    odd, days = np.zeros(x.shape, dtype=np.bool_), x.shape[1]
    known = n > 0
    rate = np.where(known, ratio(x, n), np.nan)
    start = _REFERENCE_DAYS + (-(_REFERENCE_DAYS + first_phase)) % WEEK
    for begin in range(start, days, WEEK):
        past = slice(begin - _REFERENCE_DAYS, begin)
        block = slice(begin, min(begin + WEEK, days))
        enough = _is_smooth(x[:, past], n[:, past], counted[:, past], chart)
        if not enough.any():
            continue
        middle = _median(rate[enough, past])
        variance = unit_variance(middle, chart[enough])
        score = np.abs(rate[enough][:, past] - middle[:, None]) * np.sqrt(n[enough][:, past] / variance[:, None])
        spread = _MAD_TO_SIGMA * _median(score)
        spread = np.where(has_floor(chart[enough]), np.maximum(spread, 1.0), spread)
        today = np.abs(rate[enough][:, block] - middle[:, None]) * np.sqrt(n[enough][:, block] / variance[:, None])
        odd[enough, block] = today > _ODD_FROM * spread[:, None]
    return odd


def _is_smooth(x: Floats, n: Floats, counted: Floats, chart: Integers) -> Flags:
    """Series with enough units and events on the usual day."""
    days = n > 0
    usual = np.median(counted, axis=1)
    share = np.clip(ratio(x.sum(axis=1), n.sum(axis=1)), 0.0, 1.0)
    events = np.where(chart == Chart.PROPORTION, usual * np.minimum(share, 1 - share), usual)
    enough = (days.sum(axis=1) >= _REFERENCE_DAYS // 2) & (usual >= _FEWEST_UNITS) & (events >= 5)
    loose = np.flatnonzero(enough & ~has_floor(chart))
    if len(loose):
        # Where a few large amounts make the mean, days with them are no odd ones: without them the mean is wrong.
        rate = np.where(days[loose], ratio(x[loose], n[loose]), np.nan)
        low, middle, high = np.nanquantile(rate, (0.1, 0.5, 0.9), axis=1)
        enough[loose] = np.abs(high + low - 2 * middle) <= _MOST_LOPSIDED * (high - low)
    return np.asarray(enough)


def _median(values: Floats) -> Floats:
    """Median of each row without the missing ones; rows have at least one value."""
    ordered = np.sort(values, axis=1)  # missing ones go last
    count = np.isfinite(values).sum(axis=1)
    rows = np.arange(len(values))
    return np.asarray((ordered[rows, (count - 1) // 2] + ordered[rows, count // 2]) / 2)
