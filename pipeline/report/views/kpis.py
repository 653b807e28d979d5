"""KPI tiles: value, interval, n, trend against the window before, sparkline.

Belongs here: how one KPI is shown. Does not belong here: how it is computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from pipeline.report.charts.lines import sparkline
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import change, day, interval, measure, name_of, number, percent
from pipeline.report.queries import SPARKLINE_DAYS, Row, Rows, Tables
from pipeline.report.views.common import ALL, Figure, SegmentKey, as_float, by_segment, figure, flags_of
from pipeline.report.views.reasons import reason_of
from pipeline.report.words import say

TILE_PERIODS: Final = (7, 28, 90, 365)
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
class AlertMark:
    """An alert on the KPI in that segment; one that is over is `faint`."""

    text: str
    title: str
    is_open: bool


@dataclass(frozen=True)
class Tile:
    """One KPI of one segment."""

    label: str
    group: str
    group_order: tuple[int, str]
    figure: Figure | None
    flags: tuple[str, ...]
    title: str
    unavailable_reason: str
    trend: Trend | None
    sparkline: Markup
    window: str
    alerts: tuple[AlertMark, ...]


def kpi_tiles(latest: Rows, loaded: Tables, facts: ReleaseFacts, *, days: int) -> dict[SegmentKey, list[Tile]]:
    """The tiles of every segment over so many days; sparklines for all customers only, to keep the page small."""
    history: dict[str, list[Row]] = {}
    for row in by_segment(loaded["kpi_daily"] or []).get(ALL, []):
        history.setdefault(row["kpi_id"], []).append(row)
    marks = _marks(loaded["alerts"] or (), facts, days)
    tiles: dict[SegmentKey, list[Tile]] = {}
    for key, rows in by_segment(latest).items():
        lines = history if key == ALL else {}
        tiles[key] = [
            _tile(row, marks.get((*key, row["kpi_id"]), ()), lines.get(row["kpi_id"], ()), days, facts)
            for row in sorted(_shown_windows(rows, days), key=_tile_order)
        ]
    return tiles


def tile_periods(latest: Rows) -> list[int]:
    """The periods that tiles can be chosen for."""
    return sorted({int(row["window_days"]) for row in latest} & set(TILE_PERIODS))


def _shown_windows(rows: Sequence[Row], days: int) -> list[Row]:
    """One window per KPI: the shortest of at least so many days that has a value, else the shortest of them.

    A KPI that takes 60 days to mature has nothing for the last 28; one of whole months or of a day has only that.
    """
    chosen: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: _distance(row, days)):
        known = chosen.get(row["kpi_id"])
        if known is None or (not known["is_available"] and row["is_available"] and _distance(row, days)[0] == 0):
            chosen[row["kpi_id"]] = row
    return list(chosen.values())


def _distance(row: Row, days: int) -> tuple[int, int]:
    """Windows as long as the period or longer come first, the shortest of them before the others, then the longest."""
    window = int(row["window_days"])
    return (0, window) if window >= days else (1, -window)


def _marks(alerts: Rows, facts: ReleaseFacts, days: int) -> dict[tuple[str, str, str], list[AlertMark]]:
    """Alerts by segment and KPI: those that are open, and those that ended within the period."""
    found: dict[tuple[str, str, str], list[AlertMark]] = {}
    for row in sorted(alerts, key=lambda row: (row["opened_on"], row["alert_id"]), reverse=True):
        is_open = row["state"] != "resolved"
        ended = row["resolved_on"]
        if row["kpi_id"] is None or not (is_open or (ended and (facts.as_of_date - ended).days < days)):
            continue
        text = (
            say("alert since {day}, {severity}", day=day(row["opened_on"]), severity=say(row["severity"] or ""))
            if is_open
            else say("alert of {day}, over", day=day(row["opened_on"]))
        )
        mark = AlertMark(text, facts.suppressed_text if row["is_suppressed"] else str(row["what"] or ""), is_open)
        found.setdefault((row["segment_dimension"], row["segment"], row["kpi_id"]), []).append(mark)
    return found


def _group_order(group: str) -> int:
    return _GROUPS.index(group) if group in _GROUPS else len(_GROUPS)


def _tile_order(row: Row) -> tuple[int, str, int, str]:
    kpi_id, group = row["kpi_id"], row["kpi_group"]
    return _group_order(group), group, _ORDER.index(kpi_id) if kpi_id in _ORDER else len(_ORDER), kpi_id


def _tile(row: Row, alerts: Sequence[AlertMark], history: Sequence[Row], days: int, facts: ReleaseFacts) -> Tile:
    shown = (
        figure(row, ("value", "value_low", "value_high", "n"), unit=row["unit"], facts=facts)
        if row["is_available"]
        else None
    )
    is_told = shown is not None and not shown.is_suppressed
    return Tile(
        label=row["label"] or name_of(row["kpi_id"]),
        group=name_of(row["kpi_group"]),
        group_order=(_group_order(row["kpi_group"]), row["kpi_group"]),
        figure=shown,
        flags=flags_of(row) if is_told else (),
        title=f"{_period(row)} {day(row['window_end'])}; {_parts(row, facts)}" if is_told else "",
        unavailable_reason=reason_of(row) if shown is None else "",
        trend=trend(row, facts) if is_told else None,
        sparkline=_history(row, history, facts) if is_told and history else Markup(""),
        window=_window(row["window_days"], days),
        alerts=tuple(alerts),
    )


def _window(own: int, days: int) -> str:
    """The window of a tile where it is not the period chosen."""
    return "" if own == days else say("today") if own == 1 else say("{days} days", days=own)


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
    if unit == "amount" and previous > 0 and not _is_near_zero(row):
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


def _is_near_zero(row: Row) -> bool:
    """Whether the value before is too near to zero to divide by: a difference, or an interval that touches zero."""
    low = as_float(row["previous_value_low"])
    return row["baseline_denominator"] is not None or (low is not None and low <= 0)


def _is_clear(row: Row, difference: float) -> bool:
    sides = ("value_low", "previous_value_high") if difference > 0 else ("value_high", "previous_value_low")
    end, previous_end = as_float(row[sides[0]]), as_float(row[sides[1]])
    if end is None or previous_end is None:
        return False
    return bool(difference**2 > (float(row["value"]) - end) ** 2 + (float(row["previous_value"]) - previous_end) ** 2)


def _history(kpi: Row, history: Sequence[Row], facts: ReleaseFacts) -> Markup:
    label, unit = kpi["label"] or name_of(kpi["kpi_id"]), kpi["unit"]
    values: dict[date, float | None] = {row["metric_date"]: as_float(row["value"]) for row in history}
    known = [value for value in values.values() if value is not None]
    if not known:
        return Markup("")
    days = [facts.as_of_date - timedelta(days=back) for back in range(SPARKLINE_DAYS - 1, -1, -1)]
    mature = {row["metric_date"] for row in history if row["is_mature"]}
    last_mature = max((index for index, each in enumerate(days) if each in mature), default=-1)
    lowest, highest = (measure(end, unit, facts.reporting_currency) for end in (min(known), max(known)))
    title = say(
        "{label} by day, last {days} days, between {lowest} and {highest}",
        label=label,
        days=SPARKLINE_DAYS,
        lowest=lowest,
        highest=highest,
    )
    return sparkline([values.get(each) for each in days], mature_count=last_mature + 1, title=title)
