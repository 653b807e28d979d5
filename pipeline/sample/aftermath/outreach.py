"""What the company sends, and friends its customers bring: messages of every purpose, invitations of friends.

Belongs here: frames ``messages`` and ``referrals``. Does not belong here: how much marketing there is (``pressure``).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.draws import NEVER, between, is_in_history, numbered, only_if
from pipeline.sample.aftermath.frames import MESSAGE_CHANNELS, PURPOSES, framed_after
from pipeline.sample.ground.seasons import DAY, Floats, later
from pipeline.sample.ground.vocabulary import CHANNELS, SALES_CHANNELS
from pipeline.sample.ground.world import NOBODY

_OPENED = {"transactional": 0.55, "service": 0.45, "survey": 0.4}
_CLICKED, _BOUNCED = 0.2, 0.01
RENEWAL_NOTICE_DAYS, RENEWAL_NOTICED = 30, 0.7
"""Days before its end at which a contract's renewal is announced, and the share of the contracts where it is."""


@dataclass(frozen=True)
class Occasions:
    """What messages follow: kept rows of the frames that give reason to write.

    Attributes:
        orders: kept sales with ``person_row``, ``customer``, ``ordered_at``, ``sales_channel``.
        parcels: as made by ``make_parcels``.
        pressure: marketing sends as made by ``make_pressure``.
        surveys: frame ``survey_responses``.
        contracts: frame ``contracts``.
    """

    orders: pd.DataFrame
    parcels: pd.DataFrame
    pressure: pd.DataFrame
    surveys: pd.DataFrame
    contracts: pd.DataFrame


def make_messages(
    rng: np.random.Generator, *, occasions: Occasions, persons: pd.DataFrame, end: np.datetime64
) -> pd.DataFrame:
    """Every message of the history, in order of time.

    Newsletters; a confirmation of each web or phone order, a notice of each parcel, of each announced delay, a question
    after its arrival where there is one; survey invitations and reminders; notices of contracts that end.

    Args:
        rng: source of chance.
        occasions: what to write about.
        persons: all persons of the block.
        end: instant at which the history ends.

    Returns:
        Frame ``messages``.
    """
    written = pd.concat(_written(rng, occasions), ignore_index=True)
    written = written[is_in_history(written["sent_at"], end)].reset_index(drop=True)
    reacted = _reactions(rng, written)
    letters = occasions.pressure[is_in_history(occasions.pressure["sent_at"], end)]
    letters = letters.drop(columns=["device", "is_much"]).assign(purpose=PURPOSES.index("marketing"))
    rows = pd.concat([letters, reacted], ignore_index=True)
    rows = rows.sort_values(["sent_at", "person_row", "purpose"], kind="stable", ignore_index=True)
    who = persons.iloc[rows["person_row"].to_numpy()]
    is_mail = rows["channel"].to_numpy() == MESSAGE_CHANNELS.index("email")
    shows = is_mail & (who["email"].to_numpy() >= 0) & (rng.random(len(rows)) < 0.2)
    lacks = who["customer"].to_numpy() < 0
    facts = {name: rows[name] for name in (
        "person_row", "sent_at", "channel", "purpose", "campaign", "is_personalised", "delivered_at", "opened_at",
        "clicked_at", "unsubscribed_at",
    )}  # fmt: skip
    return framed_after("messages", facts | {
        "message": numbered(persons, len(rows)), "customer": who["customer"].to_numpy(),
        "shows_email": shows | (is_mail & lacks & (who["email"].to_numpy() >= 0)),
    })  # fmt: skip


def _written(rng: np.random.Generator, occasions: Occasions) -> list[pd.DataFrame]:
    orders, parcels, surveys = occasions.orders, occasions.parcels, occasions.surveys
    remote = orders[orders["sales_channel"].to_numpy() != SALES_CHANNELS.index("store")]
    ending = occasions.contracts[rng.random(len(occasions.contracts)) < RENEWAL_NOTICED]
    notices = later(ending["ends_on"], np.full(len(ending), -RENEWAL_NOTICE_DAYS * DAY))
    letters = (
        (remote["person_row"], between(rng, remote["ordered_at"], 10, 120), "transactional", "email"),
        (parcels["person_row"], parcels["shipped_at"], "transactional", "email"),
        (parcels["person_row"], parcels["delay_announced_at"], "service", "sms"),
        (parcels["person_row"], parcels["follow_up_at"], "service", "email"),
        (surveys["person_row"], surveys["invited_at"], "survey", "email"),
        (surveys["person_row"], surveys["reminded_at"], "survey", "email"),
        (ending["person_row"], between(rng, notices, 8 * 3600, 16 * 3600), "service", "email"),
    )
    parts = []
    for person_row, sent_at, purpose, channel in letters:
        sent = pd.DataFrame({"person_row": np.asarray(person_row), "sent_at": np.asarray(sent_at)})
        sent = sent.assign(purpose=PURPOSES.index(purpose), channel=MESSAGE_CHANNELS.index(channel))
        parts.append(sent[sent["sent_at"].notna()])
    return parts


def _reactions(rng: np.random.Generator, written: pd.DataFrame) -> pd.DataFrame:
    count, sent = len(written), written["sent_at"].to_numpy("datetime64[s]")
    arrives = rng.random(count) >= _BOUNCED
    chance = np.array([_OPENED.get(name, 0.0) for name in PURPOSES])[written["purpose"].to_numpy()]
    opens = arrives & (rng.random(count) < chance)
    opened = later(sent, rng.exponential(DAY / 4, count) + 60)
    clicks = opens & (rng.random(count) < _CLICKED)
    return written.assign(
        campaign=-1, is_personalised=written["purpose"].to_numpy() == PURPOSES.index("service"),
        delivered_at=only_if(arrives, between(rng, sent, 5, 60)), opened_at=only_if(opens, opened),
        clicked_at=only_if(clicks, between(rng, opened, 5, 600)), unsubscribed_at=np.full(count, NEVER),
    )  # fmt: skip


def make_referrals(rng: np.random.Generator, *, persons: pd.DataFrame, end: np.datetime64) -> pd.DataFrame:
    """Who won by referral was invited by a customer of some time; as many invitations led nowhere.

    Of two customers who had bought by then the more content one recommends.

    Args:
        rng: source of chance.
        persons: all persons of the block, cut.
        end: instant at which the history ends.

    Returns:
        Frame ``referrals`` in order of time.
    """
    first_order = persons["first_order_at"].to_numpy("datetime64[s]")
    can = np.flatnonzero(~np.isnat(first_order) & (persons["customer"].to_numpy() >= 0))
    can = can[np.argsort(first_order[can], kind="stable")]
    came = (persons["acquisition_channel"].to_numpy() == CHANNELS.index("referral")) & (
        persons["customer"].to_numpy() >= 0
    )
    friends = np.flatnonzero(came)
    won_at = between(rng, persons["registered_at"].to_numpy("datetime64[s]")[friends], -6 * DAY, -3600)
    at = np.concatenate([won_at, between(rng, won_at, -40 * DAY, 40 * DAY)])
    friend = np.concatenate([friends, np.full(len(friends), NOBODY)])
    older = np.searchsorted(first_order[can], at)
    kept = (older > 0) & is_in_history(at, end)
    at, friend, older = at[kept], friend[kept], older[kept]
    inviter = _more_content(rng, persons["mood"].to_numpy(), can, older)
    order = np.lexsort([friend, at])
    friend_customer = np.where(friend >= 0, persons["customer"].to_numpy()[friend], NOBODY)
    return framed_after("referrals", {
        "referral": numbered(persons, len(at)), "person_row": inviter[order],
        "customer": persons["customer"].to_numpy()[inviter[order]], "friend_row": friend[order],
        "friend_customer": friend_customer[order], "referred_at": at[order],
    })  # fmt: skip


def _more_content(rng: np.random.Generator, mood: Floats, can: npt.NDArray, older: npt.NDArray) -> npt.NDArray:
    """The more content of two draws among the first ``older`` of those who can, shape of ``older``."""
    one, other = (can[(rng.random(len(older)) * older).astype(np.int64)] for _ in range(2))
    return np.where(mood[one] >= mood[other], one, other)
