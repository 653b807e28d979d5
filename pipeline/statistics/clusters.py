"""Intervals of figures whose unit is not the customer: visits, contacts, order values, ratios of sums.

Belongs here: what allows for several units of one customer. Everything works on sums over clusters, so an
aggregate that carries six of them needs no row behind it. Not here: independent units (``intervals``).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.statistics.distributions import t_quantile
from pipeline.statistics.intervals import Interval


@dataclass(frozen=True)
class ClusterSums:
    """Sums over clusters (customers) of a numerator x and a denominator n, both totals of one cluster.

    Attributes:
        sum_x: Σx, e.g. converted visits or money.
        sum_n: Σn, e.g. visits or orders.
        sum_xx: Σx².
        sum_xn: Σxn.
        sum_nn: Σn².
        clusters: how many clusters.
    """

    sum_x: float
    sum_n: float
    sum_xx: float
    sum_xn: float
    sum_nn: float
    clusters: int

    @property
    def ratio(self) -> float:
        """Σx / Σn."""
        return self.sum_x / self.sum_n

    @property
    def _residual_squares(self) -> float:
        """Σ(x - ratio · n)², which cannot be negative but by rounding."""
        ratio = self.ratio
        return max(0.0, self.sum_xx - 2 * ratio * self.sum_xn + ratio * ratio * self.sum_nn)

    @property
    def variance(self) -> float:
        """Cluster-robust variance of the ratio (delta method, G / (G - 1) correction); needs two clusters."""
        correction = self.clusters / (self.clusters - 1)
        return correction * self._residual_squares / self.sum_n**2


def cluster_sums(pairs: Iterable[tuple[float, float]]) -> ClusterSums:
    """Sums of (numerator, denominator) pairs, one pair per cluster."""
    rows = list(pairs)
    return ClusterSums(
        sum_x=math.fsum(x for x, _ in rows),
        sum_n=math.fsum(n for _, n in rows),
        sum_xx=math.fsum(x * x for x, _ in rows),
        sum_xn=math.fsum(x * n for x, n in rows),
        sum_nn=math.fsum(n * n for _, n in rows),
        clusters=len(rows),
    )


def proportion_design_effect(sums: ClusterSums) -> float:
    """Cluster-robust over binomial variance of a proportion, never below 1.

    Where all units agree (share 0 or 1), or there is one cluster only, the data cannot tell how alike the
    units of one cluster are; then they count as wholly alike: Σn² / Σn.

    Raises:
        ValueError: no units.
    """
    if sums.sum_n <= 0:
        raise ValueError("a design effect needs at least one unit")
    p = sums.ratio
    binomial = p * (1 - p) / sums.sum_n
    if sums.clusters < 2 or binomial <= 0:
        return max(1.0, sums.sum_nn / sums.sum_n)
    return max(1.0, sums.variance / binomial)


def ratio_of_sums_clustered(sums: ClusterSums) -> Interval | None:
    """Interval of Σx / Σn by the delta method, clustered, Student's t with (clusters - 1) degrees.

    Returns:
        ``None`` below two clusters or without a positive denominator.
    """
    if sums.clusters < 2 or sums.sum_n <= 0:
        return None
    half = t_quantile(sums.clusters - 1) * math.sqrt(sums.variance)
    return Interval(sums.ratio - half, sums.ratio + half)


def skewed_mean_clustered(sums: ClusterSums) -> Interval | None:
    """Interval of a mean amount Σx / Σn of which none is negative: Student's t, corrected for skewness.

    Hall (1992), "On the removal of skewness by transformation", with the skewness of a gamma distribution of the same
    variation, twice the coefficient of variation; the upper bound is never below that of t.

    Returns:
        ``None`` below two clusters or without a positive numerator and denominator.
    """
    plain = ratio_of_sums_clustered(sums)
    if plain is None or sums.sum_x <= 0:
        return None
    reach = plain.width / 2 / sums.ratio
    bias = (reach / t_quantile(sums.clusters - 1)) ** 2 * 2 / 3
    low = 2.5 - 1.5 * math.cbrt(1 + 2 * reach - bias)
    high = 2.5 - 1.5 * math.cbrt(1 - 2 * reach - bias)
    return Interval(sums.ratio * max(0.0, low), sums.ratio * max(1 + reach, high))


def mean_clustered(totals: Iterable[tuple[float, int]]) -> Interval | None:
    """Interval of the mean over all units, from (total, number of units) of each cluster.

    Returns:
        ``None`` below two clusters or without any unit.
    """
    return ratio_of_sums_clustered(cluster_sums(totals))
