"""Tails that are not normal: few events, and sums of a few large amounts.

Belongs here: mid-p values of a share or count whose expectation is below about twenty, and tails of skewed sums. Does
not belong here: charts.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, gammaincc, gammaln, ndtri

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_LEAST_CORRELATION = 1e-9


def beta_binomial_tails(successes: Floats, n: Floats, rate: Floats, *, variance_ratio: Floats) -> tuple[Floats, Floats]:
    """Mid-p values of a count of successes whose rate is not known exactly and varies from day to day.

    The beta-binomial distribution with the mean ``n · rate`` and ``variance_ratio`` times the binomial variance;
    mid-p counts half of what was seen itself (Lancaster 1961).

    Args:
        successes: seen, whole numbers, shape (k,).
        n: units, whole numbers, shape (k,).
        rate: expected share, strictly between 0 and 1, shape (k,).
        variance_ratio: predictive over binomial variance, 1 or more, shape (k,).

    Returns:
        Probability of as few, and of as many, each shape (k,).
    """
    room = np.maximum(n - 1, 1.0)
    correlation = np.clip((variance_ratio - 1) / room, _LEAST_CORRELATION, 0.99)
    strength = 1 / correlation - 1
    a, b = rate * strength, (1 - rate) * strength

    def log_mass(k: Floats) -> Floats:
        n_, a_, b_ = n[:, None], a[:, None], b[:, None]
        chosen = gammaln(n_ + 1) - gammaln(k + 1) - gammaln(n_ - k + 1)
        return np.asarray(chosen + betaln(k + a_, n_ - k + b_) - betaln(a_, b_))

    return _mid_tails(successes, n, log_mass)


def negative_binomial_tails(count: Floats, mean: Floats, *, variance_ratio: Floats) -> tuple[Floats, Floats]:
    """Mid-p values of a count whose mean is not known exactly (gamma-Poisson).

    Args:
        count: seen, whole numbers, shape (k,).
        mean: expected, above 0, shape (k,).
        variance_ratio: predictive variance over the mean, 1 or more, shape (k,).

    Returns:
        Probability of as few, and of as many, each shape (k,).
    """
    size = mean / np.maximum(variance_ratio - 1, 1e-6)
    share = size / (size + mean)

    def log_mass(k: Floats) -> Floats:
        size_, share_ = size[:, None], share[:, None]
        return np.asarray(
            gammaln(k + size_) - gammaln(k + 1) - gammaln(size_) + size_ * np.log(share_) + k * np.log1p(-share_)
        )

    return _mid_tails(count, np.full_like(count, np.inf), log_mass)


def rare_tails(
    is_share: Flags, seen: Floats, total: Floats, *, expected: Floats, variance: Floats
) -> tuple[Floats, Floats]:
    """Mid-p values of few events, with the mean and variance a chart found, over non-events where they are fewer.

    Args:
        is_share: a share of units (beta-binomial), else a count (negative binomial), shape (k,).
        seen: events, shape (k,).
        total: units of shares.
        expected: events expected.
        variance: predictive variance of the events.

    Returns:
        Probability of as few, and of as many, each shape (k,).
    """
    low, high = np.ones(len(seen)), np.ones(len(seen))
    share = np.flatnonzero(is_share)
    rate = np.clip(expected[share] / total[share], 1e-9, 1 - 1e-9)
    turned = rate > 0.5
    events = np.where(turned, total[share] - seen[share], seen[share])
    ratio = np.maximum(variance[share] / (total[share] * rate * (1 - rate)), 1.0)
    few, many = beta_binomial_tails(
        np.asarray(np.round(np.maximum(events, 0)), np.float64),
        np.asarray(np.round(total[share]), np.float64),
        np.where(turned, 1 - rate, rate),
        variance_ratio=ratio,
    )
    low[share], high[share] = np.where(turned, many, few), np.where(turned, few, many)
    count = np.flatnonzero(~is_share)
    mean = np.maximum(expected[count], 1e-6)
    low[count], high[count] = negative_binomial_tails(
        np.asarray(np.round(np.maximum(seen[count], 0)), np.float64),
        mean,
        variance_ratio=np.maximum(variance[count] / mean, 1.0),
    )
    return low, high


def skewed_tail(p: Floats, skewness: Floats) -> Floats:
    """A tail probability where the sum is skewed towards that tail: Pearson's type III with the same quantile.

    A few large refunds are no surprise where refunds are few and large; a symmetric tail would call them one.
    """
    score = -ndtri(np.clip(p, 1e-300, 1.0))
    shape = 4 / np.maximum(skewness, 1e-3) ** 2
    heavier = gammaincc(shape, np.maximum(shape + score * np.sqrt(shape), 0.0))
    return np.where((skewness > 1e-3) & (score > 0), np.maximum(p, heavier), p)


def widen_skewed(low: Floats, high: Floats, skewness: Floats, *, effective: Floats) -> Floats:
    """Widen the tails of skewed sums, in place.

    Args:
        low: lower tails, shape (k,).
        high: upper tails.
        skewness: of one unit towards low and towards high values, shape (k, 2).
        effective: units that vary by themselves, 0 where the tails need no care.

    Returns:
        Skewness of the sums, 0 where the tails need no care, shape (k, 2).
    """
    found = np.zeros_like(skewness)
    far = np.flatnonzero(effective > 0)
    found[far] = skewness[far] / np.sqrt(effective[far])[:, None]
    low[far], high[far] = skewed_tail(low[far], found[far, 0]), skewed_tail(high[far], found[far, 1])
    return found


def _mid_tails(seen: Floats, most: Floats, log_mass: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """Lower and upper mid-p from the masses of 0 … seen."""
    if len(seen) == 0:
        return np.zeros(0), np.zeros(0)
    k = np.arange(int(seen.max()) + 1, dtype=np.float64)[None, :]
    possible = (k <= seen[:, None]) & (k <= most[:, None])
    masses = np.where(possible, np.exp(log_mass(np.minimum(k, seen[:, None]))), 0.0)
    own = masses[np.arange(len(seen)), seen.astype(np.int64)]
    up_to = np.minimum(masses.sum(axis=1), 1.0)
    return up_to - own / 2, np.maximum(1 - up_to + own / 2, 0.0)
