"""The extracts about the company itself: media money, exchange rates, the register of improvements.

Belongs here: columns and frames of these three. Does not belong here: formats, days.
"""

import pandas as pd

from pipeline.sample.aftermath.reference import INITIATIVES
from pipeline.sample.delivery.extracts import Extract
from pipeline.sample.ground import vocabulary as words
from pipeline.sample.ground.world import World

_SAID = ("name", "stage", "touchpoint", "segment_dimension", "segment")

EXTRACTS = {
    "marketing_costs": Extract(
        table="marketing_costs",
        born="known_on",
        key="strftime(month_start, '%Y-%m-%d') || '/' || acquisition_channel || '/' || campaign",
        codes={"acquisition_channel": words.CHANNELS},
        columns={
            "month_start": "month_start", "acquisition_channel": "acquisition_channel",
            "campaign_id": "acquisition_channel || case campaign when 0 then '-permanent' else '-saison' end",
            "currency": "'EUR'", "cost_amount": "cost_amount",
        },
    ),
    "fx_rates": Extract(
        table="fx_rates",
        born="rate_date",
        key="currency || '/' || strftime(rate_date, '%Y-%m-%d')",
        codes={"currency": words.CURRENCIES},
        columns={"currency": "currency", "rate_date": "rate_date", "rate": "rate::decimal(18, 6)"},
    ),
    "initiatives": Extract(
        table="initiatives",
        born="starts_on",
        key="numbered('INI', initiative)",
        codes={name: tuple(getattr(each, name) for each in INITIATIVES) for name in _SAID},
        columns={
            "initiative_id": "numbered('INI', initiative)", **{name: name for name in _SAID},
            "starts_on": "starts_on", "currency": "'EUR'", "cost_amount": "cost_amount",
        },
    ),
}  # fmt: skip
"""By table; a midnight without zone is told on its own day, as UTC never lags behind local time."""


def frame_of(world: World, table: str) -> pd.DataFrame:
    """The frame of one of these tables."""
    frame = world.others[table]
    return frame.assign(**dict.fromkeys(_SAID, frame["initiative"])) if table == "initiatives" else frame
