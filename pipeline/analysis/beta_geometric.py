"""BG/NBD and MBG/NBD: a customer may leave after each purchase, with a probability of its own.

Belongs here: both models, which differ in one thing: whether leaving right after the first purchase is possible (MBG)
or not (BG). Sources: Fader, Hardie and Lee 2005 (BG/NBD); Batislam, Denizel and Filiztekin 2007 (MBG/NBD).
Parameters: r, alpha (time) of the purchase rate; a, b of the probability of leaving.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaincinv, betaln, digamma, gammaln, hyp2f1

from pipeline.analysis.optimum import Objective
from pipeline.analysis.triples import BLOCK, Floats, Integers, Triples, tally

_NEAR_ONE = 1e-5

_STEEP = 20.0
"""Above this a the hypergeometric's factors overflow and underflow."""

_LARGE, _NEAR_EDGE = 120.0, 0.85

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_FINE_NODES, _FINE_WEIGHTS = np.polynomial.legendre.leggauss(200)


@dataclass(frozen=True)
class BetaGeometric:
    """BG/NBD, or MBG/NBD where a customer may leave after the first purchase already."""

    leaves_at_once: bool

    @property
    def name(self) -> str:
        """How tables call it."""
        return "mbg_nbd" if self.leaves_at_once else "bg_nbd"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names in order."""
        return ("r", "alpha", "a", "b")

    @property
    def times(self) -> tuple[int, ...]:
        """Alpha is a time."""
        return (1,)

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        """Few buyers who stay, many who leave, a settled base, an even mix."""
        return ((0.3, 0.2, 0.8, 2.5), (1.0, 0.5, 0.3, 3.0), (0.5, 0.1, 2.0, 2.0), (2.0, 1.0, 1.0, 5.0))

    def objective(self, triples: Triples) -> Objective:
        """Log-likelihood and gradient by (ln r, ln alpha, ln a, ln b), alpha in units of the triples' ``scale``."""
        return _Likelihood.of(triples, leaves_at_once=self.leaves_at_once)

    def p_alive(self, values: Floats, count: Floats, recency: Floats, age: Floats) -> Floats:
        """Probability of being a customer still; under BG/NBD it is 1 for everyone without a repeat purchase."""
        r, alpha, a, b = values
        room = np.maximum(b + count - 1 + float(self.leaves_at_once), 1e-300)
        odds = np.log(a / room) + (r + count) * (np.log(alpha + age) - np.log(alpha + recency))
        alive = np.exp(-np.logaddexp(0.0, odds))
        return alive if self.leaves_at_once else np.where(count > 0, alive, 1.0)

    def purchases_if_alive(self, values: Floats, count: Floats, age: Floats, ahead: Floats) -> Floats:
        """Expected purchases within ``ahead`` by a customer alive.

        Fader, Hardie and Lee's hypergeometric after Euler's transformation, which leaves parameters of moderate size
        whatever x is: (a + b' - 1)/(a - 1) × [1 - (1 - z)^(a - 1) F(a + b' - 1 - r - x, a - 1; a + b' - 1; z)].
        """
        r, alpha, a, b = values
        stay = b + count + float(self.leaves_at_once)
        if a > _STEEP:
            return _by_quantiles(a, stay, r + count, ahead / (alpha + age))
        # The two terms cancel at a = 1, where the expectation itself is smooth.
        a = a if abs(a - 1) > _NEAR_ONE else 1 + _NEAR_ONE
        z, whole = ahead / (alpha + age + ahead), a + stay - 1
        with np.errstate(over="ignore", invalid="ignore"):
            found = np.asarray(
                whole / (a - 1) * (1 - (1 - z) ** (a - 1) * hyp2f1(whole - r - count, a - 1, whole, z))
            )  # fmt: skip
        lost = ~np.isfinite(found) | ((whole > _LARGE) & (z > _NEAR_EDGE))
        if lost.any():
            # From z = 0.9 the library's hypergeometric takes gamma functions, which overflow beyond 170.
            parts = np.broadcast_arrays(stay, r + count, ahead / (alpha + age))
            found[lost] = _by_logarithms(a, *(part[lost] for part in parts))
        return np.maximum(found, 0.0)

    def pair_rate(self, values: Floats, count: Floats, age: Floats) -> Floats:
        """Factor of the second factorial moment: E[rate] × E[staying after a purchase]."""
        r, alpha, a, b = values
        stay = b + count + float(self.leaves_at_once)
        return (r + count) / (alpha + age) * stay / (a + stay)


def _if_leaving(p: Floats, bought: Floats, stretch: Floats) -> Floats:
    """Expected purchases of the living given the chance of leaving p, over the gamma-distributed rate.

    Given rate and p they are (1 - e^(-rate p t)) / p; over the rate (1 - (1 + p t / (alpha + T))^-(r + x)) / p.
    """
    return np.asarray(-np.expm1(-bought * np.log1p(p * stretch)) / p)


def _by_quantiles(a: float, stay: Floats, bought: Floats, stretch: Floats) -> Floats:
    """Expected purchases of the living by integration over quantiles of p, to about 2e-5: for a large a."""
    distinct, index = np.unique(stay, return_inverse=True)
    leave = betaincinv(a, distinct[:, None], (_NODES + 1) / 2)
    expected = np.zeros(np.broadcast_shapes(stay.shape, stretch.shape))
    for node, weight in enumerate(_WEIGHTS / 2):
        expected += weight * _if_leaving(leave[index, node].reshape(stay.shape), bought, stretch)
    return expected


def _by_logarithms(a: float, stay: Floats, bought: Floats, stretch: Floats) -> Floats:
    """The same by integration over ln p, for a small a and a large ``stay``; below the first node nothing varies."""
    first = 1e-6 / ((bought + 1) * stretch + stay)
    last = np.minimum((a + 10 * np.sqrt(a) + 40) / stay, 1 - 1e-12)
    low, width = np.log(first), np.log(last / first)
    expected = bought * stretch * betainc(a, stay, first)
    for node, weight in zip(_FINE_NODES, _FINE_WEIGHTS, strict=True):
        p = np.exp(low + width * (node + 1) / 2)
        density = np.exp(a * np.log(p) + (stay - 1) * np.log1p(-p) - betaln(a, stay))
        expected += weight * width / 2 * density * _if_leaving(p, bought, stretch)
    return expected


@dataclass(frozen=True)
class _Left:
    """Who may have left: under BG only repeat buyers, under MBG everyone; sums over them at one point.

    Attributes:
        likelihood: their part of the log-likelihood.
        apart: Σ weight × P(left) × ln((alpha + T) / (alpha + t_x)).
        by_count: Σ weight × P(left) per distinct x.
        by_age: Σ weight × P(left) × (r + x) per distinct T.
        by_recency: the same per distinct t_x.
    """

    likelihood: float
    apart: float
    by_count: Floats
    by_age: Floats
    by_recency: Floats


@dataclass(frozen=True)
class _Likelihood:
    """The objective on grouped triples.

    Gamma functions run per distinct x, logarithms per distinct T and t_x; a triple costs one exponential and one
    ``log1p``. All sums avoid threaded linear algebra, so that they come out the same on every run.
    """

    counts: Floats
    ages: Floats
    recencies: Floats
    of_count: Integers
    of_age: Integers
    of_recency: Integers
    weight: Floats
    by_count: Floats
    by_repeat: Floats
    customers: Floats
    purchases: Floats
    shift: float

    @classmethod
    def of(cls, triples: Triples, *, leaves_at_once: bool) -> "_Likelihood":
        """Prepare everything that does not depend on the parameters."""
        mortal = np.ones(triples.count.size, dtype=bool) if leaves_at_once else triples.count > 0
        (counts, of_count), (ages, of_age) = triples.counts, triples.ages
        recencies, of_recency = triples.recencies
        # Without a second purchase nobody leaves under BG, and B(a, b + x) / B(a, b) is 1.
        by_repeat = np.where((counts > 0) | leaves_at_once, triples.weight_by_count, 0.0)
        return cls(
            counts, ages, recencies, of_count[mortal], of_age[mortal], of_recency[mortal], triples.weight[mortal],
            triples.weight_by_count, by_repeat, triples.weight_by_age, triples.purchases_by_age, float(leaves_at_once),
        )  # fmt: skip

    def __call__(self, point: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = values = np.exp(np.clip(point, -30.0, 30.0))
        x, stay = self.counts, np.maximum(b + self.counts - 1 + self.shift, 1e-300)
        late = np.log(alpha + self.ages)
        left = self._left(r, alpha, np.log(a / stay), late)
        total, bought = float(self.by_count.sum()), r * self.customers + self.purchases
        after = b + x + self.shift
        both, alone = digamma(a + after), digamma(a + b)
        value = (
            float((self.by_count * (gammaln(r + x) - gammaln(r))).sum())
            + total * r * np.log(alpha)
            + float((self.by_repeat * (betaln(a, after) - betaln(a, b))).sum())
            - float((bought * late).sum())
            + left.likelihood
        )
        slope = np.array([
            float((self.by_count * (digamma(r + x) - digamma(r))).sum())
            + total * np.log(alpha) - float((self.customers * late).sum()) + left.apart,
            total * r / alpha - float(((bought - left.by_age) / (alpha + self.ages)).sum())
            - float((left.by_recency / (alpha + self.recencies)).sum()),
            float((self.by_repeat * (alone - both)).sum()) + float(left.by_count.sum()) / a,
            float((self.by_repeat * (digamma(after) - both - digamma(b) + alone)).sum())
            - float((left.by_count / stay).sum()),
        ])  # fmt: skip
        return float(value), slope * values

    def _left(self, r: float, alpha: float, odds_by_count: Floats, late: Floats) -> _Left:
        early, bought_by_count = np.log(alpha + self.recencies), r + self.counts
        likelihood = apart_sum = 0.0
        by_count, by_age, by_recency = (np.zeros(part.size) for part in (self.counts, self.ages, self.recencies))
        for at in range(0, self.weight.size, BLOCK):
            block = slice(at, at + BLOCK)
            of_count, of_age, of_recency = self.of_count[block], self.of_age[block], self.of_recency[block]
            weight, bought = self.weight[block], bought_by_count[of_count]
            apart = late[of_age] - early[of_recency]
            # Odds of having left at t_x against being alive at T, on the log scale.
            odds = bought * apart + odds_by_count[of_count]
            small = np.exp(-np.abs(odds))
            left = np.where(odds > 0, weight, weight * small) / (1.0 + small)
            likelihood += float(np.einsum("i,i->", weight, np.log1p(small) + np.maximum(odds, 0.0)))
            apart_sum += float(np.einsum("i,i->", left, apart))
            by_count += tally(of_count, left, by_count.size)
            left *= bought
            by_age += tally(of_age, left, by_age.size)
            by_recency += tally(of_recency, left, by_recency.size)
        return _Left(likelihood, apart_sum, by_count, by_age, by_recency)


BG_NBD = BetaGeometric(leaves_at_once=False)
MBG_NBD = BetaGeometric(leaves_at_once=True)
