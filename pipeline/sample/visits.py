"""Who visits the site when, and how each visit goes: the flags every event follows from.

Belongs here: visits, their luck and their outcome, with the planted effects. Does not belong here: events.
"""

import numpy as np
import pandas as pd

from pipeline.sample.people import visitor_windows
from pipeline.sample.seasons import DAY, DAY_COUNT, Floats, Integers, draw_moments, to_local, to_utc
from pipeline.sample.vocabulary import PRODUCTS

_DEVICE_SHARES = np.array([0.37, 0.44, 0.07, 0.12])
_ANONYMOUS_PER_CUSTOMER = 2.6
_TRAFFIC = ("organic", "paid_search", "email", "social", "direct", "referral")
_TRAFFIC_SHARES = (0.36, 0.2, 0.1, 0.1, 0.2, 0.04)
_CART = 0.182
_FAILED_SEARCH, _PAGE_ERROR = 0.15, 0.04
_PAYMENT_FAILURE = np.array([0.06, 0.12, 0.06, 0.12])  # desktop, mobile, tablet, app
_RETRY_WORKS = 0.5  # what keeps a failed payment some 35 points below a smooth one

PRODUCT_COUNT = sum(len(articles) for articles in PRODUCTS.values())


def make_visits(rng: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    """Every visit in order of time: who (``owner`` is a customer row or -1), from where, and how it goes."""
    visits = pd.concat([_customer_visits(rng, customers), _anonymous_visits(rng, len(customers))], ignore_index=True)
    visits = visits.sort_values(["second", "visitor"], kind="stable", ignore_index=True)
    last_start = DAY_COUNT * DAY - 3600  # a visit that begins later would run into a day never delivered
    visits = visits[visits["second"] < last_start].reset_index(drop=True)
    count = len(visits)
    local_seconds = visits.pop("second").to_numpy()
    visits["start"] = to_utc(local_seconds)
    visits["channel"] = rng.choice(_TRAFFIC, size=count, p=_TRAFFIC_SHARES)
    known = visits["owner"].to_numpy() >= 0
    in_app = (visits["device"] == 3).to_numpy()
    visits["is_logged_in"] = known & (in_app | (rng.random(count) < 0.2))
    visits["logs_in"] = known & ~visits["is_logged_in"] & ~visits["is_sign_up"] & (rng.random(count) < 0.3)
    visits["is_internal"] = ~known & (rng.random(count) < 0.012)
    visits["product"] = (PRODUCT_COUNT * rng.beta(0.8, 1.6, count)).astype(np.int64)
    return _with_outcome(rng, visits)


def _customer_visits(rng: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    start, end = customers["_start"].to_numpy(float), customers["_end"].to_numpy(float)
    owner, second = draw_moments(rng, start=start, end=end, yearly_rate=customers["_visit_rate"].to_numpy(float))
    joins = np.flatnonzero((start > 0) & (customers["acquisition_channel"] != "store").to_numpy())
    first = np.datetime64("2024-01-01", "s")
    joined = to_local(customers["registered_at"].iloc[joins]).to_numpy("datetime64[s]")
    owner = np.concatenate([owner, joins])
    second = np.concatenate([second, (joined - first).astype(np.int64) - rng.integers(60, 240, len(joins))])
    is_sign_up = np.arange(len(owner)) >= len(owner) - len(joins)
    device = _devices(rng, owner, len(customers))
    fresh = rng.random(len(owner)) < 0.06  # private browsing: a browser nobody has seen before
    browser = np.where(fresh, 10**9 + np.arange(len(owner)), owner * 4 + device)
    return pd.DataFrame({
        "owner": owner, "second": second, "device": device, "visitor": browser, "is_sign_up": is_sign_up,
    })  # fmt: skip


def _devices(rng: np.random.Generator, owner: Integers, customer_count: int) -> Integers:
    """Device of each visit: everyone has a favourite and sometimes takes another."""
    favourite = rng.choice(4, size=customer_count, p=_DEVICE_SHARES)
    other = rng.choice(4, size=len(owner), p=_DEVICE_SHARES)
    return np.asarray(np.where(rng.random(len(owner)) < 0.65, favourite[owner], other), dtype=np.int64)


def _anonymous_visits(rng: np.random.Generator, customer_count: int) -> pd.DataFrame:
    count = round(customer_count * _ANONYMOUS_PER_CUSTOMER)
    start, end = visitor_windows(rng, count)
    again, later_second = draw_moments(rng, start=start, end=end, yearly_rate=np.full(count, 6.0))
    visitor = np.concatenate([np.arange(count), again])
    first_second = (start * DAY).astype(np.int64)
    night = (first_second % DAY) < 6 * 3600  # keep clear of the hour that exists twice
    second = np.concatenate([first_second + np.where(night, 9 * 3600, 0), later_second])
    device = rng.choice(4, size=count, p=(0.4, 0.53, 0.07, 0.0))[visitor]
    return pd.DataFrame({
        "owner": -1, "second": second, "device": device, "visitor": 2 * 10**9 + visitor, "is_sign_up": False,
    })  # fmt: skip


def _with_outcome(rng: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    count = len(visits)

    def chance(probability: float | Floats) -> np.ndarray:
        return np.asarray(rng.random(count) < probability)

    device = visits["device"].to_numpy()
    visits["searches"] = chance(0.27)
    visits["search_fails"] = visits["searches"] & chance(_FAILED_SEARCH)
    visits["has_error"] = chance(_PAGE_ERROR)
    visits["reads_reviews"] = chance(0.08)
    visits["view_count"] = np.minimum(rng.geometric(0.62, count) - chance(0.3), 6)
    visits["adds"] = chance(_cart_chance(visits))
    visits["view_count"] = np.maximum(visits["view_count"], visits["adds"].astype(int))
    visits["address"] = visits["adds"] & ~visits["is_internal"] & chance(0.5)
    visits["delivery"] = visits["address"] & chance(np.where(device == 1, 0.8, 0.87))
    visits["payment"] = visits["delivery"] & chance(np.where(device == 1, 0.87, 0.92))
    visits["payment_fails"] = visits["payment"] & chance(_PAYMENT_FAILURE[device])
    visits["retries"] = visits["payment_fails"] & chance(_RETRY_WORKS)
    smooth = visits["payment"] & ~visits["payment_fails"] & chance(0.985)
    visits["buys"] = smooth | visits["retries"]
    return visits


def _cart_chance(visits: pd.DataFrame) -> Floats:
    """Chance that a visit fills a cart; where failed searches and page errors cost their points."""
    chance = np.full(len(visits), _CART)
    chance *= np.where(visits["searches"], 2.0, 1.0)
    chance *= np.where(visits["search_fails"], 0.12, 1.0)
    chance *= np.where(visits["has_error"], 0.05, 1.0)
    chance *= np.where(visits["owner"] < 0, 0.24, 1.0)
    chance *= np.where(visits["device"] == 1, 0.85, 1.1)
    return np.asarray(np.where(visits["is_sign_up"], 0.85, chance), dtype=np.float64)
