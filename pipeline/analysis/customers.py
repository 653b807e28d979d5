"""The customers of a build as arrays: what the pass reads, and how it is cut into groups.

Belongs here: reading and slicing. Does not belong here: fitting. Missing numbers are NaN.
"""

from dataclasses import dataclass, fields

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.triples import Floats, Triples

_NUMBERS = {
    "count": "repeat_count",
    "recency": "recency_days",
    "age": "age_days",
    "spend": "repeat_spend_mean_amount",
    "past_count": "calibration_repeat_count",
    "past_recency": "calibration_recency_days",
    "past_age": "calibration_age_days",
    "past_spend": "calibration_repeat_spend_mean_amount",
    "held_count": "holdout_repeat_count",
    "held_value": "holdout_value_amount",
    "year_margin": "last_12m_margin_amount",
    "margin_rate": "margin_rate",
    "retention": "annual_retention_rate",
}


@dataclass(frozen=True)
class Customers:
    """Customers with at least one purchase day, sorted by key; all arrays (n,).

    Attributes:
        key: pseudonymous key.
        group: fit group.
        count: x, repeat purchase days.
        recency: t_x in days.
        age: T in days.
        spend: mean net value of the repeat days; NaN where there are none.
        past_count: x at the start of the hold-out; NaN where the first purchase came after it, like all ``past_…``.
        past_recency: t_x at the start of the hold-out, in days.
        past_age: T at the start of the hold-out, in days.
        past_spend: mean net value of the repeat days before the hold-out.
        held_count: purchase days in the hold-out.
        held_value: their net value.
        year_margin: margin of the last twelve months.
        margin_rate: margin per unit of purchase-day value, of the group.
        retention: share of customers kept per year, of the group; NaN while unknown.
    """

    key: NDArray[np.object_]
    group: NDArray[np.object_]
    count: Floats
    recency: Floats
    age: Floats
    spend: Floats
    past_count: Floats
    past_recency: Floats
    past_age: Floats
    past_spend: Floats
    held_count: Floats
    held_value: Floats
    year_margin: Floats
    margin_rate: Floats
    retention: Floats

    def __len__(self) -> int:
        return int(self.count.size)

    def where(self, mask: NDArray[np.bool_]) -> "Customers":
        """The customers of a mask (n,)."""
        return Customers(*(getattr(self, field.name)[mask] for field in fields(self)))

    def groups(self) -> list[str]:
        """Names of the groups, sorted."""
        return sorted(set(self.group.tolist()))

    def of_group(self, name: str) -> "Customers":
        """The customers of one group."""
        return self.where(self.group == name)

    def before_holdout(self) -> "Customers":
        """Those whose first purchase lies before the hold-out."""
        return self.where(np.isfinite(self.past_count) & np.isfinite(self.held_count))

    def triples(self) -> Triples:
        """Histories up to the as-of date."""
        return Triples.grouped(self.count, self.recency, self.age)

    def past_triples(self) -> Triples:
        """Histories up to the start of the hold-out."""
        return Triples.grouped(self.past_count, self.past_recency, self.past_age)

    @property
    def repeaters(self) -> int:
        """Customers with a second purchase day."""
        return int((self.count > 0).sum())


@dataclass(frozen=True)
class Settings:
    """What the pass is told.

    Attributes:
        holdout_days: length of the hold-out; 0 without one.
        is_seasonal: the hold-out is shorter than a year, so the season may pass for an error.
        discount_rate: per year.
        horizons: months ahead, ascending.
        minimum_customers: smaller groups take the parent's parameters.
        minimum_repeaters: groups with fewer repeat buyers do, too.
    """

    holdout_days: int
    is_seasonal: bool
    discount_rate: float
    horizons: tuple[int, ...]
    minimum_customers: int
    minimum_repeaters: int


def read_customers(build: duckdb.DuckDBPyConnection, relation: str) -> Customers:
    """Customers of ``int_customer_transactions__aggregated``, sorted by key."""
    columns = ", ".join(f"cast({column} as double) as {name}" for name, column in _NUMBERS.items())
    order = f"from {relation} order by customer_key"
    numbers = build.execute(f"select {columns} {order}").fetchnumpy()
    texts = build.execute(f"select customer_key, fit_group {order}").fetchnumpy()
    return Customers(
        *(np.asarray(texts[name], dtype=object) for name in ("customer_key", "fit_group")),
        *(np.ma.filled(np.ma.asarray(numbers[name], dtype=np.float64), np.nan) for name in _NUMBERS),
    )


def read_settings(build: duckdb.DuckDBPyConnection, relation: str) -> Settings | None:
    """The one row of ``int_value_settings__derived``; ``None`` where there are no orders."""
    row = build.execute(
        "select coalesce(holdout_days, 0), coalesce(is_seasonal, true), cast(discount_rate as double), "
        f"list_sort(horizons_months), minimum_customers, minimum_repeaters from {relation}"
    ).fetchone()
    if row is None:
        return None
    holdout, seasonal, discount, horizons, customers, repeaters = row
    return Settings(int(holdout), bool(seasonal), float(discount), tuple(horizons), int(customers), int(repeaters))
