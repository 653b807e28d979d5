"""The lives of a block's persons as they would go if the company never lost anybody but at the start: visits, orders.

Belongs here: who buys first when, what customers do from then on, and the company's own losses as candidates.
Does not belong here: what follows an order, and the cut at whatever ends a life first.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import (
    Calendar,
    Flags,
    Floats,
    Instants,
    end_instant,
    first_instant,
    later,
    told_apart,
)
from pipeline.sample.ground.vocabulary import EXIT_CAUSES
from pipeline.sample.shopping.conversion import Chances, chances_of
from pipeline.sample.shopping.missions import Shoppers, shop
from pipeline.sample.shopping.people import SIGN_UP, VISITOR_MISSION_RATE, People, kept_people
from pipeline.sample.shopping.process import poisson_times
from pipeline.sample.shopping.visits import Visits, joined

LAST_VISIT_SECONDS = 3600
"""A visit that begins later than this before the end would run into a day never delivered; there is none."""
_WEB, _STORE, _PHONE = range(3)


@dataclass(frozen=True)
class Lives:
    """Candidates for what happens, before the cut.

    Attributes:
        people: the persons; ``first_order`` filled in for all who buy.
        visits: their visits in the history, by time.
        signs_up: visits in which a person opens an account without buying.
        orders: ``person_row``, ``ordered_at``, ``sales_channel``, ``visit_row`` (position in visits, -1 offline),
            ``is_first``; by time, in the history.
        exits: ``person_row``, ``at``, ``cause``: the company's own losses.
        first_order_at: first order of each person, ``NaT`` without one in time; may lie before the first day.
        is_offline_start: persons whose first order is made in a shop.
        lost_before: when a customer of old was lost before the first day, else ``NaT``.
    """

    people: People
    visits: Visits
    signs_up: Flags
    orders: pd.DataFrame
    exits: pd.DataFrame
    first_order_at: Instants
    is_offline_start: Flags
    lost_before: Instants


def live(streams: Streams, scenario: Scenario, calendar: Calendar, people: People) -> Lives:
    """Let everybody shop; see ``Lives``."""
    visits, people = _first_steps(streams, scenario, calendar, people)
    first_at = _first_instants(calendar, people, visits)
    later_visits = _come_again(streams, scenario, calendar, people, first_at)
    later_visits.mission += visits.mission.max(initial=-1) + 1
    offline = _offline_orders(streams, calendar, people, first_at)
    visits = joined([visits, later_visits])
    visible = (visits.started_at >= first_instant()) & (visits.started_at < _last_start())
    visits = visits.picked(visible)
    visits = visits.picked(np.lexsort([visits.person_row, visits.started_at]))
    orders = _orders(visits, offline, first_at)
    lost = np.isnan(people.ended)
    return Lives(
        people=people,
        visits=visits,
        signs_up=_sign_ups(streams, people, visits),
        orders=orders,
        exits=_own_losses(streams, people, orders),
        first_order_at=first_at,
        is_offline_start=people.entered == people.first_order,
        lost_before=np.where(
            lost, np.datetime64("NaT", "s"), calendar.instants(np.where(lost, calendar.start, people.ended))
        ),
    )


def _first_instants(calendar: Calendar, people: People, visits: Visits) -> Instants:
    """Instant of each person's first order, ``NaT`` without one; it may lie before the first day."""
    never = np.isnan(people.first_order)
    first_at = told_apart(calendar.instants(np.where(never, calendar.start, people.first_order), in_store=True))
    bought = np.flatnonzero(visits.buys)
    first_at[visits.person_row[bought]] = visits.ordered_at[bought]  # to the second, not by way of the clock
    return np.where(never, np.datetime64("NaT", "s"), first_at)


def _last_start() -> np.datetime64:
    return end_instant() - np.timedelta64(LAST_VISIT_SECONDS, "s")


def _first_steps(streams: Streams, scenario: Scenario, calendar: Calendar, people: People) -> tuple[Visits, People]:
    """Visits of those who have not bought yet, up to the first order, and the persons who are ever seen."""
    rng = streams.of("visitor missions")
    looking = np.isnan(people.first_order)
    owner, moment = poisson_times(
        rng,
        start=np.where(looking, people.entered, 0.0),
        end=np.where(looking, np.minimum(people.interest_ends, calendar.end), 0.0),
        rate=np.full(len(looking), VISITOR_MISSION_RATE),
    )
    newcomers = np.flatnonzero(looking)
    owner, moment = np.concatenate([newcomers, owner]), np.concatenate([people.entered[newcomers], moment])
    visits = shop(rng, scenario, calendar, shoppers_of(people), person_row=owner, moment=moment, returning=False)
    first = _firsts(visits, len(looking))
    up_to = np.where(np.isnat(first), np.datetime64("2100-01-01", "s"), first)[visits.person_row]
    visits = visits.picked((visits.started_at < up_to) & (~visits.buys | (visits.ordered_at == up_to)))
    seen = ~looking | _are_seen(visits, first, len(looking))
    new_row = np.cumsum(seen) - 1
    visits = visits.picked(seen[visits.person_row])
    visits.person_row = new_row[visits.person_row]
    first_order = np.where(looking, calendar.operational(first), people.first_order)
    known = People(people.frame, people.entered, first_order, people.interest_ends, people.ended)
    return visits, kept_people(known, seen)


def _firsts(visits: Visits, count: int) -> Instants:
    """First order of each person, ``NaT`` without one."""
    first = np.full(count, np.iinfo(np.int64).max)
    bought = np.flatnonzero(visits.buys & (visits.ordered_at < end_instant()))
    np.minimum.at(first, visits.person_row[bought], visits.ordered_at[bought].astype(np.int64))
    never = first == np.iinfo(np.int64).max
    return np.where(never, np.datetime64("NaT", "s"), np.where(never, 0, first).astype("datetime64[s]"))


def _are_seen(visits: Visits, first: Instants, count: int) -> Flags:
    """Persons with a visit in the history who had not bought before it: customers of old are drawn apart."""
    seen = np.zeros(count, dtype=bool)
    inside = (visits.started_at >= first_instant()) & (visits.started_at < _last_start())
    seen[visits.person_row[inside]] = True
    return seen & ~(first < first_instant())


def _come_again(streams: Streams, scenario: Scenario, calendar: Calendar, people: People, first_at: Instants) -> Visits:
    """Visits of customers: missions so frequent that, undisturbed, orders come at each customer's own rate."""
    rng = streams.of("customer missions")
    rate = mission_rate(people.frame, chances_of(scenario, planted=False))
    alive = ~np.isnan(people.first_order) & np.isnan(people.ended)
    start = np.maximum(np.where(alive, people.first_order, calendar.end), calendar.start)
    owner, moment = poisson_times(rng, start=start, end=np.full(len(start), calendar.end), rate=rate)
    visits = shop(rng, scenario, calendar, shoppers_of(people), person_row=owner, moment=moment, returning=True)
    return visits.picked(visits.started_at > first_at[visits.person_row] + np.timedelta64(1800, "s"))


def mission_rate(frame: pd.DataFrame, undisturbed: Chances) -> Floats:
    """Web missions of each customer per operational day: order rate on the web over undisturbed conversion."""
    chance = undisturbed.mission[0, frame["device"], frame["customer_type"], 1, frame["persona"]]
    return np.asarray(frame["order_rate"] * (1 - frame["offline_share"]) / chance, dtype=np.float64)


def _offline_orders(streams: Streams, calendar: Calendar, people: People, first_at: Instants) -> pd.DataFrame:
    """Orders in shops and by phone, the first orders made there included."""
    rng = streams.of("offline orders")
    alive = ~np.isnan(people.first_order) & np.isnan(people.ended)
    start = np.maximum(np.where(alive, people.first_order, calendar.end), calendar.start)
    rate = (people.frame["order_rate"] * people.frame["offline_share"]).to_numpy()
    owner, moment = poisson_times(rng, start=start, end=np.full(len(start), calendar.end), rate=rate)
    at = calendar.instants(moment, in_store=True)
    at = np.maximum(at, first_at[owner] + rng.integers(600, 7200, len(owner)).astype("timedelta64[s]"))
    newcomers = np.flatnonzero((people.entered == people.first_order) & (people.entered >= calendar.start))
    channel = np.where(rng.random(len(owner)) < 0.88, _STORE, _PHONE)
    return pd.DataFrame(
        {
            "person_row": np.concatenate([owner, newcomers]),
            "ordered_at": np.concatenate([told_apart(at), first_at[newcomers]]),
            "sales_channel": np.concatenate([channel, np.full(len(newcomers), _STORE)]),
            "visit_row": -1,
        }
    )


def _orders(visits: Visits, offline: pd.DataFrame, first_at: Instants) -> pd.DataFrame:
    bought = np.flatnonzero(visits.buys)
    online = pd.DataFrame(
        {
            "person_row": visits.person_row[bought],
            "ordered_at": visits.ordered_at[bought],
            "sales_channel": _WEB,
            "visit_row": bought,
        }
    )
    orders = pd.concat([online, offline], ignore_index=True)
    orders = orders[(orders["ordered_at"] < end_instant()) & (orders["ordered_at"] >= first_instant())]
    orders = orders.sort_values(["ordered_at", "person_row", "visit_row"], kind="stable", ignore_index=True)
    row = orders["person_row"].to_numpy()
    orders["is_first"] = ~orders["person_row"].duplicated() & (first_at[row] >= first_instant())
    return orders


def _own_losses(streams: Streams, people: People, orders: pd.DataFrame) -> pd.DataFrame:
    """BG/NBD: each order after the first may be the last."""
    row = orders["person_row"].to_numpy()
    lost = streams.of("own losses").random(len(orders)) < people.frame["dropout_probability"].to_numpy()[row]
    fatal = np.flatnonzero(lost & ~orders["is_first"])
    return pd.DataFrame(
        {
            "person_row": row[fatal],
            "at": orders["ordered_at"].to_numpy()[fatal],
            "cause": EXIT_CAUSES.index("lost_interest"),
        }
    )


def _sign_ups(streams: Streams, people: People, visits: Visits) -> Flags:
    """Visits in which somebody opens an account without buying: the last one of a person's first mission."""
    signs = streams.of("sign-ups").random(len(people.entered)) < SIGN_UP
    signs &= ~people.frame["is_guest"].to_numpy()
    last = ~visits.returning & (visits.early_left == 0) & ~visits.is_come_back & ~visits.buys
    after = later(visits.started_at, np.full(len(visits.step), 200))
    last &= (told_apart(visits.started_at) == visits.started_at) & (told_apart(after) == after)
    rows = np.flatnonzero(last)
    _, first = np.unique(visits.person_row[rows], return_index=True)
    chosen = np.zeros(len(visits.step), dtype=bool)
    chosen[rows[first]] = signs[visits.person_row[rows[first]]]
    return chosen


def shoppers_of(people: People) -> Shoppers:
    """What a mission's course depends on."""
    columns = (people.frame[name].to_numpy().astype(np.int64) for name in ("device", "customer_type", "persona"))
    return Shoppers(*columns)
