"""Contracts and their renewals: a shifted-beta-geometric process with stated parameters per plan.

Belongs here: frame ``contracts`` and the process behind it. Does not belong here: orders (the two are independent).
Fader and Hardie (2007): each holder renews every time with a probability of their own, one minus a churn probability
drawn from Beta(alpha, beta); the share still there after t renewals is B(alpha, beta + t) / B(alpha, beta).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.draws import numbered
from pipeline.sample.aftermath.frames import PLANS, framed_after
from pipeline.sample.ground.seasons import Integers
from pipeline.sample.ground.vocabulary import CUSTOMER_TYPES


@dataclass(frozen=True)
class Plan:
    """A plan and its renewal process.

    Attributes:
        customer_type: who can take it.
        months: length of a contract.
        alpha: first shape of the churn probability per renewal.
        beta: second shape.
        annual_amount: mean net amount per year, euro cents.
        uptake: share of the customers of that type who take it.
    """

    customer_type: str
    months: int
    alpha: float
    beta: float
    annual_amount: int
    uptake: float

    def survival(self, renewals: npt.NDArray) -> npt.NDArray[np.float64]:
        """Share of the holders still there after that many renewal dates, shape as given."""
        steps = np.arange(1, int(np.max(renewals, initial=0)) + 1)
        kept = (self.beta + steps - 1) / (self.alpha + self.beta + steps - 1)
        return np.concatenate([[1.0], np.cumprod(kept)])[renewals]


CONTRACT_PLANS: dict[str, Plan] = {
    "essentiel": Plan("B2B", 12, alpha=0.9, beta=2.8, annual_amount=180_000, uptake=0.45),
    "premium": Plan("B2B", 12, alpha=0.7, beta=3.9, annual_amount=540_000, uptake=0.25),
    "box": Plan("B2C", 3, alpha=0.75, beta=2.4, annual_amount=24_000, uptake=0.05),
}
"""By plan, in the order of ``PLANS``."""
EARLY_END_SHARE = 0.15
"""Share of the last contracts of a holder that are ended early, in their second half."""
_SIGNED_WITHIN_DAYS = 200
_SPREAD = 0.25


def make_contracts(rng: np.random.Generator, *, persons: pd.DataFrame, end: np.datetime64) -> pd.DataFrame:
    """Every contract signed by the end, those of the three years before the history included, renewals as rows.

    Args:
        rng: source of chance.
        persons: all persons of the block.
        end: instant at which the history ends.

    Returns:
        Frame ``contracts`` in order of signing; those of one holder follow each other without a gap.
    """
    holders = _holders(rng, persons)
    chains = _chains(holders, end)
    starts, ends = _term(chains, chains["period"].to_numpy()), _term(chains, chains["period"].to_numpy() + 1)
    lead = rng.integers(1, 20, len(chains)) * (chains["period"].to_numpy() > 0)
    signed = (starts - lead.astype("timedelta64[D]")).astype("datetime64[s]")
    signed += (rng.integers(8 * 3600, 17 * 3600, len(chains))).astype("timedelta64[s]")
    goes = chains["is_last"].to_numpy() & (rng.random(len(chains)) < EARLY_END_SHARE)
    share = rng.uniform(0.5, 0.95, len(chains))
    cancelled = starts + ((ends - starts).astype(np.int64) * share).astype("timedelta64[D]")
    rows = chains.assign(
        signed_at=signed, starts_on=starts.astype("datetime64[s]"),
        ends_on=(ends - np.timedelta64(1, "D")).astype("datetime64[s]"),
        cancelled_on=np.where(goes & (cancelled < end), cancelled.astype("datetime64[s]"), np.datetime64("NaT", "s")),
    )  # fmt: skip
    rows = rows[rows["signed_at"] < end].sort_values(["signed_at", "holder"], kind="stable", ignore_index=True)
    return _framed(persons, rows)


def _framed(persons: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(contract=numbered(persons, len(rows)))
    before = rows.sort_values(["holder", "period"]).groupby("holder")["contract"].shift(1)
    who = persons.iloc[rows["person_row"].to_numpy()]
    names = (
        "contract", "person_row", "signed_at", "starts_on", "ends_on", "cancelled_on", "plan", "annual_amount",
        "period",
    )  # fmt: skip
    return framed_after("contracts", {name: rows[name] for name in names} | {
        "customer": who["customer"].to_numpy(), "currency": who["country"].to_numpy(),  # one currency per country
        "renews_contract": before.reindex(rows.index).fillna(-1).astype(np.int64),
    })  # fmt: skip


def _holders(rng: np.random.Generator, persons: pd.DataFrame) -> pd.DataFrame:
    """Customers with a plan: from when, for how much, and how many renewals they will make."""
    draw = rng.random(len(persons))
    kind = persons["customer_type"].to_numpy()
    plan = np.full(len(persons), -1)
    below = np.zeros(len(CUSTOMER_TYPES))
    for number, name in enumerate(PLANS):
        of_type = CUSTOMER_TYPES.index(CONTRACT_PLANS[name].customer_type)
        low, high = below[of_type], below[of_type] + CONTRACT_PLANS[name].uptake
        plan[(kind == of_type) & (draw >= low) & (draw < high)] = number
        below[of_type] = high
    row = np.flatnonzero((plan >= 0) & (persons["customer"].to_numpy() >= 0))
    code, count = plan[row], len(row)
    joined = persons["registered_at"].to_numpy("datetime64[D]")[row]
    alpha, beta, amount = (
        np.array([getattr(each, field) for each in CONTRACT_PLANS.values()])[code]
        for field in ("alpha", "beta", "annual_amount")
    )
    churn = rng.beta(alpha, beta)
    return pd.DataFrame({
        "holder": np.arange(count), "person_row": row, "plan": code,
        "first_on": joined + rng.integers(1, _SIGNED_WITHIN_DAYS, count).astype("timedelta64[D]"),
        "renewals": rng.geometric(np.maximum(churn, 1e-6)) - 1,
        "annual_amount": (np.round(amount * rng.lognormal(-_SPREAD**2 / 2, _SPREAD, count) / 100) * 100).astype(int),
    })  # fmt: skip


def _chains(holders: pd.DataFrame, end: np.datetime64) -> pd.DataFrame:
    """One row per contract that starts by the end: the first and the renewals made."""
    months = np.array([plan.months for plan in CONTRACT_PLANS.values()])[holders["plan"].to_numpy()]
    days = (end.astype("datetime64[D]") - holders["first_on"].to_numpy("datetime64[D]")).astype(np.int64)
    possible = np.maximum(days // (28 * months) + 2, 1)
    count = np.minimum(holders["renewals"].to_numpy() + 1, possible)
    chains = holders.loc[np.repeat(holders.index.to_numpy(), count)].reset_index(drop=True)
    period = np.arange(len(chains)) - np.repeat(np.cumsum(count) - count, count)
    return chains.assign(
        period=period, months=np.repeat(months, count), is_last=period == chains["renewals"].to_numpy()
    )


def _term(chains: pd.DataFrame, period: Integers) -> npt.NDArray[np.datetime64]:
    """First day of the given period of each chain; a day that its month lacks becomes the month's last."""
    first = chains["first_on"].to_numpy("datetime64[D]")
    month = first.astype("datetime64[M]") + (chains["months"].to_numpy() * period)
    day = (first - first.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    last = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.int64) - 1
    return month.astype("datetime64[D]") + np.minimum(day, last)


def renewal_processes() -> dict[str, dict[str, float | str | int]]:
    """Parameters by plan, as the truth states them."""
    return {
        name: {
            "model": "shifted_beta_geometric", "alpha": plan.alpha, "beta": plan.beta, "months": plan.months,
            "customer_type": plan.customer_type,
        }
        for name, plan in CONTRACT_PLANS.items()
    }  # fmt: skip
