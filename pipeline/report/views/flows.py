"""Which touchpoint follows which.

Belongs here: choosing flows and naming them. Does not belong here: the drawing.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from pipeline.report.charts.flows import Flow, sankey
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import name_of, number, percent
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import SegmentKey, by_segment
from pipeline.report.views.listing import Cell, Listing, Named, count, titles, value, weak
from pipeline.report.words import say

_DRAWN, _LISTED = 24, 60
_ENDS: Final[Mapping[str, str]] = {"start": "Start of the visit", "left": "Left", "rare": "Rare touchpoints"}


def transitions(rows: Rows, named: Rows | None, facts: ReleaseFacts) -> dict[SegmentKey, Listing]:
    """The largest steps of every segment; names of touchpoints come from the journey map."""
    names = {row["touchpoint"]: str(row["touchpoint_label"]) for row in named or () if row["touchpoint_label"]}
    view = partial(_view, names={**names, **{code: say(words) for code, words in _ENDS.items()}}, facts=facts)
    return {key: view(found) for key, found in by_segment(rows).items()}


def _view(rows: Sequence[Row], *, names: Mapping[str, str], facts: ReleaseFacts) -> Listing:
    known = [row for row in rows if not row["is_suppressed"] and row["transition_count"]]
    known.sort(key=lambda row: (-row["transition_count"], row["from_touchpoint"], row["to_touchpoint"]))
    flows = [_flow(row, names) for row in known[:_DRAWN]]
    hidden = sum(1 for row in rows if row["is_suppressed"])
    said = say("The {count} largest steps within a visit.", count=len(flows))
    if hidden:
        said += " " + say("{count} steps are suppressed.", count=number(hidden))
    return Listing(
        caption=say("From one touchpoint to the next"),
        columns=titles("Step", "Times", "Share of what follows"),
        rows=tuple(_step(row, names, facts) for row in known[:_LISTED]),
        note=said,
        chart=sankey(
            flows, title=say("From one touchpoint to the next"), description="; ".join(flow.title for flow in flows)
        ),
        empty=say("no rows"),
        is_folded=True,
    )


def _ends(row: Row, names: Mapping[str, str]) -> tuple[str, str]:
    start, end = row["from_touchpoint"], row["to_touchpoint"]
    return names.get(start, name_of(start)), names.get(end, name_of(end))


def _flow(row: Row, names: Mapping[str, str]) -> Flow:
    start, end = _ends(row, names)
    title = f"{start} → {end}: {number(row['transition_count'])}, {percent(row['transition_share'])}"
    return Flow(start, end, float(row["transition_count"]), title)


def _step(row: Row, names: Mapping[str, str], facts: ReleaseFacts) -> tuple[Cell, ...]:
    start, end = _ends(row, names)
    return (
        Named(f"{start} → {end}", "", weak(row)),
        count(row, "transition_count", facts),
        value(row, "transition_share", "ratio", facts),
    )
