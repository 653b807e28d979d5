"""Whether channels feel the same, and what experience is worth.

Belongs here: wording of published rows. Does not belong here: the comparison itself.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.report.charts.marks import dots_with_intervals
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import measure, money, name_of, whole_money
from pipeline.report.queries import Row
from pipeline.report.views.experience import MOODS
from pipeline.report.views.listing import Cell, Listing, Named, Word, dot, label_of, titles, value, weak
from pipeline.report.words import say

_UNITS: Final[Mapping[str, str]] = {
    "csat": "ratio", "cross_channel_repeat": "ratio", "emotion_index": "points", "effort_score": "score",
}  # fmt: skip
_GAPS: Final[Mapping[str, str]] = {"ratio": "points_of_share", "points": "points", "score": "signed_score"}
_NAMES: Final[Mapping[str, str]] = {
    "csat": "CSAT", "cross_channel_repeat": "Told again in another channel", "emotion_index": "Emotion index",
    "effort_score": "Effort score",
}  # fmt: skip


def coherence(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Channels by measure, each with its gap to the other channels among the same customers."""
    felt = [
        row
        for row in rows
        if row["kpi_id"] == "emotion_index" and not row["is_suppressed"] and row["value"] is not None
    ]
    dots = [dot(row, label_of(row, "channel_label", "channel"), "value") for row in felt]
    return Listing(
        caption=say("Coherence of channels"),
        columns=titles("Channel", "Value", "Gap to other channels", "Verdict"),
        rows=tuple(_channel(row, facts) for row in rows),
        note=say("The gap compares the same customers in this channel and in the others. Drawn: the emotion index."),
        chart=dots_with_intervals(
            dots,
            title=say("Emotion index by channel"),
            description="; ".join(f"{each.name}: {measure(each.value, 'points', '')}" for each in dots),
            labeller=lambda tick: measure(tick, "points", "").removesuffix(".0").removesuffix(",0"),
        ),
        empty=say("no answers"),
        is_folded=True,
    )


def _channel(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    unit = _UNITS.get(row["kpi_id"], "score")
    verdict = facts.suppressed_text if row["is_suppressed"] else say(row["verdict"] or "no value")
    return (
        Named(
            label_of(row, "channel_label", "channel"),
            say(_NAMES.get(row["kpi_id"], name_of(row["kpi_id"]))),
            weak(row),
        ),
        value(row, "value", unit, facts),
        value(row, "gap", _GAPS[unit], facts, n="gap_customer_count"),
        Word(verdict, MOODS.get(row["verdict"] or "", "")),
    )


def experience_value(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """What customers do after an answer, by what they answered."""
    ordered = sorted(rows, key=lambda row: (row["measure"], row["band"] == "all", row["band"]))
    drawn = [row for row in ordered if row["band"] != "all" and row["spend_mean_amount"] is not None]
    dots = [
        dot(row, label_of(row, "label", "band"), "spend_mean", ending="_amount")
        for row in drawn
        if not row["is_suppressed"]
    ]
    days = next((row["follow_up_days"] for row in rows), None)
    return Listing(
        caption=say("What experience is worth"),
        columns=titles("Answer", "Bought again", "Spend per customer", "Lifetime value", "Worth of one point"),
        rows=tuple(_band(row, facts) for row in ordered),
        note=say(
            "What customers did in the {days} days after they answered. Not an effect: they differ in more than that.",
            days=days,
        ),
        chart=dots_with_intervals(
            dots,
            title=say("Spend per customer after the answer"),
            description="; ".join(f"{each.name}: {money(each.value, facts.reporting_currency)}" for each in dots),
            labeller=lambda tick: whole_money(tick, facts.reporting_currency),
        ),
        empty=say("no answers"),
        is_folded=True,
    )


def _band(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    measured = {"nps": "NPS", "csat": "CSAT", "effort": "Effort score"}.get(row["measure"], name_of(row["measure"]))
    return (
        Named(label_of(row, "label", "band"), say(measured), weak(row)),
        value(row, "retention_rate", "ratio", facts),
        value(row, "spend_mean", "amount", facts, n=""),
        value(row, "clv_mean", "amount", facts, n=""),
        value(row, "point_value", "amount", facts, n=""),
    )
