"""What customers say and ask: survey invitations and answers, reviews, support contacts.

Belongs here: satisfaction that follows from what was lived. Does not belong here: what was lived.
"""

import numpy as np
import pandas as pd

from pipeline.sample import vocabulary as words
from pipeline.sample.people import only_where, picked
from pipeline.sample.sales import Sales
from pipeline.sample.seasons import DAY, LAST_DROP, Flags, Floats, business_day, draw_moments, later, to_utc

NO_ANSWER = 99
"""Code a respondent's skipped question is delivered with."""

_ANSWERED, _SKIPPED, _COMMENTED = 0.35, 0.04, 0.4
_LATE_HURTS, _PAYMENT_HURTS, _SEARCH_HURTS = 1.3, 1.1, 0.5
_OFF_SCALE = 3


def bad_moments(visits: pd.DataFrame, sales: Sales) -> pd.DataFrame:
    """What went wrong for known customers: ``owner``, ``at``, ``hurt`` (satisfaction lost), by time."""
    known = visits[visits["owner"] >= 0]
    late = sales.deliveries[sales.deliveries["_is_late"]]
    owner_of = sales.orders.set_index("order_id")["owner"]
    parts = [
        _moments(known[known["payment_fails"]], _PAYMENT_HURTS),
        _moments(known[known["search_fails"]], _SEARCH_HURTS),
        pd.DataFrame(
            {
                "owner": owner_of.reindex(late["order_id"]).to_numpy(),
                "at": late["delivered_at"].to_numpy("datetime64[s]"),
                "hurt": _LATE_HURTS,
            }
        ),
    ]
    return pd.concat(parts, ignore_index=True).sort_values(["at", "owner", "hurt"], ignore_index=True)


def _moments(visits: pd.DataFrame, hurt: float) -> pd.DataFrame:
    return pd.DataFrame({
        "owner": visits["owner"].to_numpy(), "at": visits["start"].to_numpy("datetime64[s]"), "hurt": hurt,
    })  # fmt: skip


def _recent_hurt(asked: pd.DataFrame, moments: pd.DataFrame) -> Floats:
    """Cost of the last bad moment in the 30 days before each invitation."""
    left = asked[["owner", "at"]].assign(row=np.arange(len(asked))).sort_values("at", kind="stable")
    right = moments.sort_values("at", kind="stable")
    matched = pd.merge_asof(left, right, on="at", by="owner", tolerance=pd.Timedelta(days=30))
    return np.asarray(matched.set_index("row")["hurt"].sort_index().fillna(0.0), dtype=np.float64)


def make_surveys(
    rng: np.random.Generator, customers: pd.DataFrame, sales: Sales, moments: pd.DataFrame
) -> pd.DataFrame:
    """One row per invitation with one column per question; scores empty where unanswered."""
    asked = _invitations(rng, customers, sales)
    count = len(asked)
    owner = asked["owner"].to_numpy()
    feeling = customers["_mood"].to_numpy(float)[owner] + rng.normal(0, 0.6, count) - _recent_hurt(asked, moments)
    answers: Flags = rng.random(count) < _ANSWERED
    links_by_mail = rng.random(count) < 0.4
    surveys = pd.DataFrame(
        {
            "response_id": [f"Q{number:07d}" for number in range(1, count + 1)],
            "survey_id": asked["survey_id"],
            "customer_id": only_where(~links_by_mail, customers["customer_id"].to_numpy(object)[owner]),
            "email": only_where(links_by_mail | (rng.random(count) < 0.3), customers["email"].to_numpy(object)[owner]),
            "invited_at": asked["at"].to_numpy("datetime64[s]"),
            "answered_at": later(asked["at"], rng.exponential(1.2 * DAY, count).astype(np.int64) + 600),
            "language": customers["language"].to_numpy(object)[owner],
            "touchpoint": asked["touchpoint"],
            "order_id": asked["order_id"],
        }
    )
    surveys.loc[~answers, "answered_at"] = pd.NaT
    surveys = _with_scores(rng, surveys, feeling, answers)
    comments = _comments(rng, feeling, surveys["language"].to_numpy(object), customers.iloc[owner])
    surveys["comment"] = only_where(answers & (rng.random(count) < _COMMENTED), comments)
    return surveys


def _with_scores(rng: np.random.Generator, surveys: pd.DataFrame, feeling: Floats, answers: Flags) -> pd.DataFrame:
    """A column per question; some skipped, three recommendations beyond the scale."""
    count = len(surveys)
    for question, middle, spread, low, high in (
        ("nps", 8.55, 1.75, 0, 10),
        ("csat", 4.25, 0.75, 1, 5),
        ("ces", 5.5, 1.1, 1, 7),
    ):
        score = np.clip(np.round(middle + spread * (feeling + rng.normal(0, 0.45, count))), low, high)
        score = np.where(rng.random(count) < _SKIPPED, NO_ANSWER, score)
        surveys[question] = pd.array(np.where(answers, score, np.nan), dtype="Int64")
    wrong = rng.choice(np.flatnonzero(answers), size=_OFF_SCALE, replace=False)
    surveys.loc[wrong, "nps"] = [11, 12, 15]
    return surveys


def _invitations(rng: np.random.Generator, customers: pd.DataFrame, sales: Sales) -> pd.DataFrame:
    """Who is asked when: after half of the orders, and twice a year about the relation; in order of time."""
    bought = sales.orders[(sales.orders["order_type"] == "sale") & (sales.orders["owner"] >= 0)]
    bought = bought[rng.random(len(bought)) < 0.5]
    owner, second = draw_moments(
        rng, start=customers["_start"].to_numpy(float), end=customers["_end"].to_numpy(float),
        yearly_rate=np.full(len(customers), 0.6),
    )  # fmt: skip
    relation = pd.DataFrame({"owner": owner, "at": to_utc(second), "survey_id": "relation", "touchpoint": None})
    after = pd.DataFrame(
        {
            "owner": bought["owner"].to_numpy(),
            "at": later(bought["ordered_at"], rng.integers(6 * DAY, 12 * DAY, len(bought))),
            "survey_id": "apres-achat",
            "touchpoint": "purchase",
            "order_id": bought["order_id"].to_numpy(object),
        }
    )
    both = pd.concat([after, relation], ignore_index=True).astype({"order_id": object})
    both = both[business_day(both["at"]) <= np.datetime64(LAST_DROP, "D")]
    return both.sort_values(["at", "owner"], kind="stable", ignore_index=True)


def _comments(rng: np.random.Generator, feeling: Floats, language: np.ndarray, customer: pd.DataFrame) -> np.ndarray:
    """A text per row that fits the feeling; a few give a number or an address away, as people do."""
    count = len(feeling)
    texts = np.full(count, "", dtype=object)
    for tone, happens in ((words.PRAISE, feeling > 0.1), (words.GRUMBLE, feeling < -0.6)):
        for code, lines in tone.items():
            texts = np.where(happens & (language == code), picked(rng, lines, count), texts)
    for code, lines in words.NEUTRAL.items():
        texts = np.where((texts == "") & (language == code), picked(rng, lines, count), texts)
    told = rng.random(count)
    with_mail = texts + " Écrivez-moi : " + customer["email"].to_numpy(object)
    with_phone = texts + " Rappelez-moi au " + customer["phone"].fillna("06 39 98 00 00").to_numpy(object)
    return np.where(told < 0.015, with_mail, np.where(told < 0.03, with_phone, texts))


def make_feedback(rng: np.random.Generator, customers: pd.DataFrame, sales: Sales) -> pd.DataFrame:
    """Public reviews after one order in fifty."""
    about = sales.orders[sales.orders["order_type"] == "sale"]
    about = about[(rng.random(len(about)) < 0.02) & (about["owner"] >= 0)].reset_index(drop=True)
    count = len(about)
    owner = about["owner"].to_numpy()
    late = about["order_id"].isin(sales.deliveries.loc[sales.deliveries["_is_late"], "order_id"]).to_numpy()
    feeling = customers["_mood"].to_numpy(float)[owner] + rng.normal(0, 0.7, count) - _LATE_HURTS * late
    language = customers["language"].to_numpy(object)[owner]
    published = later(about["ordered_at"], rng.integers(4 * DAY, 15 * DAY, count))
    replied = later(published, rng.integers(DAY // 8, 6 * DAY, count))
    return pd.DataFrame(
        {
            "feedback_id": [f"AVIS{number:05d}" for number in range(1, count + 1)],
            "customer_id": only_where(rng.random(count) < 0.6, about["customer_id"].to_numpy(object)),
            "published_at": published,
            "platform": picked(rng, words.PLATFORMS, count),
            "rating": np.clip(np.round(4.1 + feeling), 1, 5).astype(np.int64),
            "body": _comments(rng, feeling, language, customers.iloc[owner]),
            "language": language,
            "replied_at": np.where(rng.random(count) < 0.55, replied, np.datetime64("NaT")),
            "order_id": about["order_id"],
        }
    )


def _occasions(rng: np.random.Generator, sales: Sales, moments: pd.DataFrame) -> pd.DataFrame:
    """Who gets in touch, when and about what."""
    upset = moments[rng.random(len(moments)) < 0.22 * moments["hurt"].to_numpy()]
    topics = upset["hurt"].map({_LATE_HURTS: "livraison", _PAYMENT_HURTS: "paiement", _SEARCH_HURTS: "produit"})
    some = sales.orders[(rng.random(len(sales.orders)) < 0.05) & (sales.orders["owner"] >= 0)]
    calls = pd.DataFrame({
        "owner": np.concatenate([upset["owner"], some["owner"]]),
        "at": np.concatenate([
            later(upset["at"], np.full(len(upset), 5400)),
            later(some["ordered_at"], np.full(len(some), 2 * DAY)),
        ]),
        "topic": np.concatenate([topics.to_numpy(object), picked(rng, words.TOPICS, len(some))]),
        "is_complaint": np.concatenate([rng.random(len(upset)) < 0.5, rng.random(len(some)) < 0.1]),
    })  # fmt: skip
    return calls.sort_values(["at", "owner", "topic"], kind="stable", ignore_index=True)


def make_interactions(
    rng: np.random.Generator, customers: pd.DataFrame, sales: Sales, moments: pd.DataFrame
) -> pd.DataFrame:
    """Support contacts: after a share of what went wrong, and now and then for nothing in particular."""
    calls = _occasions(rng, sales, moments)
    count = len(calls)
    who = customers.iloc[calls["owner"].to_numpy(int)].reset_index(drop=True)
    channel = picked(rng, ("phone", "email", "chat", "chatbot", "social", "store"), count, (30, 28, 18, 12, 4, 8))
    wait = np.where(channel == "email", rng.exponential(9 * 3600, count), rng.exponential(240, count)) + 20
    work = rng.lognormal(6.0, 0.6, count).astype(np.int64)
    first = later(calls["at"], wait.astype(np.int64))
    calls = calls.rename(columns={"at": "opened_at"})
    return pd.DataFrame(
        {
            "interaction_id": [f"CT{number:06d}" for number in range(1, count + 1)],
            "customer_id": only_where(rng.random(count) < 0.75, who["customer_id"].to_numpy(object)),
            "email": only_where(channel == "email", who["email"].to_numpy(object)),
            "phone": only_where(channel == "phone", who["phone"].to_numpy(object)),
            "opened_at": calls["opened_at"],
            "channel": channel,
            "direction": "inbound",
            "topic": calls["topic"],
            "is_complaint": calls["is_complaint"],
            "is_automatic": channel == "chatbot",
            "first_response_at": first,
            "closed_at": later(first, work + np.where(rng.random(count) < 0.3, 2 * DAY, 0)),
            "handling_seconds": pd.array(work, dtype="Int64"),
            "support_tier": pd.array(1 + (rng.random(count) < 0.15), dtype="Int64"),
            "note": _comments(rng, np.where(calls["is_complaint"], -1.0, -0.2), who["language"].to_numpy(object), who),
        }
    )
