"""How far a figure or a distribution lies from what is usual: bounds learnt from the past, with a stated width.

Belongs here: pure functions on numbers. Does not belong here: what is compared, and which distance is too far.
"""

from collections.abc import Mapping, Sequence
from math import pi, sqrt
from statistics import median

_MAD_TO_SIGMA = 1.4826
_LEAST_PAST = 5


def rate_deviation(part: int, whole: int, past: Sequence[float], *, least_spread: float = 0.005) -> float | None:
    """How many spreads a rate lies above (below: negative) the median of past rates.

    A spread is the median absolute deviation scaled to a normal one (1.4826), the binomial noise of the rate itself,
    or ``least_spread``, whichever is widest; so neither a constant past nor a small day makes noise a finding.

    Args:
        part: cases counted.
        whole: all cases.
        past: the rates of days or releases that were accepted.
        least_spread: the narrowest spread, as a share.

    Returns:
        Deviation in spreads; ``None`` for nothing to divide by, or fewer than five past rates.
    """
    if not whole or len(past) < _LEAST_PAST:
        return None
    middle = median(past)
    scaled = _MAD_TO_SIGMA * median(abs(rate - middle) for rate in past)
    noise = sqrt(max(middle * (1 - middle), 1 / whole) / whole)
    return (part / whole - middle) / max(scaled, noise, least_spread)


def count_deviation(count: float, past: Sequence[float], *, least_share: float = 0.05) -> float | None:
    """How many spreads a count lies above (below: negative) the median of past counts.

    A spread is the scaled median absolute deviation, the noise of counts (the root of the median) or ``least_share``
    of the median, whichever is widest.

    Returns:
        Deviation in spreads; ``None`` with fewer than five past counts.
    """
    if len(past) < _LEAST_PAST:
        return None
    middle = float(median(past))
    scaled = _MAD_TO_SIGMA * median(abs(each - middle) for each in past)
    return (count - middle) / max(scaled, sqrt(middle), least_share * middle, 1.0)


def excess_distance(now: Mapping[str, int], before: Mapping[str, int]) -> float | None:
    """Total variation distance of two histograms beyond twice what sampling alone makes of it.

    The distance is half the sum of absolute differences of the shares, 0 (same) to 1 (nothing in common). Sampling
    noise makes it about ½ Σ √(2 p (1 − p) / π · (1/n + 1/m)) for pooled shares p, the mean of a half-normal variable
    per bin; that is taken off twice, so that few rows are no drift.

    Returns:
        The excess, 0 to 1; ``None`` if either histogram is empty.
    """
    rows_now, rows_before = sum(now.values()), sum(before.values())
    if not rows_now or not rows_before:
        return None
    distance = noise = 0.0
    for key in sorted({*now, *before}):
        here, there = now.get(key, 0), before.get(key, 0)
        pooled = (here + there) / (rows_now + rows_before)
        distance += abs(here / rows_now - there / rows_before) / 2
        noise += sqrt(2 * pooled * (1 - pooled) / pi * (1 / rows_now + 1 / rows_before)) / 2
    return max(0.0, distance - 2 * noise)
