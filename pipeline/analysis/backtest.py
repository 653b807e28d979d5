"""Hold-out: what parameters of the past would have expected of the present, against what came.

Belongs here: the errors, their sampling deviation and the gate. Does not belong here: what follows from failing it
(``fallback``).
"""

from dataclasses import dataclass

import numpy as np

from pipeline.analysis.customers import Customers
from pipeline.analysis.purchase_model import PurchaseFit
from pipeline.analysis.spend import SpendModel
from pipeline.analysis.triples import Floats, Triples, distinct_rows

TOLERANCE = 0.15
"""An error this large fails, unless chance alone could explain it."""

DECILES = 10
_STEP = 1e-5


@dataclass(frozen=True)
class Row:
    """Customers of one scope, expected and actual; ``decile`` 1 holds those least is expected of."""

    decile: int | None
    customers: int
    predicted_count: float
    actual_count: float
    predicted_value: float
    actual_value: float
    error_rate: float
    error_sd: float
    value_error_rate: float
    value_error_sd: float

    @property
    def passed(self) -> bool:
        """Neither orders nor value are further off than max(15 %, 2 standard deviations of the error)."""
        return _within(self.error_rate, self.error_sd) and _within(self.value_error_rate, self.value_error_sd)


def _within(error: float, deviation: float) -> bool:
    return bool(np.isfinite(error)) and abs(error) <= max(TOLERANCE, 2 * deviation)


@dataclass(frozen=True)
class Backtest:
    """A model judged on a hold-out.

    Attributes:
        whole: all customers.
        deciles: by expected orders, ascending.
    """

    whole: Row
    deciles: tuple[Row, ...]

    @property
    def failure(self) -> str:
        """Why the gate is not passed; empty where it is."""
        if not self.whole.actual_count:
            return "nobody bought in the hold-out"
        if self.whole.passed:
            return ""
        return (
            f"hold-out error {self.whole.error_rate:+.1%} in orders (sd {self.whole.error_sd:.1%}), "
            f"{self.whole.value_error_rate:+.1%} in value (sd {self.whole.value_error_sd:.1%})"
        )

    @property
    def score(self) -> float:
        """Orders expected in the wrong decile or not at all, per actual order: 0 is perfect."""
        off = sum(abs(row.predicted_count - row.actual_count) for row in self.deciles)
        return round(off / self.whole.actual_count, 6) if self.whole.actual_count else float("inf")


@dataclass(frozen=True)
class _Expected:
    """Expectations of customers (n,) and their derivatives by the log-parameters, (4, n) and (7, n)."""

    count: Floats
    value: Floats
    count_slope: Floats
    value_slope: Floats
    covariance: Floats


def _expected(past: Customers, purchases: PurchaseFit, spend: SpendModel, days: int) -> _Expected:
    triples, index = Triples.indexed(past.past_count, past.past_recency, past.past_age)
    (count, age), of_age = distinct_rows(triples.count, triples.age)
    model = purchases.model

    def orders(values: Floats) -> Floats:
        alive = model.p_alive(values, triples.count, triples.recency, triples.age)
        return alive * model.purchases_if_alive(values, count, age, np.full(count.size, float(days)))[of_age]

    base = orders(purchases.values)
    slope = np.empty((4, base.size))
    for position in range(4):
        moved = purchases.values.copy()
        moved[position] *= np.exp(_STEP)
        slope[position] = (orders(moved) - base) / _STEP
    mean = np.where(np.isfinite(past.past_spend), past.past_spend, 0.0)
    worth, worth_slope = spend.expected(past.past_count, mean), spend.gradient(past.past_count, mean)
    expected, count_slope = base[index], slope[:, index]
    covariance = np.zeros((7, 7))
    # Where the parameters' covariance is not known, the deviation is that of the customers alone.
    covariance[:4, :4] = np.nan_to_num(purchases.optimum.covariance)
    covariance[4:, 4:] = np.nan_to_num(spend.fit.optimum.covariance)
    value_slope = np.concatenate([worth * count_slope, expected * worth_slope])
    return _Expected(expected, expected * worth, count_slope, value_slope, covariance)


def _error(expected: Floats, actual: Floats, slope: Floats, covariance: Floats) -> tuple[float, float]:
    """Relative error of a total and its standard deviation: of the customers, and of the parameters."""
    total = float(actual.sum())
    if total <= 0:
        return float("nan"), float("nan")
    direction = slope.sum(axis=1)
    variance = float(((actual - expected) ** 2).sum()) + float(direction @ covariance @ direction)
    return (float(expected.sum()) - total) / total, float(np.sqrt(variance)) / total


def _row(ahead: _Expected, past: Customers, inside: np.ndarray, decile: int | None) -> Row:
    count, value = past.held_count[inside], np.nan_to_num(past.held_value[inside])
    orders = _error(ahead.count[inside], count, ahead.count_slope[:, inside], ahead.covariance[:4, :4])
    money = _error(ahead.value[inside], value, ahead.value_slope[:, inside], ahead.covariance)
    return Row(
        decile, int(count.size), float(ahead.count[inside].sum()), float(count.sum()),
        float(ahead.value[inside].sum()), float(value.sum()), *orders, *money,
    )  # fmt: skip


def backtest(past: Customers, purchases: PurchaseFit, spend: SpendModel, *, days: int) -> Backtest:
    """Judge parameters fitted before the hold-out.

    Args:
        past: customers whose first purchase lies before the hold-out, sorted by key.
        purchases: fitted on the histories before the hold-out, of these customers or of a larger base.
        spend: likewise.
        days: length of the hold-out.
    """
    ahead = _expected(past, purchases, spend, days)
    # The sort is stable and the customers come by key: equal histories at the edge of two deciles always part alike.
    order = np.lexsort((past.past_age, past.past_recency, past.past_count, ahead.count.round(9)))
    parts = np.array_split(order, DECILES)
    deciles = tuple(_row(ahead, past, np.sort(part), at) for at, part in enumerate(parts, 1) if part.size)
    return Backtest(_row(ahead, past, np.arange(len(past)), None), deciles)
