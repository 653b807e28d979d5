"""The extracts of what follows an order and of what people say: their columns as SQL over the frames, their lives.

Belongs here: columns, versions and the frame of each of these tables. Does not belong here: formats, days, messes.
"""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.sample.aftermath import frames as after
from pipeline.sample.aftermath.verbatims import verbatim_texts
from pipeline.sample.delivery.extracts import Extract
from pipeline.sample.delivery.names import RETURN_SALT, Directory, scrambled
from pipeline.sample.ground import vocabulary as words
from pipeline.sample.ground.world import World

_TEXT = "case when text_words is not null then text_words::varchar || coalesce(away, '') end"
_MIDNIGHT = "{0}::timestamp::date"

DELIVERIES = Extract(
    table="deliveries",
    born="shipped_at",
    done=("delivered_at",),
    told_later=("delivered_at", "delay_announced_at"),
    key="numbered('LIV', parcel)",
    codes={"carrier": after.CARRIERS},
    columns={
        "delivery_id": "numbered('LIV', parcel)", "order_id": "sale_name(\"order\")", "shipped_at": "shipped_at",
        "promised_on": _MIDNIGHT.format("promised_on"), "delivered_at": "delivered_at",
        "delay_announced_at": "delay_announced_at", "carrier": "carrier",
    },
)  # fmt: skip

RETURNS = Extract(
    table="returns",
    born="requested_at",
    done=("refunded_at",),
    told_later=("received_at", "refunded_at"),
    key="'RET-' || opaque(return_name)",
    codes={"reason": after.RETURN_REASONS},
    columns={
        "return_id": "'RET-' || opaque(return_name)", "order_id": "sale_name(\"order\")",
        "requested_at": "requested_at", "received_at": "received_at", "refunded_at": "refunded_at",
        "quantity": "quantity", "reason": "reason",
    },
)  # fmt: skip

INTERACTIONS = Extract(
    table="interactions",
    born="opened_at",
    done=("closed_at",),
    told_later=("acknowledged_at", "first_response_at", "closed_at", "handling_seconds", "support_tier"),
    key="numbered('CT', contact)",
    altered=("handling_seconds", "coalesce(nullif(handling_seconds, -1), 0) + 60"),
    codes={"channel": after.CONTACT_CHANNELS, "direction": after.DIRECTIONS, "topic": after.TOPICS},
    columns={
        "interaction_id": "numbered('CT', contact)", "case_id": "numbered('DOS', \"case\")",
        "customer_id": "customer_name(customer)", "email": "email::varchar", "phone": "phone::varchar",
        "opened_at": "opened_at",
        "channel": "channel", "direction": "direction", "topic": "topic", "is_complaint": "is_complaint",
        "is_automatic": "is_automatic", "order_id": "sale_name(\"order\")", "acknowledged_at": "acknowledged_at",
        "first_response_at": "first_response_at", "closed_at": "closed_at",
        "handling_seconds": "nullif(handling_seconds, -1)", "waiting_seconds": "nullif(waiting_seconds, -1)",
        "is_abandoned": "is_abandoned", "support_tier": "nullif(support_tier, -1)", "note": _TEXT,
    },
)  # fmt: skip

_SCORES = ("nps", "csat", "ces", "value_for_money", "expectation")
SURVEY_RESPONSES = Extract(
    table="survey_responses",
    born="invited_at",
    done=("answered_at",),
    told_later=("answered_at", *_SCORES, "comment"),
    key="numbered('Q', response)",
    text="comment",
    codes={
        "survey": after.SURVEYS, "language": words.LANGUAGES, "touchpoint": after.SURVEY_TOUCHPOINTS,
    },
    columns={
        "response_id": "numbered('Q', response)", "survey_id": "survey",
        "customer_id": "customer_name(customer)", "email": "email::varchar", "invited_at": "invited_at",
        "answered_at": "answered_at", "language": "language", "touchpoint": "touchpoint",
        "order_id": "sale_name(\"order\")", "comment": _TEXT,
    },
    extra={
        "nps": "case when _off_scale > 0 then _off_scale else nullif(nps, -1) end",
        "csat": "nullif(csat, -1)",
        "ces": "nullif(ces, -1)",
        "value_for_money": "nullif(value_for_money, -1)",
        "expectation": "nullif(expectation, -1)",
    },
)  # fmt: skip

FEEDBACK = Extract(
    table="feedback",
    born="published_at",
    done=("replied_at",),
    told_later=("replied_at",),
    key="numbered('AVIS', feedback)",
    text="body",
    codes={"platform": after.PLATFORMS, "language": words.LANGUAGES},
    columns={
        "feedback_id": "numbered('AVIS', feedback)", "customer_id": "customer_name(customer)",
        "published_at": "published_at", "platform": "platform", "rating": "nullif(rating, -1)", "body": _TEXT,
        "language": "language", "replied_at": "replied_at", "order_id": "sale_name(\"order\")",
    },
)  # fmt: skip

MESSAGES = Extract(
    table="messages",
    born="sent_at",
    done=("delivered_at", "opened_at", "clicked_at", "unsubscribed_at"),
    told_later=("delivered_at", "opened_at", "clicked_at", "unsubscribed_at"),
    key="numbered('M', message)",
    altered=("is_personalised", "not is_personalised"),
    codes={"channel": after.MESSAGE_CHANNELS, "purpose": after.PURPOSES},
    columns={
        "message_id": "numbered('M', message)", "customer_id": "customer_name(customer)", "email": "email::varchar",
        "sent_at": "sent_at", "channel": "channel", "purpose": "purpose",
        "campaign_id": "case when campaign >= 0 then format('lettre-{:d}-{:02d}', campaign // 100, campaign % 100) end",
        "is_personalised": "is_personalised", "delivered_at": "delivered_at", "opened_at": "opened_at",
        "clicked_at": "clicked_at", "unsubscribed_at": "unsubscribed_at",
    },
)  # fmt: skip

REFERRALS = Extract(
    table="referrals",
    born="referred_at",
    key="numbered('PAR', referral)",
    codes={},
    columns={
        "referral_id": "numbered('PAR', referral)", "customer_id": "customer_name(customer)",
        "referred_email": "coalesce(friend_email::varchar, 'ami' || referral || '@example.net')",
        "referred_customer_id": "customer_name(friend_customer)", "referred_at": "referred_at",
    },
)  # fmt: skip

LOYALTY_EVENTS = Extract(
    table="loyalty_events",
    born="occurred_at",
    key="numbered('FID', loyalty_event)",
    codes={"event_type": after.LOYALTY_EVENT_TYPES, "tier": after.TIERS},
    columns={
        "loyalty_event_id": "numbered('FID', loyalty_event)", "customer_id": "customer_name(customer)",
        "loyalty_id": "loyalty_name(loyalty)", "occurred_at": "occurred_at", "event_type": "event_type",
        "points": "points", "tier": "tier",
    },
)  # fmt: skip

CONTRACTS = Extract(
    table="contracts",
    born="signed_at",
    done=("told_at",),
    told_later=("cancelled_on",),
    key="numbered('CTR', contract)",
    codes={"plan": after.PLANS, "currency": words.CURRENCIES},
    columns={
        "contract_id": "numbered('CTR', contract)", "customer_id": "customer_name(customer)",
        "signed_at": "signed_at", "starts_on": _MIDNIGHT.format("starts_on"),
        "ends_on": _MIDNIGHT.format("ends_on"), "cancelled_on": _MIDNIGHT.format("cancelled_on"),
        "renews_contract_id": "numbered('CTR', renews_contract)", "plan": "plan", "currency": "currency",
        "annual_amount": "annual_amount",
    },
)  # fmt: skip

EXTRACTS = {
    each.table: each
    for each in (
        MESSAGES, INTERACTIONS, SURVEY_RESPONSES, DELIVERIES, LOYALTY_EVENTS, RETURNS, FEEDBACK, REFERRALS, CONTRACTS,
    )
}  # fmt: skip
"""By table, the largest first."""


def aftermath_frame(world: World, table: str, directory: Directory) -> pd.DataFrame:
    """The frame of one of these tables with the addresses, numbers and texts its rows show."""
    frame = world.others[table]
    added: dict[str, Any] = {}
    row = frame["person_row"].to_numpy()
    if "shows_email" in frame:
        added["email"] = directory.emails_of(np.where(frame["shows_email"], row, -1))
    if "shows_phone" in frame:
        added["phone"] = directory.phones_of(np.where(frame["shows_phone"], row, -1))
    if "text" in frame:
        added |= _spoken(world, frame, directory)
    if table == "referrals":
        added["friend_email"] = directory.emails_of(frame["friend_row"].to_numpy())
    if table == "returns":
        added["return_name"] = scrambled(frame["return"].to_numpy(), salt=RETURN_SALT)
    if table == "contracts":  # an early end is told on its day, whose midnight is local
        noon = frame["cancelled_on"].to_numpy() + np.timedelta64(12, "h")
        added["told_at"] = np.maximum(noon, frame["signed_at"].to_numpy())
    return frame.assign(**added)


def _spoken(world: World, frame: pd.DataFrame, directory: Directory) -> dict[str, Any]:
    """The words of each text and what it gives away of the person who wrote it."""
    stock = verbatim_texts()["words"]
    unique = pd.Index(stock).unique()
    code = unique.get_indexer(stock).astype(np.int32)
    text, gives = frame["text"].to_numpy(), frame["gives_away"].to_numpy()
    shown = pd.Categorical.from_codes(np.append(code, np.int32(-1))[text], unique)
    away = np.full(len(frame), None, dtype=object)
    row, spoken = frame["person_row"].to_numpy(), world.persons["language"].to_numpy()
    for place in np.flatnonzero((gives > 0) & (text >= 0) & (row >= 0)):
        own = (directory.email, directory.phone)[gives[place] - 1][row[place]]
        if isinstance(own, str):
            language = words.LANGUAGES[spoken[row[place]]]
            away[place] = after.AWAY_WORDS[language][gives[place]] + own
    return {"text_words": shown, "away": pd.array(away, dtype="str")}
