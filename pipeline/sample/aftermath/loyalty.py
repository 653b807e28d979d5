"""The loyalty card: joining, points earned, redeemed and expired, tiers reached.

Belongs here: frame ``loyalty_events``. Does not belong here: who carries a card.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.draws import is_in_history, numbered
from pipeline.sample.aftermath.frames import LOYALTY_EVENT_TYPES, framed_after
from pipeline.sample.ground.seasons import DAY, Flags, later

POINTS_PER_EURO = 1
REWARD_POINTS = 200
"""Points a voucher costs; whoever has that many may take one with the next order."""
REDEEMED_SHARE = 0.6
EXPIRY_DAYS = 365
"""Points lapse after so many days without an order."""
TIER_POINTS = (0, 400, 1200)
"""Points ever earned at which each of ``TIERS`` begins."""
_KINDS = {name: code for code, name in enumerate(LOYALTY_EVENT_TYPES)}


def make_loyalty_events(
    rng: np.random.Generator, *, persons: pd.DataFrame, orders: pd.DataFrame, end: np.datetime64
) -> pd.DataFrame:
    """Every movement of every card up to the end, in order of time.

    Joining is told whenever it was; all other movements are those of the history.

    Args:
        rng: source of chance.
        persons: all persons of the block.
        orders: kept sales of the history with ``person_row``, ``ordered_at``, ``net_amount``.
        end: instant at which the history ends.

    Returns:
        Frame ``loyalty_events``.
    """
    earned = _earned(persons, orders)
    redeemed = _redeemed(rng, earned)
    lapsed = _lapsed(earned, redeemed, end)
    parts = [_joined(persons), _moves(earned, "earned"), _moves(redeemed, "redeemed"), _moves(lapsed, "expired")]
    rows = pd.concat([*parts, _risen(earned)], ignore_index=True)
    is_joined = rows["event_type"].to_numpy() == _KINDS["joined"]
    rows = rows[is_in_history(rows["occurred_at"], end) | (is_joined & (rows["occurred_at"] < end).to_numpy())]
    rows = rows.sort_values(["occurred_at", "person_row", "event_type"], kind="stable", ignore_index=True)
    who = persons.iloc[rows["person_row"].to_numpy()]
    facts = {name: rows[name] for name in ("person_row", "occurred_at", "event_type", "points", "tier")}
    return framed_after("loyalty_events", facts | {
        "loyalty_event": numbered(persons, len(rows)), "customer": who["customer"].to_numpy(),
        "loyalty": who["loyalty"].to_numpy(),
    })  # fmt: skip


def _members(persons: pd.DataFrame) -> Flags:
    return (persons["loyalty"].to_numpy() >= 0) & (persons["customer"].to_numpy() >= 0)


def _joined(persons: pd.DataFrame) -> pd.DataFrame:
    row = np.flatnonzero(_members(persons))
    at = persons["registered_at"].to_numpy("datetime64[s]")[row]
    return pd.DataFrame({"person_row": row, "occurred_at": at, "event_type": _KINDS["joined"], "points": 0, "tier": 0})


def _earned(persons: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Points of each order of a member, with the sum so far and the tier it leads to; by person and time."""
    own = orders[_members(persons)[orders["person_row"].to_numpy()]]
    joined = persons["registered_at"].to_numpy("datetime64[s]")[own["person_row"].to_numpy()]
    own = own[own["ordered_at"].to_numpy("datetime64[s]") >= joined]
    own = own.sort_values(["person_row", "ordered_at"], kind="stable", ignore_index=True)
    points = np.maximum(own["net_amount"].to_numpy() // 100 * POINTS_PER_EURO, 0)
    rows = pd.DataFrame({"person_row": own["person_row"], "occurred_at": own["ordered_at"], "points": points})
    rows["total"] = rows.groupby("person_row")["points"].cumsum()
    return rows.assign(tier=np.searchsorted(TIER_POINTS, rows["total"].to_numpy(), side="right") - 1)


def _redeemed(rng: np.random.Generator, earned: pd.DataFrame) -> pd.DataFrame:
    """Vouchers: at most one with an order that makes a further one affordable, so a balance is never below zero."""
    vouchers = earned["total"].to_numpy() // REWARD_POINTS
    before = (earned["total"] - earned["points"]).to_numpy() // REWARD_POINTS
    takes = (vouchers > before) & (rng.random(len(earned)) < REDEEMED_SHARE)
    taken = earned[takes]
    at = later(taken["occurred_at"], np.full(len(taken), 60))
    return taken.assign(occurred_at=at, points=-REWARD_POINTS)


def _lapsed(earned: pd.DataFrame, redeemed: pd.DataFrame, end: np.datetime64) -> pd.DataFrame:
    """What is left on the card of a member who has not bought for a year, once."""
    last = earned.groupby("person_row", sort=True).last()
    spent = -redeemed.groupby("person_row")["points"].sum().reindex(last.index).fillna(0)
    at = later(last["occurred_at"], np.full(len(last), EXPIRY_DAYS * DAY))
    left = last.assign(points=-(last["total"] - spent).astype(np.int64), occurred_at=at).reset_index()
    return left[(left["points"] < 0) & (left["occurred_at"] < end)]


def _moves(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    return rows.loc[:, ["person_row", "occurred_at", "points", "tier"]].assign(event_type=_KINDS[kind])


def _risen(earned: pd.DataFrame) -> pd.DataFrame:
    """Orders that lead to a higher tier."""
    tier: npt.NDArray = earned["tier"].to_numpy()
    person = earned["person_row"].to_numpy()
    before = np.concatenate([[0], tier[:-1]]) * np.concatenate([[False], person[1:] == person[:-1]])
    risen = earned[tier > before]
    at = later(risen["occurred_at"], np.full(len(risen), 120))
    return _moves(risen.assign(occurred_at=at, points=0), "tier_changed")
