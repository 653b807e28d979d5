"""Funnels: steps with bars of converted, dropped and pending, and the rate to the next step.

Belongs here: how published funnel rows become steps. Does not belong here: rates of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pipeline.report.charts.marks import stacked_bar
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import name_of, number, percent
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import Figure, SegmentKey, by_segment, figure, flags_of
from pipeline.report.words import say

# A funnel of two steps is a single rate: it is a KPI and stands among the tiles.
_RATE_STEPS: Final = 2


@dataclass(frozen=True)
class Step:
    """One step; the counts are None where the cell is suppressed."""

    name: str
    bar: Markup
    counts: tuple[str, str, str, str] | None
    rate: Figure | None


@dataclass(frozen=True)
class Funnel:
    """One funnel of one segment."""

    name: str
    subject: str
    window: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


def funnels(rows: Rows, facts: ReleaseFacts) -> dict[SegmentKey, list[Funnel]]:
    """The funnels of every segment: the journey's own first, then by id."""
    found: dict[SegmentKey, list[Funnel]] = {}
    for key, of_segment in by_segment(rows).items():
        of_funnel: dict[str, list[Row]] = {}
        for row in of_segment:
            of_funnel.setdefault(row["funnel_id"], []).append(row)
        shown = [name for name, steps in of_funnel.items() if len({row["step"] for row in steps}) > _RATE_STEPS]
        shown.sort(key=lambda name: (name != "five_stage", name))
        found[key] = [_funnel(of_funnel[name], facts) for name in shown]
    return found


def _funnel(rows: Sequence[Row], facts: ReleaseFacts) -> Funnel:
    first = rows[0]
    main = sorted((row for row in rows if row["entry_step"] == 1), key=lambda row: row["step"])
    widest = max((row["entrant_count"] or 0 for row in main), default=0)
    days = first["window_days"]
    return Funnel(
        name=first["funnel_label"] or name_of(first["funnel_id"]),
        subject=str(first["subject"] or "subject"),
        window=say("no window")
        if days is None
        else say("window {days} day" if days == 1 else "window {days} days", days=f"{days:g}"),
        steps=tuple(_step(row, widest, facts) for row in main),
        notes=tuple(note for note in (_direct(rows, facts), _order(main)) if note),
    )


def _step(row: Row, widest: int, facts: ReleaseFacts) -> Step:
    name = row["step_label"] or name_of(row["step_id"])
    if row["is_suppressed"] or row["entrant_count"] is None:
        return Step(name, Markup(""), None, Figure(facts.suppressed_text, "", "", is_suppressed=True))
    entrants, is_last = row["entrant_count"], row["converted_count"] is None
    kinds = {"reached": entrants} if is_last else {k: row[f"{k}_count"] for k in ("converted", "dropped", "pending")}
    counts = tuple(
        number(count) for count in (entrants, *(row[f"{k}_count"] for k in ("converted", "dropped", "pending")))
    )
    words = ", ".join(f"{number(count)} {say(kind)}" for kind, count in kinds.items())
    bar = stacked_bar(
        [(kind, (count or 0) / widest if widest else 0.0) for kind, count in kinds.items()],
        title=f"{name}: {words}",
    )
    rate = None
    if not is_last:
        names = ("conversion_rate", "conversion_rate_low", "conversion_rate_high", "mature_entrant_count")
        shown = figure(row, names, unit="ratio", facts=facts)
        rate = Figure(shown.value, shown.interval, shown.n, flags_of(row))
    return Step(name, bar, (counts[0], counts[1], counts[2], counts[3]), rate)


def _direct(rows: Sequence[Row], facts: ReleaseFacts) -> str:
    """Subjects that came in at a later step, where they did."""
    starts = sorted(
        (row for row in rows if row["entry_step"] > 1 and row["step"] == row["entry_step"]),
        key=lambda row: row["step"],
    )
    parts = [
        f"{row['step_label'] or name_of(row['step_id'])} "
        + (facts.suppressed_text if row["entrant_count"] is None else number(row["entrant_count"]))
        for row in starts
    ]
    return say("Direct entries, not in the bars: {parts}.", parts=", ".join(parts)) if parts else ""


def _order(main: Sequence[Row]) -> str:
    """How often the order of steps is in doubt, at the first step."""
    if not main or main[0]["is_suppressed"] or main[0]["order_violation_rate"] is None:
        return ""
    first = main[0]
    ties = (
        ""
        if first["tie_share"] is None
        else say("; {share} of conversions to step 2 rest on equal times", share=percent(first["tie_share"]))
    )
    touched = say(
        "{share} of {count} entries touched a later step first",
        share=percent(first["order_violation_rate"]),
        count=number(first["entrant_count"]),
    )
    return f"{touched}{ties}."
