"""Pareto/NBD: a customer leaves at a moment of its own, whether buying or not.

Belongs here: this model. Source: Schmittlein, Morrison and Colombo 1987; the integral form is in Fader and Hardie
2005 (a note on deriving the Pareto/NBD). Parameters: r, alpha (time) of the purchase rate; s, beta (time) of leaving.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from pipeline.analysis.optimum import Objective
from pipeline.analysis.triples import BLOCK, Floats, Triples

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_FLAT = 45.0
_ROWS = BLOCK // 16


@dataclass(frozen=True)
class _Left:
    """Integral of the density of having left between t_x and T, relative to its value at t_x, and its derivatives."""

    size: Floats
    by_r: Floats
    by_alpha: Floats
    by_s: Floats
    by_beta: Floats


def _left(values: Floats, count: Floats, recency: Floats, age: Floats) -> _Left:
    """∫ ((alpha + y)/(alpha + t_x))^-(r + x) ((beta + y)/(beta + t_x))^-(s + 1) dy over t_x < y < T, (n,).

    Gauss-Legendre in ln(m + y), m the smaller of alpha and beta, where the integrand has no feature narrower than
    about one; where it decays fast, only the part that counts is integrated. It replaces two hypergeometric functions,
    which are slow and lose digits, and gives the derivatives at no cost.
    """
    r, alpha, s, beta = values
    base = min(alpha, beta)
    start = base + recency
    fall = (r + count) * start / (alpha + recency) + (s + 1) * start / (beta + recency) - 1
    length = np.minimum(np.log((base + age) / start), _FLAT / np.maximum(fall, 1e-9))
    along = np.outer((_NODES + 1) / 2, length)
    moment = np.exp(along) * start - base
    buying, staying = np.log(alpha + moment), np.log(beta + moment)
    density = np.exp(
        along
        - (r + count) * (buying - np.log(alpha + recency))
        - (s + 1) * (staying - np.log(beta + recency))
    ) * (_WEIGHTS[:, None] * (length * start) / 2)  # fmt: skip
    return _Left(
        density.sum(axis=0),
        -np.einsum("ij,ij->j", density, buying),
        -(r + count) * np.einsum("ij,ij->j", density, 1 / (alpha + moment)),
        -np.einsum("ij,ij->j", density, staying),
        -(s + 1) * np.einsum("ij,ij->j", density, 1 / (beta + moment)),
    )


class ParetoNbd:
    """Pareto/NBD."""

    @property
    def name(self) -> str:
        """How tables call it."""
        return "pareto_nbd"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names in order."""
        return ("r", "alpha", "s", "beta")

    @property
    def times(self) -> tuple[int, ...]:
        """Alpha and beta are times."""
        return (1, 3)

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        """Few buyers, a settled base, leavers."""
        return ((0.5, 0.3, 0.5, 0.4), (1.0, 0.5, 1.0, 3.0), (2.0, 0.5, 0.5, 0.2))

    def objective(self, triples: Triples) -> Objective:
        """Log-likelihood and gradient by (ln r, ln alpha, ln s, ln beta), times in units of the triples' ``scale``."""
        scale = triples.scale
        rows = (triples.count, triples.recency / scale, triples.age / scale, triples.weight)
        blocks = [tuple(row[at : at + _ROWS] for row in rows) for at in range(0, triples.count.size, _ROWS)]
        x, by_count = triples.counts[0], triples.weight_by_count
        total = float(by_count.sum())

        def evaluate(point: Floats) -> tuple[float, Floats]:
            values = np.exp(np.clip(point, -30.0, 30.0))
            r, _, s, _ = values
            value = float((by_count * (gammaln(r + x) - gammaln(r))).sum()) + total * (r * point[1] + s * point[3])
            slope = np.array([
                float((by_count * (digamma(r + x) - digamma(r))).sum()) + total * point[1],
                total * r / values[1],
                total * point[3],
                total * s / values[3],
            ])  # fmt: skip
            for count, recency, age, weight in blocks:
                part, part_slope = _terms(values, count, recency, age)
                value += float(np.einsum("i,i->", weight, part))
                slope += np.einsum("i,ki->k", weight, part_slope)
            return value, slope * values

        return evaluate

    def p_alive(self, values: Floats, count: Floats, recency: Floats, age: Floats) -> Floats:
        """Probability of being a customer still."""
        count, recency, age = (np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in (count, recency, age))
        parts = []
        for at in range(0, count.size, _ROWS):
            rows = (count[at : at + _ROWS], recency[at : at + _ROWS], age[at : at + _ROWS])
            alive, left, _ = _chances(values, *rows)
            parts.append(np.exp(alive - np.logaddexp(alive, left)))
        return np.concatenate(parts) if parts else np.zeros(0)

    def purchases_if_alive(self, values: Floats, count: Floats, age: Floats, ahead: Floats) -> Floats:
        """Expected purchases within ``ahead`` by a customer alive: rate × expected time until leaving."""
        r, alpha, s, beta = values
        stretch = np.log1p(ahead / (beta + age))
        power = (s - 1) * stretch
        # (1 - e^-power) / (s - 1) without cancellation; at s = 1 it is the stretch itself.
        time = np.where(np.abs(power) > 1e-12, -np.expm1(-power) / np.where(power == 0, 1.0, power), 1.0) * stretch
        return (r + count) / (alpha + age) * (beta + age) * time

    def pair_rate(self, values: Floats, count: Floats, age: Floats) -> Floats:
        """Factor of the second factorial moment: E[rate], as nobody leaves because of a purchase."""
        r, alpha, _, _ = values
        return (r + count) / (alpha + age)


def _chances(values: Floats, count: Floats, recency: Floats, age: Floats) -> tuple[Floats, Floats, _Left]:
    """Log-densities of the history being alive and having left, without factors common to both."""
    r, alpha, s, beta = values
    alive = -(r + count) * np.log(alpha + age) - s * np.log(beta + age)
    integral = _left(values, count, recency, age)
    with np.errstate(divide="ignore"):
        left = (
            np.log(s * integral.size) - (r + count) * np.log(alpha + recency) - (s + 1) * np.log(beta + recency)
        )  # fmt: skip
    return alive, left, integral


def _terms(values: Floats, count: Floats, recency: Floats, age: Floats) -> tuple[Floats, Floats]:
    """ln(alive + left) of each history (n,) and its derivatives by the four parameters (4, n)."""
    r, alpha, s, beta = values
    alive, left, integral = _chances(values, count, recency, age)
    whole = np.logaddexp(alive, left)
    stays, leaves = np.exp(alive - whole), np.exp(left - whole)
    size = np.where(integral.size > 0, integral.size, 1.0)
    slope = np.stack([
        stays * -np.log(alpha + age) + leaves * integral.by_r / size,
        stays * -(r + count) / (alpha + age) + leaves * integral.by_alpha / size,
        stays * -np.log(beta + age) + leaves * (integral.by_s / size + 1 / s),
        stays * -s / (beta + age) + leaves * integral.by_beta / size,
    ])  # fmt: skip
    return whole, slope


PARETO_NBD = ParetoNbd()
