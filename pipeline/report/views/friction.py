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
from pipeline.report.formats import MISSING, interval, money, name_of, number, percent, percentage_points, whole_money
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import Figure, SegmentKey, as_float, by_segment
from pipeline.report.views.reasons import reason_of
from pipeline.report.words import say

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
    said = "; ".join(
        f"{point.mark}: {number(point.effort)} {say('days')}, {money(point.impact, currency)}" for point in points
    )
    scatter = effort_impact(
        points,
        title=say("Effort to remove each ranked friction against the value at stake"),
        description=said,
        axis_names=(say("Effort (days)"), say("Value at stake")),
        labeller=lambda value: whole_money(value, currency),
    )
    return FrictionView(tuple(_row(row, facts) for row in ranked), tuple(_row(row, facts) for row in others), scatter)


def _rank(row: Row) -> str:
    return MISSING if row["friction_rank"] is None else str(int(row["friction_rank"]))


def _row(row: Row, facts: ReleaseFacts) -> FrictionRow:
    if row["is_available"] is False:
        return _unavailable(row)
    hidden = Figure(facts.suppressed_text, "", "", is_suppressed=True)
    is_hidden = bool(row["is_suppressed"])
    currency = row["currency"] or facts.reporting_currency
    effort = (
        say("effort not estimated")
        if row["effort_days"] is None
        else say("{days} days", days=number(row["effort_days"]))
    )
    about = (row["owner"] and say("owner: {name}", name=row["owner"]), effort)
    return FrictionRow(
        rank=rank_words(row),
        name=row["label"] or name_of(row["friction_type"]),
        about=" · ".join(part for part in about if part),
        outcome=outcome_words(row["outcome"]),
        exposed=facts.suppressed_text
        if is_hidden
        else say("{part} of {whole}", part=number(row["affected_count"]), whole=number(row["journey_count"])),
        exposed_title=""
        if is_hidden
        else say("{count} affected without a comparable journey, not valued", count=number(row["unmatched_count"])),
        effect=hidden if is_hidden else _effect(row),
        effect_title="" if is_hidden else _rates(row),
        value=hidden if is_hidden else _value(row, currency),
        quadrant=row["quadrant"] or "",
        quadrant_kind=_QUADRANTS.get(row["quadrant"], 3),
        action=row["action"] or "",
        flags=("small n",) if row["is_small_n"] and not is_hidden else (),
    )


def _unavailable(row: Row) -> FrictionRow:
    """A type that cannot be seen, with the reason."""
    none = Figure(MISSING, "", "", is_absent=True)
    return FrictionRow(
        rank=MISSING,
        name=row["label"] or name_of(row["friction_type"]),
        about=say("not available: {reason}", reason=reason_of(row)),
        outcome="",
        exposed="",
        exposed_title="",
        effect=none,
        effect_title="",
        value=none,
        quadrant="",
        quadrant_kind=3,
        action="",
        flags=(),
    )


def outcome_words(code: str | None) -> str:
    """An outcome such as ``purchase_30d`` in words."""
    name, _, days = (code or "").rpartition("_")
    if not re.fullmatch("[0-9]+d", days):
        return say(name_of(code))
    return say("{name} within {days} days", name=say(name_of(name)), days=days.removesuffix("d"))


def rank_words(row: Row, name: str = "friction_rank") -> str:
    """A rank and the ranks it may have; a dash where nothing is shown to matter."""
    if row["is_suppressed"] or row[name] is None:
        return MISSING
    low, high = row["rank_low"], row["rank_high"]
    rank = str(int(row[name]))
    return rank if low is None or low == high else f"{rank} ({int(low)}–{int(high)})"


def _effect(row: Row) -> Figure:
    low, high = as_float(row["effect_low"]), as_float(row["effect_high"])
    ends = interval(None, None, "ratio")
    if low is not None and high is not None:
        ends = interval(low, high, "points_of_share")
    return Figure(percentage_points(row["effect"]), ends, f"n {number(row['affected_count'])}")


def _value(row: Row, currency: str) -> Figure:
    low, high = row["value_at_stake_low_amount"], row["value_at_stake_high_amount"]
    return Figure(
        money(row["value_at_stake_amount"], currency),
        interval(low, high, "amount", currency),
        f"n {number(row['affected_count'])}",
    )


def _rates(row: Row) -> str:
    q_value = "" if row["q_value"] is None else f"; q {number(row['q_value'], decimals=3)}"
    said = say(
        "outcome reached by {affected} of the affected, {comparable} of comparable journeys",
        affected=percent(row["affected_outcome_rate"]),
        comparable=percent(row["comparable_outcome_rate"]),
    )
    return said + q_value
