"""Friction ranking: what costs most, how sure that is, what to do.

Belongs here: the order and wording of published friction rows. Does not belong here: the ranking itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pipeline.report.charts.marks import ScatterPoint, effort_impact
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import MISSING, interval, money, name_of, number, percent, percentage_points
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import Figure, SegmentKey, as_float, by_segment

_QUADRANTS: Final[Mapping[str, int]] = {"quick win": 0, "major project": 1, "fill-in": 2, "avoid": 3}


@dataclass(frozen=True)
class FrictionRow:
    """One friction of one segment, in words."""

    rank: str
    name: str
    about: str
    outcome: str
    exposed: str
    exposed_title: str
    effect: Figure
    effect_title: str
    value: Figure
    quadrant: str
    quadrant_kind: int
    action: str
    flags: tuple[str, ...]


@dataclass(frozen=True)
class FrictionView:
    """The ranking of one segment: frictions shown to matter, the others, and the scatter of the former."""

    ranked: tuple[FrictionRow, ...]
    others: tuple[FrictionRow, ...]
    scatter: Markup
    quadrants: tuple[tuple[str, int], ...] = tuple(_QUADRANTS.items())


def friction(rows: Rows, facts: ReleaseFacts) -> dict[SegmentKey, FrictionView]:
    """The ranking of every segment."""
    return {key: _view(of_segment, facts) for key, of_segment in by_segment(rows).items()}


def _view(rows: Sequence[Row], facts: ReleaseFacts) -> FrictionView:
    ranked = [row for row in rows if row["is_shown_to_matter"] and not row["is_suppressed"]]
    others = [row for row in rows if not (row["is_shown_to_matter"] and not row["is_suppressed"])]
    currency = facts.reporting_currency
    points = [
        ScatterPoint(
            _rank(row),
            float(row["effort_days"]),
            float(row["value_at_stake_amount"]),
            _QUADRANTS.get(row["quadrant"], 3),
        )
        for row in ranked
        if row["effort_days"] is not None and row["value_at_stake_amount"] is not None
    ]
    said = "; ".join(f"{point.mark}: {point.effort:g} days, {money(point.impact, currency)}" for point in points)
    scatter = effort_impact(
        points,
        title="Effort to remove each ranked friction against the value at stake",
        description=said,
        axis_names=("Effort (days)", "Value at stake"),
        labeller=lambda value: money(round(value), currency).removesuffix(".00"),
    )
    return FrictionView(tuple(_row(row, facts) for row in ranked), tuple(_row(row, facts) for row in others), scatter)


def _rank(row: Row) -> str:
    return MISSING if row["friction_rank"] is None else str(int(row["friction_rank"]))


def _row(row: Row, facts: ReleaseFacts) -> FrictionRow:
    hidden = Figure(facts.suppressed_text, "", "", is_suppressed=True)
    is_hidden = bool(row["is_suppressed"])
    currency = row["currency"] or facts.reporting_currency
    effort = "effort not estimated" if row["effort_days"] is None else f"{float(row['effort_days']):g} days"
    about = (row["owner"] and f"owner: {row['owner']}", effort)
    return FrictionRow(
        rank=_rank(row),
        name=row["label"] or name_of(row["friction_type"]),
        about=" · ".join(part for part in about if part),
        outcome=_outcome(row["outcome"]),
        exposed=facts.suppressed_text
        if is_hidden
        else f"{number(row['affected_count'])} of {number(row['journey_count'])}",
        exposed_title=""
        if is_hidden
        else f"{number(row['unmatched_count'])} affected without a comparable journey, not valued",
        effect=hidden if is_hidden else _effect(row),
        effect_title="" if is_hidden else _rates(row),
        value=hidden if is_hidden else _value(row, currency),
        quadrant=row["quadrant"] or "",
        quadrant_kind=_QUADRANTS.get(row["quadrant"], 3),
        action=row["action"] or "",
        flags=("small n",) if row["is_small_n"] and not is_hidden else (),
    )


def _outcome(code: str | None) -> str:
    """An outcome such as ``purchase_30d`` in words."""
    return name_of(re.sub(r"([0-9]+)d$", r"within \1 days", code or ""))


def _effect(row: Row) -> Figure:
    low, high = as_float(row["effect_low"]), as_float(row["effect_high"])
    ends = interval(None, None, "ratio")
    if low is not None and high is not None:
        ends = f"{percentage_points(low).removesuffix(' pts')} to {percentage_points(high)}"
    return Figure(percentage_points(row["effect"]), ends, f"n {number(row['affected_count'])}")


def _value(row: Row, currency: str) -> Figure:
    low, high = row["value_at_stake_low_amount"], row["value_at_stake_high_amount"]
    return Figure(
        money(row["value_at_stake_amount"], currency),
        interval(low, high, "amount", currency),
        f"n {number(row['affected_count'])}",
    )


def _rates(row: Row) -> str:
    q_value = "" if row["q_value"] is None else f"; q {float(row['q_value']):.3f}"
    return (
        f"outcome reached by {percent(row['affected_outcome_rate'])} of the affected, "
        f"{percent(row['comparable_outcome_rate'])} of comparable journeys{q_value}"
    )
