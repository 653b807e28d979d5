"""Customer lifetime value by segment: the parts of its formula and a dot with its interval.

Belongs here: how the published value is laid out. Does not belong here: how it is estimated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.report.charts.marks import IntervalDot, dots_with_intervals
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import money, name_of, number, whole_money
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import Figure, as_float, by_segment, figure
from pipeline.report.views.methods import MethodRow, is_observed, methods_of_all
from pipeline.report.words import say


@dataclass(frozen=True)
class ValueRow:
    """One segment: the formula's parts as text, None where suppressed."""

    segment: str
    parts: tuple[str, str, str, str] | None
    mean: Figure
    flags: tuple[str, ...]


@dataclass(frozen=True)
class ValueGroup:
    """The segments of one dimension."""

    name: str
    rows: tuple[ValueRow, ...]
    chart: Markup


@dataclass(frozen=True)
class LifetimeValue:
    """The section: groups, what was subtracted, and the other methods."""

    groups: tuple[ValueGroup, ...]
    methods: tuple[MethodRow, ...]
    method: str
    costs_included: str


def lifetime_value(rows: Rows, facts: ReleaseFacts) -> LifetimeValue:
    """Value to date by segment on one scale, so that dimensions can be compared; beside it every method for all."""
    methods = methods_of_all(rows, facts)
    rows = [row for row in rows if is_observed(row)]
    grouped = sorted(by_segment(rows).items(), key=lambda item: item[0].order)
    ends = [
        float(row[name])
        for row in rows
        if not row["is_suppressed"]
        for name in ("clv_mean_amount", "clv_mean_low_amount", "clv_mean_high_amount")
        if row[name] is not None
    ]
    bounds = (min(ends), max(ends)) if ends else None
    names = list(dict.fromkeys(key.dimension_name for key, _ in grouped))
    groups = [
        _group(
            name,
            [(key.name, row) for key, found in grouped if key.dimension_name == name for row in found],
            bounds,
            facts,
        )
        for name in names
    ]
    ways = sorted({row["method"] for row in rows})
    costs = sorted({row["costs_included"] for row in rows if row["costs_included"]})
    listed = ", ".join(say(name_of(method)) for method in ways)
    return LifetimeValue(tuple(groups), methods, listed, "; ".join(costs) or say("none"))


def _group(
    name: str, rows: Sequence[tuple[str, Row]], bounds: tuple[float, float] | None, facts: ReleaseFacts
) -> ValueGroup:
    currency = rows[0][1]["currency"] or facts.reporting_currency
    dots = [
        IntervalDot(
            segment,
            None if row["is_suppressed"] else as_float(row["clv_mean_amount"]),
            as_float(row["clv_mean_low_amount"]),
            as_float(row["clv_mean_high_amount"]),
            facts.suppressed_text if row["is_suppressed"] else say("no value"),
        )
        for segment, row in rows
    ]
    said = "; ".join(f"{dot.name}: {dot.note if dot.value is None else money(dot.value, currency)}" for dot in dots)
    chart = dots_with_intervals(
        dots,
        title=say("Mean lifetime value per customer by {name}, with 95 % interval", name=name.lower()),
        description=said,
        labeller=lambda value: whole_money(value, currency),
        bounds=bounds,
    )
    return ValueGroup(name, tuple(_row(segment, row, facts) for segment, row in rows), chart)


def _row(segment: str, row: Row, facts: ReleaseFacts) -> ValueRow:
    currency = row["currency"] or facts.reporting_currency
    names = ("clv_mean_amount", "clv_mean_low_amount", "clv_mean_high_amount", "customer_count")
    mean = figure(row, names, unit="amount", facts=facts, currency=currency)
    if row["is_suppressed"]:
        return ValueRow(segment, None, mean, ())
    parts = (
        money(row["annual_net_revenue_amount"], currency),
        number(row["relationship_years"], decimals=2),
        money(row["costs_amount"], currency),
        money(row["clv_amount"], currency),
    )
    return ValueRow(segment, parts, mean, ("small n",) if row["is_small_n"] else ())
