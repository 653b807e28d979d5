"""What a fitted model expects of each history: orders over horizons, discounted, with derivatives and variance.

Belongs here: expectations per history and the calculus of discounting. Does not belong here: money (``prediction``)
or choosing a model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.purchase_model import PurchaseFit, PurchaseModel
from pipeline.analysis.triples import Floats, Integers, Triples, distinct_rows

MONTH_DAYS = 365.25 / 12
_STEP = 1e-5


@dataclass(frozen=True)
class Forecast:
    """Orders of each history (n,) over one horizon.

    Attributes:
        orders: E[Y], undiscounted.
        discounted: Σ_k (E[Y(k)] - E[Y(k-1)]) / (1 + d)^((k - ½) / 12) over the months k.
        gradient: derivatives of ``discounted`` by the four log-parameters (4, n).
        squared: E[Y²].
    """

    orders: Floats
    discounted: Floats
    gradient: Floats
    squared: Floats


def discount_factors(months: int, rate: float) -> Floats:
    """(1 + rate)^-((k - ½) / 12) for k = 1 … months: money of a month counts at its middle."""
    return (1 + rate) ** (-(np.arange(1, months + 1) - 0.5) / 12)


@dataclass(frozen=True)
class _Ages:
    """Distinct (x, T), on which alone the purchases of a customer alive depend, and the index of each history's."""

    count: Floats
    age: Floats
    index: Integers
    days: Floats

    def if_alive(self, model: PurchaseModel, values: Floats, *, more: float = 0.0) -> Floats:
        """Expected purchases at month ends 0 … h by a customer alive who bought ``more`` times more (m, h + 1)."""
        count = self.count[:, None] + more
        return model.purchases_if_alive(values, count, self.age[:, None], self.days[None, :])


def _discounted(grown: Floats, horizons: Sequence[int], rate: float) -> list[Floats]:
    """Discounted purchases per horizon from cumulative ones (m, h + 1)."""
    monthly = np.diff(grown, axis=1) * discount_factors(grown.shape[1] - 1, rate)
    running = np.cumsum(monthly, axis=1)
    return [running[:, months - 1] for months in horizons]


def _squares(fit: PurchaseFit, ages: _Ages, horizons: Sequence[int]) -> list[Floats]:
    """E[Y(Y - 1) | alive] per horizon (m,): 2c ∫ w dG(w), by months at their middle."""
    rate = fit.model.pair_rate(fit.values, ages.count, ages.age)
    grown = ages.if_alive(fit.model, fit.values, more=1.0)
    middle = (ages.days[1:] + ages.days[:-1]) / 2
    running = np.cumsum(np.diff(grown, axis=1) * middle, axis=1)
    return [2 * rate * running[:, months - 1] for months in horizons]


def forecast(fit: PurchaseFit, triples: Triples, horizons: Sequence[int], *, rate: float) -> list[Forecast]:
    """Expectations of each history over the horizons.

    Args:
        fit: in days.
        triples: histories, in days (n).
        horizons: months, from 1.
        rate: discount per year.

    Returns:
        One forecast per horizon. Derivatives are one-sided differences (relative error about 1e-5), enough for a
        standard error.
    """
    (count, age), index = distinct_rows(triples.count, triples.age)
    ages = _Ages(count, age, index, np.arange(max(horizons) + 1, dtype=np.float64) * MONTH_DAYS)

    def expected(values: Floats) -> tuple[Floats, Floats, list[Floats]]:
        alive = fit.model.p_alive(values, triples.count, triples.recency, triples.age)
        grown = ages.if_alive(fit.model, values)
        return alive, grown, [alive * part[index] for part in _discounted(grown, horizons, rate)]

    alive, grown, discounted = expected(fit.values)
    gradients = [np.empty((fit.values.size, triples.count.size)) for _ in horizons]
    for position in range(fit.values.size):
        moved = fit.values.copy()
        moved[position] *= np.exp(_STEP)
        for gradient, ahead, base in zip(gradients, expected(moved)[2], discounted, strict=True):
            gradient[position] = (ahead - base) / _STEP
    orders = [alive * grown[:, months][index] for months in horizons]
    squares = [alive * part[index] for part in _squares(fit, ages, horizons)]
    return [
        Forecast(order, value, gradient, square + order)
        for order, value, gradient, square in zip(orders, discounted, gradients, squares, strict=True)
    ]
