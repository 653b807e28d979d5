"""Kept rows of quarantine as staged files: the texts that came, read again by the reader of the present mapping.

Belongs here: from kept texts to typed rows that bear their old line. Does not belong here: judging them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import Contract
from pipeline.landing.model import Reader, Texts
from pipeline.landing.quarantined import QuarantinedRow
from pipeline.warehouse import identifier

KeptReader = Callable[[str, Path, date], tuple[Reader, Any]]
"""Source file, JSON Lines file with its kept rows, day: the reader and the file it is to read."""


@dataclass(frozen=True)
class _NoTexts:
    repaired_cell_count: int = 0
    suspect_cell_count: int = 0
    lost_cell_count: int = 0
    repairs_relation: str | None = None


@dataclass(frozen=True)
class Replayed:
    """The kept rows of one source file as staged rows; see `pipeline.landing.model.Staged`."""

    rows_table: str
    raw_relation: str
    row_count: int
    source_row_count: int
    set_aside_count: int
    unknown_columns: tuple[str, ...] = ()
    missing_optional_columns: tuple[str, ...] = ()
    columns: tuple[Any, ...] = ()
    texts: Texts = field(default_factory=_NoTexts)
    encoding: str = ""
    problem: str | None = None


def stage_kept(
    opened: duckdb.DuckDBPyConnection,
    contract: Contract,
    day: date,
    kept: Sequence[QuarantinedRow],
    *,
    read_kept: KeptReader,
    scratch: Path,
) -> list[tuple[str, Replayed]]:
    """Read the kept rows of a day again, file by file.

    Args:
        opened: where the temporary tables are made.
        contract: the contract.
        day: the extract day.
        kept: its quarantined rows.
        read_kept: gives the reader of a file's rows.
        scratch: private folder for the texts while they are read.

    Returns:
        (source file, its rows); a line that cannot be read at all keeps its reason.
    """
    staged = []
    for place, name in enumerate(sorted({row.file for row in kept})):
        rows = [row for row in kept if row.file == name]
        own, prefix = scratch / f"kept_{place}", f"kept_{place}"
        own.mkdir()
        _keep_table(opened, prefix, rows, file := own / "kept.jsonl")
        relation = ""
        if file.stat().st_size:
            reader, source = read_kept(name, file, day)
            found = reader(opened, source, prefix=f"again_{place}", scratch=own)
            relation = "" if found.problem else found.rows_table
        staged.append((name, _replayed(opened, contract, prefix, relation, len(rows))))
    return staged


def _keep_table(opened: duckdb.DuckDBPyConnection, prefix: str, rows: Sequence[QuarantinedRow], file: Path) -> None:
    """Make ``<prefix>_kept``, and the file to read again: a line per record, grouped lines one by one."""
    lines: dict[int, int] = {}
    with file.open("w", encoding="utf-8") as stream:
        written = 0
        for row in rows:
            if row.line in lines or not (records := _records(row.raw)):
                continue
            lines[row.line] = written + 1
            for record in records:
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")
                written += 1
    opened.execute(
        f"create or replace temp table {prefix}_kept as select unnest($1::bigint[]) as _line, "
        "unnest($2::bigint[]) as _part, unnest($3::bigint[]) as _again, unnest($4::varchar[]) as _reasons, "
        "unnest($5::varchar[]) as _raw",
        [
            [row.line for row in rows],
            [row.part for row in rows],
            [lines.get(row.line) for row in rows],
            ["\n".join(row.reasons) for row in rows],
            [row.raw for row in rows],
        ],
    )


def _records(raw: str) -> list[dict[str, Any]]:
    try:
        content = json.loads(raw)
    except json.JSONDecodeError:
        return []
    records = content if isinstance(content, list) else [content]
    return records if all(isinstance(record, dict) for record in records) else []


def _replayed(
    opened: duckdb.DuckDBPyConnection, contract: Contract, prefix: str, relation: str, count: int
) -> Replayed:
    columns = ", ".join(f"cast(null as {column.type.sql}) as {identifier(column.name)}" for column in contract.columns)
    again, unread = "", "true"
    if relation:
        unread = "_again is null"
        again = (
            f"select kept._line, kept._part, found.* exclude (_line, _part) from {prefix}_kept as kept "
            f"inner join {relation} as found on found._line = kept._again and found._part = kept._part "
            "union all by name "
        )
    opened.execute(
        f"create or replace temp table {prefix}_rows as {again}"
        f"select _line, _part, {columns}, false as _is_time_ambiguous, "
        # whole-row reasons are final; others get that form, so that no rule adds to what cannot be read
        "case when starts_with(_reasons, 'row: ') then _reasons else 'row: cannot be read again' end as _reasons "
        f"from {prefix}_kept where {unread}"
    )
    staged = int(opened.execute(f"select count(*) from {prefix}_rows").fetchall()[0][0])
    raw = f"(select distinct _line, _raw from {prefix}_kept)"
    return Replayed(f"{prefix}_rows", raw, staged, count, count - staged)
