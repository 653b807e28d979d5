"""Retention: the rate by month for each activity window, and the cohort grid.

Belongs here: how retention rows become lines and cells. Does not belong here: who counts as retained.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from pipeline.report.charts.lines import RatePoint, rate_lines
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import interval, month, number, percent
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import ALL, Figure, SegmentKey, as_float, by_segment, figure, flags_of
from pipeline.report.views.listing import weak
from pipeline.report.words import say

_MONTHS_SHOWN, _MONTHS_SHOWN_SEGMENT = 36, 13
_COHORTS_SHOWN = 13
_HEAT_STEPS = 8
_WEEKS_APART = 4


@dataclass(frozen=True)
class RetentionMonth:
    """One month of a retention line, in words."""

    name: str
    rate: Figure
    flags: tuple[str, ...]
    counts: tuple[str, str, str, str]


@dataclass(frozen=True)
class RetentionLine:
    """Customer retention rate with one activity window."""

    window_days: int
    chart: Markup
    months: tuple[RetentionMonth, ...]


@dataclass(frozen=True)
class CohortCell:
    """One cell of the grid; ``css`` carries heat and hatching."""

    text: str
    css: str
    title: str


@dataclass(frozen=True)
class CohortGrid:
    """Cohorts down, months since the first order across."""

    months: tuple[int, ...]
    cohorts: tuple[tuple[str, str, tuple[CohortCell, ...]], ...]
    highest: str


def retention_lines(rows: Rows, facts: ReleaseFacts) -> dict[SegmentKey, list[RetentionLine]]:
    """Lines of every segment, one per activity window, shorter for segments than for all customers."""
    found: dict[SegmentKey, list[RetentionLine]] = {}
    for key, of_segment in by_segment(rows).items():
        shown = _MONTHS_SHOWN if key == ALL else _MONTHS_SHOWN_SEGMENT
        windows = sorted({row["activity_window_days"] for row in of_segment})
        found[key] = [
            _line(window, [row for row in of_segment if row["activity_window_days"] == window][-shown:], facts)
            for window in windows
        ]
    return found


def _line(window: int, rows: Sequence[Row], facts: ReleaseFacts) -> RetentionLine:
    points = [
        RatePoint(
            month(row["period_start"]),
            None if row["is_suppressed"] else as_float(row["retention_rate"]),
            as_float(row["retention_rate_low"]),
            as_float(row["retention_rate_high"]),
            bool(row["is_mature"]),
        )
        for row in rows
    ]
    known = [point for point in points if point.rate is not None]
    said = f"{known[0].name}: {percent(known[0].rate)}; {known[-1].name}: {percent(known[-1].rate)}." if known else ""
    return RetentionLine(
        window,
        rate_lines(
            points,
            title=say("Customer retention rate by month, {days}-day activity window", days=window),
            description=said,
        ),
        tuple(_month(row, facts) for row in rows),
    )


def _month(row: Row, facts: ReleaseFacts) -> RetentionMonth:
    names = ("retention_rate", "retention_rate_low", "retention_rate_high", "start_customer_count")
    kinds = ("start", "retained", "new", "reactivated")
    counts = ("–",) * 4 if row["is_suppressed"] else tuple(number(row[f"{kind}_customer_count"]) for kind in kinds)
    return RetentionMonth(
        month(row["period_start"]),
        figure(row, names, unit="ratio", facts=facts),
        flags_of(row),
        (counts[0], counts[1], counts[2], counts[3]),
    )


def survival_lines(rows: Rows, facts: ReleaseFacts) -> dict[SegmentKey, list[RetentionLine]]:
    """How many are still customers after so many weeks, one curve per activity window, every fourth week."""
    found: dict[SegmentKey, list[RetentionLine]] = {}
    for key, of_segment in by_segment(rows).items():
        windows = sorted({row["activity_window_days"] for row in of_segment})
        found[key] = [
            _survival([row for row in of_segment if row["activity_window_days"] == window], facts) for window in windows
        ]
    return found


def _survival(rows: Sequence[Row], facts: ReleaseFacts) -> RetentionLine:
    window = rows[0]["activity_window_days"]
    shown = [row for row in rows if row["weeks_since_first_order"] % _WEEKS_APART == 0]
    last = max((place for place, row in enumerate(shown) if not row["is_suppressed"]), default=-1)
    shown = shown[: last + 2]  # what is suppressed from some week on is said once
    points = [
        RatePoint(
            str(row["weeks_since_first_order"]),
            None if row["is_suppressed"] else as_float(row["survival_rate"]),
            as_float(row["survival_rate_low"]),
            as_float(row["survival_rate_high"]),
            is_mature=True,
        )
        for row in shown
    ]
    said = "; ".join(f"{point.name}: {percent(point.rate)}" for point in points if point.rate is not None)
    title = say("Share still customers by weeks since the first order, {days}-day activity window", days=window)
    names = ("survival_rate", "survival_rate_low", "survival_rate_high", "at_risk_count")
    return RetentionLine(
        window,
        rate_lines(points, title=title, description=said),
        tuple(
            RetentionMonth(
                str(row["weeks_since_first_order"]), figure(row, names, unit="ratio", facts=facts), weak(row), ("",) * 4
            )
            for row in shown
        ),
    )


def cohort_grids(rows: Rows, facts: ReleaseFacts) -> dict[SegmentKey, CohortGrid]:
    """The grid of every segment: its youngest cohorts over their first months."""
    return {key: _grid(of_segment, facts) for key, of_segment in by_segment(rows).items()}


def _grid(rows: Sequence[Row], facts: ReleaseFacts) -> CohortGrid:
    cohorts = sorted({row["cohort_start"] for row in rows})[-_COHORTS_SHOWN:]
    # Month 0 holds everybody by definition and would wash out the colours.
    cells = {
        (row["cohort_start"], row["periods_since_first_order"]): row
        for row in rows
        if row["cohort_start"] in set(cohorts) and 0 < row["periods_since_first_order"] < _COHORTS_SHOWN
    }
    months = tuple(sorted({month for _, month in cells}))
    highest = float(max((row["active_rate"] or 0 for row in cells.values()), default=0)) or 1.0
    return CohortGrid(
        months,
        tuple(
            (
                month(cohort),
                _size(cohort, rows),
                tuple(_cell(cells.get((cohort, month)), highest, facts) for month in months),
            )
            for cohort in cohorts
            if any((cohort, month) in cells for month in months)
        ),
        percent(highest),
    )


def _size(cohort: date, rows: Sequence[Row]) -> str:
    sizes = (row["cohort_customer_count"] for row in rows if row["cohort_start"] == cohort)
    return number(next((size for size in sizes if size is not None), None))


def _cell(row: Row | None, highest: float, facts: ReleaseFacts) -> CohortCell:
    if row is None:
        return CohortCell("", "none", "")
    if row["is_suppressed"]:
        return CohortCell("k<" + str(facts.suppression_minimum), "hidden", facts.suppressed_text)
    rate = row["active_rate"]
    if rate is None:
        return CohortCell("–", "none", "")
    heat = min(_HEAT_STEPS - 1, int(float(rate) / highest * (_HEAT_STEPS - 1) + 0.5))
    flags = flags_of(row)
    css = f"h{heat}" + (" young" if row["is_mature"] is False else "") + (" few" if row["is_small_n"] else "")
    ends = interval(row["active_rate_low"], row["active_rate_high"], "ratio")
    counts = number(row["active_customer_count"]), number(row["cohort_customer_count"])
    title = say("{part} of n {whole}; {ends}", part=counts[0], whole=counts[1], ends=ends)
    return CohortCell(percent(rate), css, "; ".join((title, *map(say, flags))))
