"""What a block of the sample company is made of: frames of numbers, described column by column.

Belongs here: the frames and what each column means. Does not belong here: how any of it comes about, or any text:
words are codes into the tuples of ``vocabulary``, instants are naive UTC at whole seconds, money is whole cents.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

IDS_PER_BLOCK = 10**7
"""Every id is ``block * IDS_PER_BLOCK + n``: unique over blocks."""
NOBODY = -1
"""Stands for "none" in a column of ids or codes."""
BLOCKED = -2
"""E-mail or phone number of a person in whose place the shop typed a default value (see ``persons``)."""

_AT = "datetime64[s]"

PERSONS = {
    "person": ("int64", "global id of the person; the frame's position is the person's row"),
    "customer": ("int64", "CRM number, or -1 for a person who never registered (visitors, guests)"),
    "second_customer": ("int64", "CRM number of a second account of the same person, opened in a shop, or -1"),
    "second_registered_at": (_AT, "when that account was opened"),
    "customer_type": ("int8", "code into CUSTOMER_TYPES"),
    "persona": ("int8", "code into PERSONAS: how the person shops; loyal = buys often"),
    "region": ("int8", "code into REGIONS; -1 abroad"),
    "country": ("int8", "code into COUNTRIES"),
    "language": ("int8", "code into LANGUAGES"),
    "acquisition_channel": ("int8", "code into CHANNELS"),
    "device": ("int8", "favourite device, code into DEVICES"),
    "has_consent": ("bool", "agreed to marketing"),
    "mood": ("float64", "how content the person is by nature, N(0, 0.6)"),
    "order_rate": ("float64", "repeat orders per operational day while alive, Gamma(r, alpha) by type"),
    "dropout_probability": ("float64", "chance to be lost after each repeat order, Beta(a, b) by type"),
    "order_value_mean": ("float64", "mean order value, euro cents, Gamma-Gamma(p, q, v) by type"),
    "offline_share": ("float64", "share of the repeat orders placed in a shop or by phone"),
    "entered_at": (_AT, "first sign of life, may lie before the first day"),
    "registered_at": (_AT, "when the account was opened; NaT without one"),
    "first_order_at": (_AT, "NaT for a person who never bought; may lie before the first day"),
    "interest_ends_at": (_AT, "when a person who has not bought gives up; may lie after the last day"),
    "ended_at": (_AT, "lost for good; NaT while alive"),
    "exit_cause": ("int8", "code into EXIT_CAUSES"),
    "household": ("int64", "persons of one number live together; each has one"),
    "email": ("int64", "number of the address; shared in some households; -1 none, -2 the shop's default value"),
    "phone": ("int64", "number of the phone; shared in some households; -1 none, -2 the shop's default value"),
    "first_name": ("int16", "code into FIRST_NAMES"),
    "last_name": ("int16", "code into LAST_NAMES"),
    "street": ("int16", "code into STREETS"),
    "street_number": ("int16", "house number"),
    "loyalty": ("int64", "loyalty card, or -1; the second account carries it too"),
    "account": ("int64", "company the person buys for (B2B), or -1"),
    "is_guest": ("bool", "buys without an account, always"),
    "expected_orders_12m": ("float64", "orders expected in the 365 days after the last day"),
    "expected_value_12m": ("float64", "their worth net of expected refunds, euro cents"),
}  # fmt: skip

VISITS = {
    "visit": ("int64", "global id; ascending by time"),
    "person_row": ("int64", "row of the person, -1 for bots and staff"),
    "browser": ("int64", "number of the browser (the anonymous id)"),
    "device": ("int8", "code into DEVICES"),
    "traffic_channel": ("int8", "code into TRAFFIC_CHANNELS"),
    "started_at": (_AT, "first event"),
    "mission": ("int64", "global id of the shopping mission the visit belongs to, -1 bots and staff"),
    "is_last": ("bool", "the visit of its mission that may end in an order"),
    "is_come_back": ("bool", "return to an abandoned cart"),
    "login": ("int8", "0 never, 1 before the first event, 2 soon after it, 3 at the checkout, 4 signs up"),
    "step": ("int8", "furthest step reached, code into STEPS"),
    "is_shared": ("bool", "browser used by several persons: a family computer, a tablet in a shop"),
    "is_bot": ("bool", "a robot"),
    "is_internal": ("bool", "staff and robots, as the analytics tool marks them"),
}

EVENTS = {
    "event": ("int64", "global id; ascending by time"),
    "visit": ("int64", "visit it belongs to (global id)"),
    "person_row": ("int64", "row of the person, -1 for bots and staff"),
    "browser": ("int64", "number of the browser"),
    "customer": ("int64", "CRM number the visitor is logged in as, -1 while unknown"),
    "event_name": ("int8", "code into EVENT_NAMES"),
    "occurred_at": (_AT, "when"),
    "device": ("int8", "code into DEVICES"),
    "traffic_channel": ("int8", "code into TRAFFIC_CHANNELS"),
    "product": ("int16", "article, position in PRODUCTS, -1 none"),
    "price": ("int32", "price shown with the article or cart, euro cents, -1 none"),
    "search_result_count": ("int16", "hits of a search, -1 none"),
    "form": ("int8", "code into FORMS, -1 none"),
    "order": ("int64", "order placed, -1 none"),
    "load_milliseconds": ("int32", "time until the page was usable"),
    "is_internal": ("bool", "staff and robots"),
}

ORDERS = {
    "order": ("int64", "global id; sales ascending by time; a refund has one of its own"),
    "person_row": ("int64", "row of the person"),
    "customer": ("int64", "CRM account used; may be the second one; -1 for a guest"),
    "ordered_at": (_AT, "when; for a refund when it was granted"),
    "order_type": ("int8", "code into ORDER_TYPES"),
    "refunded_order": ("int64", "the sale a refund takes back, else -1"),
    "currency": ("int8", "code into CURRENCIES"),
    "net_amount": ("int64", "cents of that currency: the sum of the lines; negative for a refund"),
    "discount_amount": ("int64", "cents"),
    "tax_amount": ("int64", "cents"),
    "sales_channel": ("int8", "code into SALES_CHANNELS"),
    "browser": ("int64", "browser it was placed from, -1 offline"),
    "visit": ("int64", "visit it was placed in (global id), -1 offline"),
    "mission": ("int64", "mission it ended (global id), -1 offline"),
    "device": ("int8", "device it was placed from, -1 offline"),
    "is_first": ("bool", "first order of the person's life"),
    "is_returned": ("bool", "will be sent back in whole or in part, if the person gets that far"),
    "is_whole_return": ("bool", "all lines are sent back, else the first one"),
}

ITEMS = {
    "order": ("int64", "order the line belongs to"),
    "line": ("int16", "position from 1"),
    "product": ("int16", "article, position in PRODUCTS"),
    "quantity": ("int16", "pieces, negative when taken back"),
    "unit_price": ("int64", "cents of the order's currency"),
    "unit_cost": ("int64", "cents of the order's currency"),
}

EXPOSURES = {
    "friction": ("int8", "code into FRICTIONS"),
    "person_row": ("int64", "row of the person"),
    "at": (_AT, "when it struck"),
    "order": ("int64", "order it hangs on (after-sale frictions), else -1"),
    "visit": ("int64", "visit it struck in (web frictions, global id), else -1"),
    "device": ("int8", "code into DEVICES; the favourite one where the friction has none"),
    "customer_type": ("int8", "code into CUSTOMER_TYPES"),
    "acquisition_channel": ("int8", "code into CHANNELS"),
    "traffic_channel": ("int8", "code into TRAFFIC_CHANNELS, -1 after the sale"),
    "is_returning": ("bool", "had bought before"),
    "step": ("int8", "step reached before it struck, code into STEPS"),
    "effect": ("float64", "web: factor on the chance of the next step; after-sale: chance to be lost by it"),
    "probability_without": ("float64", "chance of the outcome within the horizon had it not struck"),
    "probability_with": ("float64", "chance of the outcome now that it has"),
    "value": ("float64", "mean net margin of an order of the customer type, after refunds and goods, euro cents"),
    "own_value": ("float64", "the same for this person"),
    "is_effective": ("bool", "the friction changes anything at that moment, in this scenario"),
    "is_measurable": ("bool", "its horizon is closed by the end of the last day"),
}

FRAMES = {
    "persons": PERSONS,
    "visits": VISITS,
    "events": EVENTS,
    "orders": ORDERS,
    "items": ITEMS,
    "exposures": EXPOSURES,
}


@dataclass(frozen=True)
class World:
    """Everything that happened to one block of the company by the end of the last day.

    The first six frames are described above, the others in ``aftermath.frames``. ``person_row`` is a position in
    ``persons`` everywhere. Only ``persons`` reaches back before the first day.

    Attributes:
        block: number of the block.
        persons: one row per person.
        visits: one row per visit.
        events: one row per web event.
        orders: one row per sale or refund.
        items: one row per order line.
        exposures: one row per friction lived.
        others: the frames that follow an order and what people say, by contract table (``deliveries``, ``returns``,
            ``interactions``, ``survey_responses``, ``feedback``, ``messages``, ``referrals``, ``loyalty_events``,
            ``contracts``, ``marketing_costs``, ``fx_rates``, ``initiatives``) and ``verbatims``.
    """

    block: int
    persons: pd.DataFrame
    visits: pd.DataFrame
    events: pd.DataFrame
    orders: pd.DataFrame
    items: pd.DataFrame
    exposures: pd.DataFrame
    others: dict[str, pd.DataFrame] = field(default_factory=dict)


def framed(name: str, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """A frame of the world with exactly its columns, in order and of their type.

    Args:
        name: frame, as in ``FRAMES``.
        columns: arrays of one length by column.

    Raises:
        ValueError: a column too many or too few.
    """
    wanted = FRAMES[name]
    if wanted.keys() != columns.keys():
        odd = sorted(wanted.keys() ^ columns.keys())
        raise ValueError(f"frame {name}: columns {', '.join(odd)} are missing or unknown")
    return pd.DataFrame({column: np.asarray(columns[column]).astype(kind) for column, (kind, _) in wanted.items()})
