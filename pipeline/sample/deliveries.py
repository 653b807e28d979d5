"""From what happened to what is delivered on which day, with the mess real deliveries come in.

Belongs here: extract days, versions of a row, late and repeated rows. Does not belong here: file formats.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample.sales import Sales
from pipeline.sample.seasons import FIRST_DROP, HISTORY_END, LAST_DROP, business_day

_FIRST_DROP, _LAST_DROP = np.datetime64(FIRST_DROP, "D"), np.datetime64(LAST_DROP, "D")
_CHANGED_CUSTOMERS_PER_DAY = 4


@dataclass(frozen=True)
class World:
    """Everything that ever happened to the company, in our own words."""

    customers: pd.DataFrame
    events: pd.DataFrame
    sales: Sales
    surveys: pd.DataFrame
    feedback: pd.DataFrame
    interactions: pd.DataFrame
    messages: pd.DataFrame
    referrals: pd.DataFrame
    marketing_costs: pd.DataFrame
    fx_rates: pd.DataFrame


def make_deliveries(rng: np.random.Generator, world: World) -> dict[str, pd.DataFrame]:
    """Rows of every table with the day (``_day``) they are delivered on; the history all on one day."""
    sales = world.sales
    return {
        "customers": _customers(rng, world.customers),
        "orders": _orders(rng, sales.orders),
        "order_items": _items(sales),
        "web_events": _web_events(rng, world.events),
        "survey_responses": _versions(
            world.surveys, born="invited_at", done=("answered_at",), key="response_id",
            told_later=("answered_at", "nps", "csat", "ces", "comment"),
        ),
        "feedback": _versions(
            world.feedback, born="published_at", done=("replied_at",), key="feedback_id",
            told_later=("replied_at",),
        ),
        "interactions": _versions(
            world.interactions, born="opened_at", done=("closed_at",), key="interaction_id",
            told_later=("first_response_at", "closed_at", "handling_seconds", "support_tier"),
        ),
        "messages": _versions(
            world.messages, born="sent_at", key="message_id",
            done=("opened_at", "clicked_at", "unsubscribed_at"),
            told_later=("opened_at", "clicked_at", "unsubscribed_at"),
        ),
        "deliveries": _versions(
            sales.deliveries, born="shipped_at", done=("delivered_at",), key="delivery_id",
            told_later=("delivered_at", "delay_announced_at"),
        ),
        "returns": _versions(
            sales.returns, born="requested_at", done=("refunded_at",), key="return_id",
            told_later=("received_at", "refunded_at"),
        ),
        "referrals": _dated(world.referrals, "referred_at"),
        "marketing_costs": _settled(world.marketing_costs.assign(_day=world.marketing_costs["known_on"])),
        "fx_rates": _settled(world.fx_rates.assign(_day=world.fx_rates["rate_date"])),
    }  # fmt: skip


def _settled(rows: pd.DataFrame, key: str | None = None) -> pd.DataFrame:
    """Put the history on its one day, drop what lies after the last, keep the last version of a day."""
    day = np.maximum(rows["_day"].to_numpy("datetime64[D]"), np.datetime64(HISTORY_END, "D"))
    settled = rows.assign(_day=day)[day <= _LAST_DROP]
    if key is not None:
        settled = settled.drop_duplicates([key, "_day"], keep="last")
    return settled.reset_index(drop=True)


def _dated(rows: pd.DataFrame, moment: str) -> pd.DataFrame:
    return _settled(rows.assign(_day=business_day(rows[moment])))


def _versions(
    rows: pd.DataFrame, *, born: str, done: tuple[str, ...], told_later: tuple[str, ...], key: str
) -> pd.DataFrame:
    """Each row on the day it begins, without what is not known yet, and again on the day it is complete."""
    untold = {name: rows[name].iloc[:0].reindex(rows.index) for name in told_later}
    early = rows.assign(_day=business_day(rows[born]), **untold)
    complete = rows[rows[done[0]].notna()]
    moments = complete[list(done)].max(axis=1)
    return _settled(pd.concat([early, complete.assign(_day=business_day(moments))], ignore_index=True), key)


def _drop_days() -> pd.DatetimeIndex:
    return pd.date_range(FIRST_DROP, LAST_DROP, freq="D")


def _customers(rng: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    """New customers on their day, and a few a day whose consent changed."""
    delivered = customers.loc[:, [name for name in customers.columns if not name.startswith("_")]]
    old = np.flatnonzero(customers["registered_at"] < pd.Timestamp(HISTORY_END))
    count = min(_CHANGED_CUSTOMERS_PER_DAY * len(_drop_days()), len(old))
    changed = delivered.iloc[rng.choice(old, size=count, replace=False)]
    changed = changed.assign(
        has_marketing_consent=~changed["has_marketing_consent"].astype(bool),
        _day=np.resize(_drop_days().to_numpy("datetime64[D]"), count),
    )
    new = delivered.assign(_day=business_day(delivered["registered_at"]))
    return _settled(pd.concat([new, changed], ignore_index=True), "customer_id")


def _orders(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    """Orders on their day; some first come without their browser, and again the day after with it."""
    columns = [
        "order_id", "customer_id", "ordered_at", "order_type", "refunded_order_id", "currency", "net_amount",
        "discount_amount", "tax_amount", "sales_channel", "anonymous_id",
    ]  # fmt: skip
    delivered = orders.loc[:, columns].assign(_day=business_day(orders["ordered_at"]))
    is_partial = (
        (delivered["_day"] >= pd.Timestamp(_FIRST_DROP))
        & delivered["anonymous_id"].notna()
        & (rng.random(len(orders)) < 0.06)
    )
    again = delivered[is_partial]
    again = again.assign(_day=again["_day"] + pd.Timedelta(days=1))
    delivered.loc[is_partial, "anonymous_id"] = None
    return _settled(pd.concat([delivered, again], ignore_index=True), "order_id")


def _items(sales: Sales) -> pd.DataFrame:
    ordered = sales.orders.set_index("order_id")["ordered_at"]
    items = sales.items.drop(columns=["order", "listed"])
    items = items.assign(_day=business_day(ordered.reindex(items["order_id"]).to_numpy()))
    return _settled(items.sort_values(["_day", "order_id", "line_number"], kind="stable"))


def _web_events(rng: np.random.Generator, events: pd.DataFrame) -> pd.DataFrame:
    """Events on their day, one in a hundred one to three days late, a few delivered twice."""
    day = business_day(events["occurred_at"])
    in_drop = day >= _FIRST_DROP
    delay = np.where(in_drop & (rng.random(len(events)) < 0.01), rng.integers(1, 4, len(events)), 0)
    delivered = events.drop(columns="visit").assign(_day=np.minimum(day + delay, _LAST_DROP))
    twice = delivered[rng.random(len(events)) < np.where(in_drop, 0.003, 0.0003)]
    both = pd.concat([delivered, twice], ignore_index=True)
    return _settled(both.sort_values(["_day", "occurred_at", "event_id"], kind="stable"))
