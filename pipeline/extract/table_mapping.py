"""Checking the block of one table in ``sources.yaml`` and turning it into a `Mapping`.

Belongs here: keys of a table block. Does not belong here: the file around it, expressions.
"""

import codecs
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import available_timezones

from pipeline.contracts import Contract
from pipeline.extract.expressions import Aggregate, AnyExpression, Condition, From, source_columns, walk
from pipeline.extract.grammar import Problems, parse_condition, parse_expression
from pipeline.extract.mapping import Mapping, Unpivot, identity_columns

TABLE_KEYS = (
    "files", "extract_day", "format", "delimiter", "encoding", "decimal_mark", "date_format",
    "timestamp_format", "time_zone", "key", "where", "group_by", "unpivot", "ignore", "columns",
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8-sig", "windows-1252", "iso-8859-15", "iso-8859-1", "utf-16")
_FORMATS = ("csv", "jsonl", "parquet")


def is_time_zone(name: str) -> bool:
    """Whether a name is an IANA time zone."""
    return name in available_timezones()


def parse_table(
    value: dict[str, Any], *, path: str, contract: Contract, fingerprint: str, problems: Problems
) -> Mapping | None:
    """Check one table block.

    Args:
        value: the block, source defaults merged in.
        path: key path of the block, for messages.
        contract: contract the table is mapped to.
        fingerprint: fingerprint of the block.
        problems: where problems go.

    Returns:
        The mapping, or ``None`` if anything was wrong.
    """
    before = len(problems.found)
    problems.unknown_keys(path, value, TABLE_KEYS)
    _check_words(value, path, problems)
    is_key_row = value.get("key") == "row"
    where = _parse_where(value.get("where") or [], f"{path}.where", problems)
    unpivot = _parse_unpivot(value.get("unpivot"), f"{path}.unpivot", problems)
    group_by = tuple(_list(value.get("group_by")))
    columns, renamed = _parse_columns(value.get("columns") or {}, path, contract, problems)
    _check_aggregates(columns, renamed, group_by, path, problems)
    if group_by:
        columns = {name: columns[name] for name in columns if name in renamed or name in group_by}
    if unpivot and group_by:
        problems.add(f"{path}.unpivot", "this cannot be combined with group_by.", "Remove one of the two.")
    _check_covered(columns, contract, is_key_row=is_key_row, path=path, problems=problems)
    files = tuple(_list(value.get("files"))) or (f"{contract.source}/{contract.table}/{{day}}*",)
    _check_patterns(files, f"{path}.files", problems)
    day = _parse_day(value.get("extract_day"), f"{path}.extract_day", problems)
    if len(problems.found) > before:
        return None
    return Mapping(
        table=contract.table,
        source=contract.source,
        files=files,
        extract_day=day,
        **_words(value),
        is_key_row=is_key_row,
        where=where,
        group_by=group_by,
        unpivot=unpivot,
        ignore=tuple(_list(value.get("ignore"))),
        columns=tuple((column.name, columns[column.name]) for column in contract.columns if column.name in columns),
        fingerprint=fingerprint,
    )


def _words(value: dict[str, Any]) -> dict[str, Any]:
    delimiter = str(value.get("delimiter", ","))
    return {
        "format": value.get("format"),
        "delimiter": "\t" if delimiter in ("tab", "\\t") else delimiter,
        "encoding": str(value.get("encoding", "utf-8")).lower(),
        "decimal_mark": str(value.get("decimal_mark", ".")),
        "date_format": value.get("date_format"),
        "timestamp_format": value.get("timestamp_format"),
        "time_zone": str(value.get("time_zone", "UTC")),
    }


def _parse_where(value: object, path: str, problems: Problems) -> tuple[Condition, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(parse_condition(item, f"{path}[{place}]", problems) for place, item in enumerate(items))


def _list(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _check_words(value: dict[str, Any], path: str, problems: Problems) -> None:
    if value.get("key") not in (None, "row"):
        problems.add(f"{path}.key", "only `row` is understood.", "Leave it out to use the key of the contract.")
    zone = str(value.get("time_zone", "UTC"))
    if not is_time_zone(zone):
        problems.add(f"{path}.time_zone", f"`{zone}` is no time zone.", "Use an IANA name, as Europe/Paris.")
    if value.get("format") not in (None, *_FORMATS):
        problems.add(f"{path}.format", "this format is not known.", f"Use {', '.join(_FORMATS)}.")
    encoding = str(value.get("encoding", "utf-8")).lower()
    if encoding not in _ENCODINGS:
        problems.add(f"{path}.encoding", "this encoding is not known.", f"Use {', '.join(_ENCODINGS)}.")
    else:
        codecs.lookup(encoding)
    if value.get("decimal_mark", ".") not in (".", ","):
        problems.add(f"{path}.decimal_mark", "not understood.", 'Use "." or ",".')
    delimiter = str(value.get("delimiter", ","))
    if delimiter not in ("tab", "\\t") and (len(delimiter) != 1 or delimiter in '"\r\n\x00'):
        problems.add(f"{path}.delimiter", "a delimiter is one character.", 'Use "," ";" "|" or "tab".')
    for key in ("date_format", "timestamp_format"):
        layout = value.get(key)
        if layout is not None and "%" not in str(layout):
            problems.add(f"{path}.{key}", "this is no date format.", 'Write it as "%d/%m/%Y".')


def _check_patterns(files: tuple[str, ...], path: str, problems: Problems) -> None:
    for pattern in files:
        parts = PurePosixPath(pattern.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in pattern:
            problems.add(path, "a pattern must stay inside the drop folder.", "Write it relative, without `..`.")


def _parse_day(value: object, path: str, problems: Problems) -> date | None:
    if value is None or value == "from_name":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.add(path, "this is no day.", "Use from_name or a day written 2025-12-18.")
        return None


def _parse_unpivot(value: object, path: str, problems: Problems) -> Unpivot | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("columns"), dict) or not value["columns"]:
        problems.add(path, "this needs `columns`.", "Write {columns: {NETPRO: nps}, name: question_id, value: score}.")
        return None
    problems.unknown_keys(path, value, ("columns", "name", "value", "drop_null"))
    pairs = tuple((str(column), str(name)) for column, name in value["columns"].items())
    return Unpivot(
        pairs,
        str(value.get("name", "question_id")),
        str(value.get("value", "score")),
        value.get("drop_null", True),
    )


def _parse_columns(
    value: object, path: str, contract: Contract, problems: Problems
) -> tuple[dict[str, AnyExpression], frozenset[str]]:
    columns = identity_columns(contract)
    if not isinstance(value, dict):
        problems.add(f"{path}.columns", "this must map contract columns to source columns.", "Write name: theirs.")
        return columns, frozenset()
    problems.unknown_keys(f"{path}.columns", value, columns)
    for name, expression in value.items():
        if name in columns:
            columns[name] = parse_expression(expression, f"{path}.columns.{name}", problems)
    return columns, frozenset(str(name) for name in value)


def _check_aggregates(
    columns: dict[str, AnyExpression],
    renamed: frozenset[str],
    group_by: tuple[str, ...],
    path: str,
    problems: Problems,
) -> None:
    for name in sorted(renamed & set(columns)):
        expression, where = columns[name], f"{path}.columns.{name}"
        inner = [part for part in walk(expression) if isinstance(part, Aggregate)]
        if inner and not group_by:
            problems.add(where, "first, min, max and sum need group_by.", "Add group_by: [COLUMN].")
        if inner and inner != [expression]:
            problems.add(where, "an aggregate must be the outermost form.", "Put the rest inside it.")
        loose = [column for column in source_columns(expression) if column not in group_by]
        if group_by and not inner and loose:
            problems.add(where, f"`{loose[0]}` differs within a group.", "Wrap it in first, min, max or sum.")


def _check_covered(
    columns: dict[str, AnyExpression], contract: Contract, *, is_key_row: bool, path: str, problems: Problems
) -> None:
    """A grouped table maps only what it names, so a required or key column may be left without a source."""
    for column in contract.columns:
        if column.name in columns:
            continue
        if column.is_required or (column.name in contract.key and not is_key_row):
            problems.add(f"{path}.columns", f"`{column.name}` is required and not mapped.", "Add it under columns.")
    constant_keys = [name for name in contract.key if name in columns and not isinstance(columns[name], From)]
    if not is_key_row and constant_keys and all(not source_columns(columns[name]) for name in contract.key):
        problems.add(f"{path}.columns", "the key is the same in every row.", "Map the key, or write key: row.")
