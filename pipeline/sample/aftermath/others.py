"""The frames beside persons, visits, events, orders and exposures, made once it is known who stayed.

Belongs here: the order in which they are made, and which frame feeds which. Does not belong here: any of them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.asking import make_invitations
from pipeline.sample.aftermath.contracts import make_contracts
from pipeline.sample.aftermath.draws import is_in_history
from pipeline.sample.aftermath.frames import AFTERMATH_FRAMES, VERBATIM_TABLES, framed_after
from pipeline.sample.aftermath.living import Aftermath
from pipeline.sample.aftermath.loyalty import make_loyalty_events
from pipeline.sample.aftermath.outreach import Occasions, make_messages, make_referrals
from pipeline.sample.aftermath.parcels import looked_up
from pipeline.sample.aftermath.pressure import letters_to_others
from pipeline.sample.aftermath.reference import make_fx_rates, make_initiatives, make_marketing_costs
from pipeline.sample.aftermath.sayings import lived
from pipeline.sample.aftermath.service import make_interactions
from pipeline.sample.aftermath.verbatims import meaning_of
from pipeline.sample.aftermath.voices import make_feedback, make_surveys
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.seasons import end_instant
from pipeline.sample.ground.vocabulary import ORDER_TYPES, SALES_CHANNELS

_ROW_IDS = {"survey_responses": "response", "feedback": "feedback", "interactions": "contact"}


@dataclass(frozen=True)
class Known:
    """The main frames of a block, cut: as described in ``world``."""

    persons: pd.DataFrame
    orders: pd.DataFrame
    items: pd.DataFrame
    events: pd.DataFrame
    exposures: pd.DataFrame


def make_others(streams: Streams, *, known: Known, aftermath: Aftermath) -> dict[str, pd.DataFrame]:
    """Every frame of ``AFTERMATH_FRAMES`` that belongs to a block.

    Args:
        streams: chance of the block.
        known: its main frames, refunds among the orders, all exposures among the exposures.
        aftermath: what followed the orders, kept (``Aftermath.kept``).

    Returns:
        Frames by name, each limited to what began in the history; ``verbatims`` holds the truth of every text.
    """
    end, persons = end_instant(), known.persons
    sales = _sales(known.orders, aftermath)
    interactions = make_interactions(
        streams.of("interactions"), cases=aftermath.cases, persons=persons, orders=sales, events=known.events,
        exposures=known.exposures, end=end,
    )  # fmt: skip
    past = lived(known.exposures)
    asked = make_invitations(streams.of("invitations"), persons=persons, orders=sales, cases=aftermath.cases)
    surveys = make_surveys(streams.of("surveys"), asked=asked, persons=persons, past=past, end=end)
    feedback = make_feedback(
        streams.of("feedback"), reviews=aftermath.reviews, persons=persons, orders=sales, past=past, end=end
    )
    contracts = make_contracts(streams.of("contracts"), persons=persons, end=end)
    letters = [aftermath.pressure, letters_to_others(streams.of("letters"), persons)]
    occasions = Occasions(sales, aftermath.parcels, pd.concat(letters, ignore_index=True), surveys, contracts)
    frames = {
        "deliveries": _shipped(aftermath.parcels, end),
        "returns": _asked_back(aftermath.returns, known, end),
        "interactions": interactions,
        "survey_responses": surveys,
        "feedback": feedback,
        "messages": make_messages(streams.of("messages"), occasions=occasions, persons=persons, end=end),
        "referrals": make_referrals(streams.of("referrals"), persons=persons, end=end),
        "loyalty_events": make_loyalty_events(streams.of("loyalty"), persons=persons, orders=sales, end=end),
        "contracts": contracts,
    }
    return frames | {"verbatims": _verbatims(frames)}


def make_books(*, seed: int, customer_count: int) -> dict[str, pd.DataFrame]:
    """The frames of the company as a whole, to be made once.

    Args:
        seed: seed of the company.
        customer_count: customers of all blocks.
    """
    streams = Streams(seed)
    return {
        "marketing_costs": make_marketing_costs(streams.of("marketing costs"), customer_count=customer_count),
        "fx_rates": make_fx_rates(streams.of("fx rates")),
        "initiatives": make_initiatives(),
    }


def _sales(orders: pd.DataFrame, aftermath: Aftermath) -> pd.DataFrame:
    """Sales with the moment their goods are with the customer."""
    sales = orders[orders["order_type"].to_numpy() == ORDER_TYPES.index("sale")]
    arrived = looked_up(aftermath.parcels, "delivered_at", sales["order"])
    in_hand = np.where(np.isnat(arrived), sales["ordered_at"].to_numpy("datetime64[s]"), arrived)
    is_offline = sales["sales_channel"].to_numpy() == SALES_CHANNELS.index("store")
    return sales.assign(in_hand_at=in_hand, is_offline=is_offline).reset_index(drop=True)


def _shipped(parcels: pd.DataFrame, end: np.datetime64) -> pd.DataFrame:
    left = parcels[is_in_history(parcels["shipped_at"], end)]
    return framed_after("deliveries", {name: left[name] for name in AFTERMATH_FRAMES["deliveries"]})


def _asked_back(returns: pd.DataFrame, known: Known, end: np.datetime64) -> pd.DataFrame:
    """Returns requested in the history, with the pieces of the lines they take back."""
    asked = returns[is_in_history(returns["requested_at"], end)]
    sales = known.orders[known.orders["order_type"].to_numpy() == ORDER_TYPES.index("sale")]
    is_whole = sales.set_index("order")["is_whole_return"]
    lines = known.items[np.isin(known.items["order"].to_numpy(), asked["order"].to_numpy())]
    back = lines[(lines["line"].to_numpy() == 1) | is_whole.reindex(lines["order"]).to_numpy(bool)]
    pieces: npt.NDArray = back.groupby("order")["quantity"].sum().reindex(asked["order"]).fillna(0).to_numpy()
    columns = {name: asked[name] for name in AFTERMATH_FRAMES["returns"] if name != "quantity"}
    return framed_after("returns", columns | {"quantity": pieces})


def _verbatims(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The truth of every text, table by table."""
    parts = []
    for code, name in enumerate(VERBATIM_TABLES):
        spoken = frames[name][frames[name]["text"].to_numpy() >= 0]
        meaning = meaning_of(spoken["text"].to_numpy())
        row = spoken[_ROW_IDS[name]].to_numpy()
        parts.append(meaning.assign(table=code, row=row, text=spoken["text"].to_numpy()))
    both = pd.concat(parts, ignore_index=True)
    return framed_after("verbatims", {name: both[name] for name in AFTERMATH_FRAMES["verbatims"]})
