"""The parts of the page that follow the chosen segment.

Belongs here: which view fills which place, for one segment or all. Does not belong here: how a view is made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from pipeline.report.facts import ReleaseFacts
from pipeline.report.tables import listing
from pipeline.report.views.common import SegmentKey
from pipeline.report.views.listing import Listing
from pipeline.report.words import say, spoken


@dataclass(frozen=True, kw_only=True)
class Part:
    """One place of the page and what it shows for each segment.

    Attributes:
        slot: name of the place.
        what: what it shows, in English; the words of the page are looked up by it.
        table: the published table it is drawn from.
        views: view by segment, a listing or what the template named like the slot prints; ``None`` where the
            table is not in the release.
        query: what follows ``from <table> where <segment>`` to get the same rows.
        definition: how its figures are to be read, in English.
    """

    slot: str
    what: str
    table: str
    views: Mapping[SegmentKey, Any] | None
    query: str = ""
    definition: str = ""

    def sql(self, key: SegmentKey) -> str:
        """A query that gives the rows behind this part for a segment."""
        dimension, segment = (value.replace("'", "''") for value in key)
        lines = [f"from {self.table}", f"where segment_dimension = '{dimension}' and segment = '{segment}'"]
        return "\n".join([*lines, *self.query.split("\n")] if self.query else lines)


def draw(parts: Iterable[Part], key: SegmentKey, environment: Environment, facts: ReleaseFacts) -> dict[str, str]:
    """Every part for one segment, as HTML by slot."""
    missing = environment.get_template("parts/missing.html.j2")
    blocks: dict[str, str] = {}
    for part in parts:
        view = None if part.views is None else part.views.get(key)
        if view is None:
            blocks[part.slot] = missing.render(what=_absent(part, key), reason=_reason(part))
            continue
        if isinstance(view, Listing):
            drawn = listing(view)
        else:
            template = environment.get_template(f"parts/{part.slot}.html.j2")
            drawn = template.render(view=view, facts=facts, language=spoken())
        how = environment.get_template("parts/how.html.j2")
        blocks[part.slot] = drawn + how.render(
            definition=say(part.definition) if part.definition else "", sql=part.sql(key)
        )
    return blocks


def _absent(part: Part, key: SegmentKey) -> str:
    what = say(part.what)
    return what if part.views is None or key.dimension == "all" else say("{what} for {name}", what=what, name=key.name)


def _reason(part: Part) -> str:
    if part.views is None:
        return say("The table {table} was not published.", table=part.table)
    return say("The table {table} has no row for it.", table=part.table)


def placed(blocks: Mapping[str, str], slot: str) -> Markup:
    """The place of a part with what it shows first."""
    return Markup('<div class="slot" data-slot="{}">{}</div>').format(slot, Markup(blocks[slot]))  # noqa: S704 - drawn by templates


def segments_of(parts: Sequence[Part]) -> list[SegmentKey]:
    """Every segment any part knows, all customers first."""
    return sorted({key for part in parts for key in part.views or ()}, key=lambda key: key.order)
