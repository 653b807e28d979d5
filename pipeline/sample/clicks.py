"""The web events of every visit, as an analytics tool would have recorded them.

Belongs here: the order of steps inside a visit and what an event carries.
Does not belong here: how a visit goes.
"""

import numpy as np
import pandas as pd

from pipeline.sample.people import only_where
from pipeline.sample.seasons import Flags, later
from pipeline.sample.visits import PRODUCT_COUNT
from pipeline.sample.vocabulary import DEVICES

_PATHS = {
    "home_view": "/", "category_view": "/rayon", "promo_view": "/promotions", "search": "/recherche",
    "product_view": "/article", "review_view": "/article/avis", "page_error": "/erreur",
    "login": "/connexion",
    "add_to_cart": "/article", "cart_view": "/panier", "checkout_address": "/commande/adresse",
    "checkout_delivery": "/commande/livraison", "checkout_payment": "/commande/paiement",
    "payment_failed": "/commande/paiement", "purchase": "/commande/merci", "sign_up": "/inscription",
    "form_start": "/inscription", "form_submit": "/inscription", "share": "/article", "help_view": "/aide",
}  # fmt: skip
_REFERRERS = {
    "organic": "www.google.fr", "paid_search": "www.google.fr", "social": "www.instagram.com",
    "referral": "www.mesbonsplans.example",
}  # fmt: skip


class _Recorder:
    """Writes events down while the clock of every visit runs on."""

    def __init__(self, rng: np.random.Generator, visits: pd.DataFrame) -> None:
        self.rng = rng
        self.visits = visits
        self.clock = np.zeros(len(visits), dtype=np.int64)
        self.logged_in: Flags = visits["is_logged_in"].to_numpy(bool).copy()
        self.parts: list[pd.DataFrame] = []

    def step(self, name: str, happens: Flags | pd.Series, pause: tuple[int, int], **columns: np.ndarray | str) -> None:
        """Record ``name`` in the visits where it happens, a random pause after what came before."""
        rows = np.flatnonzero(np.asarray(happens))
        self.clock[rows] += self.rng.integers(*pause, size=len(rows))
        picked = {key: value[rows] if isinstance(value, np.ndarray) else value for key, value in columns.items()}
        part = {
            "visit": rows,
            "second": self.clock[rows],
            "event_name": name,
            "is_known": self.logged_in[rows],
        }
        self.parts.append(pd.DataFrame({**part, **picked}))


def make_events(rng: np.random.Generator, visits: pd.DataFrame, customer_ids: np.ndarray) -> pd.DataFrame:
    """Web events in order of time, with a column ``visit`` that says whose they are.

    Args:
        rng: source of chance.
        visits: as made by ``make_visits``.
        customer_ids: CRM number of each customer row.
    """
    recorder = _Recorder(rng, visits)
    _arrive(recorder)
    _look_around(recorder)
    _check_out(recorder)
    events = pd.concat(recorder.parts, ignore_index=True)
    events["step"] = np.arange(len(events))
    visit = visits.iloc[events["visit"]].reset_index(drop=True)
    events["occurred_at"] = later(visit["start"], events.pop("second").to_numpy())
    events["anonymous_id"] = names_of(visit["visitor"].to_numpy(), salt=7)
    known = events.pop("is_known").to_numpy(bool)
    events["user_id"] = only_where(known, customer_ids[visit["owner"].to_numpy()])
    for column in ("channel", "is_internal"):
        events["traffic_channel" if column == "channel" else column] = visit[column]
    events["device"] = np.array(DEVICES, dtype=object)[visit["device"].to_numpy()]
    events = events.sort_values(["occurred_at", "visit", "step"], kind="stable", ignore_index=True)
    return _dressed(rng, events)


def _arrive(recorder: _Recorder) -> None:
    rng, visits = recorder.rng, recorder.visits
    door = rng.choice(4, size=len(visits), p=(0.42, 0.28, 0.06, 0.24))  # the last lands on an article
    for number, name in enumerate(("home_view", "category_view", "promo_view")):
        recorder.step(name, (door == number) & ~visits["is_sign_up"], (0, 1))
    sign_up = visits["is_sign_up"].to_numpy(bool)
    gives_up = (visits["owner"].to_numpy() < 0) & (rng.random(len(visits)) < 0.03)
    recorder.step("form_start", sign_up | gives_up, (1, 20), form_id="inscription")
    recorder.step("form_submit", sign_up, (30, 90), form_id="inscription")
    recorder.logged_in |= sign_up
    recorder.step("sign_up", sign_up, (0, 2), form_id="inscription")
    early = visits["logs_in"].to_numpy(bool)
    recorder.logged_in |= early
    recorder.step("login", early, (8, 30))


def _look_around(recorder: _Recorder) -> None:
    rng, visits = recorder.rng, recorder.visits
    count = len(visits)
    fails = visits["search_fails"].to_numpy(bool)
    hits = np.where(fails, 0, 1 + rng.integers(0, 60, count))
    recorder.step("search", visits["searches"], (5, 40), search_result_count=hits)
    again = fails & (rng.random(count) < 0.3)
    recorder.step("search", again, (8, 28), search_result_count=np.zeros(count, dtype=np.int64))
    recorder.step("page_error", visits["has_error"], (2, 20))
    views = visits["view_count"].to_numpy()
    favourite = visits["product"].to_numpy()
    for number in range(1, 7):
        shown = favourite if number == 1 else rng.integers(0, PRODUCT_COUNT, count)
        recorder.step("product_view", views >= number, (10, 90), product_id=product_ids(shown))
    recorder.step("review_view", visits["reads_reviews"], (10, 60), product_id=product_ids(favourite))
    recorder.step("share", rng.random(count) < 0.006, (5, 30), product_id=product_ids(favourite))
    recorder.step("help_view", rng.random(count) < 0.02, (10, 60))


def _check_out(recorder: _Recorder) -> None:
    rng, visits = recorder.rng, recorder.visits
    adds = visits["adds"].to_numpy(bool)
    recorder.step("add_to_cart", adds, (5, 60), product_id=product_ids(visits["product"].to_numpy()))
    recorder.step("cart_view", visits["address"] | (adds & (rng.random(len(visits)) < 0.5)), (5, 60))
    address = visits["address"].to_numpy(bool)
    at_last = address & (visits["owner"].to_numpy() >= 0) & ~recorder.logged_in
    recorder.logged_in |= at_last
    recorder.step("login", at_last, (10, 40))
    recorder.step("checkout_address", address, (10, 60))
    recorder.step("checkout_delivery", visits["delivery"], (15, 70))
    recorder.step("checkout_payment", visits["payment"], (15, 70))
    recorder.step("payment_failed", visits["payment_fails"], (15, 60))
    recorder.step("checkout_payment", visits["retries"], (20, 120))
    recorder.step("purchase", visits["buys"], (15, 60))


def _dressed(rng: np.random.Generator, events: pd.DataFrame) -> pd.DataFrame:
    """Add what only decorates an event: number, page, referrer, campaign, loading time."""
    count = len(events)
    events["event_id"] = names_of(np.arange(count), salt=11)
    events["page_path"] = events["event_name"].map(_PATHS)
    events["referrer"] = events["traffic_channel"].map(_REFERRERS)
    campaigns = {"email": "lettre-", "paid_search": "annonce-"}
    prefix = events["traffic_channel"].map(campaigns)
    events["campaign_id"] = prefix + events["occurred_at"].dt.strftime("%Y-%m")
    slow = np.where(events["device"] == "mobile", 1.35, 1.0)
    events["load_milliseconds"] = np.round(slow * rng.lognormal(6.7, 0.45, count)).astype(np.int64)
    events["search_result_count"] = events["search_result_count"].astype("Int64")
    return events.drop(columns="step")


def product_ids(numbers: np.ndarray) -> np.ndarray:
    """Article numbers of positions in the range."""
    return np.array([f"ART{number:03d}" for number in range(PRODUCT_COUNT)], dtype=object)[numbers]


def names_of(numbers: np.ndarray, *, salt: int) -> np.ndarray:
    """Stable opaque 16-digit names of integers (the SplitMix64 finaliser, a bijection: no two collide)."""
    mixed = numbers.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.array([f"{value:016x}" for value in mixed.tolist()], dtype=object)
