"""What to do and what was done: enablers, findings over several KPIs, initiatives, alerts.

Belongs here: wording of published rows. Does not belong here: rules, effects.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import change, day, interval, measure, money, name_of, number
from pipeline.report.queries import Row
from pipeline.report.views.common import Figure, SegmentKey
from pipeline.report.views.friction import outcome_words, rank_words
from pipeline.report.views.listing import Cell, Listing, Named, Word, joined, label_of, titles, value, weak
from pipeline.report.views.reasons import reason
from pipeline.report.words import say

_SEVERITIES: Final[Mapping[str, str]] = {"high": "bad", "critical": "bad"}
_OUTCOMES: Final[Mapping[str, str]] = {
    "found": "found",
    "nothing_found": "nothing found",
    "not_evaluated": "not judged",
}


def enablers(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """What helps: ranked where shown to help, then the others."""
    ordered = sorted(rows, key=lambda row: (row["enabler_rank"] or 10**6, row["enabler_type"]))
    return Listing(
        caption=say("Enablers"),
        columns=titles("Enabler", "Rank", "Helped / all", "Effect", "Value gained", "Action"),
        rows=tuple(_enabler(row, facts) for row in ordered),
        note=say("The counterpart of friction: what journeys that met it gain against similar ones."),
        empty=say("no rows"),
    )


def _enabler(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    effort = "" if row["effort_days"] is None else say("{days} days", days=number(row["effort_days"]))
    owner = say("owner: {name}", name=row["owner"]) if row["owner"] else ""
    helped = say("{part} of {whole}", part=number(row["helped_count"]), whole=number(row["journey_count"]))
    verdict = "" if row["is_shown_to_help"] or row["is_suppressed"] else say("not shown to help")
    return (
        Named(label_of(row, "label", "enabler_type"), joined([owner, effort, verdict]), weak(row)),
        Word(rank_words(row, "enabler_rank")),
        Word(facts.suppressed_text if row["is_suppressed"] else f"{helped} · {outcome_words(row['outcome'])}"),
        value(row, "effect", "points_of_share", facts, n="helped_count"),
        value(row, "value_gained", "amount", facts, n=""),
        Word(row["action"] or ""),
    )


def findings(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Findings over several KPIs; rules that found nothing or could not be judged are said too."""
    place = {"found": 0, "not_evaluated": 1}
    ordered = sorted(rows, key=lambda row: (place.get(row["rule_outcome"], 2), row["severity"], row["rule_id"]))
    return Listing(
        caption=say("Findings over several KPIs"),
        columns=titles("Finding", "Where", "Figures", "Difference", "Action"),
        rows=tuple(_finding(row, facts) for row in ordered),
        note=say("A finding holds only where every condition is clear of noise."),
        empty=say("no rows"),
    )


def _finding(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    owner = say("owner: {name}", name=row["owner"]) if row["owner"] else ""
    outcome = say(_OUTCOMES.get(row["rule_outcome"], name_of(row["rule_outcome"])))
    named = Named(label_of(row, "rule_label", "rule_id"), joined([say(row["severity"] or ""), owner]), weak(row))
    if row["kpi_label"] is None:
        judged = say("in {count} segments", count=number(row["evaluated_segment_count"]))
        why = reason(row["unevaluated_reason"]) or judged
        return named, Word(joined([outcome, why])), Word(""), Word(""), Word(row["action"] or "")
    shown = value(row, "value", row["unit"], facts)
    difference = Figure(
        change(row["difference"], row["unit"], facts.reporting_currency) if row["difference"] is not None else "",
        interval(
            row["difference_low"], row["difference_high"], _difference_unit(row["unit"]), facts.reporting_currency
        ),
        "",
    )
    key = SegmentKey(row["segment_dimension"], row["segment"])
    where = key.name if key.dimension == "all" else f"{key.dimension_name}: {key.name}"
    about = Named(where, joined([row["kpi_label"], row["comparison"]]))
    return named, about, shown, difference, Word(row["action"] or "", _SEVERITIES.get(row["severity"], ""))


def _difference_unit(unit: str) -> str:
    """How the ends of an interval of a difference are written."""
    return {"ratio": "points_of_share", "score": "signed_score"}.get(unit, unit)


def initiatives(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """What was tried: the effect against segments left alone, and money."""
    return Listing(
        caption=say("Initiatives"),
        columns=titles("Initiative", "KPI", "Before and after", "Effect", "Cost", "Return on cost"),
        rows=tuple(
            _initiative(row, facts) for row in sorted(rows, key=lambda row: (row["starts_on"], row["initiative_id"]))
        ),
        note=say("Difference in differences: the change of the segment less that of segments left alone."),
        empty=say("no rows"),
    )


def _initiative(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    key = SegmentKey(row["segment_dimension"], row["segment"])
    currency = row["currency"] or facts.reporting_currency
    spoken = [measure(row[name], row["unit"], currency) for name in ("before_value", "after_value")]
    start = say("from {day}", day=day(row["starts_on"]))
    effect = value(row, "effect", _difference_unit(row["unit"]), facts)
    return (
        Named(row["name"], joined([key.name, start]), weak(row)),
        Named(label_of(row, "kpi_label", "kpi_id"), say(row["status"] or "")),
        Word(say("{low} to {high}", low=spoken[0], high=spoken[1])),
        effect,
        Word(money(row["cost_amount"], currency)),
        value(row, "return_on_cost", "multiple", facts, n=""),
    )


def alerts(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Alerts, open ones first, then the latest."""
    ordered = sorted(rows, key=lambda row: row["opened_on"], reverse=True)
    ordered.sort(key=lambda row: row["state"] == "resolved")
    return Listing(
        caption=say("Alerts"),
        columns=titles("Alert", "State", "Explanation"),
        rows=tuple(_alert(row, facts) for row in ordered),
        empty=say("no alerts"),
    )


def _alert(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    what = facts.suppressed_text if row["is_suppressed"] else (row["what"] or row["alert_id"])
    owner = say("owner: {name}", name=row["owner"]) if row["owner"] else ""
    state = joined([say(row["state"]), say(row["resolution"] or "") or None])
    return (
        Named(what, joined([say(row["severity"]), owner])),
        Named(
            state,
            say(
                "{low} to {high}",
                low=day(row["opened_on"]),
                high=day(row["resolved_on"]) if row["resolved_on"] else say("today"),
            ),
        ),
        Word(row["why"] or ""),
    )
