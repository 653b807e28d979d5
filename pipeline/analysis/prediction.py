"""Money a customer is expected to bring: margin per horizon, with what its interval is made of.

Belongs here: orders × spend × margin, its derivatives and its variance. Does not belong here: which parameters are
used (``fallback``) or how customers are added up (SQL does that, by segment).
"""

from dataclasses import dataclass

import numpy as np

from pipeline.analysis.forecast import Forecast, discount_factors, forecast
from pipeline.analysis.purchase_model import PurchaseFit
from pipeline.analysis.spend import SpendModel
from pipeline.analysis.triples import Floats, Triples


@dataclass(frozen=True)
class Prediction:
    """One horizon of customers (n,); a segment's interval is sqrt(g'Σg + Σ variance), g the summed gradients.

    Attributes:
        orders: expected orders.
        spend: expected net value of an order day.
        margin: discounted expected margin.
        variance: of the margin, given the parameters.
        gradient: derivatives of the margin by the seven log-parameters (7, n).
    """

    orders: Floats
    spend: Floats
    margin: Floats
    variance: Floats
    gradient: Floats


def predict(
    purchases: PurchaseFit, spend: SpendModel, histories: tuple[Floats, Floats, Floats, Floats], margin_rate: Floats,
    *, horizons: tuple[int, ...], discount_rate: float,
) -> list[Prediction]:  # fmt: skip
    """Predictions of customers (n,), one per horizon.

    Args:
        purchases: fitted in days.
        spend: fitted in the reporting currency.
        histories: x, t_x, T (days), mean spend (not read where x is 0).
        margin_rate: margin per unit of order value (n,).
        horizons: months.
        discount_rate: per year.
    """
    count, recency, age, mean = histories
    triples, index = Triples.indexed(count, recency, age)
    mean = np.where(np.isfinite(mean), mean, 0.0)
    worth, worth_slope = spend.expected(count, mean), spend.gradient(count, mean)
    second = spend.second_moment(count, mean)
    within = second / spend.fit.values[0]
    return [
        _priced(ahead, index, margin_rate, worth, worth_slope, second, within)
        for ahead in forecast(purchases, triples, horizons, rate=discount_rate)
    ]


def _priced(
    ahead: Forecast, index: np.ndarray, margin_rate: Floats, worth: Floats, worth_slope: Floats, second: Floats,
    within: Floats,
) -> Prediction:  # fmt: skip
    """A forecast in money; the variance is that of a compound sum, discounted at the mean factor."""
    orders, discounted = ahead.orders[index], ahead.discounted[index]
    factor = np.divide(discounted, orders, out=np.ones_like(orders), where=orders > 0)
    spread = orders * within + ahead.squared[index] * second - (orders * worth) ** 2
    return Prediction(
        orders, worth, margin_rate * worth * discounted,
        (margin_rate * factor) ** 2 * np.maximum(spread, 0.0),
        np.concatenate([margin_rate * worth * ahead.gradient[:, index], margin_rate * discounted * worth_slope]),
    )  # fmt: skip


def run_rate(year_margin: Floats, retention: Floats, *, months: int, discount_rate: float) -> Floats:
    """Last year's margin carried on, thinned by yearly retention and discounted (n,); NaN where either is unknown."""
    middle = (np.arange(1, months + 1) - 0.5) / 12
    kept = np.power.outer(retention, middle)
    return year_margin / 12 * np.einsum("nk,k->n", kept, discount_factors(months, discount_rate))
