"""Intervals of quantiles by order statistics: no assumption on the distribution.

Belongs here: quantiles of complete samples. Does not belong here: durations with open cases (Kaplan-Meier).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.statistics.distributions import binomial_distribution


@dataclass(frozen=True)
class QuantileInterval:
    """Bounds of a quantile; ``None`` is open: the sample is too small to bound that side."""

    low: float | None
    high: float | None


def _first_rank(n: int, probability: float, target: float) -> int:
    """Least k with P(Binomial(n, probability) ≤ k) ≥ target."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if binomial_distribution(middle, n, probability) >= target:
            high = middle
        else:
            low = middle + 1
    return low


def quantile_interval(values: Sequence[float], probability: float, *, confidence: float = 0.95) -> QuantileInterval:
    """Interval of a quantile between two order statistics (conservative).

    Args:
        values: the sample, in any order.
        probability: the quantile, strictly between 0 and 1; 0.5 is the median.
        confidence: at least this share of such intervals holds the true quantile.

    Raises:
        ValueError: the probability is not strictly between 0 and 1.
    """
    if not 0 < probability < 1:
        raise ValueError(f"a quantile needs a probability strictly between 0 and 1, not {probability}")
    ordered = sorted(values)
    n = len(ordered)
    tail = (1 - confidence) / 2
    # The lower bound is the order statistic l (from 1) with P(X ≤ l - 1) ≤ tail, the upper one u with
    # P(X ≤ u - 1) ≥ 1 - tail, X counting values below the quantile.
    lower = _first_rank(n, probability, tail)
    if binomial_distribution(lower, n, probability) == tail:
        lower += 1
    upper = _first_rank(n, probability, 1 - tail) + 1
    return QuantileInterval(
        low=ordered[lower - 1] if lower >= 1 else None,
        high=ordered[upper - 1] if upper <= n else None,
    )
