"""What people say follows from what they lived: scores fall by the stated size, words name what hurt."""

import numpy as np
import pandas as pd
import pytest

from pipeline.sample.aftermath import asking, sayings, voices
from pipeline.sample.aftermath.asking import Asked
from pipeline.sample.aftermath.draws import Lately
from pipeline.sample.aftermath.frames import CONTACT_CHANNELS, NO_SCORE, SKIPPED, SURVEY_TOUCHPOINTS, SURVEYS
from pipeline.sample.aftermath.sayings import (
    HURT_DAYS,
    HURTS,
    MOST_HURT,
    THEME_OF_FRICTION,
    hurt_of,
    lived,
    said,
    theme_of,
)
from pipeline.sample.aftermath.service import CHAT_TALKS, make_interactions
from pipeline.sample.aftermath.verbatims import SENTIMENTS, THEMES, meaning_of
from pipeline.sample.ground.seasons import end_instant, later
from pipeline.sample.ground.vocabulary import EVENT_NAMES, FRICTIONS
from tests.unit.sample import blocks

DAY = 86_400


@pytest.fixture(scope="module")
def block() -> blocks.Block:
    return blocks.block(order_count=20_000, person_count=4000)


@pytest.fixture(scope="module")
def others(block) -> dict[str, pd.DataFrame]:
    return block.others()


def _asked(person_row: np.ndarray, at: np.datetime64) -> Asked:
    count = len(person_row)
    return Asked(pd.DataFrame({
        "survey": 0, "person_row": person_row, "customer": person_row, "invited_at": np.full(count, at),
        "touchpoint": 0, "wave": -1, "order": -1,
    }))  # fmt: skip


@pytest.mark.parametrize("friction", ["late_delivery", "payment_failure", "contact_pressure"])
def test_satisfaction_falls_by_the_stated_size_for_thirty_days(friction, monkeypatch):
    monkeypatch.setattr(voices, "SCALES", dict.fromkeys(voices.SCALES, voices.Scale(0, 100, -10_000, 10_000)))
    monkeypatch.setattr(voices, "ANSWERED_SHARE", 1.0)
    people = blocks.persons(40_000)
    at = np.datetime64("2025-06-30T12:00:00", "s")
    row = np.arange(len(people))
    struck, before = row[row % 3 == 0], row[row % 3 == 1]
    moments = np.concatenate([np.full(len(struck), at - 29 * DAY), np.full(len(before), at - 31 * DAY)])
    code = np.full(len(moments), FRICTIONS.index(friction))
    past = lived(pd.DataFrame({"person_row": np.concatenate([struck, before]), "at": moments, "friction": code}))
    surveys = voices.make_surveys(
        np.random.default_rng(3), asked=_asked(row, at), persons=people, past=past, end=end_instant()
    )
    surveys = surveys[surveys["csat"] != SKIPPED]
    mean = surveys.groupby(surveys["person_row"] % 3)["csat"].mean() / 100
    error = 4 * np.sqrt(2 * (0.6**2 + voices.NOISE**2 + voices.QUESTION_NOISE**2) / (len(row) / 3))
    assert mean[2] - mean[0] == pytest.approx(HURTS[friction], abs=error)
    assert mean[2] - mean[1] == pytest.approx(0, abs=error)


def test_hurts_add_up_to_a_bound_and_are_the_persons_own():
    at = np.datetime64("2025-01-31T00:00:00", "s")
    times = later(np.full(6, at), np.array([-1, -2, -3, -4, 5, -31 * DAY]))
    past = Lately.of(np.array([0, 0, 1, 2, 0, 0]), times, weight=np.array([1.0, 0.5, 9.0, 0.25, 7.0, 7.0]),
                     label=np.arange(6))  # fmt: skip
    asked = np.array([0, 1, 2, 3])
    assert hurt_of(past, asked, np.full(4, at)).tolist() == [1.5, MOST_HURT, 0.25, 0.0]
    assert past.last_of(asked, np.full(4, at), days=HURT_DAYS).tolist() == [0, 2, 3, -1]


def test_nothing_lived_is_nothing_to_look_back_at():
    past = lived(pd.DataFrame({"person_row": [], "at": np.zeros(0, dtype="datetime64[s]"), "friction": []}).astype(int))
    at = np.full(2, np.datetime64("2025-01-31", "s"))
    assert hurt_of(past, np.array([0, 1]), at).tolist() == [0, 0]
    assert past.last_of(np.array([0, 1]), at, days=30).tolist() == [-1, -1]


def test_the_sore_name_what_hurt_them():
    count = 5000
    at = np.full(count, np.datetime64("2025-01-31", "s"))
    past = Lately.of(np.arange(count), at, weight=np.ones(count),
                     label=np.full(count, FRICTIONS.index("late_delivery")))  # fmt: skip
    rng = np.random.default_rng(1)
    for sentiment in range(len(SENTIMENTS)):
        told = theme_of(rng, past, person_row=np.arange(count), at=at, sentiment=np.full(count, sentiment))
        share = (told == THEMES.index("delivery")).mean()
        idle = sayings._IDLE_SHARES["delivery"] / sum(sayings._IDLE_SHARES.values())
        names = sayings._NAMES_WHAT_HURT[sentiment]
        assert share == pytest.approx(names + (1 - names) * idle, abs=0.03)


def test_every_friction_hurts_and_has_a_theme():
    assert set(HURTS) == set(THEME_OF_FRICTION) == set(FRICTIONS)
    assert min(HURTS.values()) > 0
    assert set(THEME_OF_FRICTION.values()) <= set(THEMES)


def test_answers_are_on_the_scale_skipped_or_absent(others):
    surveys = others["survey_responses"]
    is_answered = surveys["answered_at"].notna().to_numpy()
    for name, scale in voices.SCALES.items():
        score = surveys[name].to_numpy()
        usual = (score >= scale.low) & (score <= scale.high)
        assert (usual | np.isin(score, [SKIPPED, NO_SCORE])).all()
        asked = is_answered if name in ("nps", "csat", "ces") else is_answered & (surveys["touchpoint"] == 0).to_numpy()
        assert ((score != NO_SCORE) == asked).all()
        assert (score[asked] == SKIPPED).mean() == pytest.approx(voices.SKIPPED_SHARE, abs=0.012)
    share = voices.ANSWERED_SHARE + (
        (1 - voices.ANSWERED_SHARE) * voices.REMINDED_SHARE * voices.ANSWERED_AFTER_REMINDER
    )
    assert is_answered.mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / len(surveys)))
    assert not (surveys["text"].to_numpy()[~is_answered] >= 0).any()


def test_everybody_asked_can_be_reached_and_was_there(block, others):
    surveys, people = others["survey_responses"], block.persons
    assert ((surveys["customer"] >= 0) | surveys["shows_email"]).all()
    assert not (surveys["shows_email"] & (people["email"].to_numpy()[surveys["person_row"]] < 0)).any()
    assert (surveys["invited_at"] < end_instant()).all()
    after = surveys[surveys["order"] >= 0].merge(block.orders[["order", "ordered_at", "person_row"]], on="order")
    assert (after["invited_at"] > after["ordered_at"]).all()
    assert (after["person_row_x"] == after["person_row_y"]).all()
    relation = surveys[surveys["survey"] == SURVEYS.index("relation")]
    assert sorted(relation["wave"].unique()) == [20241, 20242, 20251, 20252]
    assert (relation["touchpoint"] == -1).all()
    registered = people["registered_at"].to_numpy()[relation["person_row"]]
    assert (registered < relation["invited_at"].to_numpy()).all()


def test_those_who_had_to_call_are_asked_about_it(block, others):
    surveys = others["survey_responses"]
    support = surveys[surveys["touchpoint"] == SURVEY_TOUCHPOINTS.index("support")]
    helped = block.aftermath.cases
    helped = helped[~helped["is_automatic"] & ~helped["is_abandoned"]]
    assert len(support) == pytest.approx(asking.ASKED_AFTER_CONTACT * len(helped), rel=0.15)
    assert set(support["order"]) <= set(helped["order"])


def test_nobody_says_anything_before_the_history_or_after_it(others):
    for name, column in (
        ("survey_responses", "invited_at"), ("feedback", "published_at"), ("interactions", "opened_at"),
        ("messages", "sent_at"), ("deliveries", "shipped_at"), ("returns", "requested_at"),
    ):  # fmt: skip
        assert len(others[name]) > 100
        assert others[name][column].between("2023-12-31 23:00:00", "2025-12-31 22:59:59").all()


def test_the_words_of_a_review_fit_its_stars(others):
    reviews = others["feedback"]
    rated = reviews[(reviews["rating"] > 0) & (reviews["text"] >= 0)]
    sentiment = meaning_of(rated["text"].to_numpy())["sentiment"].to_numpy()
    expected = np.where(rated["rating"] <= 2, 0, np.where(rated["rating"] == 3, 1, 2))
    assert (sentiment == expected).all()
    assert (reviews["rating"] == -1).any()


def test_support_contacts_are_linked_to_their_case_and_never_show_what_is_not_there(block, others):
    contacts, people = others["interactions"], block.persons
    first = contacts.groupby("case")[["contact", "opened_at"]].min()
    assert (first["contact"] == first.index).all()
    assert contacts["contact"].is_unique
    assert contacts["opened_at"].is_monotonic_increasing
    shows = contacts[contacts["shows_phone"]]
    assert (shows["channel"] == CONTACT_CHANNELS.index("phone")).all()
    assert (people["phone"].to_numpy()[shows["person_row"]] >= 0).all()
    assert (contacts["closed_at"] >= contacts["opened_at"]).all()
    assert (contacts["direction"] == 1).any()


def test_a_call_follows_a_help_page_that_did_not_help_and_chats_are_those_of_other_visits(block):
    people, at = block.persons, np.datetime64("2025-05-05T10:00:00", "s")
    count = 1000
    asked = pd.DataFrame({
        "friction": FRICTIONS.index("help_then_contact"), "person_row": np.arange(count), "at": np.full(count, at)
    })  # fmt: skip
    seen = (("help_view", 0), ("chat_open", 0), ("chat_open", 1))  # event and visit, for each person
    events = pd.concat(
        pd.DataFrame({
            "event_name": EVENT_NAMES.index(name), "visit": 2 * np.arange(count) + visit, "customer": -1,
            "person_row": np.arange(count), "occurred_at": np.full(count, at + visit * 3 * DAY),
        })
        for name, visit in seen
    )  # fmt: skip
    contacts = make_interactions(
        np.random.default_rng(1), cases=block.aftermath.cases.iloc[:0], persons=people, orders=block.orders,
        events=events, exposures=asked, end=end_instant(),
    )  # fmt: skip
    wait = (contacts["opened_at"].to_numpy() - at).astype("timedelta64[s]").astype(int)
    calls = contacts[(wait >= 120) & (wait <= 1200)]
    assert sorted(calls["person_row"]) == list(range(count))
    chats = contacts[wait == 3 * DAY]
    assert len(chats) == len(contacts) - count == pytest.approx(CHAT_TALKS * count, abs=60)
    assert (chats["channel"] == CONTACT_CHANNELS.index("chat")).all()


def test_some_give_away_an_address_or_a_number_of_their_own():
    people = blocks.persons(20_000)
    row = np.arange(len(people))
    words = said(
        np.random.default_rng(2), people, person_row=row, themes=row * 0, sentiments=row * 0, speaks=row % 2 == 0
    )
    assert (words.text >= 0).sum() == len(people) / 2
    assert not words.gives_away[words.text < 0].any()
    assert (words.gives_away == 1).sum() == pytest.approx(0.015 * len(people) / 2, rel=0.3)
    tells = words.gives_away == 2
    assert tells.any()
    assert (people["phone"].to_numpy()[tells] >= 0).all()


def test_verbatims_are_all_texts_with_their_meaning(others):
    verbatims = others["verbatims"]
    for code, (table, row_id) in enumerate(
        (("survey_responses", "response"), ("feedback", "feedback"), ("interactions", "contact"))
    ):
        spoken = others[table][others[table]["text"] >= 0]
        mine = verbatims[verbatims["table"] == code].set_index("row")
        assert sorted(mine.index) == sorted(spoken[row_id])
        meaning = meaning_of(spoken["text"].to_numpy())
        ordered = mine.loc[spoken[row_id]]
        assert (ordered["theme"].to_numpy() == meaning["theme"].to_numpy()).all()
        assert (ordered["sentiment"].to_numpy() == meaning["sentiment"].to_numpy()).all()
