"""From what was lived to what is felt and said: satisfaction lost by frictions, themes, sentiments, texts.

Belongs here: the link between a friction and a feeling, shared by surveys, reviews and support.
Does not belong here: who is asked or speaks up, and when.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.draws import Lately, draw_codes
from pipeline.sample.aftermath.frames import GIVES_AWAY, TOPICS
from pipeline.sample.aftermath.verbatims import SENTIMENTS, THEMES, pick_texts
from pipeline.sample.ground.seasons import Flags, Floats, Instants
from pipeline.sample.ground.vocabulary import FRICTIONS

HURTS = {
    "payment_failure": 1.1, "checkout_error": 0.8, "failed_search": 0.5, "page_error": 0.5, "slow_page": 0.2,
    "price_rise": 0.7, "checkout_loop": 0.6, "help_then_contact": 0.4, "late_delivery": 1.3, "no_follow_up": 0.2,
    "slow_first_response": 0.9, "repeat_contact": 0.7, "escalation": 0.6, "bot_dead_end": 0.7,
    "unanswered_review": 0.5, "contact_pressure": 0.5, "long_return": 1.0, "channel_silo": 0.5,
}  # fmt: skip
"""Satisfaction lost for ``HURT_DAYS`` by living it once; the mood of a person has a spread of 0.6."""
HURT_DAYS = 30
MOST_HURT = 3.0

THEME_OF_FRICTION = {
    "payment_failure": "payment", "checkout_error": "checkout", "failed_search": "search", "page_error": "site_errors",
    "slow_page": "site_speed", "price_rise": "price", "checkout_loop": "checkout",
    "help_then_contact": "support_effort", "late_delivery": "delivery", "no_follow_up": "follow_up",
    "slow_first_response": "support_delay", "repeat_contact": "support_effort", "escalation": "support_effort",
    "bot_dead_end": "chatbot", "unanswered_review": "feedback_ignored", "contact_pressure": "over_contact",
    "long_return": "returns", "channel_silo": "channel_coherence",
}  # fmt: skip
_THEME_OF_TOPIC = {
    "livraison": "delivery", "paiement": "payment", "retour": "returns", "produit": "product_quality",
    "compte": "checkout", "facture": "price",
}  # fmt: skip
_IDLE_SHARES = {
    "delivery": 3, "follow_up": 1, "payment": 1, "checkout": 2, "price": 2, "search": 1, "site_errors": 0.5,
    "site_speed": 0.5, "returns": 0.5, "support_delay": 0.5, "support_effort": 0.5, "chatbot": 0.2,
    "channel_coherence": 0.4, "feedback_ignored": 0.1, "over_contact": 0.3, "product_quality": 5, "staff": 2,
    "general": 3,
}  # fmt: skip
"""What people talk about when nothing happened to them."""
_NAMES_WHAT_HURT = (0.85, 0.4, 0.05)  # by sentiment: the more it hurts, the more it is told
_GLAD, _SORE = 0.1, -0.6
_TELLS_EMAIL, _TELLS_PHONE = 0.015, 0.015

NEGATIVE, NEUTRAL, POSITIVE = range(len(SENTIMENTS))
_FRICTION_THEMES = np.array([THEMES.index(THEME_OF_FRICTION[name]) for name in FRICTIONS], dtype=np.int8)
_TOPIC_THEMES = np.array([THEMES.index(_THEME_OF_TOPIC[name]) for name in TOPICS], dtype=np.int8)


def lived(exposures: pd.DataFrame) -> Lately:
    """Frictions to look back at: what each hurts, and which it was.

    Args:
        exposures: frame ``exposures`` of ``world``, web and after-sale.
    """
    friction = exposures["friction"].to_numpy()
    hurt = np.array([HURTS[name] for name in FRICTIONS])[friction]
    at = exposures["at"].to_numpy("datetime64[s]")
    return Lately.of(exposures["person_row"].to_numpy(), at, weight=hurt, label=friction)


def hurt_of(past: Lately, person_row: npt.NDArray, at: Instants) -> Floats:
    """Satisfaction each person has lost at an instant by what was lived in the ``HURT_DAYS`` before, shape (n,)."""
    return np.minimum(past.weight_of(person_row, at, days=HURT_DAYS), MOST_HURT)


def sentiment_of(feeling: Floats) -> npt.NDArray[np.int8]:
    """Sentiment a feeling is put into words with, shape (n,)."""
    return np.where(feeling > _GLAD, POSITIVE, np.where(feeling < _SORE, NEGATIVE, NEUTRAL)).astype(np.int8)


def theme_of(
    rng: np.random.Generator, past: Lately, *, person_row: npt.NDArray, at: Instants, sentiment: npt.NDArray
) -> npt.NDArray[np.int8]:
    """What each person talks about: the last friction lived, the likelier the worse the mood, else anything."""
    last = past.last_of(person_row, at, days=HURT_DAYS)
    names_it = (last >= 0) & (rng.random(len(last)) < np.array(_NAMES_WHAT_HURT)[sentiment])
    idle = draw_codes(rng, len(last), [_IDLE_SHARES[name] for name in THEMES])
    return np.where(names_it, _FRICTION_THEMES[last], idle).astype(np.int8)


def theme_of_topic(topic: npt.NDArray) -> npt.NDArray[np.int8]:
    """Theme of a support contact's topic."""
    return _TOPIC_THEMES[topic]


@dataclass(frozen=True)
class Said:
    """Texts of rows, -1 where nothing is said, and what they give away of their writer."""

    text: npt.NDArray[np.int32]
    gives_away: npt.NDArray[np.int8]


def said(
    rng: np.random.Generator,
    persons: pd.DataFrame,
    *,
    person_row: npt.NDArray,
    themes: npt.NDArray,
    sentiments: npt.NDArray,
    speaks: Flags,
) -> Said:
    """Put themes and sentiments into words, in the language of each person.

    Args:
        rng: source of chance.
        persons: all persons of the block.
        person_row: who speaks, shape (n,).
        themes: codes into ``THEMES``.
        sentiments: codes into ``SENTIMENTS``.
        speaks: whether anything is said at all.
    """
    languages = persons["language"].to_numpy()[person_row]
    texts = pick_texts(rng, themes=themes, sentiments=sentiments, languages=languages)
    draw = rng.random(len(texts))
    mails = (draw < _TELLS_EMAIL) & (persons["email"].to_numpy()[person_row] >= 0)
    tells = (draw >= 1 - _TELLS_PHONE) & (persons["phone"].to_numpy()[person_row] >= 0)
    away = np.where(mails, GIVES_AWAY.index("email"), np.where(tells, GIVES_AWAY.index("phone"), 0))
    return Said(np.where(speaks, texts, -1).astype(np.int32), np.where(speaks, away, 0).astype(np.int8))
