"""Gamma-Gamma: what a purchase is worth, customer by customer.

Belongs here: this model. Source: Fader and Hardie 2013 (the gamma-gamma model of monetary value). Parameters: p, q,
v (money). Only customers with a repeat purchase are fitted; the others get the mean of the base.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from pipeline.analysis.optimum import Objective, Optimum, maximise
from pipeline.analysis.triples import BLOCK, Floats, indexed_values, merged, tally

PARAMETERS = ("p", "q", "v")
NAME = "gamma_gamma"
_STARTS = ((2.0, 3.0, 1.5), (6.0, 4.0, 0.5), (1.0, 10.0, 10.0), (20.0, 3.0, 0.1))
_COARSE_BELOW = 4_000
_COARSE_PER_E = 12.0


@dataclass(frozen=True)
class SpendFit:
    """A fitted Gamma-Gamma model.

    Attributes:
        values: p, q, v (3,); v in the currency of the data.
        optimum: how they were found; its log-parameters have v in units of the geometric mean.
        relative_variance: variance of customers' mean spend over its squared mean, for tails too heavy for moments.
    """

    values: Floats
    optimum: Optimum
    relative_variance: float

    @property
    def failure(self) -> str:
        """Why the fit cannot be relied on; empty where it can."""
        if not self.optimum.failure and self.values[1] <= 1:
            return "the spend distribution has no mean (q <= 1)"
        return self.optimum.failure

    def expected(self, count: Floats, mean: Floats) -> Floats:
        """E[spend of a purchase | x, mean of x purchases] (n,), in the currency of the data."""
        p, q, v = self.values
        return p * (v + count * np.where(count > 0, mean, 0.0)) / (p * count + q - 1)

    def gradient(self, count: Floats, mean: Floats) -> Floats:
        """Derivatives of ``expected`` by ln p, ln q, ln v: (3, n)."""
        p, q, v = self.values
        room = p * count + q - 1
        spend = self.expected(count, mean)
        return np.stack([spend * (q - 1) / room, -spend * q / room, p * v / room])

    def second_moment(self, count: Floats, mean: Floats) -> Floats:
        """E[Z²] of the customer's own mean spend Z (n,); finite also where the model's is not (shape near 2)."""
        p, q, _ = self.values
        shape = p * count + q
        spread = np.where(shape > 2.5, 1 / np.maximum(shape - 2, 0.5), self.relative_variance)
        return self.expected(count, mean) ** 2 * (1 + spread)


def _rooms(v: float, total: Floats, weight: Floats, heavy: Floats) -> tuple[float, float, tuple[float, float]]:
    """Σ ln(v + x m) and Σ x ln(v + x m), and the sums of 1 / (v + x m) and x / (v + x m); all weighted."""
    sums = np.zeros(4)
    for at in range(0, total.size, BLOCK):
        block = slice(at, at + BLOCK)
        room = v + total[block]
        log_room, share = np.log(room), 1.0 / room
        sums += [
            np.einsum("i,i->", side, part) for part in (log_room, share) for side in (weight[block], heavy[block])
        ]  # fmt: skip
    once, often, share_once, share_often = sums.tolist()
    return once, often, (share_once, share_often)


def _objective(count: Floats, total: Floats, log_mean: Floats, weight: Floats) -> Objective:
    """Log-likelihood and gradient by (ln p, ln q, ln v).

    Gamma functions run per distinct x; a customer costs one logarithm and one division.
    """
    x, of_x = indexed_values(count)
    by_count = tally(of_x, weight, x.size)
    x, by_count = np.maximum(x, 1.0), np.where(x > 0, by_count, 0.0)
    customers = float(by_count.sum())
    logs_by_count = tally(of_x, weight * log_mean, x.size)
    logs = float(logs_by_count.sum())
    weighted_logs = float((x * logs_by_count).sum()) + float((by_count * x * np.log(x)).sum())

    heavy = weight * count

    def evaluate(point: Floats) -> tuple[float, Floats]:
        p, q, v = np.exp(np.clip(point, -30.0, 30.0))
        once, often, share = _rooms(v, total, weight, heavy)
        value = (
            float((by_count * (gammaln(p * x + q) - gammaln(p * x))).sum())
            + customers * (q * point[2] - gammaln(q))
            + p * weighted_logs - logs - p * often - q * once
        )  # fmt: skip
        both = digamma(p * x + q)
        slope = np.array([
            float((by_count * x * (both - digamma(p * x))).sum()) + weighted_logs - often,
            float((by_count * both).sum()) + customers * (point[2] - float(digamma(q))) - once,
            customers * q / v - q * share[0] - p * share[1],
        ])  # fmt: skip
        return float(value), slope * np.array([p, q, v])

    return evaluate


def fit_spend(count: Floats, mean: Floats, weight: Floats | None = None) -> SpendFit:
    """Maximum-likelihood fit; look at ``failure`` before using it.

    Args:
        count: x, at least 1 (n,).
        mean: mean spend of the x purchases, above 0 (n,).
        weight: customers with this pair (n,); one each by default.

    Raises:
        ValueError: nobody to fit, or a count or spend that is not positive.
    """
    if not count.size or count.min() < 1 or mean.min() <= 0:
        raise ValueError("the spend model needs customers with x >= 1 and a mean spend above 0")
    weight = np.ones(count.size) if weight is None else weight
    customers = float(weight.sum())
    log_mean = np.log(mean)
    # The geometric mean: one enormous order must not push the others out of the optimiser's range.
    scale = float(np.exp(np.einsum("i,i->", weight, log_mean) / customers))
    log_unit = log_mean - np.log(scale)
    unit = mean / scale
    centre = float(np.einsum("i,i->", weight, unit)) / customers
    variance = float(np.einsum("i,i,i->", weight, unit - centre, unit - centre)) / customers / centre**2
    full = _objective(count, count * unit, log_unit, weight)
    coarse = full if count.size <= _COARSE_BELOW else _coarse(count, log_unit, weight)
    optimum = maximise(full, coarse, [np.log(np.asarray(start)) for start in _STARTS], size=customers)
    likelihood = optimum.log_likelihood - customers * np.log(scale)
    rescaled = Optimum(
        optimum.point, likelihood, optimum.covariance, optimum.converged, optimum.at_bound, optimum.is_definite
    )  # fmt: skip
    return SpendFit(np.exp(optimum.point) * np.array([1.0, 1.0, scale]), rescaled, variance)


def _coarse(count: Floats, log_unit: Floats, weight: Floats) -> Objective:
    """The same on a grid of ln(mean spend) within each x: only to find a good start."""
    rung = np.where(count > 20, np.floor(np.log(np.maximum(count, 1)) * 10), count)
    rungs = np.floor((log_unit - log_unit.min()) * _COARSE_PER_E)
    held, (means, counts) = merged(rung * (rungs.max() + 1) + rungs, weight, log_unit, count)
    counts = np.round(counts)
    return _objective(counts, counts * np.exp(means), means, held)
