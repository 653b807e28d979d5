"""Checking the block of one table in ``sources.yaml`` and turning it into a `Mapping`.

Belongs here: keys of a table block. Does not belong here: the file around it, expressions.
"""

from typing import Any

from pipeline.contracts import Contract
from pipeline.extract.expressions import Aggregate, AnyExpression, Condition, From, source_columns, walk
from pipeline.extract.file_keys import check_patterns, check_words, parse_day, words
from pipeline.extract.grammar import Problems, parse_condition, parse_expression
from pipeline.extract.mapping import Mapping, Unpivot, identity_columns
from pipeline.extract.places import DATABASE_KEYS, NOWHERE, Place, check_keys, parse_query

TABLE_KEYS = (
    "files", "extract_day", "format", "delimiter", "encoding", "decimal_mark", "date_format",
    "timestamp_format", "time_zone", "key", "where", "group_by", "unpivot", "ignore", "columns",
    "quote", "header_rows", "names", "records", "select", "preset", *DATABASE_KEYS,
)  # fmt: skip


def parse_table(
    value: dict[str, Any],
    *,
    path: str,
    contract: Contract,
    fingerprint: str,
    problems: Problems,
    place: Place = NOWHERE,
) -> Mapping | None:
    """Check one table block.

    Args:
        value: the block, source defaults merged in.
        path: key path of the block, for messages.
        contract: contract the table is mapped to.
        fingerprint: fingerprint of the block.
        problems: where problems go.
        place: where the source keeps its rows.

    Returns:
        The mapping, or ``None`` if anything was wrong.
    """
    before = len(problems.found)
    check_keys(value, TABLE_KEYS, path, problems)
    check_words(value, path, problems)
    query = parse_query(value, place.dsn_env, path, problems)
    is_key_row = value.get("key") == "row"
    shape = _parse_shape(value, path, problems)
    group_by = shape["group_by"]
    columns, renamed = _parse_columns(value.get("columns") or {}, path, contract, problems)
    _check_aggregates(columns, renamed, group_by, path, problems)
    if group_by:
        columns = {name: columns[name] for name in columns if name in renamed or name in group_by}
    _check_covered(columns, contract, is_key_row=is_key_row, path=path, problems=problems)
    files = _parse_files(value, contract, path, problems)
    day = parse_day(value.get("extract_day"), f"{path}.extract_day", problems)
    if len(problems.found) > before:
        return None
    return Mapping(
        table=contract.table,
        source=contract.source,
        files=files,
        extract_day=day,
        **words(value),
        is_key_row=is_key_row,
        **shape,
        ignore=tuple(_list(value.get("ignore"))),
        columns=tuple((column.name, columns[column.name]) for column in contract.columns if column.name in columns),
        fingerprint=fingerprint,
        location=place.location,
        query=query,
    )


def _parse_files(value: dict[str, Any], contract: Contract, path: str, problems: Problems) -> tuple[str, ...]:
    files = tuple(_list(value.get("files"))) or (f"{contract.source}/{contract.table}/{{day}}*",)
    check_patterns(files, f"{path}.files", problems)
    return files


def _parse_shape(value: dict[str, Any], path: str, problems: Problems) -> dict[str, Any]:
    group_by = tuple(_list(value.get("group_by")))
    return {
        "where": _parse_where(value.get("where") or [], f"{path}.where", problems),
        "group_by": group_by,
        "unpivot": _parse_unpivot(value.get("unpivot"), f"{path}.unpivot", problems, is_grouped=bool(group_by)),
    }


def _parse_where(value: object, path: str, problems: Problems) -> tuple[Condition, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(parse_condition(item, f"{path}[{place}]", problems) for place, item in enumerate(items))


def _list(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _parse_unpivot(value: object, path: str, problems: Problems, *, is_grouped: bool) -> Unpivot | None:
    if value is None:
        return None
    if is_grouped:
        problems.add(path, "this cannot be combined with group_by.", "Remove one of the two.")
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
