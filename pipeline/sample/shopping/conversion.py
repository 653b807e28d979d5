"""The chances of a visit: from step to step, with and without what gets in the way; closed forms, no chance.

Belongs here: probabilities, which depend on observable strata only (device, customer type, new or returning, traffic
channel, whether the visit searches). Does not belong here: drawing.

A mission is one to three visits. All but the last either lead on to the next one or, if something got in the way, do
not; the last one may fill a cart and go address, delivery, payment, order. A cart that does not become an order is
returned to once with a stated chance, and goes from the address on again.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import Floats, Instants, Integers

SEARCHES, ASKS_HELP = 0.3, 0.04
"""Chance that a visit searches; that it opens the help pages."""
CART_IF_SEARCHING, CART_IF_NOT = 1.35, 0.85
CART = np.array([0.15, 0.29])
"""Chance of a cart in the last visit of a mission: new, returning."""
CART_BY_CHANNEL = np.array([1.0, 0.9, 1.2, 0.65, 1.15, 1.05])
"""Factor by traffic channel."""
CHANNEL_SHARES = np.array([[0.34, 0.24, 0.02, 0.18, 0.16, 0.06], [0.32, 0.14, 0.18, 0.08, 0.25, 0.03]])
"""Traffic channels of new and of returning persons."""
ADDRESS = np.array([0.58, 0.68])
"""Cart to address by customer type."""
DELIVERY = np.array([0.89, 0.82, 0.88, 0.87])
"""Address to delivery by device."""
PAYMENT = np.array([0.93, 0.88, 0.91, 0.92])
"""Delivery to payment by device."""
ORDER = 0.96
"""Payment to order."""
FAVOURITE = 0.65
"""Chance that a visit is made on the person's favourite device; else any, favourite included."""
DEVICE_SHARES = np.array([0.37, 0.44, 0.07, 0.12])
VISIT_COUNTS = np.array(
    [[0.65, 0.25, 0.10], [0.30, 0.40, 0.30], [0.88, 0.10, 0.02], [0.40, 0.40, 0.20], [0.65, 0.25, 0.10]]
)
"""Chance of one, two, three visits per mission, by persona."""

DEVICE_MIX = FAVOURITE * np.eye(4) + (1 - FAVOURITE) * DEVICE_SHARES[None, :]
"""Chance of each device (column) by favourite device (row)."""
_CHANNEL_FACTOR = CHANNEL_SHARES @ CART_BY_CHANNEL


@dataclass(frozen=True)
class Chances:
    """Chances on the days between two changes of what is planted (a regime), first axis.

    Attributes:
        changes: first local day of every regime but the first.
        leads_on: that an early visit leads to the next, by device (regimes, 4).
        cart: that a last visit fills a cart, by device and new or returning (regimes, 4, 2).
        to_delivery: address to delivery by device (regimes, 4), frictions of the step averaged; likewise the others.
        to_payment: delivery to payment by device.
        to_order: payment to order by device.
        come_back: that an abandoned cart is returned to.
    """

    changes: Instants
    leads_on: Floats
    cart: Floats
    to_delivery: Floats
    to_payment: Floats
    to_order: Floats
    come_back: float

    def regime(self, day: Instants) -> Integers:
        """Regime of local days (``datetime64[D]``)."""
        return np.searchsorted(self.changes, day, side="right")

    @property
    def from_address(self) -> Floats:
        """Address to order, by device (regimes, 4)."""
        return self.to_delivery * self.to_payment * self.to_order

    @property
    def from_cart(self) -> Floats:
        """Cart to order, returning to it included, by device and customer type (regimes, 4, 2)."""
        at_once = self.from_address[:, :, None] * ADDRESS
        return at_once + (1 - at_once) * self.come_back * self.from_address[:, :, None]

    @property
    def last_visit(self) -> Floats:
        """A mission's last visit to order, by favourite device, customer type, new or returning (regimes, 4, 2, 2)."""
        by_device = self.cart[:, :, None, :] * self.from_cart[:, :, :, None]
        return np.asarray(np.einsum("fd,rdyn->rfyn", DEVICE_MIX, by_device))

    @property
    def early_visit(self) -> Floats:
        """An early visit to the next one, by favourite device (regimes, 4)."""
        return np.asarray(self.leads_on @ DEVICE_MIX.T)

    @property
    def mission(self) -> Floats:
        """A mission to order, by favourite device, type, new or returning, persona (regimes, 4, 2, 2, personas)."""
        survival = self.early_visit[:, :, None] ** np.arange(3)
        return self.last_visit[..., None] * (survival @ VISIT_COUNTS.T)[:, :, None, None, :]


def chances_of(scenario: Scenario, *, planted: bool = True) -> Chances:
    """The chances of a scenario; with ``planted`` false every friction is as frequent, but harmless."""
    windows = [friction.window for friction in scenario.frictions.values() if friction.window is not None]
    firsts = [np.datetime64(window.first_day, "D") for window in windows]
    afters = [np.datetime64(window.last_day, "D") + 1 for window in windows]
    changes = np.unique(np.array(firsts + afters, dtype="datetime64[D]"))
    days = np.concatenate([changes[:1] - 1 if len(changes) else np.array(["2024-01-01"], "datetime64[D]"), changes])
    device = np.arange(4)

    def mild(name: str) -> Floats:
        """Mean factor on the next step, by regime and device."""
        if not planted:
            return np.ones((len(days), 4))
        friction = scenario.frictions[name]
        factors = [1 - friction.rate_at(device, day) * (1 - friction.effect_at(day)) for day in days]
        return np.asarray(factors, dtype=np.float64)

    page = mild("page_error") * mild("slow_page") * (1 - ASKS_HELP * (1 - mild("help_then_contact")))
    search = mild("failed_search")
    wish = (1 - SEARCHES) * CART_IF_NOT + SEARCHES * CART_IF_SEARCHING * search
    return Chances(
        changes=changes,
        leads_on=page * (1 - SEARCHES * (1 - search)),
        cart=(page * wish)[:, :, None] * CART * _CHANNEL_FACTOR,
        to_delivery=DELIVERY * mild("checkout_error"),
        to_payment=PAYMENT * mild("price_rise") * mild("checkout_loop"),
        to_order=ORDER * mild("payment_failure"),
        come_back=scenario.come_back,
    )
