"""What comes after an order in the post: parcels that are late or not, goods sent back, money that takes its time.

Belongs here: deliveries, returns and the frictions they can hold. Does not belong here: what anybody says about them.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from pipeline.sample.aftermath.draws import HOUR, between, draw_codes, exposures_of, only_if, strikes
from pipeline.sample.aftermath.frames import CARRIERS, RETURN_REASONS
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import DAY, FIRST_DAY, Flags, Instants, Integers, business_day, later, to_utc
from pipeline.sample.ground.vocabulary import SALES_CHANNELS

PROMISED_DAYS = 4
"""A parcel is promised for this local day after the order's."""
ANNOUNCED_DELAY_SHARE = 0.035
"""Share of parcels that are late but announced so in time: no friction, though not on time either."""
LONG_RETURN_DAYS = 14
"""A refund not granted by then is a long return."""


@dataclass(frozen=True)
class Shipped:
    """Orders with what the post did to them.

    Attributes:
        orders: sales as for ``make_parcels``, with ``is_returned``.
        parcels: as made by ``make_parcels``.
        returns: as made by ``make_returns``.
    """

    orders: pd.DataFrame
    parcels: pd.DataFrame
    returns: pd.DataFrame

    def is_late(self) -> Flags:
        """Whether the parcel of each order is late and nobody said so, shape (orders,)."""
        parcels = self.parcels
        silent = parcels["is_late"].to_numpy() & parcels["delay_announced_at"].isna().to_numpy()
        return np.isin(self.orders["order"].to_numpy(), parcels["order"].to_numpy()[silent])

    def is_long(self) -> Flags:
        """Whether the return of each order takes long, shape (orders,)."""
        long = self.returns.loc[self.returns["is_long"], "order"]
        return np.isin(self.orders["order"].to_numpy(), long.to_numpy())

    def in_hand(self) -> Instants:
        """When each order's goods are with the customer, shape (orders,)."""
        arrived = looked_up(self.parcels, "delivered_at", self.orders["order"])
        return np.where(np.isnat(arrived), self.orders["ordered_at"].to_numpy("datetime64[s]"), arrived)


def looked_up(frame: pd.DataFrame, column: str, orders: pd.Series) -> Instants:
    """Instants of a frame's column by order, ``NaT`` where the frame has none."""
    return frame.set_index("order")[column].reindex(orders).to_numpy("datetime64[s]")


def make_parcels(
    rng: np.random.Generator, *, scenario: Scenario, orders: pd.DataFrame, persons: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One parcel per order that is not carried home, and the frictions lived with it.

    A parcel is late and unannounced (``late_delivery``) at the rate of its device and promised day; nobody asks within
    24 hours of its arrival whether all was well (``no_follow_up``) at the rate of its device and day of arrival.

    Args:
        rng: source of chance.
        scenario: rates and effects.
        orders: sales with ``order``, ``person_row``, ``ordered_at``, ``sales_channel``, ``device`` (never -1) and
            ``is_returning``.
        persons: all persons of the block.

    Returns:
        Columns of frame ``deliveries`` (with ``device`` and ``is_returning``), and exposures.
    """
    sent = orders[orders["sales_channel"].to_numpy() != SALES_CHANNELS.index("store")]
    parcels = sent.loc[:, ["order", "person_row", "device", "is_returning"]].reset_index(drop=True)
    count, device = len(parcels), parcels["device"].to_numpy()
    promised = business_day(sent["ordered_at"]) + np.timedelta64(PROMISED_DAYS, "D")
    is_unannounced = strikes(rng, scenario, "late_delivery", device=device, at=promised.astype("datetime64[s]"))
    is_announced = ~is_unannounced & (rng.random(count) < ANNOUNCED_DELAY_SHARE)
    is_late = is_unannounced | is_announced
    delivered = _arrivals(rng, promised, np.where(is_late, rng.integers(2, 8, count), -rng.integers(0, 2, count)))
    is_silent = strikes(rng, scenario, "no_follow_up", device=device, at=delivered)
    parcels = parcels.assign(
        parcel=parcels["order"], shipped_at=between(rng, sent["ordered_at"], 8 * HOUR, 30 * HOUR),
        promised_on=promised.astype("datetime64[s]"), delivered_at=delivered,
        delay_announced_at=only_if(is_announced, _arrivals(rng, promised, np.zeros(count, dtype=np.int64))),
        follow_up_at=only_if(~is_silent, between(rng, delivered, HOUR, 20 * HOUR)),
        carrier=draw_codes(rng, count, (1,) * len(CARRIERS)), is_late=is_late,
    )  # fmt: skip
    expose = partial(exposures_of, scenario=scenario, persons=persons)
    late, silent = parcels[is_unannounced], parcels[is_silent]
    asked_by = later(silent["delivered_at"], np.full(len(silent), DAY))
    exposures = [
        expose("late_delivery", late, late["delivered_at"]),
        expose("no_follow_up", silent, asked_by),
    ]
    return parcels, pd.concat(exposures, ignore_index=True)


def _arrivals(rng: np.random.Generator, days: Instants, delay: Integers) -> Instants:
    """Instants within carriers' hours, ``delay`` local days after ``days``."""
    day = (days - np.datetime64(FIRST_DAY, "D")).astype(np.int64) + delay
    return to_utc(day * DAY + rng.integers(8 * HOUR, 19 * HOUR, len(day)))


def make_returns(
    rng: np.random.Generator, *, scenario: Scenario, orders: pd.DataFrame, parcels: pd.DataFrame, persons: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Requests to send goods back, with the day the money follows, and the long ones among them.

    Args:
        rng: source of chance.
        scenario: rates and effects.
        orders: sales as for ``make_parcels``, with ``is_returned``.
        parcels: of those orders.
        persons: all persons of the block.

    Returns:
        Columns of frame ``returns`` but ``quantity`` (with ``device``, ``is_returning`` and ``is_long``), exposures.
    """
    back = orders[orders["is_returned"].to_numpy()]
    returns = back.loc[:, ["order", "person_row", "device", "is_returning"]].reset_index(drop=True)
    count = len(returns)
    arrived = looked_up(parcels, "delivered_at", returns["order"])
    in_hand = np.where(np.isnat(arrived), back["ordered_at"].to_numpy("datetime64[s]"), arrived)
    requested = between(rng, in_hand, DAY, 9 * DAY)
    is_long = strikes(rng, scenario, "long_return", device=returns["device"].to_numpy(), at=requested)
    days = np.where(is_long, rng.uniform(16, 35, count), rng.uniform(5, 13, count))
    returns = returns.assign(
        requested_at=requested,
        received_at=later(requested, (days * rng.uniform(0.3, 0.7, count) * DAY).astype(np.int64)),
        refunded_at=later(requested, (days * DAY).astype(np.int64)),
        reason=draw_codes(rng, count, (4, 2, 1.5, 1)).clip(max=len(RETURN_REASONS) - 1),
        is_long=is_long,
    )
    returns["return"] = returns["order"]
    long = returns[is_long]
    waited = later(long["requested_at"], np.full(len(long), LONG_RETURN_DAYS * DAY))
    return returns, exposures_of("long_return", long, waited, scenario=scenario, persons=persons)
