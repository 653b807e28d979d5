"""Quantiles and tails the intervals need, in plain Python.

Belongs here: distribution functions. Does not belong here: intervals. Written out because they are called one value at
a time, which needs no arrays and no import of SciPy; the tests compare every function with it. Series and continued
fractions: NIST Digital Library of Mathematical Functions, 8.7.1 and 8.9.2 (incomplete gamma), 8.17.22 (incomplete
beta).
"""

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

_TINY = 1e-300
_PRECISION = 1e-15
_NORMAL_FROM_DF = 1e8
_WILSON_HILFERTY_FROM = 1e5


def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal distribution."""
    return NormalDist().inv_cdf(probability)


def _continued_fraction(first: float, step: Callable[[int], tuple[float, float]], terms: int) -> float:
    """First + a1/(b1 + a2/(b2 + …)) by Lentz's method; ``step(i)`` gives (a_i, b_i)."""
    value = first or _TINY
    upper, lower = value, 0.0
    for index in range(1, terms + 1):
        numerator, denominator = step(index)
        lower = 1.0 / ((denominator + numerator * lower) or _TINY)
        upper = (denominator + numerator / upper) or _TINY
        change = upper * lower
        value *= change
        if abs(change - 1.0) < _PRECISION:
            break
    return value


def _beta_fraction(a: float, b: float, x: float) -> float:
    def step(index: int) -> tuple[float, float]:
        m = index // 2
        if index % 2 == 0:
            return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1.0
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1.0

    return 1.0 / _continued_fraction(1.0, step, 20_000)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b), for a, b > 0 and x in [0, 1]."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    front = math.exp(log_front)
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1.0 - front * _beta_fraction(b, a, 1.0 - x) / b


def incomplete_gamma(a: float, x: float) -> float:
    """Regularised lower incomplete gamma function P(a, x), for a > 0 and x ≥ 0."""
    if x <= 0.0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1.0 / a
        index = 1
        while term > total * _PRECISION:
            term *= x / (a + index)
            total += term
            index += 1
        return front * total

    def step(index: int) -> tuple[float, float]:
        return -index * (index - a), x + 2 * index + 1 - a

    return 1.0 - front / _continued_fraction(x + 1 - a, step, 20_000)


def _solve(rising: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a rising function meets the target; the upper end is doubled until it lies above."""
    while rising(high) < target:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if rising(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@lru_cache(maxsize=4096)
def t_quantile(df: float, *, probability: float = 0.975) -> float:
    """Quantile of Student's t distribution, by inverting its distribution function.

    Args:
        df: degrees of freedom, 1 or more; need not be whole.
        probability: lower tail, strictly between 0 and 1.

    Raises:
        ValueError: fewer than one degree of freedom, or no probability.
    """
    if not df >= 1:
        raise ValueError(f"Student's t needs at least one degree of freedom, not {df}")
    if not 0 < probability < 1:
        raise ValueError(f"a quantile needs a probability strictly between 0 and 1, not {probability}")
    if probability < 0.5:
        return -t_quantile(df, probability=1 - probability)
    if probability == 0.5:
        return 0.0
    if df >= _NORMAL_FROM_DF:
        return normal_quantile(probability)

    def distribution(t: float) -> float:
        return 1.0 - 0.5 * incomplete_beta(df / 2, 0.5, df / (df + t * t))

    return _solve(distribution, probability, 0.0, 2.0)


def poisson_bounds(count: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Exact interval of a Poisson mean (Garwood 1936); the count need not be whole.

    Above 100,000 by the approximation of Wilson and Hilferty, there right to four decimals.

    Raises:
        ValueError: the count is negative.
    """
    if count < 0:
        raise ValueError(f"a count cannot be negative, but is {count}")
    tail = (1 - confidence) / 2
    if count >= _WILSON_HILFERTY_FROM:
        z = normal_quantile(1 - tail)
        low = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
        above = count + 1
        return low, above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
    low = _solve(lambda mean: incomplete_gamma(count, mean), tail, 0.0, count) if count > 0 else 0.0
    high = _solve(lambda mean: incomplete_gamma(count + 1, mean), 1 - tail, count, count + 2)
    return low, high


def binomial_distribution(k: int, n: int, probability: float) -> float:
    """P(X ≤ k) for X binomial with n trials."""
    if k < 0:
        return 0.0
    if k >= n:
        return 1.0
    return incomplete_beta(n - k, k + 1, 1 - probability)
