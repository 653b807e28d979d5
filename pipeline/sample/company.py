"""Makes a block of the sample company, in memory.

Belongs here: the order in which the world is made. Does not belong here: any part of that world, or any file.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample.aftermath.living import Aftermath, live_through
from pipeline.sample.aftermath.others import Known, make_others
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import (
    Calendar,
    Flags,
    Instants,
    Integers,
    by_then,
    end_instant,
    later,
    make_calendar,
)
from pipeline.sample.ground.vocabulary import EXIT_CAUSES
from pipeline.sample.ground.world import FRAMES, IDS_PER_BLOCK, NOBODY, PERSONS, World, framed
from pipeline.sample.shopping.browsers import make_strangers, make_visits, numbered_by_time
from pipeline.sample.shopping.clicks import SIGN_UP_BEFORE_ORDER, make_clicks, make_stranger_clicks
from pipeline.sample.shopping.events import joined_clicks, make_events
from pipeline.sample.shopping.expectations import expectations
from pipeline.sample.shopping.exposures import value_exposures, web_exposures
from pipeline.sample.shopping.identities import with_identities
from pipeline.sample.shopping.lives import Lives, live
from pipeline.sample.shopping.people import make_people
from pipeline.sample.shopping.sales import make_refunds, make_sales
from pipeline.sample.shopping.visits import Visits

MINIMUM_CUSTOMERS = 50
CUSTOMERS_PER_BLOCK = 20_000
_LOST_INTEREST = EXIT_CAUSES.index("lost_interest")


def make_world(*, scenario: Scenario, seed: int, customer_count: int, block: int = 0) -> World:
    """One block of the company: all that happened in the two years, in frames of numbers.

    Args:
        scenario: what is planted.
        seed: same seed, same world.
        customer_count: about how many customers the block has ever had; at most ``CUSTOMERS_PER_BLOCK``.
        block: blocks of one seed are independent parts of one company.

    Raises:
        ValueError: too few customers to make a company of, or too many for a block.
    """
    if not MINIMUM_CUSTOMERS <= customer_count <= CUSTOMERS_PER_BLOCK:
        raise ValueError(
            f"the sample company needs at least {MINIMUM_CUSTOMERS} customers, and at most {CUSTOMERS_PER_BLOCK} "
            f"per block; {customer_count} were asked for"
        )
    streams, calendar = Streams(seed, block), make_calendar(scenario)
    lives = live(streams, scenario, calendar, make_people(streams, scenario, calendar, customer_count))
    persons = _introduced(streams, scenario, calendar, lives, block=block)
    orders, items = make_sales(streams, lives, persons, block=block)
    orders = orders.assign(customer=_accounts(persons, orders))
    aftermath = live_through(streams, scenario, persons, orders)
    persons = _with_ends(persons, lives, aftermath)
    ends = persons["ended_at"].to_numpy("datetime64[s]")
    stays = by_then(orders["ordered_at"], orders["person_row"], ends)
    return _finished(
        streams, scenario, calendar, lives, persons, orders[stays].reset_index(drop=True), items, aftermath.kept(ends)
    )


def _introduced(streams: Streams, scenario: Scenario, calendar: Calendar, lives: Lives, *, block: int) -> pd.DataFrame:
    """Persons with what is known before anything follows their orders."""
    people = lives.people
    frame = people.frame.assign(
        entered_at=calendar.instants(people.entered),
        first_order_at=lives.first_order_at,
        interest_ends_at=calendar.instants(np.minimum(people.interest_ends, calendar.cumulated[-1] - 1)),
    )
    registered = _registrations(streams, lives)
    return with_identities(streams, scenario, frame, registered_at=registered, block=block)


def _registrations(streams: Streams, lives: Lives) -> Instants:
    """When everybody opens an account: at the first order, or before it without buying; guests never."""
    frame, visits = lives.people.frame, lives.visits
    first = lives.first_order_at
    offline = lives.is_offline_start
    registered = later(first, -np.where(offline, 300, SIGN_UP_BEFORE_ORDER))
    row = visits.person_row[lives.signs_up]
    waits = streams.of("registrations").integers(40, 160, len(row))
    early = np.full(len(frame), np.datetime64("NaT", "s"))
    early[row] = later(visits.started_at[lives.signs_up], waits)
    registered = np.fmin(registered, early)
    registered[frame["is_guest"].to_numpy()] = np.datetime64("NaT")
    registered[registered >= end_instant()] = np.datetime64("NaT")
    return registered


def _accounts(persons: pd.DataFrame, orders: pd.DataFrame) -> np.ndarray:
    """CRM number each order is booked on: in shops the second account, where there is one by then."""
    row = orders["person_row"].to_numpy()
    opened = persons["second_registered_at"].to_numpy("datetime64[s]")[row]
    second = (orders["sales_channel"].to_numpy() > 0) & (opened <= orders["ordered_at"].to_numpy("datetime64[s]"))
    return np.where(second, persons["second_customer"].to_numpy()[row], persons["customer"].to_numpy()[row])


def _with_ends(persons: pd.DataFrame, lives: Lives, aftermath: Aftermath) -> pd.DataFrame:
    """The earliest candidate ends a person's life as a customer; those lost before the first day are."""
    lost = np.flatnonzero(~np.isnat(lives.lost_before))
    former = pd.DataFrame({"person_row": lost, "at": lives.lost_before[lost], "cause": _LOST_INTEREST})
    candidates = pd.concat([former, lives.exits, aftermath.exits[["person_row", "at", "cause"]]], ignore_index=True)
    candidates = candidates[candidates["at"] < end_instant()]
    earliest = candidates.sort_values(["at", "cause"], kind="stable").drop_duplicates("person_row")
    row = earliest["person_row"].to_numpy()
    ended, cause = np.full(len(persons), np.datetime64("NaT", "s")), np.zeros(len(persons), dtype=np.int64)
    ended[row], cause[row] = earliest["at"].to_numpy("datetime64[s]"), earliest["cause"].to_numpy()
    return persons.assign(ended_at=ended, exit_cause=cause)


def _kept_visits(visits: Visits, ends: Instants) -> Flags:
    """Visits that began before the person was lost; one that ends in an order must have come that far."""
    decisive = np.where(visits.buys, visits.ordered_at, visits.started_at)
    return by_then(decisive, visits.person_row, ends)


def _finished(
    streams: Streams,
    scenario: Scenario,
    calendar: Calendar,
    lives: Lives,
    persons: pd.DataFrame,
    orders: pd.DataFrame,
    items: pd.DataFrame,
    aftermath: Aftermath,
) -> World:
    """The world of those lives once it is known who stayed how long, and which orders therefore are."""
    kept = _kept_visits(lives.visits, persons["ended_at"].to_numpy("datetime64[s]"))
    site = _make_site(streams, scenario, calendar, lives, persons, kept, orders)
    orders = site.orders
    web = web_exposures(site.own, site.own_frame, persons, site.struck_at, scenario=scenario, calendar=calendar)
    served = value_exposures(aftermath.exposures, persons, orders, scenario=scenario, calendar=calendar)
    persons = persons.assign(**expectations(persons, served, orders, scenario=scenario, calendar=calendar))
    lines = items[items["order"].isin(orders["order"])]
    refunds, taken_back = make_refunds(orders, lines, aftermath.returns)
    lived = _same_types("exposures", [web, served[served["at"] < end_instant()]])
    main = Known(
        persons=framed("persons", {name: persons[name].to_numpy() for name in PERSONS}),
        orders=_same_types("orders", [orders, refunds]),
        items=_same_types("items", [lines, taken_back]),
        events=site.events,
        exposures=lived.sort_values(["at", "person_row", "friction"], kind="stable", ignore_index=True),
    )
    others = make_others(streams, known=main, aftermath=aftermath)
    return World(block=streams.block, visits=site.visits, others=others, **vars(main))


@dataclass(frozen=True)
class _Site:
    """What happened on the site: all visits and events, and those of persons apart."""

    visits: pd.DataFrame
    events: pd.DataFrame
    orders: pd.DataFrame
    own: Visits
    own_frame: pd.DataFrame
    struck_at: dict[str, Integers]


def _make_site(
    streams: Streams,
    scenario: Scenario,
    calendar: Calendar,
    lives: Lives,
    persons: pd.DataFrame,
    kept: Flags,
    orders: pd.DataFrame,
) -> _Site:
    block, visits = streams.block, lives.visits.picked(kept)
    known = make_visits(streams, scenario, persons, visits, signs_up=lives.signs_up[kept], block=block)
    strangers = make_strangers(streams.of("strangers"), calendar, len(known), block=block)
    everyone, position = numbered_by_time(known, strangers, block=block)
    own, foreign = position[: len(known)], position[len(known) :]
    clicks, struck_at = make_clicks(streams.of("clicks"), known, visits, persons)
    noise = make_stranger_clicks(streams.of("stranger clicks"), strangers["is_bot"].to_numpy())
    orders = _placed(orders, lives, own, kept, everyone)
    order_of = np.full(len(everyone), NOBODY)
    online = orders["visit"].to_numpy() >= 0
    order_of[orders["visit"].to_numpy()[online] - block * IDS_PER_BLOCK] = orders["order"].to_numpy()[online]
    is_slow = np.zeros(len(everyone), dtype=bool)
    is_slow[own] = visits.struck["slow_page"]
    events = make_events(
        streams.of("events"),
        everyone,
        persons,
        joined_clicks([(clicks, own), (noise, foreign)]),
        order=order_of,
        is_slow=is_slow,
        block=block,
    )
    return _Site(everyone, events, orders, visits, everyone.iloc[own], struck_at)


def _same_types(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    both = pd.concat([part[list(FRAMES[name])] for part in parts], ignore_index=True)
    return framed(name, {column: both[column].to_numpy() for column in FRAMES[name]})


def _placed(orders: pd.DataFrame, lives: Lives, own: np.ndarray, kept: Flags, everyone: pd.DataFrame) -> pd.DataFrame:
    """Orders with the visit and the browser they were placed in."""
    first = int(orders["order"].iloc[0] // IDS_PER_BLOCK * IDS_PER_BLOCK) if len(orders) else 0
    visit_row = lives.orders["visit_row"].to_numpy()[orders["order"].to_numpy() - first]
    online = visit_row >= 0
    place = own[(np.cumsum(kept) - 1)[visit_row]]
    visit = np.where(online, everyone["visit"].to_numpy()[place], NOBODY)
    return orders.assign(visit=visit, browser=np.where(online, everyone["browser"].to_numpy()[place], NOBODY))
