"""The frames of what follows an order and of what people say, described column by column, with their code lists.

Belongs here: columns, their meaning, the words behind their codes. Does not belong here: how any of it comes about.
The rules of ``world`` hold: instants are naive UTC, days are midnights, money is whole cents, -1 is "none".
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.ground.seasons import told_apart

CARRIERS = ("Colissimo", "Chronopost", "Relais Colis")
RETURN_REASONS = ("ne convient pas", "défectueux", "erreur d'article", "arrivé trop tard")
TOPICS = ("livraison", "paiement", "retour", "produit", "compte", "facture")
CONTACT_CHANNELS = ("phone", "email", "chat", "chatbot", "social", "store")
DIRECTIONS = ("inbound", "outbound")
SURVEYS = ("apres-achat", "apres-contact", "relation")
SURVEY_TOUCHPOINTS = ("purchase", "support")
PLATFORMS = ("Trustpilot", "Google", "Avis Vérifiés", "Instagram", "Équipe boutique", "Équipe service client")
"""Review sites, one social network, and the two teams whose reports are feedback as well."""
MESSAGE_CHANNELS = ("email", "sms", "push", "post")
PURPOSES = ("marketing", "transactional", "service", "survey")
LOYALTY_EVENT_TYPES = ("joined", "earned", "redeemed", "expired", "tier_changed")
TIERS = ("bronze", "argent", "or")
PLANS = ("essentiel", "premium", "box")
"""Two yearly plans of companies and the quarterly box of consumers; see ``contracts``."""
GIVES_AWAY = ("nothing", "email", "phone")
"""What a text ends with, as people do; the writer adds ``AWAY_WORDS`` and the person's own address or number."""
AWAY_WORDS = {"fr": ("", " Écrivez-moi : ", " Rappelez-moi au "), "en": ("", " Write to me: ", " Call me on ")}

NO_SCORE = -1
SKIPPED = 99
"""A question left out in an answered questionnaire; ``NO_SCORE`` where nothing was answered at all."""

_AT = "datetime64[s]"
_WHO = {"person_row": ("int64", "row of the person, -1 unknown")}
_SAYS = {
    "text": ("int32", "number into verbatims.verbatim_texts(), -1 none"),
    "gives_away": ("int8", "code into GIVES_AWAY"),
}

AFTERMATH_FRAMES: dict[str, dict[str, tuple[str, str]]] = {
    "deliveries": {
        "parcel": ("int64", "global id: that of its order"),
        "order": ("int64", "order"),
        **_WHO,
        "shipped_at": (_AT, "when it left"),
        "promised_on": (_AT, "local day promised, as a midnight without zone"),
        "delivered_at": (_AT, "when it arrived; may lie after the last day"),
        "delay_announced_at": (_AT, "when a delay was announced, NaT never"),
        "follow_up_at": (_AT, "when somebody asked whether all was well, 0-24 h after; NaT never"),
        "carrier": ("int8", "code into CARRIERS"),
        "is_late": ("bool", "arrived after the promised day, announced or not"),
    },
    "returns": {
        "return": ("int64", "global id: that of its order"),
        "order": ("int64", "order sent back in whole or in part"),
        **_WHO,
        "requested_at": (_AT, "when the customer asked"),
        "received_at": (_AT, "when the goods came back"),
        "refunded_at": (_AT, "when the money went back: the time of the refund among the orders"),
        "quantity": ("int16", "pieces"),
        "reason": ("int8", "code into RETURN_REASONS"),
    },
    "interactions": {
        "contact": ("int64", "global id"),
        "case": ("int64", "global id of the case: that of its first contact"),
        **_WHO,
        "customer": ("int64", "CRM number where the agent found it, else -1"),
        "shows_email": ("bool", "delivered with the person's address"),
        "shows_phone": ("bool", "delivered with the person's number"),
        "opened_at": (_AT, "when contact was made"),
        "channel": ("int8", "code into CONTACT_CHANNELS"),
        "direction": ("int8", "code into DIRECTIONS"),
        "topic": ("int8", "code into TOPICS"),
        "is_complaint": ("bool", "a complaint"),
        "is_automatic": ("bool", "no human took part"),
        "order": ("int64", "order it is about, -1 none"),
        "acknowledged_at": (_AT, "first reply, automatic or human; NaT none"),
        "first_response_at": (_AT, "first human reply; NaT none"),
        "closed_at": (_AT, "when it was closed; may lie after the last day"),
        "handling_seconds": ("int32", "agent time, -1 none"),
        "waiting_seconds": ("int32", "queue time, -1 where there is no queue"),
        "is_abandoned": ("bool", "the customer left before anybody helped"),
        "support_tier": ("int8", "tier that closed it, -1 none"),
        **_SAYS,
    },
    "survey_responses": {
        "response": ("int64", "global id of the invitation"),
        "survey": ("int8", "code into SURVEYS"),
        **_WHO,
        "customer": ("int64", "CRM number delivered, -1 where only the address is"),
        "shows_email": ("bool", "delivered with the person's address"),
        "invited_at": (_AT, "when"),
        "reminded_at": (_AT, "when reminded, NaT never"),
        "answered_at": (_AT, "NaT never; may lie after the last day"),
        "language": ("int8", "code into LANGUAGES"),
        "touchpoint": ("int8", "code into SURVEY_TOUCHPOINTS, -1 the relation as a whole"),
        "wave": ("int16", "year times 10 plus half-year, of the relational survey; -1 none"),
        "order": ("int64", "order asked about, -1 none"),
        "nps": ("int16", "0-10, SKIPPED or NO_SCORE"),
        "csat": ("int16", "1-5, SKIPPED or NO_SCORE"),
        "ces": ("int16", "1-7, 7 = easy, SKIPPED or NO_SCORE"),
        "value_for_money": ("int16", "1-5, after a purchase only"),
        "expectation": ("int16", "lived against expected, 1-5, 3 = as expected, after a purchase only"),
        **_SAYS,
    },
    "feedback": {
        "feedback": ("int64", "global id"),
        **_WHO,
        "customer": ("int64", "CRM number delivered, else -1"),
        "published_at": (_AT, "when it appeared"),
        "platform": ("int8", "code into PLATFORMS"),
        "rating": ("int8", "1-5, -1 none"),
        "language": ("int8", "code into LANGUAGES"),
        "replied_at": (_AT, "NaT never; may lie after the last day"),
        "order": ("int64", "order it is about, -1 none"),
        **_SAYS,
    },
    "messages": {
        "message": ("int64", "global id"),
        **_WHO,
        "customer": ("int64", "CRM number, -1 for a guest"),
        "shows_email": ("bool", "delivered with the person's address"),
        "sent_at": (_AT, "when"),
        "channel": ("int8", "code into MESSAGE_CHANNELS"),
        "purpose": ("int8", "code into PURPOSES"),
        "campaign": ("int32", "year times 100 plus month of a newsletter, -1 none"),
        "is_personalised": ("bool", "content made for the addressee"),
        "delivered_at": (_AT, "NaT bounced"),
        "opened_at": (_AT, "NaT never"),
        "clicked_at": (_AT, "NaT never"),
        "unsubscribed_at": (_AT, "NaT never"),
    },
    "referrals": {
        "referral": ("int64", "global id"),
        **_WHO,
        "customer": ("int64", "CRM number of the customer who recommends"),
        "friend_row": ("int64", "row of the friend, -1 for one who never came"),
        "friend_customer": ("int64", "CRM number of the friend, else -1"),
        "referred_at": (_AT, "when"),
    },
    "loyalty_events": {
        "loyalty_event": ("int64", "global id"),
        **_WHO,
        "customer": ("int64", "CRM number"),
        "loyalty": ("int64", "card"),
        "occurred_at": (_AT, "when"),
        "event_type": ("int8", "code into LOYALTY_EVENT_TYPES"),
        "points": ("int32", "signed; 0 where none move"),
        "tier": ("int8", "code into TIERS after the movement"),
    },
    "contracts": {
        "contract": ("int64", "global id"),
        **_WHO,
        "customer": ("int64", "CRM number"),
        "signed_at": (_AT, "when"),
        "starts_on": (_AT, "first day in force"),
        "ends_on": (_AT, "last day in force; may lie after the last day"),
        "cancelled_on": (_AT, "day of an early end, NaT none"),
        "renews_contract": ("int64", "contract it renews, -1 none"),
        "plan": ("int8", "code into PLANS"),
        "currency": ("int8", "code into CURRENCIES"),
        "annual_amount": ("int64", "cents of that currency per year"),
        "period": ("int16", "0 the first contract of its chain, 1 its first renewal, …"),
    },
    "marketing_costs": {
        "month_start": (_AT, "first day of the month"),
        "acquisition_channel": ("int8", "code into CHANNELS"),
        "campaign": ("int8", "0 all year round, 1 the season's"),
        "cost_amount": ("int64", "euro cents"),
        "known_on": (_AT, "day the books of the month close"),
    },
    "fx_rates": {
        "currency": ("int8", "code into CURRENCIES"),
        "rate_date": (_AT, "day"),
        "rate": ("float64", "euros for one unit, six decimals"),
    },
    "initiatives": {
        "initiative": ("int64", "position in reference.INITIATIVES"),
        "starts_on": (_AT, "first day in effect"),
        "cost_amount": ("int64", "euro cents"),
    },
    "verbatims": {
        "table": ("int8", "code into VERBATIM_TABLES"),
        "row": ("int64", "global id of the row that holds the text"),
        "theme": ("int8", "code into verbatims.THEMES"),
        "sentiment": ("int8", "code into verbatims.SENTIMENTS"),
        "language": ("int8", "code into LANGUAGES"),
        "text": ("int32", "number of the text"),
    },
}  # fmt: skip
VERBATIM_TABLES = ("survey_responses", "feedback", "interactions")


def framed_after(name: str, columns: Mapping[str, npt.NDArray | pd.Series]) -> pd.DataFrame:
    """A frame with exactly the columns of ``AFTERMATH_FRAMES[name]``, in order and of their type.

    Instants in the second pass of a doubled hour move to its end, so that local times can be read and order is kept.

    Args:
        name: frame.
        columns: arrays of one length by column.

    Raises:
        ValueError: a column too many or too few.
    """
    wanted = AFTERMATH_FRAMES[name]
    if wanted.keys() != columns.keys():
        odd = sorted(wanted.keys() ^ columns.keys())
        raise ValueError(f"frame {name}: columns {', '.join(odd)} are missing or unknown")
    typed = {column: np.asarray(columns[column]).astype(kind) for column, (kind, _) in wanted.items()}
    return pd.DataFrame({name: _readable(each) if each.dtype.kind == "M" else each for name, each in typed.items()})


def _readable(instants: npt.NDArray) -> npt.NDArray:
    is_doubled = ~np.isnat(instants) & (told_apart(instants) != instants)
    end = instants.astype("datetime64[h]") + np.timedelta64(1, "h")
    return np.where(is_doubled, end.astype("datetime64[s]"), instants)
