"""Lifetime value of all customers by every method and horizon, side by side.

Belongs here: how the methods are laid out. Does not belong here: the segments of one method, which `value` draws.
"""

from dataclasses import dataclass

from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import interval, measure, money, name_of
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import ALL, Figure, figure
from pipeline.report.words import say


@dataclass(frozen=True)
class MethodRow:
    """One method and horizon, in words; empty where the method has no such figure."""

    method: str
    horizon: str
    model: str
    total: str
    mean: Figure
    flags: tuple[str, ...]
    alive: str
    at_risk: str
    cac_ratio: str


ORDER = ("observed", "observed_revenue", "projected_simple", "predicted", "contractual")


def is_observed(row: Row) -> bool:
    """Whether the row is value to date."""
    return str(row["method"]).startswith("observed")


def methods_of_all(rows: Rows, facts: ReleaseFacts) -> tuple[MethodRow, ...]:
    """The rows of all customers, what was before what will be."""
    chosen = [row for row in rows if (row["segment_dimension"], row["segment"]) == tuple(ALL)]
    chosen.sort(key=lambda row: (ORDER.index(row["method"]), row["horizon"]))
    return tuple(_row(row, facts) for row in chosen)


def _row(row: Row, facts: ReleaseFacts) -> MethodRow:
    currency = row["currency"] or facts.reporting_currency
    names = ("clv_mean_amount", "clv_mean_low_amount", "clv_mean_high_amount", "customer_count")
    flags = [words for words, applies in (("small n", row["is_small_n"]), ("fallback", row["is_fallback"])) if applies]
    return MethodRow(
        method=say(name_of(row["method"])),
        horizon=say(name_of(row["horizon"])),
        model="" if row["model"] in (None, "none") else str(row["model"]).replace("_", " "),
        total="" if row["clv_amount"] is None else money(row["clv_amount"], currency),
        mean=figure(row, names, unit="amount", facts=facts, currency=currency),
        flags=tuple(flags),
        alive=_bounded(row, ("p_alive_mean", "p_alive_mean_low", "p_alive_mean_high"), "ratio", currency),
        at_risk=_bounded(
            row, ("value_at_risk_amount", "value_at_risk_low_amount", "value_at_risk_high_amount"), "amount", currency
        ),
        cac_ratio=_bounded(row, ("clv_to_cac", "clv_to_cac_low", "clv_to_cac_high"), "multiple", currency),
    )


def _bounded(row: Row, names: tuple[str, str, str], unit: str, currency: str) -> str:
    """A value with its interval in brackets; empty where the method has none."""
    value, low, high = (row[name] for name in names)
    return "" if value is None else f"{measure(value, unit, currency)} ({interval(low, high, unit, currency)})"
