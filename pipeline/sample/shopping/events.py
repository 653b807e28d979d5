"""The frame of web events: clicks put in order of time and dressed with what every event carries.

Belongs here: joining clicks to their visits, and loading times. Does not belong here: which clicks there are.
"""

import numpy as np
import pandas as pd

from pipeline.sample.ground.seasons import Flags, Integers, later
from pipeline.sample.ground.vocabulary import DEVICES, EVENT_NAMES
from pipeline.sample.ground.world import IDS_PER_BLOCK, NOBODY, framed
from pipeline.sample.shopping.clicks import Clicks

SLOW_MILLISECONDS = 5000
"""A slow page takes at least this long; hardly any other does."""
_MEDIAN_LOG, _SPREAD, _MOBILE = 6.7, 0.4, 1.3


def make_events(
    rng: np.random.Generator,
    visits: pd.DataFrame,
    persons: pd.DataFrame,
    clicks: Clicks,
    *,
    order: Integers,
    is_slow: Flags,
    block: int,
) -> pd.DataFrame:
    """The frame ``events`` of ``world``.

    Args:
        rng: source of chance.
        visits: all visits.
        persons: all persons.
        clicks: with positions in ``visits``.
        order: order placed in each visit, -1 none.
        is_slow: visits whose first page was slow.
        block: number of the block.
    """
    started = visits["started_at"].to_numpy("datetime64[s]")
    at = later(started[clicks.visit_row], clicks.second)
    place = np.argsort(at, kind="stable")
    row, name, at = clicks.visit_row[place], clicks.name[place], at[place]
    person_row, device = visits["person_row"].to_numpy()[row], visits["device"].to_numpy()[row]
    customer = np.append(persons["customer"].to_numpy(), NOBODY)[person_row]
    bought = name == EVENT_NAMES.index("purchase")
    return framed("events", {
        "event": block * IDS_PER_BLOCK + np.arange(len(row)), "visit": visits["visit"].to_numpy()[row],
        "person_row": person_row, "browser": visits["browser"].to_numpy()[row],
        "customer": np.where(clicks.is_known[place], customer, NOBODY), "event_name": name, "occurred_at": at,
        "device": device, "traffic_channel": visits["traffic_channel"].to_numpy()[row],
        "product": clicks.product[place], "price": clicks.price[place], "search_result_count": clicks.results[place],
        "form": clicks.form[place], "order": np.where(bought, order[row], NOBODY),
        "load_milliseconds": _loading(rng, row, device, is_slow), "is_internal": visits["is_internal"].to_numpy()[row],
    })  # fmt: skip


def _loading(rng: np.random.Generator, row: Integers, device: Integers, is_slow: Flags) -> Integers:
    """Loading times; the first event of a slow visit takes long."""
    usual = np.exp(_MEDIAN_LOG + _SPREAD * rng.standard_normal(len(row), dtype=np.float32))
    usual *= np.where(device == DEVICES.index("mobile"), _MOBILE, 1.0)
    first = np.full(len(is_slow), len(row))
    np.minimum.at(first, row, np.arange(len(row)))
    slow = first[is_slow & (first < len(row))]
    usual[slow] = SLOW_MILLISECONDS + rng.exponential(2500, len(slow))
    return np.round(usual).astype(np.int64)


def joined_clicks(parts: list[tuple[Clicks, Integers]]) -> Clicks:
    """Clicks of several kinds of visitors, each with the positions of their visits among all."""
    columns = {
        name: np.concatenate([getattr(clicks, name) for clicks, _ in parts])
        for name in vars(parts[0][0])
        if name != "visit_row"
    }
    return Clicks(visit_row=np.concatenate([position[clicks.visit_row] for clicks, position in parts]), **columns)
