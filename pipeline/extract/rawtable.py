"""What reading a file gives: a table of texts, whatever the format.

Belongs here: the shape of that table, and its rows as they came. Does not belong here: reading.
"""

from dataclasses import dataclass
from pathlib import Path

from pipeline.warehouse import literal


@dataclass(frozen=True)
class Stream:
    """What must still hold once a file that is read as it comes has been read to its end.

    Attributes:
        errors: table of the lines that could not be split; ``None`` where there are no lines.
        quoted: text file whose quotes are to be matched, with its delimiter; ``None`` without quotes.
        some: SQL of the lines that were picked out, without blanks around their texts.
        suspects: SQL query that gives a row if one of them may be double-encoded.
    """

    errors: str | None = None
    quoted: tuple[Path, str] | None = None
    some: str = ""
    suspects: str = ""


@dataclass(frozen=True)
class RawTable:
    """What a file holds: temporary tables ``raw`` and ``malformed``.

    ``raw`` has ``_line``, ``c0``, ``c1`` …; ``malformed`` has ``_line``, ``_reason`` and ``_raw``.

    Attributes:
        columns: source column to column of ``raw``.
        native: columns of ``raw`` that were typed in the file, so are written canonically.
        has_parts: whether ``raw`` has ``_part``, because one record may have become several rows; then table
            ``records`` (``_record``, ``doc``) holds the records as they came.
        set_aside_count: records that became no row.
        is_suspect: whether texts may be double-encoded; ``False`` only where that was looked for.
        encoding: encoding the text was read with; empty for Parquet.
        has_no_names: whether the columns are those asked for, because a file without rows names none.
        is_padded: whether a text may have blanks around it; ``False`` only where that was looked for.
        stream: set where ``raw`` is a view of the file, read anew by each query, whose rows are not proven yet.
    """

    columns: dict[str, str]
    native: frozenset[str]
    has_parts: bool = False
    set_aside_count: int = 0
    is_suspect: bool = True
    encoding: str = ""
    has_no_names: bool = False
    is_padded: bool = True
    stream: Stream | None = None


def raw_relation(raw: RawTable, prefix: str, *, is_grouped: bool) -> str:
    """SQL relation ``_line``, ``_raw``: the rows of a file, or of a group, as JSON text."""
    pairs = ", ".join(f"{literal(name)}, {column}" for name, column in raw.columns.items())
    source = f"{prefix}_some" if raw.stream else f"{prefix}_raw"
    whole = f"select _line, json_object({pairs})::varchar as _raw from {source}"
    if raw.has_parts:
        whole = f"select _record as _line, doc::varchar as _raw from {prefix}_records"
    if is_grouped:
        whole = (
            "select lines._owner as _line, "
            "'[' || string_agg(whole._raw, ',' order by whole._line) || ']' as _raw "
            f"from ({whole}) as whole inner join {prefix}_lines as lines using (_line) group by lines._owner"
        )
    return f"({whole} union all select _line, _raw from {prefix}_malformed)"
