"""What customers write: themes of verbatims.

Belongs here: order and wording of published themes. Does not belong here: texts, which are never published.
"""

from collections.abc import Sequence

from pipeline.report.charts.marks import dots_with_intervals
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import number, percent
from pipeline.report.queries import THEME_WINDOW_DAYS, Row
from pipeline.report.views.listing import Cell, Listing, Named, Word, dot, joined, label_of, titles, value, weak
from pipeline.report.words import say

_DRAWN = 12


def themes(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Themes by how often they are written about, emerging ones marked."""
    ordered = sorted(rows, key=lambda row: (row["is_suppressed"], -(row["n"] or 0), row["theme"]))
    drawn = [row for row in ordered if not row["is_suppressed"] and row["share"] is not None][:_DRAWN]
    dots = [dot(row, label_of(row, "label", "theme"), "share") for row in drawn]
    total = next((row["verbatim_count"] for row in drawn), None)
    return Listing(
        caption=say("Themes of what customers write"),
        columns=titles("Theme", "Share of texts", "Sentiment", "Change", "New"),
        rows=tuple(_theme(row, facts) for row in ordered),
        note=say(
            "{count} texts in the last {days} days; a text may have several themes. Sentiment runs from −1 to +1.",
            count=number(total),
            days=THEME_WINDOW_DAYS,
        ),
        chart=dots_with_intervals(
            dots,
            title=say("Share of texts by theme"),
            description="; ".join(f"{each.name}: {percent(each.value)}" for each in dots),
            labeller=percent,
        ),
        empty=say("no texts"),
    )


def _theme(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    owner = say("owner: {name}", name=row["owner"]) if row["owner"] else ""
    friction = say("friction {code}", code=row["friction_category"]) if row["friction_category"] else ""
    return (
        Named(label_of(row, "label", "theme"), joined([owner, friction]), weak(row)),
        value(row, "share", "ratio", facts),
        value(row, "sentiment", "signed_score", facts, n=""),
        value(row, "change", "points_of_share", facts, n=""),
        Word(say("emerging"), "bad") if row["is_emerging"] else Word(""),
    )
