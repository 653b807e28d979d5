"""Support contacts as the helpdesk delivers them.

Belongs here: frame ``interactions``. Does not belong here: why customers call and how it goes (see ``cases``).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.draws import NEVER, between, draw_codes, is_in_history, numbered
from pipeline.sample.aftermath.frames import CONTACT_CHANNELS, DIRECTIONS, framed_after
from pipeline.sample.aftermath.sayings import NEGATIVE, NEUTRAL, POSITIVE, said, theme_of_topic
from pipeline.sample.ground.seasons import DAY, Flags, later
from pipeline.sample.ground.vocabulary import EVENT_NAMES, FRICTIONS
from pipeline.sample.ground.world import NOBODY

CALL_BACK_SHARE = 0.04
"""Share of the contacts a human closed after which the company calls to ask whether all is well."""
CHAT_TALKS = 0.4
"""Share of the chat windows opened on the site in which a word is said."""
_FOUND, _NOTED = 0.75, 0.7
_MAIL, _PHONE, _CHAT = (CONTACT_CHANNELS.index(name) for name in ("email", "phone", "chat"))
_INBOUND, _OUTBOUND = (DIRECTIONS.index(name) for name in ("inbound", "outbound"))
_COLUMNS = (
    "case", "person_row", "order", "opened_at", "channel", "topic", "is_complaint", "is_automatic",
    "acknowledged_at", "first_response_at", "closed_at", "handling_seconds", "waiting_seconds", "is_abandoned",
    "support_tier",
)  # fmt: skip


def make_interactions(
    rng: np.random.Generator,
    *,
    cases: pd.DataFrame,
    persons: pd.DataFrame,
    orders: pd.DataFrame,
    events: pd.DataFrame,
    exposures: pd.DataFrame,
    end: np.datetime64,
) -> pd.DataFrame:
    """Every contact of the history: cases that hang on orders, chats while shopping, calls after a help page.

    Args:
        rng: source of chance.
        cases: contacts as made by ``make_cases``, of kept orders.
        persons: all persons of the block.
        orders: frame ``orders`` of ``world``, kept ones.
        events: frame ``events`` of ``world``; each ``chat_open`` is a chat.
        exposures: frame ``exposures`` of ``world``; each ``help_then_contact`` is a contact minutes later.
        end: instant at which the history ends.

    Returns:
        Frame ``interactions`` in order of time.
    """
    linked = cases.loc[:, [*_COLUMNS]].assign(direction=_INBOUND)
    quick = pd.concat([_chats(rng, events), _calls_after_help(rng, exposures)], ignore_index=True)
    quick["case"] = int(linked["case"].max() + 1 if len(linked) else 0) + np.arange(len(quick))
    contacts = pd.concat([linked, quick, _call_backs(rng, linked)], ignore_index=True)
    contacts = contacts[is_in_history(contacts["opened_at"], end)]
    contacts = contacts.sort_values(["opened_at", "person_row", "case"], kind="stable", ignore_index=True)
    contacts["contact"] = numbered(persons, len(contacts))
    contacts["case"] = contacts.groupby("case")["contact"].transform("min")
    return _identified(rng, contacts, persons, orders)


def _quick(rng: np.random.Generator, opened: npt.NDArray, channel: npt.NDArray) -> pd.DataFrame:
    """Contacts answered within minutes and done with at once."""
    count = len(opened)
    wait, work = rng.integers(15, 240, count), rng.lognormal(5.5, 0.5, count).astype(np.int64)
    answered = later(opened, wait)
    return pd.DataFrame({
        "order": NOBODY, "opened_at": opened, "channel": channel, "direction": _INBOUND,
        "topic": draw_codes(rng, count, (1, 2, 2, 5, 2, 1)), "is_complaint": False, "is_automatic": False,
        "acknowledged_at": answered, "first_response_at": answered, "closed_at": later(answered, work),
        "handling_seconds": work, "waiting_seconds": wait, "is_abandoned": False, "support_tier": 1,
    })  # fmt: skip


def _chats(rng: np.random.Generator, events: pd.DataFrame) -> pd.DataFrame:
    """Chats opened on the site, under the account the visitor was logged in to.

    Not in a visit to the help pages: a contact after those is a friction, and all of them are planted.
    """
    name, visit = events["event_name"].to_numpy(), events["visit"].to_numpy()
    opened = (name == EVENT_NAMES.index("chat_open")) & (events["person_row"].to_numpy() >= 0)
    opened &= ~np.isin(visit, visit[name == EVENT_NAMES.index("help_view")])
    asked = events[opened & (rng.random(len(events)) < CHAT_TALKS)]
    chats = _quick(rng, asked["occurred_at"].to_numpy("datetime64[s]"), np.full(len(asked), _CHAT))
    return chats.assign(person_row=asked["person_row"].to_numpy(), logged_in=asked["customer"].to_numpy())


def _calls_after_help(rng: np.random.Generator, exposures: pd.DataFrame) -> pd.DataFrame:
    """The help page did not help: a contact two to twenty minutes later."""
    asked = exposures[exposures["friction"].to_numpy() == FRICTIONS.index("help_then_contact")]
    opened = between(rng, asked["at"], 120, 1200)
    channel = np.array([_CHAT, _PHONE, _MAIL])[draw_codes(rng, len(asked), (0.5, 0.3, 0.2))]
    calls = _quick(rng, opened, channel).assign(person_row=asked["person_row"].to_numpy())
    calls.loc[calls["channel"] == _MAIL, "waiting_seconds"] = -1
    return calls


def _call_backs(rng: np.random.Generator, contacts: pd.DataFrame) -> pd.DataFrame:
    done = contacts[~contacts["is_abandoned"].to_numpy(bool) & ~contacts["is_automatic"].to_numpy(bool)]
    called = done[rng.random(len(done)) < CALL_BACK_SHARE]
    opened = between(rng, called["closed_at"], DAY, 3 * DAY)
    work = rng.integers(60, 400, len(called))
    return called.assign(
        opened_at=opened, channel=_PHONE, direction=_OUTBOUND, is_complaint=False, acknowledged_at=NEVER,
        first_response_at=NEVER, closed_at=later(opened, work), handling_seconds=work, waiting_seconds=-1,
    )  # fmt: skip


def _identified(
    rng: np.random.Generator, contacts: pd.DataFrame, persons: pd.DataFrame, orders: pd.DataFrame
) -> pd.DataFrame:
    """Whose contact it is as far as the agent found out, and the note taken."""
    count, row, channel = len(contacts), contacts["person_row"].to_numpy(), contacts["channel"].to_numpy()
    who = persons.iloc[row]
    used = orders.set_index("order")["customer"].reindex(contacts["order"]).to_numpy(float)
    account = np.where(np.isnan(used), who["customer"].to_numpy(), used).astype(np.int64)
    found: Flags = rng.random(count) < _FOUND
    logged_in = contacts["logged_in"].to_numpy(float) if "logged_in" in contacts else np.full(count, np.nan)
    customer = np.where(found, account, NOBODY)
    customer = np.where(np.isnan(logged_in), customer, logged_in).astype(np.int64)
    complains = contacts["is_complaint"].to_numpy(bool)
    usual = np.array([NEGATIVE, NEUTRAL, POSITIVE])[draw_codes(rng, count, (0.15, 0.75, 0.1))]
    words = said(
        rng, persons, person_row=row, themes=theme_of_topic(contacts["topic"].to_numpy()),
        sentiments=np.where(complains, NEGATIVE, usual), speaks=rng.random(count) < _NOTED,
    )  # fmt: skip
    columns = {name: contacts[name] for name in (*_COLUMNS, "contact", "direction")}
    return framed_after("interactions", columns | {
        "customer": customer,
        "shows_email": (channel == _MAIL) & (who["email"].to_numpy() >= 0),
        "shows_phone": (channel == _PHONE) & (who["phone"].to_numpy() >= 0),
        "text": words.text, "gives_away": words.gives_away,
    })  # fmt: skip
