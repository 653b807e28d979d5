"""What the release stands on: extracts received and checks at both doors.

Belongs here: coverage and quality rows in words. Does not belong here: any judgement the doors did not make.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pipeline.report.formats import MISSING, day, name_of, number
from pipeline.report.queries import Rows
from pipeline.report.words import say

_COUNTS = ("received", "loaded", "quarantined", "duplicate", "set_aside")
_UNMET_SHOWN = 100


@dataclass(frozen=True)
class CoverageRow:
    """One table: what arrived of it."""

    table: str
    source: str
    need: str
    is_available: bool
    days: str
    extracts: str
    events: str
    counts: tuple[str, ...]


@dataclass(frozen=True)
class UnmetRow:
    """One expectation that was not met."""

    door: str
    table: str
    day: str
    expectation: str
    severity: str
    observed: str
    why: str


@dataclass(frozen=True)
class QualityView:
    """Unmet expectations one by one, all of them in counts."""

    unmet: tuple[UnmetRow, ...]
    unmet_not_shown: int
    summary: tuple[tuple[str, str, str, str, str], ...]


def coverage(rows: Rows) -> list[CoverageRow]:
    """One row per table of the contracts, required ones first."""
    ordered = sorted(rows, key=lambda row: (not row["is_required"], row["source"] or "", row["table_name"]))
    return [
        CoverageRow(
            table=row["table_name"],
            source=row["source"] or "",
            need="required" if row["is_required"] else "optional",
            is_available=bool(row["is_available"]),
            days=number(row["extract_day_count"])
            + (say(" ({count} refused)", count=number(row["refused_day_count"])) if row["refused_day_count"] else ""),
            extracts=_span(row["first_extract_date"], row["last_extract_date"]),
            events=_span(row["first_event_at"], row["last_event_at"]),
            counts=tuple(number(row[f"{name}_count"]) for name in _COUNTS),
        )
        for row in ordered
    ]


def _span(first: Any, last: Any) -> str:  # noqa: ANN401 - dates and timestamps, both written by their day
    return MISSING if first is None or last is None else say("{low} to {high}", low=day(first), high=day(last))


def quality(rows: Rows) -> QualityView:
    """Unmet expectations, critical ones first, and counts by door and table."""
    unmet = sorted((row for row in rows if row["is_met"] is False), key=lambda row: row["severity"] != "critical")
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        state = "met" if row["is_met"] else f"unmet {row['severity']}"
        counts[row["door"], row["table_name"], state] += 1
    places = sorted({(door, table) for door, table, _ in counts})
    return QualityView(
        tuple(
            UnmetRow(
                door=say(name_of(row["door"])),
                table=row["table_name"],
                day=day(row["extract_date"]),
                expectation=name_of((row["expectation"] or "").removeprefix("expect_"))
                + (f" ({row['column_name']})" if row["column_name"] else ""),
                severity=row["severity"],
                observed=row["observed_value"] or MISSING,
                why=row["why"] or "",
            )
            for row in unmet[:_UNMET_SHOWN]
        ),
        max(0, len(unmet) - _UNMET_SHOWN),
        tuple(
            (
                say(name_of(door)),
                table,
                *(number(counts[door, table, state]) for state in ("met", "unmet warning", "unmet critical")),
            )  # type: ignore[misc]
            for door, table in places
        ),
    )
