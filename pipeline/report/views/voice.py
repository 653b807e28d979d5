"""What customers write: themes of verbatims.

Belongs here: order and wording of published themes. Does not belong here: texts, which are never published.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.report.charts.marks import dots_with_intervals
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import name_of, number, percent
from pipeline.report.queries import Row
from pipeline.report.views.listing import Cell, Listing, Named, Word, dot, joined, label_of, titles, value, weak
from pipeline.report.words import say

_DRAWN = 12
_COMPARISONS: Final[Mapping[str, str]] = {
    "detractors_against_promoters": "Detractors against promoters",
    "recent_against_before": "The last weeks against the time before",
}


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
            days=rows[0]["window_days"],
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


def terms(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Words that tell two groups of writers apart, the surest first; the others are listed too."""
    ordered = sorted(
        rows,
        key=lambda row: (not row["is_distinctive"], row["q_value"], row["comparison"], row["language"], row["term"]),
    )
    return Listing(
        caption=say("Words that tell groups apart"),
        columns=titles("Word", "Used more by", "Log-odds", "People who use it", "Verdict"),
        rows=tuple(_term(row, facts) for row in ordered),
        note=say(
            "Log-odds of the word in one group against the other; above zero it belongs to the first. "
            "{sure} of {count} words tell the groups apart for sure.",
            sure=number(sum(bool(row["is_distinctive"]) for row in rows)),
            count=number(len(rows)),
        ),
        empty=say("no words"),
        is_folded=True,
    )


def _term(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    groups = say(_COMPARISONS.get(row["comparison"], name_of(row["comparison"])))
    used = (facts.suppressed_text if row[name] is None else number(row[name]) for name in ("first_n", "second_n"))
    bound = say("at least so far apart: one side is counted as the most that is hidden") if row["is_bound"] else ""
    q_value = f"q {number(row['q_value'], decimals=3)}"
    sure = say("tells them apart") if row["is_distinctive"] else say("not for sure")
    return (
        Named(row["term"], joined([groups, row["language"]]), ("small n",) if row["is_small_n"] else ()),
        Word(say(name_of(row["leaning"]))),
        value(row, "log_odds", "signed_score", facts, n=""),
        Word(say("{first} against {second}", first=next(used), second=next(used))),
        Word(joined([sure, q_value, bound])),
    )
