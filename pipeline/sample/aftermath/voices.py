"""What customers say when asked or unasked: survey invitations with their answers, reviews, mentions, staff reports.

Belongs here: frames ``survey_responses`` and ``feedback``. Does not belong here: what was lived, how it is worded.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.asking import Asked
from pipeline.sample.aftermath.draws import HOUR, NEVER, Lately, between, is_in_history, numbered, only_if
from pipeline.sample.aftermath.frames import NO_SCORE, PLATFORMS, SKIPPED, SURVEY_TOUCHPOINTS, framed_after
from pipeline.sample.aftermath.sayings import hurt_of, said, sentiment_of, theme_of
from pipeline.sample.ground.seasons import DAY, Flags, Floats, later
from pipeline.sample.ground.world import NOBODY

ANSWERED_SHARE = 0.31
"""Share of the invitations answered before any reminder."""
REMINDED_SHARE, ANSWERED_AFTER_REMINDER = 0.6, 0.12
REMINDED_AFTER_DAYS = 7
SKIPPED_SHARE, COMMENTED_SHARE = 0.04, 0.4
SUPPORT_LEVEL = -0.15
"""Satisfaction at the touchpoint "support" against all others."""
NOISE, QUESTION_NOISE = 0.6, 0.45


@dataclass(frozen=True)
class Scale:
    """How a feeling becomes a score: ``middle + spread * feeling``, rounded and held within the scale.

    Attributes:
        middle: score of a neutral feeling.
        spread: points of score per point of satisfaction.
        low: lowest score.
        high: highest score.
    """

    middle: float
    spread: float
    low: int
    high: int


SCALES = {
    "nps": Scale(9.0, 1.75, 0, 10),
    "csat": Scale(4.25, 0.75, 1, 5),
    "ces": Scale(5.5, 1.1, 1, 7),
    "value_for_money": Scale(3.9, 0.6, 1, 5),
    "expectation": Scale(3.3, 0.7, 1, 5),
}
_AFTER_PURCHASE_ONLY = ("value_for_money", "expectation")


def make_surveys(
    rng: np.random.Generator, *, asked: Asked, persons: pd.DataFrame, past: Lately, end: np.datetime64
) -> pd.DataFrame:
    """One row per invitation, with a column per question.

    The feeling behind an answer is mood + level of the touchpoint - what was lived in the 30 days before + noise.

    Args:
        rng: source of chance.
        asked: who is invited when and about what.
        persons: all persons of the block.
        past: frictions lived, web and after-sale.
        end: instant at which the history ends; invitations after it are left out.

    Returns:
        Frame ``survey_responses`` in order of time.
    """
    rows = asked.rows
    rows = rows[is_in_history(rows["invited_at"], end)]
    rows = rows.sort_values(["invited_at", "person_row", "survey"], kind="stable", ignore_index=True)
    count, person_row = len(rows), rows["person_row"].to_numpy()
    invited = rows["invited_at"].to_numpy("datetime64[s]")
    level = SUPPORT_LEVEL * (rows["touchpoint"].to_numpy() == SURVEY_TOUCHPOINTS.index("support"))
    feeling = persons["mood"].to_numpy()[person_row] + level + rng.normal(0, NOISE, count)
    feeling -= hurt_of(past, person_row, invited)
    times = _answer_times(rng, invited)
    answers = ~np.isnat(times["answered_at"])
    bought = answers & (rows["touchpoint"].to_numpy() == SURVEY_TOUCHPOINTS.index("purchase"))
    scores = {
        name: _scores(rng, feeling, scale, bought if name in _AFTER_PURCHASE_ONLY else answers)
        for name, scale in SCALES.items()
    }
    sentiments = sentiment_of(feeling)
    themes = theme_of(rng, past, person_row=person_row, at=invited, sentiment=sentiments)
    words = said(
        rng, persons, person_row=person_row, themes=themes, sentiments=sentiments,
        speaks=answers & (rng.random(count) < COMMENTED_SHARE),
    )  # fmt: skip
    by_mail = (rows["customer"].to_numpy() < 0) | (rng.random(count) < 0.4)
    by_mail &= persons["email"].to_numpy()[person_row] >= 0
    shows = by_mail | (rng.random(count) < 0.3) & (persons["email"].to_numpy()[person_row] >= 0)
    facts = {name: rows[name] for name in ("survey", "person_row", "invited_at", "touchpoint", "wave", "order")}
    return framed_after("survey_responses", facts | times | scores | {
        "response": numbered(persons, count), "shows_email": shows,
        "customer": np.where(by_mail, NOBODY, rows["customer"].to_numpy()),
        "language": persons["language"].to_numpy()[person_row],
        "text": words.text, "gives_away": words.gives_away,
    })  # fmt: skip


def _answer_times(rng: np.random.Generator, invited: npt.NDArray) -> dict[str, npt.NDArray]:
    """When each invitation is answered, and when it was called to mind; ``NaT`` for never."""
    count = len(invited)
    at_once = rng.random(count) < ANSWERED_SHARE
    patience = np.minimum(rng.exponential(1.2 * DAY, count) + 600, REMINDED_AFTER_DAYS * DAY)
    reminds = ~at_once & (rng.random(count) < REMINDED_SHARE)
    reminded = later(invited, np.full(count, REMINDED_AFTER_DAYS * DAY))
    then = reminds & (rng.random(count) < ANSWERED_AFTER_REMINDER)
    again = later(reminded, rng.exponential(DAY, count) + 600)
    answered = np.where(at_once, later(invited, patience), np.where(then, again, NEVER))
    return {"reminded_at": only_if(reminds, reminded), "answered_at": answered}


def _scores(rng: np.random.Generator, feeling: Floats, scale: Scale, answers: Flags) -> npt.NDArray[np.int16]:
    count = len(feeling)
    latent = scale.middle + scale.spread * (feeling + rng.normal(0, QUESTION_NOISE, count))
    score = np.clip(np.round(latent), scale.low, scale.high)
    score = np.where(rng.random(count) < SKIPPED_SHARE, SKIPPED, score)
    return np.where(answers, score, NO_SCORE).astype(np.int16)


MENTION_SHARE, REPORT_SHARE = 0.008, 0.015
"""Social mentions per order; reports of the shop's team per shop order."""
_SOCIAL, _SHOP, _SERVICE = (PLATFORMS.index(name) for name in ("Instagram", "Équipe boutique", "Équipe service client"))


def make_feedback(
    rng: np.random.Generator,
    *,
    reviews: pd.DataFrame,
    persons: pd.DataFrame,
    orders: pd.DataFrame,
    past: Lately,
    end: np.datetime64,
) -> pd.DataFrame:
    """Reviews with their words, social mentions nobody asked for, and what the teams report of their customers.

    Args:
        rng: source of chance.
        reviews: as made by ``make_reviews``, of kept orders.
        persons: all persons of the block.
        orders: kept sales with ``order``, ``person_row``, ``customer``, ``ordered_at`` and ``is_offline``.
        past: frictions lived, web and after-sale.
        end: instant at which the history ends.

    Returns:
        Frame ``feedback`` in order of time.
    """
    unasked = pd.concat([reviews, _mentions(rng, orders, persons), _reports(rng, orders, persons)], ignore_index=True)
    rows = unasked[is_in_history(unasked["published_at"], end)]
    rows = rows.sort_values(["published_at", "person_row", "order"], kind="stable", ignore_index=True)
    count, person_row = len(rows), rows["person_row"].to_numpy()
    at = rows["published_at"].to_numpy("datetime64[s]")
    rating = rows["rating"].to_numpy()
    told = np.where(rating > 0, np.array([2, 0, 0, 1, 2, 2])[rating.clip(0)], sentiment_of(rows["feeling"].to_numpy()))
    themes = theme_of(rng, past, person_row=person_row, at=at, sentiment=told)
    words = said(rng, persons, person_row=person_row, themes=themes, sentiments=told, speaks=rng.random(count) < 0.92)
    account = orders.set_index("order")["customer"].reindex(rows["order"]).fillna(NOBODY).to_numpy(np.int64)
    is_known = rng.random(count) < np.where(rows["platform"].to_numpy() == _SOCIAL, 0.1, 0.6)
    facts = {name: rows[name] for name in ("person_row", "published_at", "platform", "rating", "replied_at")}
    return framed_after("feedback", facts | {
        "feedback": numbered(persons, count), "customer": np.where(is_known, account, NOBODY),
        "language": persons["language"].to_numpy()[person_row],
        "order": np.where(rng.random(count) < 0.9, rows["order"], NOBODY),
        "text": words.text, "gives_away": words.gives_away,
    })  # fmt: skip


def _mentions(rng: np.random.Generator, orders: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    about = orders[rng.random(len(orders)) < MENTION_SHARE]
    at = between(rng, about["ordered_at"], 2 * HOUR, 20 * DAY)
    replies = rng.random(len(about)) < 0.3
    return _unrated(rng, about, persons, at).assign(
        platform=_SOCIAL, replied_at=only_if(replies, between(rng, at, HOUR, 3 * DAY))
    )


def _reports(rng: np.random.Generator, orders: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """What the teams pass on: in the shop on the day, at the service desk a few days later."""
    chance = np.where(orders["is_offline"].to_numpy(bool), REPORT_SHARE, REPORT_SHARE / 4)
    about = orders[rng.random(len(orders)) < chance]
    in_shop = about["is_offline"].to_numpy(bool)
    at = np.where(in_shop, between(rng, about["ordered_at"], 60, 3600), between(rng, about["ordered_at"], DAY, 6 * DAY))
    return _unrated(rng, about, persons, at).assign(platform=np.where(in_shop, _SHOP, _SERVICE), replied_at=NEVER)


def _unrated(rng: np.random.Generator, about: pd.DataFrame, persons: pd.DataFrame, at: npt.NDArray) -> pd.DataFrame:
    mood = persons["mood"].to_numpy()[about["person_row"].to_numpy()]
    feeling = mood + rng.normal(-0.2, 0.9, len(about))
    rows = about.loc[:, ["order", "person_row"]].reset_index(drop=True)
    return rows.assign(published_at=at, rating=-1, feeling=feeling)
