"""What each extract of the web and the shop holds: its columns as SQL over the frames of the world, and its life.

Belongs here: columns, versions and the frame of each table. Does not belong here: formats, days, messes; the tables of
what follows an order (see ``extracts_after``).
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.sample.delivery.names import (
    ARTICLE_CATEGORIES,
    ARTICLE_NAMES,
    BROWSER_SALT,
    EVENT_SALT,
    Directory,
    scrambled,
)
from pipeline.sample.ground import vocabulary as words
from pipeline.sample.ground.seasons import DAY, FIRST_DROP, HISTORY_END, LAST_DROP, Instants, business_day, later
from pipeline.sample.ground.world import World

Codes = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Extract:
    """One table as the company delivers it.

    Attributes:
        table: contract table.
        columns: contract column to SQL over the frame; amounts in cents, instants in UTC.
        codes: columns of the frame that hold codes, with the words they stand for.
        born: column of the frame with the instant a row is delivered for.
        done: columns of which the last filled one has the row delivered again, complete.
        told_later: contract columns that are empty before that.
        key: SQL of the row's key in words, for the list of messes.
        altered: contract column and SQL of its value in a conflicting copy.
        text: contract column that may arrive double-encoded.
    """

    table: str
    columns: dict[str, str]
    codes: Codes
    born: str
    key: str
    done: tuple[str, ...] = ()
    told_later: tuple[str, ...] = ()
    altered: tuple[str, str] | None = None
    text: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


CUSTOMERS = Extract(
    table="customers",
    born="registered_at",
    done=("consent_changed_at",),
    key="customer_name(customer)",
    codes={
        "customer_type": words.CUSTOMER_TYPES, "region": (*words.REGIONS, "Étranger"), "country": words.COUNTRIES,
        "acquisition_channel": words.CHANNELS, "language": words.LANGUAGES, "first_name": words.FIRST_NAMES,
        "last_name": words.LAST_NAMES, "street": words.STREETS,
    },
    columns={
        "customer_id": "customer_name(customer)", "email": "email::varchar", "phone": "phone::varchar",
        "first_name": "first_name",
        "last_name": "last_name", "address": "street_number || ', ' || street::varchar",
        "loyalty_id": "loyalty_name(loyalty)", "account_id": "account_name(account)",
        "customer_type": "customer_type", "region": "region", "country": "country",
        "acquisition_channel": "acquisition_channel", "language": "language",
        "has_marketing_consent": "has_consent <> (_is_early and consent_changed_at is not null)",
        "registered_at": "registered_at",
    },
)  # fmt: skip

ORDERS = Extract(
    table="orders",
    born="ordered_at",
    done=("browser_known_at",),
    key="case when order_type = 'sale' then sale_name(\"order\") else refund_name(\"order\") end",
    altered=("net_amount", "net_amount + 100"),
    codes={
        "order_type": words.ORDER_TYPES, "currency": words.CURRENCIES, "sales_channel": words.SALES_CHANNELS,
    },
    columns={
        "order_id": "case when order_type = 'sale' then sale_name(\"order\") else refund_name(\"order\") end",
        "customer_id": "customer_name(customer)", "ordered_at": "ordered_at", "order_type": "order_type",
        "refunded_order_id": "sale_name(refunded_order)", "currency": "currency", "net_amount": "net_amount",
        "discount_amount": "discount_amount", "tax_amount": "tax_amount", "sales_channel": "sales_channel",
        "anonymous_id": "case when browser >= 0 and not (_is_early and browser_known_at is not null) "
        "then opaque(browser_name) end",
    },
)  # fmt: skip

ORDER_ITEMS = Extract(
    table="order_items",
    born="ordered_at",
    key="case when is_sale then sale_name(\"order\") else refund_name(\"order\") end || '/' || line",
    codes={"product_name": ARTICLE_NAMES, "product_category": ARTICLE_CATEGORIES, "currency": words.CURRENCIES},
    columns={
        "order_id": 'case when is_sale then sale_name("order") else refund_name("order") end',
        "line_number": "line", "product_id": "article_name(product)", "product_name": "product_name",
        "product_category": "product_category", "quantity": "quantity", "currency": "currency",
        "unit_price": "unit_price", "unit_cost": "unit_cost",
    },
)  # fmt: skip

_PATHS = {
    "home_view": "/", "category_view": "/rayon", "promo_view": "/promotions", "page_view": "/magazine",
    "search": "/recherche", "product_view": "/article", "compare": "/comparateur", "review_view": "/article/avis",
    "guarantee_view": "/garanties", "wishlist_add": "/article", "help_view": "/aide", "chat_open": "/aide",
    "page_error": "/erreur", "login": "/connexion", "sign_up": "/inscription", "form_start": "/inscription",
    "form_submit": "/inscription", "account_view": "/compte", "share": "/article", "add_to_cart": "/article",
    "cart_view": "/panier", "checkout_address": "/commande/adresse", "checkout_delivery": "/commande/livraison",
    "checkout_error": "/commande/adresse", "checkout_payment": "/commande/paiement",
    "payment_failed": "/commande/paiement", "purchase": "/commande/merci", "referral_invite": "/parrainage",
}  # fmt: skip
_REFERRERS = {
    "organic": "www.google.fr", "paid_search": "www.google.fr", "social": "www.instagram.com",
    "referral": "www.mesbonsplans.example",
}  # fmt: skip

WEB_EVENTS = Extract(
    table="web_events",
    born="occurred_at",
    key="opaque(event_number)",
    altered=("load_milliseconds", "load_milliseconds + 1"),
    codes={
        "event_name": words.EVENT_NAMES, "device": words.DEVICES, "traffic_channel": words.TRAFFIC_CHANNELS,
        "form": words.FORMS, "page": tuple(_PATHS[name] for name in words.EVENT_NAMES),
        "referrer": tuple(_REFERRERS.get(name, "") for name in words.TRAFFIC_CHANNELS),
    },
    columns={
        "event_id": "opaque(event_number)", "occurred_at": "occurred_at",
        "anonymous_id": "opaque(browser_name)", "user_id": "customer_name(customer)", "event_name": "event_name",
        "page_path": "page", "referrer": "nullif(referrer::varchar, '')", "device": "device",
        "traffic_channel": "traffic_channel",
        "campaign_id": "case traffic_channel when 'email' then strftime(occurred_at, 'lettre-%Y-%m') "
        "when 'paid_search' then strftime(occurred_at, 'annonce-%Y-%m') end",
        "product_id": "article_name(product)", "order_id": "sale_name(\"order\")",
        "search_result_count": "nullif(search_result_count, -1)", "load_milliseconds": "load_milliseconds",
        "form_id": "form", "is_internal": "is_internal",
    },
    extra={"sdk": "'4.2.1'"},
)  # fmt: skip

_CHANGED_SHARE, _PARTIAL_SHARE = 0.0013, 0.06
"""Customers whose consent changes on an average day; web orders that first come without their browser."""


def customers_frame(world: World, directory: Directory, rng: np.random.Generator) -> pd.DataFrame:
    """One row per account: the first ones, then the second ones of those who have two, by registration."""
    persons = world.persons.assign(person_row=np.arange(len(world.persons), dtype=np.int64), is_second=False)
    first = persons[persons["customer"] >= 0]
    second = persons[persons["second_customer"] >= 0]
    second = second.assign(
        customer=second["second_customer"], registered_at=second["second_registered_at"], is_second=True
    )
    accounts = pd.concat([first, second], ignore_index=True)
    accounts = accounts.sort_values(["registered_at", "customer"], kind="stable", ignore_index=True)
    accounts["region"] = np.where(accounts["region"] < 0, len(words.REGIONS), accounts["region"]).astype(np.int8)
    row = accounts["person_row"].to_numpy()
    # a second account is opened in a shop, where people leave their address or their number, not both
    by_phone = (accounts["is_second"] & (accounts["person"] % 2 == 1)).to_numpy()
    by_email = (accounts["is_second"] & (accounts["person"] % 2 == 0)).to_numpy()
    accounts["email"] = directory.emails_of(np.where(by_phone, -1, row))
    accounts["phone"] = directory.phones_of(np.where(by_email, -1, row))
    accounts["consent_changed_at"] = _consent_changes(rng, accounts["registered_at"].to_numpy())
    return accounts


def _consent_changes(rng: np.random.Generator, registered: Instants) -> Instants:
    """When consent was given or withdrawn: on a day of the daily drops, for a few of the older accounts."""
    days = 14
    is_old = business_day(registered) < np.datetime64(HISTORY_END, "D")
    changes = is_old & (rng.random(len(registered)) < _CHANGED_SHARE * days)
    noon = np.datetime64(FIRST_DROP, "s") + (rng.integers(0, days, len(registered)) * DAY + DAY // 2).astype(
        "timedelta64[s]"
    )
    return np.where(changes, noon, np.datetime64("NaT", "s"))


def orders_frame(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Sales and refunds, with the day on which the browser of a web order becomes known where that is later."""
    orders = world.orders
    browser = orders["browser"].to_numpy()
    is_partial = (browser >= 0) & (rng.random(len(orders)) < _PARTIAL_SHARE)
    known = later(orders["ordered_at"], np.full(len(orders), DAY))
    is_in_time = business_day(known) <= np.datetime64(LAST_DROP, "D")
    known = np.where(is_partial & is_in_time, known, np.datetime64("NaT", "s"))
    return orders.assign(browser_name=scrambled(browser, salt=BROWSER_SALT), browser_known_at=known)


def items_frame(world: World) -> pd.DataFrame:
    """Order lines with what they share with their order."""
    orders = world.orders
    place = np.argsort(orders["order"].to_numpy(), kind="stable")
    found = place[np.searchsorted(orders["order"].to_numpy()[place], world.items["order"].to_numpy())]
    product = world.items["product"]
    return world.items.assign(
        ordered_at=orders["ordered_at"].to_numpy()[found],
        currency=orders["currency"].to_numpy()[found],
        is_sale=orders["order_type"].to_numpy()[found] == words.ORDER_TYPES.index("sale"),
        product_name=product,
        product_category=product,
    )


def events_frame(events: pd.DataFrame) -> pd.DataFrame:
    """Web events with the opaque numbers of event and browser."""
    return events.assign(
        event_number=scrambled(events["event"].to_numpy(), salt=EVENT_SALT),
        browser_name=scrambled(events["browser"].to_numpy(), salt=BROWSER_SALT),
        page=events["event_name"],
        referrer=events["traffic_channel"],
    )
