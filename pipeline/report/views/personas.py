"""Persona sheets: who they are, what they are worth, how their journey goes, what hurts.

Belongs here: picking published rows of a persona. Does not belong here: how personas are told apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.report.facts import ReleaseFacts
from pipeline.report.queries import Row, Rows, Tables
from pipeline.report.views.common import Figure
from pipeline.report.views.listing import Word, label_of, value
from pipeline.report.views.methods import is_observed
from pipeline.report.views.reasons import reason_of
from pipeline.report.words import say

_DIMENSION = "persona"
_SHOWN = 3


@dataclass(frozen=True)
class Persona:
    """One sheet: named figures, and short lists."""

    name: str
    description: str
    unavailable: str
    figures: tuple[tuple[str, Figure], ...]
    stages: tuple[tuple[str, Figure], ...]
    frictions: tuple[tuple[str, Figure], ...]
    touchpoints: tuple[tuple[str, Figure], ...]
    advice: tuple[Word, ...]


def personas(loaded: Tables, facts: ReleaseFacts) -> list[Persona] | None:
    """A sheet per persona, the largest first; ``None`` where the release holds no segments."""
    rows = loaded["dim_segments"]
    if rows is None:
        return None
    own = [row for row in rows if row["segment_dimension"] == _DIMENSION]
    own.sort(key=lambda row: (-(row["segment_customer_count"] or 0), row["segment"]))
    found = {name: _by_persona(loaded[name]) for name in ("journey_map", "segment_clv", "segment_friction_ranking")}
    return [_sheet(row, {name: rows.get(row["segment"], []) for name, rows in found.items()}, facts) for row in own]


def _by_persona(rows: Rows | None) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows or ():
        if row["segment_dimension"] == _DIMENSION:
            grouped.setdefault(row["segment"], []).append(row)
    return grouped


def _sheet(row: Row, found: Mapping[str, Sequence[Row]], facts: ReleaseFacts) -> Persona:
    reason = "" if row["is_available"] else reason_of(row)
    return Persona(
        name=row["label"] or row["segment"],
        description=row["description"] or "",
        unavailable=reason,
        figures=tuple(_figures(row, found, facts)),
        stages=tuple(_stages(found["journey_map"], facts)),
        frictions=_top(found["segment_friction_ranking"], "friction_rank", facts),
        touchpoints=_met(found["journey_map"], facts),
        advice=tuple(
            Word(ranked["action"]) for ranked in _ranked(found["segment_friction_ranking"])[:1] if ranked["action"]
        ),
    )


def _figures(row: Row, found: Mapping[str, Sequence[Row]], facts: ReleaseFacts) -> Iterable[tuple[str, Figure]]:
    yield say("Share of customers"), value(row, "customer_share", "ratio", facts, n="segment_customer_count")
    yield say("Share of revenue"), value(row, "revenue_share", "ratio", facts, n="")
    for worth in found["segment_clv"]:
        if is_observed(worth):
            yield say("Lifetime value to date"), value(worth, "clv_mean", "amount", facts, n="customer_count")
    for felt in found["journey_map"]:
        if felt["stage"] == "all":
            yield say("Emotion index"), value(felt, "emotion_index", "points", facts)


def _stages(rows: Sequence[Row], facts: ReleaseFacts) -> Iterable[tuple[str, Figure]]:
    whole = [row for row in rows if row["touchpoint"] == "all" and row["stage_number"] is not None]
    for row in sorted(whole, key=lambda row: row["stage_number"]):
        yield label_of(row, "stage_label", "stage"), value(row, "journey_share", "ratio", facts, n="journey_count")


def _ranked(rows: Sequence[Row]) -> list[Row]:
    ranked = [row for row in rows if row["friction_rank"] is not None and not row["is_suppressed"]]
    return sorted(ranked, key=lambda row: (row["friction_rank"], row["friction_type"]))


def _top(rows: Sequence[Row], rank: str, facts: ReleaseFacts) -> tuple[tuple[str, Figure], ...]:
    return tuple(
        (
            f"{int(row[rank])}. {label_of(row, 'label', 'friction_type')}",
            value(row, "value_at_stake", "amount", facts, n="affected_count"),
        )
        for row in _ranked(rows)[:_SHOWN]
    )


def _met(rows: Sequence[Row], facts: ReleaseFacts) -> tuple[tuple[str, Figure], ...]:
    known = [row for row in rows if row["touchpoint"] not in ("all", "none") and row["journey_share"] is not None]
    known.sort(key=lambda row: (-row["journey_share"], row["touchpoint"]))
    return tuple(
        (
            label_of(row, "touchpoint_label", "touchpoint"),
            value(row, "journey_share", "ratio", facts, n="journey_count"),
        )
        for row in known[:_SHOWN]
    )
