"""Looking into quarantine: which rows wait to be mended, why, and where they came from.

Belongs here: reading quarantined rows for their owner. Does not belong here: putting them there, loading them again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.contracts import CONTRACTS
from pipeline.landing import store
from pipeline.settings import Home
from pipeline.warehouse import connection, file_literal, literal

ID_LENGTH = 12


@dataclass(frozen=True)
class QuarantinedRow:
    """One row that broke a rule.

    Attributes:
        id: names the row as long as its file lies at its place: a hash of table, day, file, line and part.
        table: the table.
        day: the extract day.
        state: ``accepted`` (of an accepted day) or ``waiting`` (of a day that waits or was refused).
        file: the file it came in.
        line: data row of that file, from 1.
        part: which of the rows that the line became; 0 for the first.
        reasons: what is wrong, each ``column: what``.
        raw: as it came; personal data may be in it, so it is never shown unasked.
    """

    id: str
    table: str
    day: date
    state: str
    file: str
    line: int
    part: int
    reasons: tuple[str, ...]
    raw: str = field(repr=False)


@dataclass(frozen=True)
class Rule:
    """Rows of one table and day that broke the same rule, with the id of the first."""

    table: str
    day: date
    state: str
    reason: str
    row_count: int
    first_id: str


def quarantined_days(home: Home, table: str | None = None, day: date | None = None) -> Iterator[tuple[str, date, str]]:
    """(table, extract day, state) of everything in quarantine, in a fixed order."""
    for name in CONTRACTS if table is None else (table,):
        for state, root in (("accepted", home.quarantine), ("waiting", home.quarantine / "_pending")):
            for folder in sorted((root / name).glob("extract_date=*")):
                found = date.fromisoformat(folder.name.removeprefix("extract_date="))
                if (folder / store.ROWS).is_file() and day in (None, found):
                    yield name, found, state


def rows_file(home: Home, table: str, day: date, state: str) -> Path:
    """The file with the quarantined rows of a day."""
    folder = store.quarantine_folder if state == "accepted" else store.pending_quarantine_folder
    return folder(home, table, day) / store.ROWS


def quarantined_rows(
    home: Home, *, table: str | None = None, day: date | None = None, rule: str | None = None
) -> Iterator[QuarantinedRow]:
    """Quarantined rows, in order of table, day, file and line.

    Args:
        home: the home.
        table: only this table.
        day: only this extract day.
        rule: only rows with a reason that holds this text.
    """
    with connection(threads=1) as opened:
        for name, found, state in quarantined_days(home, table, day):
            file = file_literal(rows_file(home, name, found, state))
            columns = {row[0] for row in opened.execute(f"describe from read_parquet({file})").fetchall()}
            part = "_part" if "_part" in columns else "0"
            place = f"{literal(name)}, {literal(found.isoformat())}, _source_file, _source_line, {part}"
            test = f"len(list_filter(_reasons, lambda x: contains(x, {literal(rule)}))) > 0" if rule else "true"
            rows = opened.execute(
                f"select sha256(concat_ws(chr(31), {place}))[1:{ID_LENGTH}], _source_file, _source_line, {part}, "
                f"_reasons, coalesce(_raw, '') from read_parquet({file}) where {test} order by 2, 3, 4"
            ).fetchall()
            for key, source, line, number, reasons, raw in rows:
                yield QuarantinedRow(key, name, found, state, source, line, number, tuple(reasons), raw)


def quarantined_rules(
    home: Home, *, table: str | None = None, day: date | None = None, rule: str | None = None
) -> list[Rule]:
    """Quarantined rows counted by table, day and reason; a row with two reasons counts under both."""
    counted: dict[tuple[str, date, str, str], tuple[int, str]] = {}
    for row in quarantined_rows(home, table=table, day=day, rule=rule):
        for reason in row.reasons:
            if rule is None or rule in reason:
                key = (row.table, row.day, row.state, reason)
                count, first = counted.get(key, (0, row.id))
                counted[key] = (count + 1, first)
    return [Rule(*key, count, first) for key, (count, first) in counted.items()]
