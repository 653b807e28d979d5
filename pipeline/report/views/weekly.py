"""The first funnel week by week: how many of those who entered a step in a week went on.

Belongs here: lines of published rates and their figures. Does not belong here: rates of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pipeline.report.charts.lines import RatePoint, rate_lines
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import day, name_of, number
from pipeline.report.queries import WEEKS_SHOWN, Row, Rows
from pipeline.report.views.common import Figure, SegmentKey, as_float, by_segment, figure
from pipeline.report.words import say, spoken

_SHORT: Final[Mapping[str, slice]] = {"en": slice(5, None), "fr": slice(5)}
"""Which part of a day fits under a chart."""


@dataclass(frozen=True)
class WeeklyStep:
    """One step: its line, and by week the entrants and the rate to the next step."""

    name: str
    chart: Markup
    weeks: tuple[tuple[str, str, Figure, tuple[str, ...]], ...]


def weekly_lines(rows: Rows, labelled: Rows | None, facts: ReleaseFacts) -> dict[SegmentKey, list[WeeklyStep]]:
    """The steps of every segment but the last, which leads nowhere; names come from the funnel itself."""
    names = {(row["funnel_id"], row["step"]): str(row["step_label"]) for row in labelled or () if row["step_label"]}
    last = max((row["step"] for row in rows), default=0)
    return {
        key: [
            _step([row for row in found if row["step"] == step], names, facts)
            for step in sorted({row["step"] for row in found if row["step"] < last})
        ]
        for key, found in by_segment(rows).items()
    }


def _step(rows: Sequence[Row], names: Mapping[tuple[str, int], str], facts: ReleaseFacts) -> WeeklyStep:
    first = rows[0]
    name = names.get((first["funnel_id"], first["step"]), name_of(first["step_id"]))
    ordered = sorted(rows, key=lambda row: row["entry_week"])
    title = say("{name}: rate to the next step by week of entry, last {weeks} weeks", name=name, weeks=WEEKS_SHOWN)
    return WeeklyStep(
        name,
        rate_lines([_point(row) for row in ordered], title=title, description=""),
        tuple(_week(row, facts) for row in ordered),
    )


def _stem(row: Row) -> str:
    """The rate of a week that is not over yet is provisional."""
    return "conversion_rate" if row["conversion_rate"] is not None else "rate_provisional"


def _point(row: Row) -> RatePoint:
    rate, low, high = (
        None if row["is_suppressed"] else as_float(row[f"{_stem(row)}{end}"]) for end in ("", "_low", "_high")
    )
    return RatePoint(day(row["entry_week"])[_SHORT[spoken()]], rate, low, high, is_mature=bool(row["is_mature"]))


def _week(row: Row, facts: ReleaseFacts) -> tuple[str, str, Figure, tuple[str, ...]]:
    n = "mature_entrant_count" if _stem(row) == "conversion_rate" else "entrant_count"
    names = (*(f"{_stem(row)}{end}" for end in ("", "_low", "_high")), n)
    shown = figure(row, names, unit="ratio", facts=facts)
    flags = (
        ()
        if row["is_suppressed"]
        else ("provisional",) * (not row["is_mature"]) + ("small n",) * bool(row["is_small_n"])
    )
    entrants = "" if row["is_suppressed"] else number(row["entrant_count"])
    return day(row["entry_week"]), entrants, shown, flags
