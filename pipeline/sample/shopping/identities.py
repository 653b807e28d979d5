"""Who the company thinks persons are: accounts, addresses, phones, cards, and what makes them hard to tell apart.

Belongs here: every identifier of a person but the browser. Does not belong here: how any is written.

The traps: a second account of the same person, families that share a computer, an e-mail or a phone, default values
typed by a shop in a hurry.
"""

import numpy as np
import pandas as pd

from pipeline.sample.ground import vocabulary as words
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import Flags, Instants, Integers, end_instant, later, told_apart
from pipeline.sample.ground.world import BLOCKED, IDS_PER_BLOCK, NOBODY

_SECOND_ACCOUNTS, _FAMILIES, _DEFAULTS = 0.025, 0.06, 0.02
_HAS_PHONE, _HAS_CARD, _HAS_CARD_IN_STORE = 0.8, 0.45, 0.8
_NAT = np.datetime64("NaT", "s")


def with_identities(
    streams: Streams, scenario: Scenario, frame: pd.DataFrame, *, registered_at: Instants, block: int
) -> pd.DataFrame:
    """The persons with their identifiers; one column more than ``PERSONS`` has: ``shares_computer_with``.

    Args:
        streams: chance of the block.
        scenario: says how many traps there are.
        frame: persons as known so far, with ``acquisition_channel``, ``customer_type`` and ``offline_share``.
        registered_at: when each opened an account, ``NaT`` without one by the end of the last day.
        block: number of the block.
    """
    rng = streams.of("identities")
    base = block * IDS_PER_BLOCK
    registered = ~np.isnat(registered_at)
    customer = _numbered(np.where(registered, base, NOBODY), registered, np.argsort(registered_at, kind="stable"))
    in_store = (frame["acquisition_channel"] == words.CHANNELS.index("store")).to_numpy()
    has_card = registered & (rng.random(len(frame)) < np.where(in_store, _HAS_CARD_IN_STORE, _HAS_CARD))
    has_phone = registered & (rng.random(len(frame)) < _HAS_PHONE)
    is_business = registered & (frame["customer_type"] == 1).to_numpy()
    companies = max(int(is_business.sum() / 1.7), 1)
    named = {
        "person": base + np.arange(len(frame)),
        "customer": customer,
        "registered_at": np.where(registered, registered_at, _NAT),
        "first_name": rng.integers(0, len(words.FIRST_NAMES), len(frame)),
        "last_name": rng.integers(0, len(words.LAST_NAMES), len(frame)),
        "street": rng.integers(0, len(words.STREETS), len(frame)),
        "street_number": rng.integers(1, 180, len(frame)),
        "household": base + np.arange(len(frame)),
        "email": customer.copy(),
        "phone": np.where(has_phone, customer, NOBODY),
        "loyalty": np.where(has_card, customer, NOBODY),
        "account": np.where(is_business, base + rng.integers(0, companies, len(frame)), NOBODY),
        "shares_computer_with": np.full(len(frame), NOBODY),
    }
    complete = frame.assign(**named)
    _make_families(rng, complete, registered & ~is_business, share=_FAMILIES * scenario.trap_rate)
    _type_defaults(rng, complete, registered & in_store, share=_DEFAULTS * scenario.trap_rate)
    return _with_second_accounts(rng, complete, share=_SECOND_ACCOUNTS * scenario.trap_rate, base=base)


def _numbered(start: Integers, chosen: Flags, order: Integers) -> Integers:
    """``start`` plus 1, 2, … for the chosen, in that order."""
    number = start.copy()
    ranked = order[chosen[order]]
    number[ranked] += 1 + np.arange(len(ranked))
    return number


def _make_families(rng: np.random.Generator, persons: pd.DataFrame, eligible: Flags, *, share: float) -> None:
    """Pairs who live together: one name, one street, and some of computer, e-mail and phone."""
    people = rng.permutation(np.flatnonzero(eligible))
    count = int(len(people) * share / 2)
    head, other = people[:count], people[count : 2 * count]
    for column in ("household", "last_name", "street", "street_number", "region", "country"):
        values = persons[column].to_numpy().copy()
        values[other] = values[head]
        persons[column] = values
    for column in ("email", "phone"):
        together = rng.random(count) < 0.5
        values = persons[column].to_numpy().copy()
        values[other[together]] = values[head[together]]
        persons[column] = values
    computer = persons["shares_computer_with"].to_numpy().copy()
    together = rng.random(count) < 0.5
    computer[other[together]] = head[together]
    computer[head[together]] = head[together]
    persons["shares_computer_with"] = computer


def _type_defaults(rng: np.random.Generator, persons: pd.DataFrame, eligible: Flags, *, share: float) -> None:
    for column in ("email", "phone"):
        typed = eligible & (rng.random(len(persons)) < share)
        persons[column] = np.where(typed, BLOCKED, persons[column])


def _with_second_accounts(rng: np.random.Generator, persons: pd.DataFrame, *, share: float, base: int) -> pd.DataFrame:
    """A shop opens another account for somebody it does not recognise; e-mail, phone and card are the same."""
    registered_at = persons["registered_at"].to_numpy("datetime64[s]")
    shops = (persons["customer"] >= 0).to_numpy() & ~persons["first_order_at"].isna().to_numpy()
    start = np.where(shops, np.fmax(registered_at, persons["first_order_at"].to_numpy("datetime64[s]")), end_instant())
    room = (end_instant() - start).astype(np.int64)
    chosen = shops & (rng.random(len(persons)) < share) & (room > 0)
    at = told_apart(later(start, (rng.random(len(persons)) * np.maximum(room, 0)).astype(np.int64)))
    first = int((persons["customer"] >= 0).sum())
    number = _numbered(np.where(chosen, base + first, NOBODY), chosen, np.arange(len(persons)))
    return persons.assign(second_customer=number, second_registered_at=np.where(chosen, at, _NAT))
