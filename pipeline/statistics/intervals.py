"""95 % intervals of single figures: proportions, NPS, means, counts, money, differences.

Belongs here: intervals of independent observations (a design effect may be handed in). Does not belong here:
clustering (``clusters``), quantiles (``quantiles``). An interval nobody can know is ``None``.
"""

import math
from dataclasses import dataclass

from pipeline.statistics.distributions import poisson_bounds, t_quantile

Z_95 = 1.959963984540054
"""97.5 % quantile of the standard normal distribution."""


@dataclass(frozen=True)
class Interval:
    """Bounds of a 95 % interval, in the unit of the figure."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """Distance of the bounds."""
        return self.high - self.low


def _check_proportion(successes: float, n: float) -> None:
    if n < 0 or not 0 <= successes <= n:
        raise ValueError(f"a proportion needs 0 <= successes <= n, not {successes} of {n}")


def wilson(successes: float, n: float, *, design_effect: float = 1.0, z: float = Z_95) -> Interval:
    """Wilson's score interval of a proportion (Wilson 1927).

    Args:
        successes: units with the property.
        n: units in all; without any, nothing is known and the interval is [0, 1].
        design_effect: variance with clustering over variance without; the sample counts as n / design_effect.
        z: normal quantile of the confidence.

    Raises:
        ValueError: impossible counts, or a design effect below 1.
    """
    _check_proportion(successes, n)
    if not design_effect >= 1:
        raise ValueError(f"a design effect is at least 1, not {design_effect}")
    if n == 0:
        return Interval(0.0, 1.0)
    p = successes / n
    effective = n / design_effect
    shrink = 1 + z * z / effective
    centre = (p + z * z / (2 * effective)) / shrink
    half = z * math.sqrt(p * (1 - p) / effective + (z / (2 * effective)) ** 2) / shrink
    # At 0 and 1 the bound is the proportion itself; rounding must not put it beside.
    low = 0.0 if successes == 0 else max(0.0, min(p, centre - half))
    high = 1.0 if successes == n else min(1.0, max(p, centre + half))
    return Interval(low, high)


def nps_interval(promoters: float, detractors: float, n: float) -> Interval:
    """Interval of the Net Promoter Score, in points from -100 to 100.

    One promoter and one detractor are added (adjusted Wald), so a sample of one opinion has an interval too;
    the point value stays unadjusted and always lies inside.

    Raises:
        ValueError: impossible counts.
    """
    _check_proportion(promoters + detractors, n)
    if promoters < 0 or detractors < 0:
        raise ValueError(f"promoters and detractors cannot be negative, but are {promoters} and {detractors}")
    total = n + 2
    up, down = (promoters + 1) / total, (detractors + 1) / total
    half = Z_95 * math.sqrt(max(0.0, up + down - (up - down) ** 2) / total)
    return Interval(100 * max(-1.0, up - down - half), 100 * min(1.0, up - down + half))


def mean_t(sum_x: float, sum_xx: float, n: int) -> Interval | None:
    """Student's t interval of a mean of independent values, from their sum and sum of squares.

    Returns:
        ``None`` below two values.
    """
    if n < 2:
        return None
    mean = sum_x / n
    variance = max(0.0, sum_xx - n * mean * mean) / (n - 1)
    half = t_quantile(n - 1) * math.sqrt(variance / n)
    return Interval(mean - half, mean + half)


def money_total(total: float, sum_of_squares: float) -> Interval:
    """Interval of a total of money: total ± z √Σx², with x the total of one customer.

    The number of customers is as random as what each spends, so the squares are not centred.

    Raises:
        ValueError: a negative sum of squares.
    """
    if sum_of_squares < 0:
        raise ValueError(f"a sum of squares cannot be negative, but is {sum_of_squares}")
    half = Z_95 * math.sqrt(sum_of_squares)
    return Interval(total - half, total + half)


def count_poisson(count: float, *, dispersion: float = 1.0) -> Interval:
    """Interval of a count: exact Poisson, widened by the dispersion (variance over mean, at least 1).

    Raises:
        ValueError: a negative count, or a dispersion below 1.
    """
    if not dispersion >= 1:
        raise ValueError(f"a dispersion is at least 1, not {dispersion}")
    low, high = poisson_bounds(count / dispersion)
    return Interval(low * dispersion, high * dispersion)


def newcombe(
    successes_1: float,
    n_1: float,
    successes_2: float,
    n_2: float,
    *,
    design_effect_1: float = 1.0,
    design_effect_2: float = 1.0,
) -> Interval:
    """Interval of the difference p1 - p2 of two independent proportions (Newcombe 1998, method 10).

    Raises:
        ValueError: impossible counts, or a design effect below 1.
    """
    one = wilson(successes_1, n_1, design_effect=design_effect_1)
    two = wilson(successes_2, n_2, design_effect=design_effect_2)
    if n_1 == 0 or n_2 == 0:
        return Interval(one.low - two.high, one.high - two.low)
    p_1, p_2 = successes_1 / n_1, successes_2 / n_2
    difference = p_1 - p_2
    low = difference - math.hypot(p_1 - one.low, two.high - p_2)
    high = difference + math.hypot(one.high - p_1, p_2 - two.low)
    return Interval(max(-1.0, low), min(1.0, high))
