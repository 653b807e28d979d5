"""Why customers call after an order, and what becomes of their cases: the life of support, contact by contact.

Belongs here: cases with their contacts and the frictions they hold. Does not belong here: what is delivered of them.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.draws import HOUR, between, draw_codes, exposures_of, only_if, strikes
from pipeline.sample.aftermath.frames import CONTACT_CHANNELS, TOPICS
from pipeline.sample.aftermath.parcels import Shipped, looked_up
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import DAY, Flags, Instants, later

SLOW_RESPONSE_HOURS = 24
"""A first human reply after more hours than that is slow."""
REPEAT_DAYS = 7
"""A contact about the same topic within as many days of closing is a repeat; on another channel, a silo."""
CONTACT_CHANCE = 0.12
"""Share of orders with a case although nothing went wrong; trouble adds to it."""
_TROUBLE_ADDS = {"is_late": 0.15, "is_long": 0.12, "is_returned": 0.03}
_CHANNEL_SHARES = (0.28, 0.24, 0.16, 0.20, 0.04, 0.08)
_REPLY_SECONDS = (240.0, 3.2 * HOUR, 180.0, 60.0, 1.5 * HOUR, 120.0)  # median by channel; the fourth is the robot's
_ABANDONED_SHARE = 0.04

_BOT = CONTACT_CHANNELS.index("chatbot")
_QUEUED = tuple(CONTACT_CHANNELS.index(name) for name in ("phone", "chat", "store"))
_WRITTEN = tuple(CONTACT_CHANNELS.index(name) for name in ("email", "social"))
_FACTS = ["case", "person_row", "order", "device", "is_returning", "topic"]


def make_cases(
    rng: np.random.Generator,
    *,
    scenario: Scenario,
    after: Shipped,
    persons: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every contact of every case that hangs on an order, and the frictions lived in them.

    A robot that does not help is a dead end (``bot_dead_end``): the customer leaves or turns to a human, in the same
    case. A human may answer too late (``slow_first_response``) or hand over to a higher tier (``escalation``). A closed
    contact may be taken up again within a week (``repeat_contact``), then perhaps on another channel
    (``channel_silo``, a share of the repeats). Each at the rate of its device and day.

    Args:
        rng: source of chance.
        scenario: rates and effects.
        after: orders, parcels and returns.
        persons: all persons of the block.

    Returns:
        Contacts in order of case, with the times and flags of frame ``interactions`` plus ``device``,
        ``is_returning``, ``is_repeat``, ``is_slow``; and exposures.
    """
    first = _first_contacts(rng, _occasions(rng, after))
    is_bot = first["channel"].to_numpy() == _BOT
    robots = _answered_by_robot(rng, scenario, first[is_bot].reset_index(drop=True))
    turned_away = robots[robots["is_dead_end"] & ~robots["is_abandoned"]]
    humans = _handled(rng, scenario, pd.concat([first[~is_bot], _after_robot(rng, turned_away)], ignore_index=True))
    again = _handled(rng, scenario, _repeated(rng, scenario, humans))
    contacts = pd.concat([robots, humans, again], ignore_index=True)
    contacts = contacts.sort_values(["case", "opened_at"], kind="stable", ignore_index=True)
    struck: tuple[tuple[str, Flags, pd.Series | Instants], ...] = (
        ("bot_dead_end", _flags(contacts, "is_dead_end"), contacts["closed_at"]),
        ("slow_first_response", _flags(contacts, "is_slow"), _too_late(contacts)),
        ("escalation", _flags(contacts, "is_escalated"), contacts["closed_at"]),
        ("repeat_contact", _flags(contacts, "is_repeat"), contacts["opened_at"]),
        ("channel_silo", _flags(contacts, "is_silo"), contacts["opened_at"]),
    )
    exposures = [
        exposures_of(name, contacts[flag], np.asarray(at)[flag], scenario=scenario, persons=persons)
        for name, flag, at in struck
    ]
    return contacts, pd.concat(exposures, ignore_index=True)


def _too_late(contacts: pd.DataFrame) -> Instants:
    return later(contacts["opened_at"], np.full(len(contacts), SLOW_RESPONSE_HOURS * HOUR))


def _flags(contacts: pd.DataFrame, name: str) -> Flags:
    contacts[name] = contacts[name].fillna(value=False).astype(bool) if name in contacts else False
    return contacts[name].to_numpy(dtype=bool)


def _occasions(rng: np.random.Generator, after: Shipped) -> pd.DataFrame:
    """Orders with a case: when it opens, about what, whether in anger."""
    facts = after.orders.loc[:, ["order", "person_row", "device", "is_returning", "is_returned", "ordered_at"]]
    facts = facts.assign(is_late=after.is_late(), is_long=after.is_long())
    chance = CONTACT_CHANCE + sum(added * facts[name].to_numpy(float) for name, added in _TROUBLE_ADDS.items())
    facts = facts[rng.random(len(facts)) < chance].reset_index(drop=True)
    promised = looked_up(after.parcels, "promised_on", facts["order"])
    requested = looked_up(after.returns, "requested_at", facts["order"])
    topic = draw_codes(rng, len(facts), (3, 2, 1, 3, 2, 2))
    kinds = (
        ("is_returned", "retour", requested, HOUR, 5 * DAY),
        ("is_long", "retour", requested, 14 * DAY, 17 * DAY),
        ("is_late", "livraison", promised, 30 * HOUR, 5 * DAY),
    )
    opened = between(rng, facts["ordered_at"], 6 * HOUR, 10 * DAY)
    for flag, about, since, low, high in kinds:
        applies = facts[flag].to_numpy() & (rng.random(len(facts)) < 0.8) & ~np.isnat(since)
        topic[applies] = TOPICS.index(about)
        opened[applies] = between(rng, since, low, high)[applies]
    upset = facts["is_late"].to_numpy() | facts["is_long"].to_numpy()
    angry = rng.random(len(facts)) < np.where(upset, 0.5, 0.1)
    return facts.assign(opened_at=_awake(opened), topic=topic, is_complaint=angry, case=np.arange(len(facts)))


def _awake(instants: Instants) -> Instants:
    """Nobody calls between midnight and six."""
    hour = (instants - instants.astype("datetime64[D]")).astype(np.int64) // HOUR
    return later(instants, np.where(hour < 6, 7 * HOUR, 0))


def _first_contacts(rng: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    return cases.loc[:, [*_FACTS, "opened_at", "is_complaint"]].assign(
        channel=draw_codes(rng, len(cases), _CHANNEL_SHARES), is_repeat=False, is_silo=False
    )


def _answered_by_robot(rng: np.random.Generator, scenario: Scenario, contacts: pd.DataFrame) -> pd.DataFrame:
    count, opened = len(contacts), contacts["opened_at"].to_numpy("datetime64[s]")
    is_dead_end = strikes(rng, scenario, "bot_dead_end", device=contacts["device"].to_numpy(), at=opened)
    never = np.full(count, np.datetime64("NaT", "s"))
    return contacts.assign(
        is_automatic=True, is_dead_end=is_dead_end, is_abandoned=is_dead_end & (rng.random(count) < 0.4),
        acknowledged_at=between(rng, opened, 1, 5), first_response_at=never,
        closed_at=between(rng, opened, 90, 480), handling_seconds=-1, waiting_seconds=-1, support_tier=-1,
    )  # fmt: skip


def _after_robot(rng: np.random.Generator, robots: pd.DataFrame) -> pd.DataFrame:
    """The same customer asks a human within two hours."""
    humans = np.array([CONTACT_CHANNELS.index("phone"), CONTACT_CHANNELS.index("chat")], dtype=np.int8)
    return robots.loc[:, [*_FACTS, "is_complaint"]].assign(
        opened_at=between(rng, robots["closed_at"], 120, 2 * HOUR), is_repeat=False, is_silo=False,
        channel=humans[rng.integers(0, 2, len(robots))],
    )  # fmt: skip


def _handled(rng: np.random.Generator, scenario: Scenario, contacts: pd.DataFrame) -> pd.DataFrame:
    """Human contacts with their queue, first reply, work, tier and end."""
    count, channel = len(contacts), contacts["channel"].to_numpy()
    opened, device = contacts["opened_at"].to_numpy("datetime64[s]"), contacts["device"].to_numpy()
    is_queued = np.isin(channel, _QUEUED)
    leaves = is_queued & (rng.random(count) < _ABANDONED_SHARE)
    slow = ~leaves & strikes(rng, scenario, "slow_first_response", device=device, at=opened)
    usual = np.array(_REPLY_SECONDS)[channel] * rng.lognormal(0, 0.8, count)
    late = rng.uniform(SLOW_RESPONSE_HOURS + 1, 72, count) * HOUR
    wait = np.where(slow, late, np.minimum(usual, 20 * HOUR)).astype(np.int64) + 20
    answered = later(opened, wait)
    escalated = ~leaves & strikes(rng, scenario, "escalation", device=device, at=opened)
    work = rng.lognormal(6.0, 0.6, count).astype(np.int64)
    pause = rng.uniform(0.5, 3, count) * DAY * (escalated | (rng.random(count) < 0.25))
    queue = np.where(slow, rng.exponential(300, count).astype(np.int64), np.minimum(wait, 2 * HOUR))
    receipt = np.where(np.isin(channel, _WRITTEN) & (rng.random(count) < 0.9), np.minimum(wait, 90), wait)
    return contacts.assign(
        is_automatic=False, is_dead_end=False, is_abandoned=leaves, is_slow=slow, is_escalated=escalated,
        acknowledged_at=only_if(~leaves, later(opened, receipt)), first_response_at=only_if(~leaves, answered),
        closed_at=np.where(leaves, later(opened, queue), later(answered, work + pause.astype(np.int64))),
        handling_seconds=np.where(leaves, 0, work), waiting_seconds=np.where(is_queued, queue, -1),
        support_tier=np.where(leaves, -1, 1 + escalated + (escalated & (rng.random(count) < 0.15))),
    )  # fmt: skip


def _repeated(rng: np.random.Generator, scenario: Scenario, humans: pd.DataFrame) -> pd.DataFrame:
    """Closed contacts that are taken up again; each once, and only those a human closed."""
    can = humans[~humans["is_abandoned"].to_numpy()].reset_index(drop=True)
    device = can["device"].to_numpy()
    can = can[strikes(rng, scenario, "repeat_contact", device=device, at=can["closed_at"])].reset_index(drop=True)
    count, before = len(can), can["channel"].to_numpy()
    silo = strikes(rng, scenario, "channel_silo", device=can["device"].to_numpy(), at=can["closed_at"])
    return can.loc[:, _FACTS].assign(
        opened_at=np.minimum(_awake(between(rng, can["closed_at"], 2 * HOUR, 6 * DAY)), _latest(can)),
        channel=np.where(silo, _another(rng, before), before).astype(np.int8), is_repeat=True, is_silo=silo,
        is_complaint=can["is_complaint"].to_numpy() | (rng.random(count) < 0.4),
    )  # fmt: skip


def _latest(contacts: pd.DataFrame) -> Instants:
    return later(contacts["closed_at"], np.full(len(contacts), REPEAT_DAYS * DAY - 1))


def _another(rng: np.random.Generator, channel: npt.NDArray) -> npt.NDArray[np.int8]:
    """A human channel other than the given one."""
    humans = np.array([code for code in range(len(CONTACT_CHANNELS)) if code != _BOT], dtype=np.int8)
    place = np.searchsorted(humans, channel)
    return humans[(place + rng.integers(1, len(humans), len(channel))) % len(humans)]
