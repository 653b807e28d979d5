"""A table of figures with a chart above it: the shape most parts of the page share.

Belongs here: the shape and the figures it is made of. Does not belong here: what a particular table says.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from pipeline.report.charts.marks import IntervalDot
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import name_of, number
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import ALL, Figure, SegmentKey, as_float, by_segment, figure
from pipeline.report.words import say


@dataclass(frozen=True)
class Named:
    """What a row is about: a name, what is said beside it, and what makes it weak."""

    text: str
    about: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Word:
    """A verdict or a plain word; ``mood`` is good, bad or calm."""

    text: str
    mood: str = ""


Cell = Named | Figure | Word


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Rows under named columns; the first cell of a row names it.

    Attributes:
        caption: title of the table, in the language of the page.
        columns: titles of the columns.
        rows: cells, as many as columns.
        note: what must be known to read it.
        chart: picture above the table, if any.
        empty: said in place of rows.
        is_folded: the picture says most; the table is opened by the reader.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    chart: Markup = field(default_factory=Markup)
    empty: str = ""
    is_folded: bool = False


def per_segment(
    rows: Rows, facts: ReleaseFacts, view: Callable[[Sequence[Row], ReleaseFacts], Listing]
) -> dict[SegmentKey, Listing]:
    """The listing of every segment."""
    return {key: view(of_segment, facts) for key, of_segment in by_segment(rows).items()}


def all_or_own(
    rows: Rows, facts: ReleaseFacts, view: Callable[[Sequence[Row], ReleaseFacts], Listing]
) -> dict[SegmentKey, Listing]:
    """For tables of events: all customers show every row, a segment only its own."""
    own = {key: found for key, found in by_segment(rows).items() if key != ALL}
    return {ALL: view(rows, facts), **{key: view(found, facts) for key, found in own.items()}}


def value(row: Row, stem: str, unit: str, facts: ReleaseFacts, *, n: str = "n") -> Figure:
    """The figure of ``<stem>``, ``<stem>_low``, ``<stem>_high``; columns of amounts have their ends before the word.

    Args:
        row: of a published table.
        stem: name of the column; for amounts without ``_amount``.
        unit: as in the catalogue.
        facts: currency and the words for what is suppressed.
        n: column that counts what it rests on; an empty text if another cell says so.
    """
    ending = "_amount" if unit == "amount" and f"{stem}_amount" in row else ""
    names = (f"{stem}{ending}", f"{stem}_low{ending}", f"{stem}_high{ending}", n or f"{stem}{ending}")
    if row.get("is_suppressed", False):
        return Figure(facts.suppressed_text, "", "", is_suppressed=True)
    if row[names[0]] is None:
        return Figure(say("no value"), "", "", is_absent=True)
    open_row = {**row, "is_suppressed": False}
    shown = figure(open_row, names, unit=unit, facts=facts, currency=row.get("currency"))
    return shown if n else Figure(shown.value, shown.interval, "")


def dot(row: Row, name: str, stem: str, *, ending: str = "") -> IntervalDot:
    """A row of a dot chart from ``<stem>``, ``<stem>_low`` and ``<stem>_high``, each with its ending."""
    shown, low, high = (as_float(row[f"{stem}{end}{ending}"]) for end in ("", "_low", "_high"))
    return IntervalDot(name, shown, low, high)


def count(row: Row, name: str, facts: ReleaseFacts) -> Figure:
    """A number of things."""
    if row.get("is_suppressed"):
        return Figure(facts.suppressed_text, "", "", is_suppressed=True)
    return Figure(number(row[name]), "", "")


def weak(row: Row) -> tuple[str, ...]:
    """Flags of a row that need not have a maturity; none on a suppressed one, which has no figure to doubt."""
    if row.get("is_suppressed"):
        return ()
    named = (("provisional", row.get("is_mature") is False), ("small n", bool(row.get("is_small_n"))))
    return tuple(words for words, applies in named if applies)


def titles(*names: str) -> tuple[str, ...]:
    """Titles of columns in the language of the page."""
    return tuple(say(name) for name in names)


def label_of(row: Row, column: str, code: str) -> str:
    """The label of a row in the language of the page; its code where there is none."""
    return str(row[column]) if row[column] else say(name_of(row[code]))


def joined(parts: Iterable[str | None]) -> str:
    """What is known, with dots between."""
    return " · ".join(part for part in parts if part)
