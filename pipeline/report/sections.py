"""How plans become parts of the page: views for each segment and each period.

Belongs here: what a plan is and the shapes of views it can have. Does not belong here: the plans, views, templates.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.report.facts import ReleaseFacts
from pipeline.report.parts import OWN_PERIOD, Part
from pipeline.report.queries import Row, Rows, Tables
from pipeline.report.views.common import ALL, SegmentKey
from pipeline.report.views.listing import Listing, all_or_own, per_segment

Views = Mapping[SegmentKey, Any]
Viewer = Callable[[Rows, Tables, ReleaseFacts, int], Views]
"""Views by segment from the rows of the table, all tables, facts and the days of the period."""
Lister = Callable[[Sequence[Row], ReleaseFacts], Listing]


def own_period(_: Rows) -> tuple[int, ...]:
    """The part has days of its own."""
    return (OWN_PERIOD,)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A part before its table is read; texts are English, as `Part` has them."""

    slot: str
    what: str
    table: str
    view: Viewer
    period: str
    query: str
    definition: str
    periods: Callable[[Rows], Sequence[int]] = own_period
    is_whole: bool = False
    is_titled: bool = True


def parts_of(plans: Iterable[Plan], loaded: Tables, facts: ReleaseFacts) -> list[Part]:
    """Every part that follows the segment, drawn from what is in the release."""
    return [_part(plan, loaded, facts) for plan in plans]


def _part(plan: Plan, loaded: Tables, facts: ReleaseFacts) -> Part:
    rows = loaded[plan.table]
    return Part(
        slot=plan.slot,
        what=plan.what,
        table=plan.table,
        periods=None if rows is None else {days: plan.view(rows, loaded, facts, days) for days in plan.periods(rows)},
        period=plan.period,
        query=plan.query,
        definition=plan.definition,
        is_whole=plan.is_whole,
        is_titled=plan.is_titled,
    )


def windows_of(rows: Rows) -> list[int]:
    """The periods of a table that has a row per window."""
    return sorted({int(row["window_days"]) for row in rows})


def in_window(rows: Rows, days: int) -> Rows:
    """The rows of one window."""
    return [row for row in rows if row["window_days"] == days]


def alone(view: Callable[[Rows, ReleaseFacts], Views]) -> Viewer:
    """A view that needs no other table."""
    return lambda rows, _, facts, __: view(rows, facts)


def listed(view: Lister) -> Viewer:
    """A listing of each segment's own rows."""
    return lambda rows, _, facts, __: per_segment(rows, facts, view)


def windowed(view: Lister) -> Viewer:
    """A listing of each segment's own rows over one window."""
    return lambda rows, _, facts, days: per_segment(in_window(rows, days), facts, view)


def events(view: Lister) -> Viewer:
    """A listing of events: all of them under all customers."""
    return lambda rows, _, facts, __: all_or_own(rows, facts, view)


def whole(view: Lister) -> Viewer:
    """A listing of a table without segments."""
    return lambda rows, _, facts, days: {ALL: view(rows if days == OWN_PERIOD else in_window(rows, days), facts)}
