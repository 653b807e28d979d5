"""The company's own books: media money, exchange rates, the register of improvements. The same for all blocks.

Belongs here: frames ``marketing_costs``, ``fx_rates``, ``initiatives``. Does not belong here: any customer.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample.aftermath.frames import framed_after
from pipeline.sample.ground.seasons import FIRST_DAY, LAST_DROP
from pipeline.sample.ground.vocabulary import CHANNELS, CURRENCIES, EURO_RATES

MONTHLY_COST_PER_CUSTOMER = {"paid_search": 24, "social": 18, "email": 4, "referral": 2}
"""Euro cents per month and customer-to-be of the company."""
SEASON_MONTHS, SEASON_COST = (11, 12), 0.4
"""Months with a campaign on top, and what it costs against the usual."""
_YEARS_BEFORE = 3  # the company lived unseen, see ``seasons``; amounts of then are told as well
_RATES = dict(zip(CURRENCIES[1:], EURO_RATES[1:], strict=True))


@dataclass(frozen=True)
class Initiative:
    """An improvement of the journey; none of them has an effect in the sample company.

    Attributes:
        name: what it is.
        stage: stage it is meant to improve.
        touchpoint: touchpoint it is meant to improve.
        segment_dimension: dimension of the segment it was rolled out to.
        segment: that segment.
        starts_on: first day in effect.
        cost_amount: euro cents.
    """

    name: str
    stage: str
    touchpoint: str
    segment_dimension: str
    segment: str
    starts_on: str
    cost_amount: int


INITIATIVES = (
    Initiative("Paiement en un clic", "decision", "checkout_payment", "device", "mobile", "2024-06-03", 2_400_000),
    Initiative("Recherche tolérante aux fautes", "consideration", "search", "all", "all", "2024-10-14", 1_800_000),
    Initiative(
        "Message après livraison", "retention", "order_confirmation", "region", "Bretagne", "2025-02-03", 350_000
    ),
    Initiative("Conseil en direct", "consideration", "live_chat", "customer_type", "B2B", "2025-05-12", 1_250_000),
    Initiative("Guide des retours", "retention", "guarantee_page", "all", "all", "2025-09-01", 480_000),
)


def make_marketing_costs(rng: np.random.Generator, *, customer_count: int) -> pd.DataFrame:
    """Media money per month, channel and campaign, in proportion to the company's size.

    Args:
        rng: source of chance.
        customer_count: customers of the whole company, all blocks.

    Returns:
        Frame ``marketing_costs`` in order of month, channel and campaign.
    """
    months = np.arange(np.datetime64(FIRST_DAY, "M"), np.datetime64(LAST_DROP, "M") + 1)
    shape = (len(months), len(MONTHLY_COST_PER_CUSTOMER), 2)
    month, channel, campaign = (each.ravel() for each in np.meshgrid(*map(np.arange, shape), indexing="ij"))
    usual = np.array(list(MONTHLY_COST_PER_CUSTOMER.values()))[channel] * customer_count
    cost = np.round(usual * rng.uniform(0.85, 1.2, len(month)) * np.where(campaign > 0, SEASON_COST, 1))
    held = (campaign == 0) | np.isin(months[month].astype(np.int64) % 12 + 1, SEASON_MONTHS)
    code = np.array([CHANNELS.index(name) for name in MONTHLY_COST_PER_CUSTOMER])[channel]
    books_close = (months[month] + 1).astype("datetime64[D]") - 1
    return framed_after("marketing_costs", {
        "month_start": months[month].astype("datetime64[s]")[held], "acquisition_channel": code[held],
        "campaign": campaign[held], "cost_amount": cost[held], "known_on": books_close.astype("datetime64[s]")[held],
    })  # fmt: skip


def make_fx_rates(rng: np.random.Generator) -> pd.DataFrame:
    """Euros for one franc or pound, each day since the first contracts were signed; frame ``fx_rates``."""
    since = np.datetime64(FIRST_DAY.replace(year=FIRST_DAY.year - _YEARS_BEFORE), "D")
    days = np.arange(since, np.datetime64(LAST_DROP, "D") + 1)
    paths = [np.round(level * np.exp(np.cumsum(rng.normal(0, 0.0012, len(days)))), 6) for level in _RATES.values()]
    return framed_after("fx_rates", {
        "currency": np.tile([CURRENCIES.index(name) for name in _RATES], len(days)),
        "rate_date": np.repeat(days, len(_RATES)).astype("datetime64[s]"), "rate": np.column_stack(paths).ravel(),
    })  # fmt: skip


def make_initiatives() -> pd.DataFrame:
    """The register; frame ``initiatives``."""
    return framed_after("initiatives", {
        "initiative": np.arange(len(INITIATIVES)),
        "starts_on": np.array([each.starts_on for each in INITIATIVES], dtype="datetime64[s]"),
        "cost_amount": np.array([each.cost_amount for each in INITIATIVES]),
    })  # fmt: skip
