"""The parts of the page that follow the chosen segment.

Belongs here: which view fills which place, for which segment, over which period. Does not belong here: how one is made.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markupsafe import Markup

from pipeline.report.queries import USUAL_PERIOD_DAYS
from pipeline.report.tables import listing
from pipeline.report.views.common import SegmentKey
from pipeline.report.views.listing import Listing
from pipeline.report.words import say

Drawer = Callable[[Any], str]

OWN_PERIOD = 0
"""The only period of a part that has one of its own, whatever period is chosen."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One place of the page and what it shows for each segment.

    Attributes:
        slot: name of the place.
        what: what it shows, in English; the words of the page are looked up by it.
        table: the published table it is drawn from.
        periods: views by days of the period and by segment; `OWN_PERIOD` for days of its own. A view is a listing or
            what the drawer of the slot prints. ``None`` where the table is not in the release.
        period: the days the part speaks of, in English.
        query: what follows ``from <table> where <segment>`` to get the same rows.
        definition: how its figures are to be read, in English.
        is_whole: the table has no segments; only all customers have the part.
        is_titled: it has a title of its own, because its section holds other parts as well.
    """

    slot: str
    what: str
    table: str
    periods: Mapping[int, Mapping[SegmentKey, Any]] | None
    period: str
    query: str = ""
    definition: str = ""
    is_whole: bool = False
    is_titled: bool = True

    def sql(self, key: SegmentKey, days: int) -> str:
        """A query that gives the rows behind this part for a segment and a period."""
        dimension, segment = (value.replace("'", "''") for value in key)
        lines = [f"from {self.table}"]
        query = self.query.replace("{days}", str(days))
        if not self.is_whole:
            lines.append(f"where segment_dimension = '{dimension}' and segment = '{segment}'")
        return "\n".join([*lines, *query.split("\n")] if query else lines)

    @property
    def days(self) -> tuple[int, ...]:
        """The periods it can be shown for, the shortest first."""
        return tuple(sorted(self.periods or (OWN_PERIOD,))) or (OWN_PERIOD,)

    def shown_for(self, days: int) -> int:
        """The period it shows when one is chosen: the shortest that is as long, else its longest."""
        return next((each for each in self.days if each >= days), self.days[-1])


def draw(
    parts: Iterable[Part], key: SegmentKey, drawers: Mapping[str, Drawer], *, others_only: bool = False
) -> dict[str, str]:
    """Every part for one segment, as HTML by slot; other periods than the usual under ``<slot>@<days>``.

    Args:
        parts: of the page.
        key: the segment.
        drawers: how a view becomes HTML, by slot, where it is no listing.
        others_only: leave out what the page shows before another period is chosen.
    """
    blocks: dict[str, str] = {}
    for part in parts:
        usual = part.shown_for(USUAL_PERIOD_DAYS)
        if not others_only:
            blocks[part.slot] = _block(part, key, usual, drawers)
        for days in part.days:
            if days != usual:
                blocks[f"{part.slot}@{days}"] = _block(part, key, days, drawers)
    return blocks


def _block(part: Part, key: SegmentKey, days: int, drawers: Mapping[str, Drawer]) -> str:
    views = (part.periods or {}).get(days, {})
    view = views.get(key)
    period = say(part.period, days=days) if days else say(part.period)
    if view is None:
        return f'<p class="missing">{escape(_absence(part, key))}</p>\n'
    said = f'<small class="period">{escape(period)}</small>'
    title = f"<h3>{escape(say(part.what))} {said}</h3>\n" if part.is_titled else f"<p>{said}</p>\n"
    drawn = listing(view) if isinstance(view, Listing) else drawers[part.slot](view)
    definition = f"<p>{escape(say(part.definition))}</p>" if part.definition else ""
    return (
        f'{title}{drawn}<details class="how"><summary>'
        f"{escape(say('Definition and query'))}</summary>{definition}"
        f"<pre><code>{escape(part.sql(key, days))}</code></pre></details>"
    )


def _absence(part: Part, key: SegmentKey) -> str:
    """What is not there, and why."""
    what = say(part.what)
    if part.periods is None:
        return (
            say("{what}: not available in this release.", what=what)
            + " "
            + say("The table {table} was not published.", table=part.table)
        )
    if part.is_whole and key.dimension != "all":
        return say("{what}: only for all customers.", what=what)
    if key.dimension != "all":
        what = say("{what} for {name}", what=what, name=key.name)
    return (
        say("{what}: not available in this release.", what=what)
        + " "
        + say("The table {table} has no row for it.", table=part.table)
    )


def placed(parts: Mapping[str, Part], blocks: Mapping[str, str], slot: str) -> Markup:
    """The place of a part with what it shows first."""
    days = " ".join(map(str, parts[slot].days))
    return Markup('<div class="slot" data-days="{}" data-slot="{}">{}</div>').format(days, slot, Markup(blocks[slot]))  # noqa: S704 - drawn by templates


def segments_of(parts: Sequence[Part]) -> list[SegmentKey]:
    """Every segment any part knows, all customers first."""
    return sorted(
        {key for part in parts for views in (part.periods or {}).values() for key in views}, key=lambda key: key.order
    )


def periods_of(parts: Sequence[Part]) -> list[int]:
    """Every period any part can be shown for, the shortest first."""
    return sorted({days for part in parts for days in part.days if days != OWN_PERIOD})
