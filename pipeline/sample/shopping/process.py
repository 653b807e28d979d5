"""The buying process: BG/NBD and Gamma-Gamma per customer type in operational time, and what it lets one expect.

Belongs here: parameters, draws and expectations of the process. Does not belong here: how a purchase is made.

BG/NBD as in Fader, Hardie and Lee (2005): orders of a living customer are Poisson with a rate of their own, and each
order after the first ends it with a probability of the customer's own; the first one never does. Gamma-Gamma as in
Fader and Hardie (2013): order values are Gamma(p, nu) with nu ~ Gamma(q, v).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipeline.sample.ground.seasons import Floats, Integers


@dataclass(frozen=True)
class Process:
    """Parameters of one customer type; time in operational days, money in euros.

    Attributes:
        r: shape of the order rates.
        alpha: rate of the order rates, days.
        a: first shape of the drop-out probabilities.
        b: second shape.
        p: shape of order values.
        q: shape of their rates.
        v: scale of their rates, euros.
    """

    r: float
    alpha: float
    a: float
    b: float
    p: float
    q: float
    v: float

    @property
    def mean_order_value(self) -> float:
        """Mean order value over customers, euros."""
        return self.p * self.v / (self.q - 1)

    def rate_quantile(self, share: float) -> float:
        """Order rate that ``share`` of the customers stay below."""
        return float(stats.gamma.ppf(share, self.r, scale=1 / self.alpha))


PROCESSES = {
    "B2C": Process(r=0.9, alpha=85.0, a=0.8, b=4.6, p=6.0, q=4.0, v=32.0),
    "B2B": Process(r=1.4, alpha=104.0, a=0.6, b=6.0, p=5.0, q=3.8, v=175.0),
}
"""By customer type, in the order of ``CUSTOMER_TYPES``."""


@dataclass(frozen=True)
class Traits:
    """What a person is like as a buyer, one entry per person."""

    order_rate: Floats
    dropout_probability: Floats
    value_rate: Floats

    def value_mean(self, customer_type: Integers) -> Floats:
        """Mean order value of each person, euro cents."""
        shape = np.array([process.p for process in PROCESSES.values()])[customer_type]
        return 100 * shape / self.value_rate


def draw_traits(rng: np.random.Generator, customer_type: Integers) -> Traits:
    """Traits of persons of these types (codes), independent of each other."""
    r, alpha, a, b, q, v = (
        np.array([getattr(process, name) for process in PROCESSES.values()])[customer_type]
        for name in ("r", "alpha", "a", "b", "q", "v")
    )
    return Traits(rng.gamma(r) / alpha, rng.beta(a, b), rng.gamma(q) / v)


def draw_values(rng: np.random.Generator, customer_type: Integers, value_mean: Floats) -> Integers:
    """Values of orders in whole euro cents, at least one euro.

    Args:
        rng: source of chance.
        customer_type: code of each order's buyer.
        value_mean: mean order value of each order's buyer, euro cents.
    """
    shape = np.array([process.p for process in PROCESSES.values()])[customer_type]
    return np.maximum(np.round(rng.gamma(shape) * value_mean / shape), 100).astype(np.int64)


def poisson_times(rng: np.random.Generator, *, start: Floats, end: Floats, rate: Floats) -> tuple[Integers, Floats]:
    """Moments of independent Poisson processes in operational time.

    Args:
        rng: source of chance.
        start: operational time at which each owner begins, shape (n,).
        end: operational time at which it stops; before ``start`` means never.
        rate: moments per operational day.

    Returns:
        Owner of each moment and its operational time, grouped by owner, unordered within one.
    """
    span = np.maximum(end - start, 0.0)
    owner = np.repeat(np.arange(len(start)), rng.poisson(rate * span))
    return owner, start[owner] + rng.random(len(owner)) * span[owner]


def expected_orders(*, order_rate: Floats, dropout: Floats, span: Floats) -> Floats:
    """Orders a living customer of known rate and drop-out probability places in a span of operational days.

    The count of a Poisson process that ends after each order with probability p: (1 - exp(-rate p span)) / p.
    """
    intensity = order_rate * span
    hazard = np.maximum(dropout, 1e-12)
    return np.asarray(-np.expm1(-hazard * intensity) / hazard)


def expected_orders_of_interested(
    *, first_rate: Floats, loss_rate: float, order_rate: Floats, dropout: Floats, span: float
) -> Floats:
    """Orders expected of a person who has not bought yet, over ``span`` operational days.

    The first order comes at ``first_rate`` unless interest is lost at ``loss_rate``; what follows is a customer's:
    the integral over s of f exp(-(f+g)s) (1 + E[X(span - s)]).
    """
    total = first_rate + loss_rate
    hazard = np.maximum(dropout, 1e-12)
    decay = hazard * order_rate
    gap = np.where(np.abs(total - decay) < 1e-9, 1e-9, total - decay)
    buys = -np.expm1(-total * span) / total
    later = (np.exp(-decay * span) - np.exp(-total * span)) / gap
    return np.asarray(first_rate * (buys + (buys - later) / hazard))
