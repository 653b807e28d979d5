"""Shopping missions: when a person sets out to shop, over how many visits, and how far each gets.

Belongs here: missions and visits as they would go if nobody were ever lost. Does not belong here: losing anybody, and
the events of a visit.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import (
    DAY,
    Calendar,
    Flags,
    Floats,
    Instants,
    Integers,
    business_day,
    later,
    told_apart,
)
from pipeline.sample.ground.vocabulary import STEPS, WEB_FRICTIONS
from pipeline.sample.shopping import conversion as odds
from pipeline.sample.shopping.visits import Visits, joined

BROWSING = ("failed_search", "page_error", "slow_page", "help_then_contact")
"""Web frictions that strike before a cart is filled."""
_CART, _ADDRESS, _DELIVERY, _PAYMENT, _ORDER = range(1, len(STEPS))


@dataclass(frozen=True)
class Shoppers:
    """Who shops, one entry per person row: what the course of a mission depends on."""

    device: Integers
    customer_type: Integers
    persona: Integers


def shop(
    rng: np.random.Generator,
    scenario: Scenario,
    calendar: Calendar,
    shoppers: Shoppers,
    *,
    person_row: Integers,
    moment: Floats,
    returning: bool,
) -> Visits:
    """The visits of missions that would end at these operational times, and how far each gets.

    Args:
        rng: source of chance.
        scenario: what gets in the way.
        calendar: the operational clock.
        shoppers: all persons.
        person_row: whose each mission is.
        moment: operational time of each mission's last visit.
        returning: whether they had bought before.

    Returns:
        The visits that come about: a mission that is broken off has no further ones.
    """
    visits = _planned(rng, calendar, shoppers, person_row=person_row, moment=moment, returning=returning)
    _browse(rng, scenario, visits)
    visits = visits.picked(_come_about(visits))
    _check_out(rng, scenario, shoppers, visits, ~visits.is_come_back & (visits.step >= _CART))
    again = _come_backs(rng, scenario, visits)
    _check_out(rng, scenario, shoppers, again, np.ones(len(again.step), dtype=bool))
    return joined([visits, again])


def _planned(
    rng: np.random.Generator,
    calendar: Calendar,
    shoppers: Shoppers,
    *,
    person_row: Integers,
    moment: Floats,
    returning: bool,
) -> Visits:
    cumulated = np.cumsum(odds.VISIT_COUNTS, axis=1)[shoppers.persona[person_row]]
    extra = (rng.random(len(person_row))[:, None] > cumulated[:, :2]).sum(axis=1)
    mission = np.repeat(np.arange(len(person_row)), extra + 1)
    count = len(mission)
    left = np.repeat(np.cumsum(extra + 1), extra + 1) - 1 - np.arange(count)
    gap = np.where(left == 0, 0, 3 * 3600 + rng.exponential(1.1 * DAY, count)).astype(np.int64)
    before = gap + np.where(left == 2, np.roll(gap, -1), 0)
    owner = person_row[mission]
    ends_at = calendar.instants(moment)[mission]
    favourite = shoppers.device[owner]
    other = rng.choice(4, size=count, p=odds.DEVICE_SHARES)
    shares = np.cumsum(odds.CHANNEL_SHARES[int(returning)])
    return Visits(
        person_row=owner,
        mission=mission,
        early_left=left,
        returning=np.full(count, returning),
        is_come_back=np.zeros(count, dtype=bool),
        started_at=later(ends_at, -before),
        ends_at=ends_at,
        device=np.where(rng.random(count) < odds.FAVOURITE, favourite, other),
        channel=np.minimum(np.searchsorted(shares, rng.random(count)), len(shares) - 1),
        searches=rng.random(count) < odds.SEARCHES,
        helped=rng.random(count) < odds.ASKS_HELP,
        step=np.zeros(count, dtype=np.int64),
        order_second=rng.integers(240, 1080, count),
    )


def _strike(
    rng: np.random.Generator, scenario: Scenario, visits: Visits, day: Instants, name: str, possible: Flags
) -> Floats:
    """Draw exposure to one friction where it is possible; returns the factor on the next step."""
    friction = scenario.frictions[name]
    struck = possible & (rng.random(len(visits.device)) < friction.rate_at(visits.device, day))
    visits.struck[name] = struck
    visits.factor[name] = friction.effect_at(day)
    return np.where(struck, visits.factor[name], 1.0)


def _browse(rng: np.random.Generator, scenario: Scenario, visits: Visits) -> None:
    """Exposures before the cart, and whether the visit leads on (early) or fills a cart (last)."""
    day = business_day(visits.started_at)
    everywhere = np.ones(len(day), dtype=bool)
    possible = {"failed_search": visits.searches, "help_then_contact": visits.helped}
    factor = np.ones(len(day))
    for name in BROWSING:
        factor *= _strike(rng, scenario, visits, day, name, possible.get(name, everywhere))
    chance = np.where(visits.early_left > 0, factor, factor * base_cart(visits))
    visits.step = (rng.random(len(day)) < chance).astype(np.int64)


def base_cart(visits: Visits) -> Floats:
    """Chance that a last visit fills a cart if nothing gets in the way."""
    wish = np.where(visits.searches, odds.CART_IF_SEARCHING, odds.CART_IF_NOT)
    return np.asarray(odds.CART[visits.returning.astype(int)] * odds.CART_BY_CHANNEL[visits.channel] * wish)


def _come_about(visits: Visits) -> Flags:
    """Visits whose mission was not broken off before; an early visit that led on has reached no step of its own."""
    early = visits.early_left > 0
    broken = np.zeros(visits.mission.max(initial=-1) + 1, dtype=np.int64)  # early visits left after the broken one
    fails = early & (visits.step == 0)
    np.maximum.at(broken, visits.mission[fails], visits.early_left[fails])
    visits.step = np.where(early, 0, visits.step)
    return visits.early_left >= broken[visits.mission]


def _check_out(
    rng: np.random.Generator, scenario: Scenario, shoppers: Shoppers, visits: Visits, at_cart: Flags
) -> None:
    """From the cart to the order, for the visits that are there; a come-back has the address behind it."""
    count = len(visits.step)
    day = business_day(visits.started_at)
    luck = rng.random((4, count))
    to_address = odds.ADDRESS[shoppers.customer_type[visits.person_row]]
    address = at_cart & ((luck[0] < to_address) | visits.is_come_back)
    error = _strike(rng, scenario, visits, day, "checkout_error", address)
    delivery = address & (luck[1] < odds.DELIVERY[visits.device] * error)
    slow = _strike(rng, scenario, visits, day, "price_rise", delivery)
    slow = slow * _strike(rng, scenario, visits, day, "checkout_loop", delivery)
    payment = delivery & (luck[2] < odds.PAYMENT[visits.device] * slow)
    failure = _strike(rng, scenario, visits, day, "payment_failure", payment)
    buys = payment & (luck[3] < odds.ORDER * failure)
    visits.step = np.where(at_cart, 1 + address + delivery + payment + buys, visits.step).astype(np.int64)
    ordered = told_apart(visits.ordered_at)  # a shop's order time is local: it must be readable
    shift = (ordered - visits.ordered_at).astype(np.int64)
    visits.started_at = np.where(buys, later(visits.started_at, shift), visits.started_at)


def _come_backs(rng: np.random.Generator, scenario: Scenario, visits: Visits) -> Visits:
    """Visits that return to an abandoned cart one to five days later, on the same device."""
    abandoned = np.flatnonzero((visits.step >= _CART) & ~visits.buys)
    again = visits.picked(abandoned[rng.random(len(abandoned)) < scenario.come_back])
    count = len(again.step)
    again.started_at = later(again.started_at, rng.integers(DAY, 5 * DAY, count))
    again.is_come_back = np.ones(count, dtype=bool)
    again.searches, again.helped = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    again.struck = {name: np.zeros(count, dtype=bool) for name in WEB_FRICTIONS}
    again.channel = np.where(rng.random(count) < 0.4, 2, 4)  # a reminder by e-mail, or on their own
    again.order_second = rng.integers(120, 600, count)
    return again
