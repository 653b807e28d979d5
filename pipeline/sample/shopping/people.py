"""The persons of the sample company: what they are like, when they appear, how long their interest lasts.

Belongs here: who there is. Does not belong here: what they do, and the identifiers they leave (``identities``).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample.ground import vocabulary as words
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import Calendar, Flags, Floats, Integers
from pipeline.sample.shopping.conversion import DEVICE_SHARES
from pipeline.sample.shopping.process import PROCESSES, draw_traits, poisson_times

INTEREST_DAYS = 15.0
"""Mean operational days until a person who does not buy gives up."""
VISITOR_MISSION_RATE = 1 / 15
"""Shopping missions per operational day of a person who has not bought yet, after the first one."""
SIGN_UP = 0.10
"""Chance that a visitor opens an account on the first mission without buying."""

_STORE_NEWCOMERS = 0.16
_VISITORS_PER_CUSTOMER = 5.2  # web visitors it takes until one registers
_CHANNEL_SHARES = (0.27, 0.21, 0.1, 0.2, 0.14, 0.08)  # the web ones; a shop wins its own
_BUSINESS = (0.1, 0.1, 0.11, 0.03, 0.12, 0.15, 0.08)
_COUNTRY_SHARES = (0.965, 0.02, 0.015)
_LOYAL_FROM = 0.85
PERSONA_SHARES = (0.29, 0.19, 0.2, 0.17, 1 - _LOYAL_FROM)
"""In the order of ``PERSONAS``; the last, loyal, are those with the highest rates."""
_OFFLINE_SHARE = 0.42
_STORE_CHANNEL = words.CHANNELS.index("store")


@dataclass(frozen=True)
class People:
    """Persons before they act, and where in operational time they stand.

    Attributes:
        frame: columns of ``PERSONS`` that are known from the start.
        entered: operational time of the first sign of life.
        first_order: operational time of the first order; NaN where it is still to be found out.
        interest_ends: operational time at which a person who has not bought gives up.
        ended: operational time at which a person of old was lost before the first day, else NaN.
    """

    frame: pd.DataFrame
    entered: Floats
    first_order: Floats
    interest_ends: Floats
    ended: Floats


def make_people(streams: Streams, scenario: Scenario, calendar: Calendar, customer_count: int) -> People:
    """Persons of a block: customers of old, newcomers of the shops, visitors of the site; in order of appearance.

    Args:
        streams: chance of the block.
        scenario: says how many were there before.
        calendar: the operational clock.
        customer_count: about how many register in all.
    """
    rng = streams.of("people")
    old = round(customer_count * scenario.already_there)
    in_store = round((customer_count - old) * _STORE_NEWCOMERS)
    visitors = round((customer_count - old - in_store) * _VISITORS_PER_CUSTOMER)
    origin = np.repeat(np.arange(3), (old, in_store, visitors))
    entered = _entries(rng, calendar, scenario, origin)
    order = np.argsort(entered, kind="stable")
    origin, entered = origin[order], entered[order]
    channel = _channels(rng, origin)
    customer_type = (rng.random(len(origin)) < np.array(_BUSINESS)[channel]).astype(np.int64)
    frame = _described(rng, customer_type, channel)
    is_guest = (origin == 2) & (rng.random(len(origin)) < scenario.guest_share)
    frame = frame.assign(is_guest=is_guest, offline_share=np.where(is_guest, 0.0, frame["offline_share"]))
    first_order = np.where(origin < 2, entered, np.nan)
    interest = rng.exponential(INTEREST_DAYS, len(origin))
    ended = _lost_before(streams.of("former lives"), frame, np.where(origin == 0, entered, np.nan), calendar.start)
    return People(frame, entered, first_order, entered + interest, ended)


def _entries(rng: np.random.Generator, calendar: Calendar, scenario: Scenario, origin: Integers) -> Floats:
    """Operational time of each first sign of life; visitors also shortly before the first day, unless none were."""
    count = len(origin)
    lead = 4 * INTEREST_DAYS if scenario.already_there > 0 else 0.0
    first = np.array([0.0, calendar.start, calendar.start - lead])[origin]
    last = np.array([calendar.start, calendar.end, calendar.end])[origin]
    growing = np.where(origin == 0, 1.0, 1.15)
    return np.asarray(first + (last - first) * rng.random(count) ** (1 / growing))


def _channels(rng: np.random.Generator, origin: Integers) -> Integers:
    shares = np.array(_CHANNEL_SHARES) / sum(_CHANNEL_SHARES)
    web = rng.choice(len(shares), size=len(origin), p=shares)
    in_store = (origin == 1) | ((origin == 0) & (rng.random(len(origin)) < _STORE_NEWCOMERS))
    return np.where(in_store, _STORE_CHANNEL, web)


def _described(rng: np.random.Generator, customer_type: Integers, channel: Integers) -> pd.DataFrame:
    count = len(customer_type)
    traits = draw_traits(rng, customer_type)
    country = rng.choice(3, size=count, p=_COUNTRY_SHARES)
    region = rng.choice(len(words.REGIONS), size=count, p=words.REGION_SHARES)
    in_store = channel == _STORE_CHANNEL
    return pd.DataFrame(
        {
            "customer_type": customer_type,
            "persona": _personas(rng, traits.order_rate, customer_type),
            "region": np.where(country == 0, region, -1),
            "country": country,
            "language": ((country == 2) | (rng.random(count) < 0.05)).astype(np.int64),
            "acquisition_channel": channel,
            "device": rng.choice(4, size=count, p=DEVICE_SHARES),
            "has_consent": rng.random(count) < 0.62,
            "mood": rng.normal(0, 0.6, count),
            "order_rate": traits.order_rate,
            "dropout_probability": traits.dropout_probability,
            "order_value_mean": traits.value_mean(customer_type),
            "offline_share": np.where(in_store, 0.75, _OFFLINE_SHARE),
        }
    )


def _personas(rng: np.random.Generator, order_rate: Floats, customer_type: Integers) -> Integers:
    """Those with the highest rates are loyal, so that the rates of all stay a Gamma; chance decides the others."""
    bounds = np.array([process.rate_quantile(_LOYAL_FROM) for process in PROCESSES.values()])
    others = rng.choice(4, size=len(order_rate), p=np.array(PERSONA_SHARES[:4]) / sum(PERSONA_SHARES[:4]))
    return np.where(order_rate >= bounds[customer_type], words.PERSONAS.index("loyal"), others)


def _lost_before(rng: np.random.Generator, frame: pd.DataFrame, first_order: Floats, start: float) -> Floats:
    """Operational time at which customers of old were lost before the first day, by the same process as later."""
    was_there = ~np.isnan(first_order)
    owner, moment = poisson_times(
        rng,
        start=np.where(was_there, first_order, start),
        end=np.full(len(first_order), start),
        rate=frame["order_rate"].to_numpy(),
    )
    fatal = rng.random(len(owner)) < frame["dropout_probability"].to_numpy()[owner]
    ended = np.full(len(first_order), np.inf)
    np.minimum.at(ended, owner[fatal], moment[fatal])
    return np.where(np.isinf(ended), np.nan, ended)


def kept_people(people: People, kept: Flags) -> People:
    """Those persons only."""
    frame = people.frame[kept].reset_index(drop=True)
    rest = (people.entered, people.first_order, people.interest_ends, people.ended)
    return People(frame, *(values[kept] for values in rest))
