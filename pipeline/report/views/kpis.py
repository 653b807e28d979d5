"""KPI tiles: value, interval, n, trend against the window before, sparkline.

Belongs here: how one KPI is shown. Does not belong here: how it is computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from pipeline.report.charts.lines import sparkline
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import change, interval, measure, name_of, number, percent
from pipeline.report.queries import SPARKLINE_DAYS, TILE_WINDOW_DAYS, Row, Rows
from pipeline.report.views.common import ALL, Figure, SegmentKey, as_float, by_segment, figure, flags_of
from pipeline.report.words import say

_GROUPS: Final = (
    "value", "loyalty", "satisfaction", "conversion", "service", "delivery", "engagement", "coherence"
)  # fmt: skip
# The KPIs asked for first lead their group; the others follow in alphabetical order.
_ORDER: Final = (
    "net_revenue", "average_order_value", "repeat_rate", "second_purchase_90d", "visit_to_purchase", "nps",
    "csat", "effort_score",
    "low_effort_share", "cart_abandonment", "checkout_abandonment", "failed_search_rate", "refund_rate",
    "survey_response_rate", "linked_web_event_share", "linked_answer_share",
)  # fmt: skip


@dataclass(frozen=True)
class Trend:
    """A change against the window before; ``mood`` is good, bad, calm, or plain where neither way is better."""

    arrow: str
    text: str
    mood: str
    title: str


@dataclass(frozen=True)
class Tile:
    """One KPI of one segment."""

    label: str
    group: str
    group_order: tuple[int, str]
    figure: Figure | None
    title: str
    unavailable_reason: str
    trend: Trend | None
    sparkline: Markup
    window: str = ""


def kpi_tiles(latest: Rows, daily: Rows | None, facts: ReleaseFacts) -> dict[SegmentKey, list[Tile]]:
    """The tiles of every segment; sparklines for all customers only, to keep the page small."""
    history: dict[str, list[Row]] = {}
    for row in by_segment(daily or []).get(ALL, []):
        history.setdefault(row["kpi_id"], []).append(row)
    tiles: dict[SegmentKey, list[Tile]] = {}
    for key, rows in by_segment(latest).items():
        tiles[key] = [
            _tile(row, history.get(row["kpi_id"], []) if key == ALL else [], facts)
            for row in sorted(_shown_windows(rows), key=_tile_order)
        ]
    return tiles


def _shown_windows(rows: Sequence[Row]) -> list[Row]:
    """One window per KPI: the shortest from 28 days on that has a value, else the shortest.

    A KPI that takes 60 days to mature has nothing to show for the last 28.
    """
    chosen: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: int(row["window_days"])):
        known = chosen.get(row["kpi_id"])
        if known is None or (not known["is_available"] and row["is_available"]):
            chosen[row["kpi_id"]] = row
    return list(chosen.values())


def _group_order(group: str) -> int:
    return _GROUPS.index(group) if group in _GROUPS else len(_GROUPS)


def _tile_order(row: Row) -> tuple[int, str, int, str]:
    kpi_id, group = row["kpi_id"], row["kpi_group"]
    return _group_order(group), group, _ORDER.index(kpi_id) if kpi_id in _ORDER else len(_ORDER), kpi_id


def _tile(row: Row, history: Sequence[Row], facts: ReleaseFacts) -> Tile:
    label = row["label"] or name_of(row["kpi_id"])
    group = row["kpi_group"]
    blank = Tile(label, name_of(group), (_group_order(group), group), None, "", "", None, Markup(""))
    if not row["is_available"]:
        return replace(blank, unavailable_reason=row["unavailable_reason"] or say("its extract was not delivered"))
    shown = figure(row, ("value", "value_low", "value_high", "n"), unit=row["unit"], facts=facts)
    if shown.is_suppressed:
        return replace(blank, figure=shown)
    return replace(
        blank,
        figure=replace(shown, flags=flags_of(row)),
        title=f"{_period(row)} {row['window_end']}; {_parts(row, facts)}",
        window={TILE_WINDOW_DAYS: "", 1: say("today")}.get(
            row["window_days"], say("{days} days", days=row["window_days"])
        ),
        trend=trend(row, facts),
        sparkline=_history(label, row["unit"], history, facts),
    )


def _period(row: Row) -> str:
    """What a value speaks of; lifetime values are as of a day."""
    return say("as of") if row["window_days"] == 1 else say("{days} days to", days=row["window_days"])


def _parts(row: Row, facts: ReleaseFacts) -> str:
    """Numerator and denominator; a money total has no share to speak of."""
    if row["numerator"] is None or not row["denominator"]:
        return f"n {number(row['n'])}"
    if row["unit"] == "amount":
        total = measure(row["numerator"], "amount", facts.reporting_currency)
        return say("{total} over {count}", total=total, count=number(row["denominator"]))
    return say("{part} of {whole}", part=number(row["numerator"]), whole=number(row["denominator"]))


def trend(row: Row, facts: ReleaseFacts) -> Trend | None:
    """The change against the window before, called good or bad only where it is clear of noise.

    Clear means that the interval of the difference, squared and added from the two intervals (Newcombe 1998,
    method 10, which Zou and Donner 2008 extend to any pair of intervals), leaves out zero.
    """
    value, previous = as_float(row["value"]), as_float(row["previous_value"])
    if value is None or previous is None:
        return None
    difference = value - previous
    unit, currency = row["unit"], facts.reporting_currency
    text = change(difference, unit, currency)
    if unit == "amount" and previous > 0:
        text = percent(difference / previous, signed=True)
    before = (
        say("{days} days before:", days=row["window_days"]) + f" {measure(previous, unit, currency)} "
        f"({interval(row['previous_value_low'], row['previous_value_high'], unit, currency)}, "
        f"n {number(row['previous_n'])})"
    )
    if not _is_clear(row, difference):
        return Trend("≈", text, "calm", before + say("; no change beyond noise"))
    if row["direction"] == "neither":
        return Trend("▲" if difference > 0 else "▼", text, "plain", before)
    is_good = (difference > 0) == (row["direction"] == "higher_is_better")
    return Trend("▲" if difference > 0 else "▼", text, "good" if is_good else "bad", before)


def _is_clear(row: Row, difference: float) -> bool:
    sides = ("value_low", "previous_value_high") if difference > 0 else ("value_high", "previous_value_low")
    end, previous_end = as_float(row[sides[0]]), as_float(row[sides[1]])
    if end is None or previous_end is None:
        return False
    return bool(difference**2 > (float(row["value"]) - end) ** 2 + (float(row["previous_value"]) - previous_end) ** 2)


def _history(label: str, unit: str, history: Sequence[Row], facts: ReleaseFacts) -> Markup:
    values: dict[date, float | None] = {row["metric_date"]: as_float(row["value"]) for row in history}
    known = [value for value in values.values() if value is not None]
    if not known:
        return Markup("")
    days = [facts.as_of_date - timedelta(days=back) for back in range(SPARKLINE_DAYS - 1, -1, -1)]
    mature = {row["metric_date"] for row in history if row["is_mature"]}
    last_mature = max((index for index, day in enumerate(days) if day in mature), default=-1)
    lowest, highest = (measure(end, unit, facts.reporting_currency) for end in (min(known), max(known)))
    title = say(
        "{label} by day, last {days} days, between {lowest} and {highest}",
        label=label,
        days=SPARKLINE_DAYS,
        lowest=lowest,
        highest=highest,
    )
    return sparkline([values.get(day) for day in days], mature_count=last_mature + 1, title=title)
