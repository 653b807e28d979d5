"""Customer bases drawn from known parameters, for tests of the pass on lifetime value.

Belongs here: drawing histories and writing them as the tables the pass reads. Does not belong here: assertions.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from pipeline.analysis.triples import Floats

BG_TRUTH = np.array([0.6, 40.0, 0.8, 2.5])
"""r, alpha (days), a, b."""

SPEND_TRUTH = np.array([6.0, 4.0, 60.0])
"""p, q, v."""


@dataclass(frozen=True)
class Base:
    """Drawn customers: days from each one's first purchase (n,), and their repeat purchases, one row each."""

    born: Floats
    buyer: np.ndarray
    day: Floats
    value: Floats


def draw(
    seed: int, size: int, *, days: float = 730.0, model: str = "bg_nbd", truth: Floats = BG_TRUTH,
    whole_days: bool = True,
) -> Base:  # fmt: skip
    """A base of ``size`` customers whose first purchases spread evenly over ``days``.

    Args:
        seed: of the generator.
        size: customers.
        days: observed period; the as-of date is its end.
        model: ``bg_nbd``, ``mbg_nbd`` or ``pareto_nbd``.
        truth: its parameters.
        whole_days: merge the purchases of a day, as the product does; else time is continuous.
    """
    rng = np.random.default_rng(seed)
    rate = rng.gamma(truth[0], 1 / truth[1], size)
    born = np.sort(rng.uniform(0, days, size))
    if model == "pareto_nbd":
        stays, end = np.full(size, np.inf), rng.exponential(1 / rng.gamma(truth[2], 1 / truth[3], size))
    else:
        stays, end = rng.geometric(rng.beta(truth[2], truth[3], size)).astype(float), np.full(size, np.inf)
        stays -= model == "mbg_nbd"
    clock, alive, buyers, moments = np.zeros(size), np.arange(size), [], []
    while alive.size:
        clock[alive] += rng.exponential(1 / rate[alive])
        alive = alive[(clock[alive] < np.minimum(days - born[alive], end[alive])) & (stays[alive] > 0)]
        stays[alive] -= 1
        buyers.append(alive)
        moments.append(clock[alive].copy())
    buyer, day = np.concatenate(buyers), np.concatenate(moments)
    if whole_days:
        born = np.floor(born)
        day = np.floor(day)
        kept = (
            pd.DataFrame({"buyer": buyer, "day": day}).query("day > 0").drop_duplicates().sort_values(["buyer", "day"])
        )
        buyer, day = kept["buyer"].to_numpy(), kept["day"].to_numpy()
    own = SPEND_TRUTH[2] / rng.gamma(SPEND_TRUTH[1], size=size)
    value = np.round(rng.gamma(SPEND_TRUTH[0], own[buyer]), 2) + 0.01
    return Base(born, buyer, day, value)


def histories(base: Base, *, until: float) -> pd.DataFrame:
    """x, t_x, T and mean spend of those born before ``until`` (days from the start)."""
    purchases = pd.DataFrame({"buyer": base.buyer, "day": base.day, "value": base.value})
    inside = purchases[base.born[base.buyer] + base.day < until].groupby("buyer")
    frame = pd.DataFrame({"born": base.born}).query("born < @until")
    frame["x"] = inside.size().reindex(frame.index).fillna(0.0)
    frame["t_x"] = inside["day"].max().reindex(frame.index).fillna(0.0)
    frame["T"] = until - frame["born"]
    frame["spend"] = inside["value"].mean().round(4).reindex(frame.index)
    return frame


def table(base: Base, *, days: float = 730.0, holdout: float = 364.0, group: str = "b2c") -> pd.DataFrame:
    """The base as ``int_customer_transactions__aggregated``."""
    now, past = histories(base, until=days), histories(base, until=days - holdout)
    frame = now.rename(columns={"x": "repeat_count", "t_x": "recency_days", "T": "age_days", "spend": "mean_spend"})
    frame = frame.join(past[["x", "t_x", "T", "spend"]])
    purchases = pd.DataFrame({"buyer": base.buyer, "value": base.value})
    held = purchases[base.born[base.buyer] + base.day >= days - holdout].groupby("buyer")["value"]
    known = frame["x"].notna()
    frame["held"] = held.size().reindex(frame.index).fillna(0.0).where(known)
    frame["held_value"] = held.sum().reindex(frame.index).fillna(0.0).where(known)
    return pd.DataFrame({
        "customer_key": [f"{group}-{number:07d}" for number in range(len(frame))],
        "fit_group": group,
        "repeat_count": frame["repeat_count"],
        "recency_days": frame["recency_days"],
        "age_days": frame["age_days"],
        "repeat_spend_mean_amount": frame["mean_spend"],
        "calibration_repeat_count": frame["x"],
        "calibration_recency_days": frame["t_x"],
        "calibration_age_days": frame["T"],
        "calibration_repeat_spend_mean_amount": frame["spend"],
        "holdout_repeat_count": frame["held"],
        "holdout_value_amount": frame["held_value"],
        "last_12m_margin_amount": (frame["held_value"].fillna(0.0) * 0.4).round(2),
        "margin_rate": 0.4,
        "refund_scale": 1.0,
        "annual_retention_rate": 0.5,
    })  # fmt: skip


RENEWALS = [("all", 1, 1000, 369), ("all", 2, 631, 163), ("all", 3, 468, 86), ("all", 4, 382, 56), ("tiny", 1, 3, 1)]
"""A base of contracts: all of them, and a plan with hardly any."""


def write_build(
    folder: Path, customers: pd.DataFrame, *, holdout: int = 364,
    renewals: list[tuple[str, int, int, int]] | None = None,
) -> Path:  # fmt: skip
    """A build file with the three inputs of the pass."""
    path = folder / "build.duckdb"
    with duckdb.connect(str(path)) as build:
        build.execute("create schema intermediate")
        build.register("customers", customers)
        counts = ["repeat_count", "calibration_repeat_count", "holdout_repeat_count"]
        casts = [f"cast({name} as bigint) as {name}" for name in counts]
        casts += [f"cast({name} as decimal(18, 4)) as {name}" for name in customers.columns if name.endswith("_amount")]
        build.execute(
            "create table intermediate.int_customer_transactions__aggregated as "
            f"select * replace ({', '.join(casts)}) from customers"
        )
        build.execute(
            "create table intermediate.int_value_settings__derived as select date '2025-12-31' as as_of_date, "
            f"{holdout} as holdout_days, false as is_seasonal, 0.1 as discount_rate, [12, 24, 36] as horizons_months, "
            "500 as minimum_customers, 100 as minimum_repeaters"
        )
        build.execute(
            "create table intermediate.int_contract_renewals__aggregated "
            "(fit_group varchar, period integer, opportunity_count bigint, loss_count bigint)"
        )
        if renewals:
            build.executemany(
                "insert into intermediate.int_contract_renewals__aggregated values (?, ?, ?, ?)", renewals
            )
    return path
