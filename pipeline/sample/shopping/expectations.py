"""What the company may expect of every person in the year after the last day, by the generator's own chances.

Belongs here: the truth a lifetime-value estimate is measured against. Does not belong here: any estimate.
"""

import numpy as np
import pandas as pd

from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import DAY, LAST_DROP, Calendar, Floats, business_day, end_instant, later
from pipeline.sample.shopping.exposures import order_rates
from pipeline.sample.shopping.people import INTEREST_DAYS
from pipeline.sample.shopping.process import expected_orders, expected_orders_of_interested
from pipeline.sample.shopping.sales import refund_share

YEAR_DAYS = 365
_SETTLED_DAYS = np.timedelta64(45, "D")


def expectations(
    persons: pd.DataFrame, exposures: pd.DataFrame, orders: pd.DataFrame, *, scenario: Scenario, calendar: Calendar
) -> dict[str, Floats]:
    """Columns ``expected_orders_12m`` and ``expected_value_12m`` of ``persons``.

    A living customer's orders end with each order with the person's own probability, and with what the after-sale
    frictions planted take of the customers per order (as measured over the sales of the block); planted web frictions
    lower the rate. Somebody who has not bought may still do so while interested.

    Args:
        persons: with ``ended_at``, ``first_order_at`` and ``interest_ends_at``.
        exposures: after-sale frictions lived.
        orders: kept sales.
        scenario: what is planted.
        calendar: the operational clock.
    """
    year_later = later(np.array([end_instant()]), np.array([YEAR_DAYS * DAY]))
    span = float(calendar.operational(year_later)[0] - calendar.end)
    rates = order_rates(persons, scenario)[-1]
    own = persons["dropout_probability"].to_numpy()
    dropout = 1 - (1 - own) * (1 - loss_per_order(exposures, orders, scenario))
    bought = ~persons["first_order_at"].isna().to_numpy()
    alive = persons["ended_at"].isna().to_numpy()
    interested = ~bought & (persons["interest_ends_at"].to_numpy("datetime64[s]") >= end_instant())
    as_customer = expected_orders(order_rate=rates[1], dropout=dropout, span=np.full(len(own), span))
    as_visitor = expected_orders_of_interested(
        first_rate=rates[0], loss_rate=1 / INTEREST_DAYS, order_rate=rates[1], dropout=dropout, span=span
    )
    count = np.where(bought & alive, as_customer, np.where(interested, as_visitor, 0.0))
    worth = persons["order_value_mean"].to_numpy() * (1 - refund_share(persons["persona"].to_numpy()))
    return {"expected_orders_12m": count, "expected_value_12m": count * worth}


def loss_per_order(exposures: pd.DataFrame, orders: pd.DataFrame, scenario: Scenario) -> float:
    """Share of the customers that the planted after-sale frictions take per order, on days without anything special.

    Orders of the last weeks are left out: what follows them is not all there yet.

    Args:
        exposures: after-sale frictions lived.
        orders: kept sales.
        scenario: says which days are special.
    """
    day = business_day(orders["ordered_at"])
    usual = day < np.datetime64(LAST_DROP, "D") - _SETTLED_DAYS
    for friction in scenario.frictions.values():
        if friction.window is not None:
            usual &= ~friction.window.holds(day)
    counted = orders.loc[usual, "order"]
    hanging = exposures[exposures["order"].isin(counted)]
    stays = (1 - hanging["effect"]).groupby(hanging["order"]).prod()
    return float((1 - stays).sum() / max(len(counted), 1))
