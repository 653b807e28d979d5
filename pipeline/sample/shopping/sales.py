"""Orders, their lines and the refunds: money and goods.

Belongs here: amounts; every one is whole cents, so that orders equal the sum of their lines exactly.
Does not belong here: when and by whom anything is bought, or sent back.
"""

import numpy as np
import pandas as pd

from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.seasons import Floats, Integers, end_instant
from pipeline.sample.ground.vocabulary import EURO_RATES, ORDER_TYPES, PERSONAS, PRODUCTS
from pipeline.sample.ground.world import IDS_PER_BLOCK, NOBODY, framed
from pipeline.sample.shopping.lives import Lives
from pipeline.sample.shopping.process import draw_values

LIST_PRICES = np.array([price for articles in PRODUCTS.values() for _, price in articles], dtype=np.int64)
"""List price of every article, euro cents."""
RETURN_SHARES = np.where(np.array(PERSONAS) == "anxious", 0.11, 0.055)
"""Chance that an order is sent back, by persona."""
WHOLE_RETURNS = 0.6
GOODS_COST = (0.46, 0.58)
"""Range of the articles' cost as a share of their price; every article has one of its own."""
_FIRST_LINE = 0.8
"""Share of an order's value its first line has on average; see ``refund_share``."""
_TAX = 0.2
_REFUND_IDS = IDS_PER_BLOCK // 2


def refund_share(persona: Integers) -> Floats:
    """Share of the order value expected back, by persona (codes)."""
    return np.asarray(RETURN_SHARES[persona] * (WHOLE_RETURNS + (1 - WHOLE_RETURNS) * _FIRST_LINE))


def make_sales(
    streams: Streams, lives: Lives, persons: pd.DataFrame, *, block: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Candidate sales and their lines.

    Args:
        streams: chance of the block.
        lives: who orders when.
        persons: who they are.
        block: number of the block.

    Returns:
        Frames ``orders`` (``customer``, ``browser`` and ``visit`` still -1) and ``items`` of ``world``.
    """
    rng = streams.of("sales")
    orders = lives.orders
    row = orders["person_row"].to_numpy()
    who = persons.iloc[row]
    visit_row = orders["visit_row"].to_numpy()
    online = visit_row >= 0
    currency = who["country"].to_numpy()
    cents = draw_values(rng, who["customer_type"].to_numpy(), who["order_value_mean"].to_numpy())
    number = block * IDS_PER_BLOCK + np.arange(len(orders))
    amounts, items = _lines(rng, number, cents / np.array(EURO_RATES)[currency])
    none = np.full(len(orders), NOBODY)
    return framed("orders", {
        "order": number, "person_row": row, "customer": none, "ordered_at": orders["ordered_at"].to_numpy(),
        "order_type": np.zeros(len(orders)), "refunded_order": none, "currency": currency, **amounts,
        "sales_channel": orders["sales_channel"].to_numpy(), "browser": none, "visit": none,
        "mission": np.where(online, lives.visits.mission[visit_row] + block * IDS_PER_BLOCK, NOBODY),
        "device": np.where(online, lives.visits.device[visit_row], NOBODY), "is_first": orders["is_first"].to_numpy(),
        "is_returned": rng.random(len(orders)) < RETURN_SHARES[who["persona"].to_numpy()],
        "is_whole_return": rng.random(len(orders)) < WHOLE_RETURNS,
    }), items  # fmt: skip


def _lines(rng: np.random.Generator, number: Integers, cents: Floats) -> tuple[dict[str, Integers], pd.DataFrame]:
    """Lines that share an order's value out, and the order's amounts summed from them."""
    count = np.minimum(rng.geometric(0.6, len(number)), 5)
    order = np.repeat(np.arange(len(number)), count)
    first = np.cumsum(count) - count
    line = np.arange(len(order)) - first[order] + 1
    weight = rng.gamma(2.0, size=len(order)) * np.where(line == 1, 1.6, 1.0)
    share = cents[order] * weight / np.add.reduceat(weight, first)[order]
    quantity = np.clip(np.round(share / 9000 * rng.uniform(0.6, 1.6, len(order))), 1, 400).astype(np.int64)
    price = np.maximum(np.round(share / quantity), 1).astype(np.int64)
    product = _products(rng, price)
    net = quantity * price
    off = quantity * np.maximum(LIST_PRICES[product] - price, 0)
    net_amount, discount = (np.add.reduceat(values, first) for values in (net, off))
    items = framed("items", {
        "order": number[order], "line": line, "product": product, "quantity": quantity, "unit_price": price,
        "unit_cost": np.round(price * rng.uniform(*GOODS_COST, len(LIST_PRICES))[product]),
    })  # fmt: skip
    tax = np.round(net_amount * _TAX).astype(np.int64)
    return {"net_amount": net_amount, "discount_amount": discount, "tax_amount": tax}, items


def _products(rng: np.random.Generator, price: Integers) -> Integers:
    """An article listed at about that price, or one nearby."""
    ranked = np.argsort(LIST_PRICES, kind="stable")
    place = np.searchsorted(LIST_PRICES[ranked], price) + rng.integers(-4, 5, len(price))
    return np.asarray(ranked[np.clip(place, 0, len(ranked) - 1)])


def make_refunds(orders: pd.DataFrame, items: pd.DataFrame, returns: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Refunds of what was sent back and paid back by the end of the last day, with lines of their own.

    Args:
        orders: kept sales.
        items: their lines.
        returns: ``order`` and ``refunded_at`` of every return.

    Returns:
        Orders of type refund and their lines (quantities negative).
    """
    granted = returns[returns["refunded_at"].notna() & (returns["refunded_at"] < end_instant())]
    at = granted.set_index("order")["refunded_at"]
    sales = orders[orders["order"].isin(at.index)]
    number = sales["order"].to_numpy()
    whole = sales.set_index("order")["is_whole_return"]
    lines = items[items["order"].isin(number)]
    back = lines[(lines["line"].to_numpy() == 1) | whole.reindex(lines["order"]).to_numpy(bool)]
    net = (back["quantity"].astype(np.int64) * back["unit_price"]).groupby(back["order"]).sum().reindex(number)
    refunds = sales.assign(
        order=number + _REFUND_IDS, refunded_order=number, order_type=np.int8(ORDER_TYPES.index("refund")),
        ordered_at=at.reindex(number).to_numpy("datetime64[s]"), net_amount=-net.to_numpy(np.int64),
        discount_amount=np.int64(0), tax_amount=-np.round(net.to_numpy() * _TAX).astype(np.int64),
        visit=np.int64(NOBODY), mission=np.int64(NOBODY), is_first=False, is_returned=False, is_whole_return=False,
    )  # fmt: skip
    refunds = refunds.sort_values(["ordered_at", "order"], kind="stable", ignore_index=True)
    return refunds, back.assign(order=back["order"] + _REFUND_IDS, quantity=-back["quantity"])
