"""An invented shop, small enough to be built twice in seconds: what happens on one of its days, as rows of extracts.

Belongs here: what a day holds when nothing goes wrong. Does not belong here: what goes wrong (`company`), files.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from pipeline.contracts import CONTRACTS

Row = dict[str, Any]

CUSTOMERS = 24
BROWSERS = 32
"""The first browsers are those of the customers, the others belong to nobody known."""
VISITS = (
    ("home_view", "category_view", "product_view"),
    ("home_view", "search", "product_view", "add_to_cart", "cart_view"),
    ("product_view", "add_to_cart", "checkout_address", "checkout_delivery", "checkout_payment", "purchase"),
    ("page_view", "help_view", "chat_open"),
    ("promo_view", "product_view", "add_to_cart", "checkout_address", "payment_failed", "checkout_error"),
    ("login", "account_view", "form_start", "form_submit", "review_view"),
    ("home_view", "compare", "wishlist_add", "share"),
)
_MINUTE = timedelta(minutes=1)


def moment(at: datetime) -> str:
    """A time as the extracts write it."""
    return at.isoformat(sep=" ", timespec="seconds")


def day_of_shop(day: date, *, visit_count: int = 7) -> dict[str, list[Row]]:
    """All that is delivered about a day; the same day is always the same."""
    chance = random.Random(f"shop {day}")  # noqa: S311 - the same shop each time
    rows: dict[str, list[Row]] = {"web_events": [], "orders": [], "order_items": []}
    for number in range(visit_count):
        _visit(chance, day, number, rows)
    _store_order(chance, day, rows)
    rows["customers"] = [customer(chance.randrange(CUSTOMERS), day) for _ in range(2)]
    rows |= dict(_aftermath(chance, day, rows["orders"]))
    return {table: one_each(table, found) for table, found in rows.items() if found}


def customer(number: int, day: date, **changed: object) -> Row:
    """A customer as registered; a third have a card, a quarter buys for a company."""
    return {
        "customer_id": f"c{number:02}",
        "email": f"c{number:02}@example.org",
        "phone": f"+3361234{number:04}",
        "loyalty_id": f"L{number:02}" if number % 3 == 0 else None,
        "account_id": f"A{number % 3}" if number % 4 == 0 else None,
        "customer_type": "B2B" if number % 4 == 0 else "B2C",
        "acquisition_channel": ("paid_search", "organic", "email")[number % 3],
        "country": "FR",
        "registered_at": moment(datetime.combine(min(day, date(2025, 1, 1)) + timedelta(days=number), time(9))),
    } | changed


def one_each(table: str, rows: list[Row]) -> list[Row]:
    """A key comes once a file: the last row of each."""
    return list({tuple(row[name] for name in CONTRACTS[table].key): row for row in rows}.values())


def _visit(chance: random.Random, day: date, number: int, rows: dict[str, list[Row]]) -> None:
    browser = chance.randrange(BROWSERS)
    at = datetime.combine(day, time()) + chance.randrange(24 * 60) * _MINUTE
    is_known = browser < CUSTOMERS and chance.random() < 0.2
    order = f"o-{day}-{number}"
    for place, name in enumerate(chance.choice(VISITS)):
        rows["web_events"].append(
            {
                "event_id": f"e-{day}-{number}-{place}",
                "occurred_at": moment(at),
                "anonymous_id": f"b{browser:02}",
                "user_id": f"c{browser:02}" if is_known or (name == "login" and browser < CUSTOMERS) else None,
                "event_name": name,
                "page_path": f"/{name}",
                "device": ("desktop", "mobile", "app")[browser % 3],
                "traffic_channel": ("organic", "paid_search", "email")[number % 3],
                "order_id": order if name == "purchase" else None,
                "search_result_count": chance.choice((0, 7)) if name == "search" else None,
                "form_id": "contact" if name.startswith("form") else None,
            }
        )
        if name == "purchase" and chance.random() < 0.9:  # the CRM does not know every order of the site
            owner = f"c{browser:02}" if browser < CUSTOMERS and chance.random() < 0.7 else None
            rows["orders"].append(_order(order, owner, at, chance, anonymous_id=f"b{browser:02}"))
            rows["order_items"] += _lines(order, chance)
        at += chance.choice((0, 1, 3, 12, 29, 30, 31)) * _MINUTE


def _store_order(chance: random.Random, day: date, rows: dict[str, list[Row]]) -> None:
    at = datetime.combine(day, time(8)) + chance.randrange(600) * _MINUTE
    owner = f"c{chance.randrange(CUSTOMERS):02}"
    rows["orders"].append(_order(f"s-{day}", owner, at, chance, sales_channel="store"))
    rows["order_items"] += _lines(f"s-{day}", chance)


def _order(order: str, owner: str | None, at: datetime, chance: random.Random, **more: object) -> Row:
    return {
        "order_id": order,
        "customer_id": owner,
        "ordered_at": moment(at),
        "order_type": "sale",
        "net_amount": chance.randrange(500, 20_000) / 100,
        "sales_channel": "web",
        "anonymous_id": None,
    } | more


def _lines(order: str, chance: random.Random) -> list[Row]:
    return [
        {
            "order_id": order,
            "line_number": line,
            "product_id": f"p{chance.randrange(9)}",
            "product_category": "tea",
            "quantity": chance.randrange(1, 4),
            "unit_price": chance.randrange(100, 3000) / 100,
            "unit_cost": 1,
        }
        for line in range(1, chance.randrange(2, 4))
    ]


def _aftermath(chance: random.Random, day: date, orders: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    """What follows orders and customers; each day tells a part of what lies some days back."""
    noon = datetime.combine(day, time(12))
    someone = [f"c{chance.randrange(CUSTOMERS):02}" for _ in range(6)]
    sold = [row for row in orders if row["sales_channel"] == "web"]
    yield "deliveries", [_parcel(row, day + timedelta(days=chance.randrange(1, 9))) for row in sold]
    yield "messages", [_message(number, who, noon) for number, who in enumerate(someone[:3])]
    yield "interactions", [_contact(chance, someone[3], noon)]
    if day.toordinal() % 2:
        yield "survey_responses", [_answer(someone[4], chance.randrange(11), noon)]
        yield "loyalty_events", [_points(someone[5], noon)]
    else:
        yield "contracts", [contract(f"k-{day}", someone[5], day, days=chance.choice((12, 35, 200)))]
        yield "referrals", [_invitation(someone[4], chance.randrange(CUSTOMERS), noon)]


def _parcel(order: Row, promised: date) -> Row:
    return {
        "delivery_id": f"d-{order['order_id']}",
        "order_id": order["order_id"],
        "shipped_at": moment(datetime.fromisoformat(order["ordered_at"]) + timedelta(hours=2)),
        "promised_on": str(promised),
        "delivered_at": None,
    }


def _message(number: int, who: str, noon: datetime) -> Row:
    return {
        "message_id": f"m-{noon.date()}-{number}",
        "customer_id": who,
        "email": f"{who}@example.org",
        "sent_at": moment(noon),
        "channel": "email",
        "purpose": ("marketing", "service", "survey")[number],
        "delivered_at": moment(noon + _MINUTE),
        "opened_at": moment(noon + 9 * _MINUTE) if number else None,
        "clicked_at": moment(noon + 10 * _MINUTE) if number == 1 else None,
    }


def _contact(chance: random.Random, who: str, noon: datetime) -> Row:
    return {
        "interaction_id": f"i-{noon.date()}",
        "case_id": f"case-{noon.toordinal() // 3}",
        "customer_id": chance.choice((who, None)),
        "email": f"{who}@example.org",
        "opened_at": moment(noon + 77 * _MINUTE),
        "channel": chance.choice(("phone", "email", "chat")),
        "direction": "inbound",
        "is_complaint": chance.random() < 0.3,
        "first_response_at": moment(noon + 99 * _MINUTE),
    }


def _answer(who: str, score: int, noon: datetime) -> Row:
    return {
        "response_id": f"r-{noon.date()}",
        "survey_id": "after_order",
        "question_id": "nps",
        "customer_id": who,
        "invited_at": moment(noon),
        "answered_at": moment(noon + 40 * _MINUTE),
        "score": score,
    }


def _points(who: str, noon: datetime) -> Row:
    return {
        "loyalty_event_id": f"l-{noon.date()}",
        "customer_id": who,
        "loyalty_id": f"L{who[1:]}",
        "occurred_at": moment(noon),
        "event_type": "earned",
        "points": 10,
    }


def _invitation(who: str, friend: int, noon: datetime) -> Row:
    return {
        "referral_id": f"f-{noon.date()}",
        "customer_id": who,
        "referred_email": f"c{friend:02}@example.org",
        "referred_customer_id": None,
        "referred_at": moment(noon),
    }


def follow_up(day: date, parcels: list[Row]) -> Iterator[tuple[str, Row]]:
    """Parcels shipped two days ago or before arrive, in part after the day promised; every third day one comes back."""
    arrived = [row for row in parcels if not row["delivered_at"] and row["shipped_at"] < str(day - timedelta(days=2))]
    morning, noon = (moment(datetime.combine(day, time(hour))) for hour in (9, 12))
    for row in arrived[:4]:
        yield "deliveries", row | {"delivered_at": morning}
    if day.toordinal() % 3 == 0 and arrived:
        order = arrived[0]["order_id"]
        yield "returns", {"return_id": f"b-{order}", "order_id": order, "requested_at": noon, "quantity": 1}


def contract(number: str, owner: str, day: date, *, days: int, renews: str | None = None) -> Row:
    """A contract signed on a day for so many."""
    return {
        "contract_id": number,
        "customer_id": owner,
        "signed_at": moment(datetime.combine(day, time(10))),
        "starts_on": str(day),
        "ends_on": str(day + timedelta(days=days)),
        "cancelled_on": None,
        "renews_contract_id": renews,
        "plan": "box",
        "annual_amount": 120,
    }
