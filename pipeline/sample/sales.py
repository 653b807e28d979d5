"""Orders, their lines and what follows them: refunds, parcels, returns.

Belongs here: money and goods; every amount is whole cents, so orders equal the sum of their lines exactly.
Does not belong here: the visits that led to an order.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample import vocabulary as words
from pipeline.sample.clicks import names_of, product_ids
from pipeline.sample.people import only_where, picked
from pipeline.sample.seasons import (
    DAY,
    FIRST_DAY,
    LAST_DROP,
    Integers,
    business_day,
    draw_moments,
    later,
    to_utc,
)
from pipeline.sample.visits import PRODUCT_COUNT

_CURRENCIES = {"FR": "EUR", "CH": "CHF", "GB": "GBP"}
_REFUND_SHARE, _LATE_SHARE = 0.07, 0.11


@dataclass(frozen=True)
class Sales:
    """Orders (refunds included), order lines, parcels, returns; ``owner`` is a customer row."""

    orders: pd.DataFrame
    items: pd.DataFrame
    deliveries: pd.DataFrame
    returns: pd.DataFrame


def make_sales(rng: np.random.Generator, customers: pd.DataFrame, visits: pd.DataFrame, events: pd.DataFrame) -> Sales:
    """Turn purchases on the web and in the shops into orders with all that follows."""
    orders = pd.concat([_web_orders(visits, events), _store_orders(rng, customers)], ignore_index=True)
    orders = orders.sort_values(["ordered_at", "owner"], kind="stable", ignore_index=True)
    year = pd.DatetimeIndex(orders["ordered_at"]).year
    orders["order_id"] = [f"CMD{y}-{number:06d}" for number, y in enumerate(year, start=1)]
    orders["order_type"] = "sale"
    owner = orders["owner"].to_numpy()
    orders["customer_id"] = only_where(owner >= 0, customers["customer_id"].to_numpy(object)[owner])
    country = np.where(owner >= 0, customers["country"].to_numpy(object)[owner], "FR")
    orders["currency"] = pd.Series(country).map(_CURRENCIES)
    is_business = (owner >= 0) & (customers["customer_type"] == "B2B").to_numpy()[owner]
    items = _lines(rng, orders, is_business)
    refunds, taken_back = _refunds(rng, orders, items)
    everything = pd.concat([orders, refunds], ignore_index=True)
    all_items = pd.concat([items, taken_back], ignore_index=True)
    everything = _with_amounts(everything, all_items)
    return Sales(everything, all_items, _deliveries(rng, orders), _returns(rng, refunds, taken_back, orders))


def _web_orders(visits: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    bought = events.loc[events["event_name"] == "purchase", ["visit", "occurred_at", "anonymous_id"]]
    visit = visits.iloc[bought["visit"]]
    return pd.DataFrame(
        {
            "owner": visit["owner"].to_numpy(),
            "ordered_at": bought["occurred_at"].to_numpy("datetime64[s]"),
            "sales_channel": "web",
            "anonymous_id": bought["anonymous_id"].to_numpy(object),
            "visit": bought["visit"].to_numpy(),
            "product": visit["product"].to_numpy(),
        }
    )


def _store_orders(rng: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    start, end = customers["_start"].to_numpy(float), customers["_end"].to_numpy(float)
    owner, second = draw_moments(
        rng, start=start, end=end, yearly_rate=customers["_store_rate"].to_numpy(float), in_store=True
    )
    from_store = np.flatnonzero((start > 0) & (customers["acquisition_channel"] == "store").to_numpy())
    first = later(customers["registered_at"].iloc[from_store], rng.integers(60, 600, len(from_store)))
    count = len(owner) + len(from_store)
    return pd.DataFrame(
        {
            "owner": np.concatenate([owner, from_store]),
            "ordered_at": np.concatenate([to_utc(second), first]),
            "sales_channel": picked(rng, ("store", "phone"), count, (0.9, 0.1)),
            "anonymous_id": None,
            "visit": -1,
            "product": (PRODUCT_COUNT * rng.beta(0.8, 1.6, count)).astype(np.int64),
        }
    )


def _lines(rng: np.random.Generator, orders: pd.DataFrame, is_business: np.ndarray) -> pd.DataFrame:
    count = np.minimum(rng.geometric(0.62, len(orders)) + is_business, 6)
    order = np.repeat(np.arange(len(orders)), count)
    line = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count) + 1
    product = np.where(line == 1, orders["product"].to_numpy()[order], rng.integers(0, PRODUCT_COUNT, len(order)))
    article = [(name, kind, price) for kind, articles in words.PRODUCTS.items() for name, price in articles]
    listed = np.array([price for _, _, price in article], dtype=np.int64)[product]
    off = np.repeat(rng.choice([0.0, 0.1, 0.2], size=len(orders), p=(0.72, 0.2, 0.08)), count)
    quantity = np.where(is_business[order], rng.integers(2, 7, len(order)), 1 + (rng.random(len(order)) < 0.13))
    return pd.DataFrame(
        {
            "order": order,
            "order_id": orders["order_id"].to_numpy(object)[order],
            "line_number": line,
            "product_id": product_ids(product),
            "product_name": np.array([name for name, _, _ in article], dtype=object)[product],
            "product_category": np.array([kind for _, kind, _ in article], dtype=object)[product],
            "quantity": quantity,
            "currency": orders["currency"].to_numpy(object)[order],
            "unit_price": np.round(listed * (1 - off)).astype(np.int64),
            "unit_cost": np.round(listed * rng.uniform(0.46, 0.58, PRODUCT_COUNT)[product]).astype(np.int64),
            "listed": listed,
        }
    )


def _refunds(rng: np.random.Generator, orders: pd.DataFrame, items: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Refunds weeks after the order, whole or of the first line, with lines of their own."""
    chosen = np.flatnonzero(rng.random(len(orders)) < _REFUND_SHARE)
    refunds = orders.iloc[chosen].copy()
    shop_opens = business_day(refunds["ordered_at"]) - np.datetime64(FIRST_DAY, "D")
    days = shop_opens.astype(np.int64) + rng.integers(9, 36, len(chosen))
    refunds["ordered_at"] = to_utc(days * DAY + rng.integers(9 * 3600, 18 * 3600, len(chosen)))
    refunds["refunded_order_id"] = refunds["order_id"]
    refunds["order_id"] = "AV" + refunds["order_id"].str[3:]
    refunds["order_type"] = "refund"
    is_whole = np.zeros(len(orders), dtype=bool)
    is_whole[chosen] = rng.random(len(chosen)) < 0.6
    in_time = business_day(refunds["ordered_at"]) <= np.datetime64(LAST_DROP, "D")
    refunds = refunds[in_time]
    order = items["order"].to_numpy()
    back = items[np.isin(order, chosen[in_time]) & (is_whole[order] | (items["line_number"] == 1))].copy()
    back["order_id"] = "AV" + back["order_id"].str[3:]
    back["quantity"] = -back["quantity"]
    return refunds, back


def _with_amounts(orders: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Amounts in cents, summed from the lines."""
    lines = pd.DataFrame(
        {
            "order_id": items["order_id"],
            "net_amount": items["quantity"] * items["unit_price"],
            "discount_amount": items["quantity"] * (items["listed"] - items["unit_price"]),
        }
    )
    totals = lines.groupby("order_id", sort=False).sum()
    joined = orders.join(totals, on="order_id")
    joined["discount_amount"] = joined["discount_amount"].clip(lower=0)
    joined["tax_amount"] = np.round(joined["net_amount"] * 0.2).astype(np.int64)
    return joined.sort_values(["ordered_at", "order_id"], kind="stable", ignore_index=True)


def _deliveries(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    sent = orders[orders["sales_channel"] != "store"].reset_index(drop=True)
    count = len(sent)
    is_late = rng.random(count) < _LATE_SHARE
    shipped = later(sent["ordered_at"], rng.integers(8 * 3600, 30 * 3600, count))
    promised = business_day(sent["ordered_at"]) + np.timedelta64(4, "D")
    morning = (promised - np.datetime64(FIRST_DAY, "D")).astype(np.int64) + np.where(
        is_late, rng.integers(2, 8, count), -rng.integers(0, 2, count)
    )
    announced = later(promised, rng.integers(7 * 3600, 12 * 3600, count))
    return pd.DataFrame(
        {
            "delivery_id": [f"LIV{number:06d}" for number in range(1, count + 1)],
            "order_id": sent["order_id"],
            "shipped_at": shipped,
            "promised_on": promised,
            "delivered_at": to_utc(morning * DAY + rng.integers(8 * 3600, 19 * 3600, count)),
            "delay_announced_at": np.where(is_late & (rng.random(count) < 0.4), announced, np.datetime64("NaT")),
            "carrier": picked(rng, words.CARRIERS, count),
            "_is_late": is_late,
        }
    )


def _returns(
    rng: np.random.Generator, refunds: pd.DataFrame, taken_back: pd.DataFrame, orders: pd.DataFrame
) -> pd.DataFrame:
    pieces: pd.Series = -taken_back.groupby("order_id")["quantity"].sum()
    count = len(refunds)
    ordered = orders.set_index("order_id")["ordered_at"].reindex(refunds["refunded_order_id"]).to_numpy()
    refunded = refunds["ordered_at"].to_numpy("datetime64[s]")
    wait: Integers = (refunded - ordered.astype("datetime64[s]")).astype(np.int64)
    return pd.DataFrame(
        {
            "return_id": ["RET-" + name[:10] for name in names_of(np.arange(count), salt=23)],
            "order_id": refunds["refunded_order_id"].to_numpy(object),
            "requested_at": later(ordered, (wait * rng.uniform(0.3, 0.6, count)).astype(np.int64)),
            "received_at": later(ordered, (wait * rng.uniform(0.65, 0.9, count)).astype(np.int64)),
            "refunded_at": refunded,
            "quantity": pieces.reindex(refunds["order_id"]).to_numpy(),
            "reason": picked(rng, words.RETURN_REASONS, count),
        }
    )
