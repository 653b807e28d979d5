"""The web events of every visit, as an analytics tool would have recorded them.

Belongs here: the order of steps inside a visit and what an event carries.
Does not belong here: how a visit goes.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.ground.seasons import Flags, Floats, Integers
from pipeline.sample.ground.vocabulary import EVENT_NAMES, PERSONAS, STEPS
from pipeline.sample.ground.world import NOBODY
from pipeline.sample.shopping.browsers import AT_CHECKOUT, EARLY, REMEMBERED, SIGNS_UP
from pipeline.sample.shopping.sales import LIST_PRICES
from pipeline.sample.shopping.visits import Visits

_CODE = {name: np.int8(code) for code, name in enumerate(EVENT_NAMES)}
_CART, _ADDRESS, _DELIVERY, _PAYMENT, _ORDER = range(1, len(STEPS))
_READS = {
    "compare": (0.05, 0.45, 0.01, 0.08, 0.05),
    "review_view": (0.08, 0.50, 0.02, 0.45, 0.08),
    "guarantee_view": (0.03, 0.25, 0.01, 0.40, 0.03),
    "page_view": (0.06, 0.35, 0.01, 0.25, 0.06),
    "wishlist_add": (0.04, 0.08, 0.01, 0.05, 0.06),
    "chat_open": (0.01, 0.03, 0.005, 0.15, 0.01),
}
"""Chance of each way to inform oneself in a visit, by persona, in the order of ``PERSONAS``."""
_LANDS_ON_ARTICLE = 0.24
_HURRIED = PERSONAS.index("hurried")
SIGN_UP_BEFORE_ORDER = 5
"""Seconds between opening an account at the checkout and the order."""


@dataclass
class _Recorder:
    """Writes events down while the clock of every visit runs on.

    Attributes:
        rng: source of chance.
        clock: seconds since the start of each visit.
        is_known: whether the visitor is logged in by now.
        struck_at: second at which each friction struck, by visit.
        parts: what was written: visit, second, name, known, product, price, search results, form.
    """

    rng: np.random.Generator
    clock: Integers
    is_known: Flags
    struck_at: dict[str, Integers] = field(default_factory=dict)
    parts: list[tuple[np.ndarray, ...]] = field(default_factory=list)

    def step(
        self,
        name: str,
        happens: Flags,
        pause: tuple[int, int],
        *,
        product: Integers | None = None,
        price: Integers | None = None,
        results: Integers | None = None,
        form: bool = False,
    ) -> None:
        """Record ``name`` in the visits where it happens, a random pause after what came before."""
        rows = np.flatnonzero(happens)
        self.clock[rows] += self.rng.integers(*pause, size=len(rows))
        none = np.full(len(rows), NOBODY)
        carried = (none if values is None else values[rows] for values in (product, price, results))
        forms = np.full(len(rows), 0 if form else NOBODY)
        known = self.is_known[rows]
        self.parts.append((rows, self.clock[rows], np.full(len(rows), _CODE[name]), known, *carried, forms))

    def mark(self, friction: str) -> None:
        """Note that this friction strikes now, where it does."""
        self.struck_at[friction] = self.clock.copy()


@dataclass(frozen=True)
class Clicks:
    """Events of visits, in the order they were written down; one entry per event.

    Attributes:
        visit_row: position of the visit.
        second: seconds since it began.
        name: code into EVENT_NAMES.
        is_known: whether the visitor is logged in.
        product: article or -1.
        price: euro cents or -1.
        results: hits of a search or -1.
        form: code into FORMS or -1.
    """

    visit_row: Integers
    second: Integers
    name: npt.NDArray[np.int8]
    is_known: Flags
    product: Integers
    price: Integers
    results: Integers
    form: Integers


def make_clicks(
    rng: np.random.Generator, frame: pd.DataFrame, visits: Visits, persons: pd.DataFrame
) -> tuple[Clicks, dict[str, Integers]]:
    """Web events of the visits of persons.

    Args:
        rng: source of chance.
        frame: the visits as a frame, same order as ``visits``.
        visits: how each goes.
        persons: with ``persona`` and ``registered_at``.

    Returns:
        The events, and by web friction the second of each visit at which it struck (meaningful where it did).
    """
    known = frame["login"].to_numpy() == REMEMBERED
    recorder = _Recorder(rng, np.zeros(len(frame), dtype=np.int64), known)
    product = (len(LIST_PRICES) * rng.beta(0.8, 1.6, len(frame))).astype(np.int64)
    persona = persons["persona"].to_numpy()[visits.person_row]
    on_article = rng.random(len(frame)) < _LANDS_ON_ARTICLE
    _arrive(recorder, frame, visits, persons, article=np.where(on_article, product, NOBODY))
    _look_around(recorder, visits, persona, product, on_article=on_article)
    _check_out(recorder, frame, visits, persona, product)
    return _written(recorder), recorder.struck_at


def make_stranger_clicks(rng: np.random.Generator, is_bot: Flags) -> Clicks:
    """Web events of robots, who race through articles, and of staff, who test the cart."""
    recorder = _Recorder(rng, np.zeros(len(is_bot), dtype=np.int64), np.zeros(len(is_bot), dtype=bool))
    everyone = np.ones(len(is_bot), dtype=bool)
    recorder.step("home_view", everyone, (0, 1))
    pages = rng.geometric(np.where(is_bot, 0.2, 0.6))
    for number in range(1, 16):
        shown = rng.integers(0, len(LIST_PRICES), len(is_bot))
        recorder.step("product_view", pages >= number, (1, 8), product=shown, price=LIST_PRICES[shown])
    recorder.step("add_to_cart", ~is_bot & (rng.random(len(is_bot)) < 0.3), (3, 20))
    return _written(recorder)


def _written(recorder: _Recorder) -> Clicks:
    return Clicks(*(np.concatenate([part[place] for part in recorder.parts]) for place in range(8)))


def _arrive(
    recorder: _Recorder, frame: pd.DataFrame, visits: Visits, persons: pd.DataFrame, *, article: Integers
) -> None:
    rng, count = recorder.rng, len(frame)
    back = visits.is_come_back
    door = np.where(article >= 0, 3, rng.choice(3, size=count, p=(0.55, 0.37, 0.08)))
    for number, name in enumerate(("home_view", "category_view", "promo_view")):
        recorder.step(name, (door == number) & ~back, (0, 1))
    recorder.step("product_view", (door == 3) & ~back, (0, 1), product=article, price=LIST_PRICES[article])
    recorder.mark("slow_page")
    recorder.step("page_error", visits.struck["page_error"], (2, 20))
    recorder.mark("page_error")
    login = frame["login"].to_numpy()
    signs_up = (login == SIGNS_UP) & ~visits.buys
    gives_up = (login == 0) & ~visits.returning & ~back & (rng.random(count) < 0.02)
    recorder.step("form_start", signs_up | gives_up, (1, 15), form=True)
    registered = persons["registered_at"].to_numpy("datetime64[s]")[visits.person_row]
    waits = np.where(signs_up, (registered - visits.started_at).astype(np.int64), 0)
    recorder.clock[signs_up] = waits[signs_up] - 1
    recorder.step("form_submit", signs_up, (0, 1), form=True)
    recorder.is_known |= signs_up
    recorder.step("sign_up", signs_up, (1, 2), form=True)
    recorder.is_known |= login == EARLY
    recorder.step("login", login == EARLY, (8, 30))


def _look_around(
    recorder: _Recorder, visits: Visits, persona: Integers, product: Integers, *, on_article: Flags
) -> None:
    rng, count = recorder.rng, len(persona)
    fails = visits.struck["failed_search"]
    results = np.where(fails, 0, 1 + rng.integers(0, 60, count))
    recorder.step("search", visits.searches, (5, 40), results=results)
    recorder.mark("failed_search")
    recorder.step("search", fails & (rng.random(count) < 0.3), (8, 28), results=np.zeros(count, dtype=np.int64))
    looks = ~visits.is_come_back
    views = np.minimum(rng.geometric(0.6, count), 5) - (rng.random(count) < 0.35)
    views = np.where(looks, np.maximum(views, visits.step >= _CART) - on_article, 0)
    for number in range(1, 6):
        shown = product if number == 1 else rng.integers(0, len(LIST_PRICES), count)
        recorder.step("product_view", views >= number, (8, 80), product=shown, price=LIST_PRICES[shown])
    for name, chances in _READS.items():
        reads = looks & (rng.random(count) < np.array(chances)[persona])
        recorder.step(name, reads, (10, 60), product=product if name != "page_view" else None)
    recorder.step("help_view", visits.helped, (10, 60))
    recorder.mark("help_then_contact")
    recorder.step("share", looks & (rng.random(count) < 0.005), (5, 30), product=product)


def _check_out(recorder: _Recorder, frame: pd.DataFrame, visits: Visits, persona: Integers, product: Integers) -> None:
    rng, count, step, struck = recorder.rng, len(persona), visits.step, visits.struck
    price = LIST_PRICES[product]
    cart = step >= _CART
    recorder.step("add_to_cart", cart & ~visits.is_come_back, (5, 60), product=product, price=price)
    looks = visits.is_come_back | (cart & (persona != _HURRIED) & (rng.random(count) < 0.55))
    recorder.step("cart_view", looks, (0, 50), price=price)
    at_last = (frame["login"].to_numpy() == AT_CHECKOUT) & (step >= _ADDRESS)
    recorder.is_known |= at_last
    recorder.step("login", at_last, (10, 40))
    recorder.step("checkout_address", step >= _ADDRESS, (10, 60))
    recorder.step("checkout_error", struck["checkout_error"], (3, 40))
    recorder.mark("checkout_error")
    recorder.step("checkout_delivery", step >= _DELIVERY, (15, 60))
    raised = struck["price_rise"]
    dearer = np.where(raised, np.round(price * rng.uniform(1.06, 1.25, count)), price).astype(np.int64)
    recorder.mark("price_rise")
    for name in ("checkout_address", "checkout_delivery", "checkout_address", "checkout_delivery"):
        recorder.step(name, struck["checkout_loop"], (6, 30))
    recorder.mark("checkout_loop")
    recorder.step("checkout_payment", step >= _PAYMENT, (15, 60), price=dearer)
    failed = struck["payment_failure"]
    recorder.step("payment_failed", failed, (10, 45))
    recorder.mark("payment_failure")
    retries = failed & (visits.buys | (rng.random(count) < 0.35))
    recorder.step("checkout_payment", retries, (10, 60), price=dearer)
    recorder.step("payment_failed", retries & ~visits.buys, (10, 45))
    _order(recorder, frame, visits, dearer)


def _order(recorder: _Recorder, frame: pd.DataFrame, visits: Visits, price: Integers) -> None:
    """The order comes at its appointed second; what came before is squeezed where it took too long."""
    opens = visits.buys & (frame["login"].to_numpy() == SIGNS_UP)
    limit = visits.order_second - SIGN_UP_BEFORE_ORDER - 5
    squeeze = np.where(visits.buys & (recorder.clock > limit), limit / np.maximum(recorder.clock, 1), 1.0)
    recorder.parts = [(part[0], _squeezed(part[1], squeeze[part[0]]), *part[2:]) for part in recorder.parts]
    recorder.struck_at = {name: _squeezed(second, squeeze) for name, second in recorder.struck_at.items()}
    recorder.clock[opens] = visits.order_second[opens] - SIGN_UP_BEFORE_ORDER
    recorder.is_known |= opens
    recorder.step("sign_up", opens, (0, 1), form=True)
    recorder.clock[visits.buys] = visits.order_second[visits.buys]
    recorder.step("purchase", visits.buys, (0, 1), price=price)


def _squeezed(second: Integers, factor: Floats) -> Integers:
    return (second * factor).astype(np.int64)
