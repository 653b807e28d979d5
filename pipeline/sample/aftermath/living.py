"""What follows an order, lived before anybody knows who will stay: parcels, returns, cases, reviews, too many letters.

Belongs here: putting these together, who is driven away by them, and what is left once that is known.
Does not belong here: how any one of them goes (``parcels``, ``cases``, ``reviews``, ``pressure``).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.sample.aftermath.cases import make_cases
from pipeline.sample.aftermath.draws import exits_of
from pipeline.sample.aftermath.parcels import Shipped, make_parcels, make_returns
from pipeline.sample.aftermath.pressure import make_pressure
from pipeline.sample.aftermath.reviews import make_reviews
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import Instants, by_then
from pipeline.sample.ground.vocabulary import ORDER_TYPES


@dataclass(frozen=True)
class Aftermath:
    """What follows the orders of a block; ``person_row`` and ``order`` link every row to what it follows.

    Attributes:
        orders: the sales all of it hangs on: ``order``, ``person_row``, ``ordered_at``.
        parcels: see ``parcels.make_parcels``.
        returns: see ``parcels.make_returns``; ``refunded_at`` is when the refund is granted.
        cases: contacts, see ``cases.make_cases``.
        reviews: see ``reviews.make_reviews``.
        pressure: marketing sends, see ``pressure.make_pressure``; they go on after a customer is lost, as they do.
        exposures: after-sale frictions lived, frame ``exposures`` of ``world`` without probabilities and values.
        exits: candidate exits: ``person_row``, ``at``, ``cause`` (code into ``EXIT_CAUSES``).
    """

    orders: pd.DataFrame
    parcels: pd.DataFrame
    returns: pd.DataFrame
    cases: pd.DataFrame
    reviews: pd.DataFrame
    pressure: pd.DataFrame
    exposures: pd.DataFrame
    exits: pd.DataFrame

    def kept(self, ends: Instants) -> "Aftermath":
        """What is left once everybody's end is known.

        Rows that hang on an order stay if the order was placed by then, even if they happen later: whoever is lost
        still waits for the parcel. Exposures and exits that hang on none stay if they happened by then.

        Args:
            ends: end of each person, ``NaT`` while alive, shape (persons,).
        """
        stays = by_then(self.orders["ordered_at"], self.orders["person_row"], ends)
        orders = self.orders[stays]
        ids = orders["order"].to_numpy()
        hanging = {
            name: frame[np.isin(frame["order"].to_numpy(), ids)].reset_index(drop=True)
            for name in ("parcels", "returns", "cases", "reviews")
            for frame in (getattr(self, name),)
        }
        exposed = self.exposures
        loose = exposed["order"].to_numpy() < 0
        happened = by_then(exposed["at"], exposed["person_row"], ends)
        held = np.where(loose, happened, np.isin(exposed["order"].to_numpy(), ids))
        left = by_then(self.exits["at"], self.exits["person_row"], ends)
        return replace(
            self,
            orders=orders.reset_index(drop=True),
            exposures=exposed[held].reset_index(drop=True),
            exits=self.exits[left].reset_index(drop=True),
            **hanging,
        )


def live_through(streams: Streams, scenario: Scenario, persons: pd.DataFrame, orders: pd.DataFrame) -> Aftermath:
    """Live through all that would follow these orders if nobody were ever lost.

    Args:
        streams: chance of the block.
        scenario: how often each friction strikes, where and when, and what it does.
        persons: all persons of the block, frame ``persons`` of ``world`` as far as known by now
            (``customer_type``, ``acquisition_channel``, ``device``, ``has_consent``, ``is_guest``, ``mood``,
            ``first_order_at``).
        orders: candidate orders, frame ``orders`` of ``world`` as far as known by now (``order``, ``person_row``,
            ``ordered_at``, ``sales_channel``, ``device``, ``is_first``, ``is_returned``; refunds are left out if any).
    """
    sales = _sales(persons, orders)
    parcels, posted = make_parcels(streams.of("parcels"), scenario=scenario, orders=sales, persons=persons)
    returns, waited = make_returns(
        streams.of("returns"), scenario=scenario, orders=sales, parcels=parcels, persons=persons
    )
    after = Shipped(sales, parcels, returns)
    cases, helped = make_cases(streams.of("cases"), scenario=scenario, after=after, persons=persons)
    reviews, written = make_reviews(streams.of("reviews"), scenario=scenario, after=after, persons=persons)
    pressure, pressed = make_pressure(streams.of("pressure"), scenario=scenario, persons=persons)
    exposures = pd.concat([posted, waited, helped, written, pressed], ignore_index=True)
    exposures = exposures.sort_values(["at", "person_row", "friction"], kind="stable", ignore_index=True)
    return Aftermath(
        orders=sales.loc[:, ["order", "person_row", "ordered_at"]].reset_index(drop=True),
        parcels=parcels, returns=returns, cases=cases, reviews=reviews, pressure=pressure,
        exposures=exposures, exits=exits_of(streams.of("exits"), exposures),
    )  # fmt: skip


def _sales(persons: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Sales with a device each: the favourite one of the person where none was used."""
    if "order_type" in orders:
        orders = orders[orders["order_type"].to_numpy() == ORDER_TYPES.index("sale")]
    favourite = persons["device"].to_numpy()[orders["person_row"].to_numpy()]
    used = orders["device"].to_numpy()
    return orders.assign(device=np.where(used >= 0, used, favourite), is_returning=~orders["is_first"].to_numpy(bool))
