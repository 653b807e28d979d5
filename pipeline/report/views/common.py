"""What every view needs: the language of the page, the segments, the figure with its interval.

Belongs here: notions shared by several sections. Does not belong here: one section's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import Numeric, interval, measure, name_of, number
from pipeline.report.queries import Row, Rows
from pipeline.report.words import say, segment_names

_DIMENSIONS: Final = (
    "all",
    "customer_type",
    "new_returning",
    "persona",
    "rfm",
    "value_tier",
    "loyalty_tier",
    "nps_class",
    "region",
    "acquisition_channel",
    "device",
)
_DIMENSION_NAMES: Final[Mapping[str, str]] = {
    "new_returning": "New or returning",
    "rfm": "RFM group",
    "nps_class": "NPS class",
}


class SegmentKey(NamedTuple):
    """A segment of a dimension, as published."""

    dimension: str
    segment: str

    @property
    def code(self) -> str:
        """What ties a block of the page to the selector."""
        return f"{self.dimension}/{self.segment}"

    @property
    def dimension_name(self) -> str:
        """The dimension as a reader would write it."""
        names = segment_names(*self)
        return names[0] if names else say(_DIMENSION_NAMES.get(self.dimension, name_of(self.dimension)))

    @property
    def name(self) -> str:
        """The segment as a reader would write it."""
        names = segment_names(*self)
        return names[1] if names else say("All customers") if self.dimension == "all" else name_of(self.segment)

    @property
    def order(self) -> tuple[int, str, str]:
        """Sorts ``all`` first, then the dimensions in the order of the product."""
        known = _DIMENSIONS.index(self.dimension) if self.dimension in _DIMENSIONS else len(_DIMENSIONS)
        return known, self.dimension, self.segment


ALL: Final = SegmentKey("all", "all")


@dataclass(frozen=True)
class Figure:
    """A value in words with what a reader needs to judge it."""

    value: str
    interval: str
    n: str
    flags: tuple[str, ...] = ()
    is_suppressed: bool = False
    is_absent: bool = False


def by_segment(rows: Rows) -> dict[SegmentKey, list[Row]]:
    """Rows grouped by segment, in their order."""
    grouped: dict[SegmentKey, list[Row]] = {}
    for row in rows:
        key = SegmentKey(row["segment_dimension"] or "unknown", row["segment"] or "unknown")
        grouped.setdefault(key, []).append(row)
    return grouped


def flags_of(row: Row) -> tuple[str, ...]:
    """What makes a figure weak, in words."""
    return tuple(
        words
        for words, applies in (
            ("provisional", row["is_mature"] is False),
            ("small n", bool(row.get("is_small_n"))),
        )
        if applies
    )


def figure(row: Row, names: Sequence[str], *, unit: str, facts: ReleaseFacts, currency: str | None = None) -> Figure:
    """A figure from the columns ``(value, low, high, n)`` of a row."""
    if row["is_suppressed"]:
        return Figure(facts.suppressed_text, "", "", is_suppressed=True)
    value, low, high, n = (row[name] for name in names)
    money_of = currency or facts.reporting_currency
    if value is None:
        return Figure(say("no value"), "", f"n\u00a0{number(n)}")
    return Figure(measure(value, unit, money_of), interval(low, high, unit, money_of), f"n\u00a0{number(n)}")


def as_float(value: Numeric | None) -> float | None:
    """A number for drawing."""
    return None if value is None else float(value)
