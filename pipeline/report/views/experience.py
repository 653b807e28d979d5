"""Where a journey is strong or weak, which moments decide, which touchpoints bring conversions.

Belongs here: wording of published rows. Does not belong here: the judgement, which the tables hold.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.report.charts.marks import dots_with_intervals
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import number, percent
from pipeline.report.queries import Row
from pipeline.report.views.common import Figure, as_float
from pipeline.report.views.friction import outcome_words
from pipeline.report.views.listing import Cell, Listing, Named, Word, dot, joined, label_of, titles, value, weak
from pipeline.report.words import say

MOODS: Final[Mapping[str, str]] = {"strength": "good", "weakness": "bad", "above": "good", "below": "bad"}
_VERDICTS: Final = ("weakness", "strength", "neither", "not enough answers")
_EFFECTS_DRAWN = 12


def strengths(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Stages and touchpoints against the rest of the journey, weaknesses first."""
    ordered = sorted(rows, key=_strength_order)
    shown = [row for row in ordered if not row["is_suppressed"] and row["emotion_gap"] is not None]
    dots = [dot(row, _place(row), "emotion_gap") for row in shown]
    caption = say("Strengths and weaknesses")
    return Listing(
        caption=caption,
        columns=titles("Where", "Emotion against the rest", "Rank among answers", "Verdict"),
        rows=tuple(_strength(row, facts) for row in ordered),
        chart=dots_with_intervals(
            dots,
            title=caption,
            description="; ".join(f"{each.name}: {number(each.value, decimals=1, signed=True)}" for each in dots),
            labeller=lambda tick: number(tick, signed=True),
        ),
        empty=say("no answers"),
    )


def _strength_order(row: Row) -> tuple[int, float, str, str]:
    place = _VERDICTS.index(row["verdict"]) if row["verdict"] in _VERDICTS else len(_VERDICTS)
    return place, float(row["emotion_gap"] or 0), row["stage"], row["touchpoint"]


def _place(row: Row) -> str:
    if row["touchpoint"] == "none":
        return say("Relation as a whole")
    stage = label_of(row, "stage_label", "stage")
    return (
        say("Stage {name}", name=stage)
        if row["touchpoint"] == "all"
        else label_of(row, "touchpoint_label", "touchpoint")
    )


def _strength(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    stage = "" if row["touchpoint"] in ("all", "none") else label_of(row, "stage_label", "stage")
    ranks = row["best_rank"], row["worst_rank"]
    told = "" if None in ranks else say("{low} to {high}", low=min(ranks), high=max(ranks))
    verdict = facts.suppressed_text if row["is_suppressed"] else say(row["verdict"] or "no value")
    return (
        Named(_place(row), stage, weak(row)),
        value(row, "emotion_gap", "points", facts),
        Word(told),
        Word(verdict, MOODS.get(row["verdict"] or "", "")),
    )


def moments(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Moments of truth: those shown to matter by rank, then the others."""
    ordered = sorted(rows, key=lambda row: (row["moment_rank"] or 10**6, row["stage"], row["touchpoint"]))
    return Listing(
        caption=say("Moments of truth"),
        columns=titles("Moment", "Rank", "Effect of a good answer", "Outcome after good and bad answers", "Verdict"),
        rows=tuple(_moment(row, facts) for row in ordered),
        note=say("Among similar customers: the outcome's share after a good answer less that after a bad one."),
        empty=say("no answers"),
    )


def _moment(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    named = Named(label_of(row, "touchpoint_label", "touchpoint"), outcome_words(row["outcome"]), weak(row))
    if row["is_suppressed"]:
        hidden = Figure(facts.suppressed_text, "", "", is_suppressed=True)
        return named, Word(""), hidden, hidden, Word("")
    rates = say(
        "{good} of {good_n}, {bad} of {bad_n}",
        good=percent(row["good_outcome_rate"]),
        good_n=number(row["good_count"]),
        bad=percent(row["bad_outcome_rate"]),
        bad_n=number(row["bad_count"]),
    )
    matters = bool(row["is_shown_to_matter"])
    q_value = "" if row["q_value"] is None else f"q {number(row['q_value'], decimals=3)}"
    return (
        named,
        Word("" if row["moment_rank"] is None else str(row["moment_rank"])),
        value(row, "effect", "points_of_share", facts),
        Word(rates),
        Word(joined([say("shown to matter") if matters else say("not shown to matter"), q_value])),
    )


def effectiveness(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Credit of each touchpoint by four methods; the picture shows the removal effect."""
    by_touchpoint: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_touchpoint.setdefault(row["touchpoint"], {})[row["method"]] = row
    ordered = sorted(by_touchpoint.values(), key=_credit_order)
    drawn = [found["removal"] for found in ordered if _removal(found) is not None][:_EFFECTS_DRAWN]
    dots = [dot(row, label_of(row, "touchpoint_label", "touchpoint"), "removal_effect") for row in drawn]
    return Listing(
        caption=say("Touchpoint effectiveness"),
        columns=titles("Touchpoint", "Removal effect", "Share by removal", "First", "Last", "Linear"),
        rows=tuple(_credit(found, facts) for found in ordered),
        note=say("Removal effect: the share of conversions that would be lost if nobody passed the touchpoint."),
        chart=dots_with_intervals(
            dots,
            title=say("Removal effect of the touchpoints that matter most"),
            description="; ".join(f"{each.name}: {percent(each.value)}" for each in dots),
            labeller=percent,
        ),
        empty=say("no conversions"),
        is_folded=True,
    )


def _removal(found: Mapping[str, Row]) -> float | None:
    row = found.get("removal")
    return None if row is None or row["is_suppressed"] else as_float(row["removal_effect"])


def _credit_order(found: Mapping[str, Row]) -> tuple[float, str]:
    return -(_removal(found) or 0), next(iter(found.values()))["touchpoint"]


def _credit(found: Mapping[str, Row], facts: ReleaseFacts) -> tuple[Cell, ...]:
    first = next(iter(found.values()))
    missing = Figure(say("no value"), "", "", is_absent=True)
    removal = found.get("removal")
    return (
        Named(label_of(first, "touchpoint_label", "touchpoint"), "", weak(first)),
        missing if removal is None else value(removal, "removal_effect", "ratio", facts),
        missing if removal is None else value(removal, "credited_share", "ratio", facts, n=""),
        *(
            value(found[method], "credited_share", "ratio", facts, n="") if method in found else missing
            for method in ("first", "last", "linear")
        ),
    )
