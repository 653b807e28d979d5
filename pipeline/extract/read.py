"""From a file to a table ``raw`` of texts, one row per data row, nothing lost.

Belongs here: formats, headers, malformed rows. Does not belong here: what the columns mean.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.extract.decode import PlainText, count_records, plain_text
from pipeline.extract.errors import UnreadableFileError, shown_name
from pipeline.extract.files import SourceFile, format_of
from pipeline.extract.mapping import Mapping
from pipeline.warehouse import file_literal, identifier, literal

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_LINES = (
    "header = false, auto_detect = false, columns = {'line': 'VARCHAR'}, delim = '\x01', "
    "quote = '', escape = '', max_line_size = 16777216, parallel = false"
)


@dataclass(frozen=True)
class RawTable:
    """What a file holds: temporary tables ``raw`` and ``malformed``.

    ``raw`` has ``_line``, ``c0``, ``c1`` …; ``malformed`` has ``_line``, ``_reason`` and ``_raw``.

    Attributes:
        columns: source column to column of ``raw``.
        native: columns of ``raw`` that were typed in the file, so are written canonically.
    """

    columns: dict[str, str]
    native: frozenset[str]


def read_raw(connection: duckdb.DuckDBPyConnection, file: SourceFile, *, mapping: Mapping, scratch: Path) -> RawTable:
    """Read a file into the temporary tables ``raw`` and ``malformed``.

    Args:
        connection: where the tables are made (replacing earlier ones).
        file: the file.
        mapping: format, delimiter and encoding to read it with.
        scratch: private folder for temporary copies.

    Raises:
        UnreadableFileError: the file as a whole cannot be read.
    """
    connection.execute("create or replace temp table malformed (_line bigint, _reason varchar, _raw varchar)")
    form = mapping.format or format_of(file.name)
    try:
        if form == "parquet":
            return _read_parquet(connection, file)
        text = plain_text(connection, file, encoding=mapping.encoding, scratch=scratch)
        if form == "jsonl":
            return _read_json_lines(connection, text, file)
        return _read_csv(connection, text, file, mapping)
    except duckdb.Error:
        raise UnreadableFileError(
            file.name,
            f"the file cannot be read as {form}.",
            "Check `format` in the source mapping, or the file.",
        ) from None


def _read_parquet(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> RawTable:
    if file.size_bytes == 0:
        raise UnreadableFileError(file.name, "the file is empty (0 bytes).", "Ask for the extract again.")
    relation = f"read_parquet({file_literal(file.path)}, file_row_number = true)"
    try:
        described = connection.execute(f"describe select * from {relation}").fetchall()
    except duckdb.Error:
        raise UnreadableFileError(
            file.name, "this is not a whole Parquet file.", "Ask for the file again, or mend `format`."
        ) from None
    sources = [(str(row[0]), str(row[1])) for row in described if row[0] != "file_row_number"]
    columns = {name: f"c{place}" for place, (name, _) in enumerate(sources)}
    native = frozenset(columns[name] for name, kind in sources if kind != "VARCHAR")
    selected = ", ".join(f"{_as_text(identifier(name), kind)} as {columns[name]}" for name, kind in sources)
    connection.execute(
        f"create or replace temp table raw as select file_row_number + 1 as _line, {selected} from {relation}"
    )
    return RawTable(columns, native)


def _as_text(column: str, kind: str) -> str:
    if kind in ("DOUBLE", "FLOAT"):  # an id kept in a float column is still a whole number
        return (
            f"case when isnan({column}) then null when {column} = trunc({column}) and abs({column}) < 1e15 "
            f"then {column}::bigint::varchar else {column}::varchar end"
        )
    return f"{column}::varchar"


def _read_json_lines(connection: duckdb.DuckDBPyConnection, text: PlainText, file: SourceFile) -> RawTable:
    connection.execute(
        "create or replace temp table json_lines as select row_number() over () as _line, line, "
        "coalesce(json_type(case when json_valid(line) then line end) = 'OBJECT', false) as _is_object "
        f"from read_csv({file_literal(text.path)}, {_LINES}) where trim(line) <> ''"
    )
    connection.execute(
        "insert into malformed select _line, 'row: not a JSON object', line from json_lines where not _is_object"
    )
    keys = connection.execute(
        "select key from (select unnest(json_keys(line)) as key, _line from json_lines where _is_object) "
        "group by key order by min(_line), key"
    ).fetchall()
    if not keys:
        raise UnreadableFileError(
            file.name, "no line is a JSON object.", "Write one object per line, or mend `format`."
        )
    columns = {str(row[0]): f"c{place}" for place, row in enumerate(keys)}
    selected = ", ".join(
        f"json_extract_string(line, {literal(_json_path(key))}) as {name}" for key, name in columns.items()
    )
    connection.execute(f"create or replace temp table raw as select _line, {selected} from json_lines where _is_object")
    return RawTable(columns, frozenset())


def _json_path(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'


def _read_csv(connection: duckdb.DuckDBPyConnection, text: PlainText, file: SourceFile, mapping: Mapping) -> RawTable:
    header = _header(text.path, file, mapping)
    columns = {name: f"c{place}" for place, name in enumerate(header)}
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in columns.values())
    for table in ("reject_errors", "reject_scans"):
        connection.execute(f"drop table if exists {table}")
    connection.execute(
        "create or replace temp table survivors as select row_number() over () as _rank, * from read_csv("
        f"{file_literal(text.path)}, header = true, auto_detect = false, columns = {{{types}}}, "
        f"delim = {literal(mapping.delimiter)}, quote = '\"', escape = '\"', ignore_errors = true, "
        "store_rejects = true, rejects_limit = 0, max_line_size = 16777216, parallel = false)"
    )
    _number_rows(connection)
    if text.quote_count:
        _check_quotes(connection, text, file, mapping)
    return RawTable(columns, frozenset())


def _number_rows(connection: duckdb.DuckDBPyConnection) -> None:
    # A malformed row takes its number; each whole row's number is its rank plus the malformed rows before it.
    connection.execute(
        """
        insert into malformed
        select line - 1, case error_type
            when 'MISSING COLUMNS' then 'row: fewer columns than the header'
            when 'TOO MANY COLUMNS' then 'row: more columns than the header'
            when 'UNQUOTED VALUE' then 'row: quotes do not match'
            else 'row: cannot be split into columns' end, csv_line
        from reject_errors
        qualify row_number() over (partition by line order by byte_position, error_type) = 1
        """
    )
    connection.execute(
        """
        create or replace temp table raw as
        with gaps as (
            select
                _line - row_number() over (order by _line) as _before,
                row_number() over (order by _line) as _shift
            from malformed
        ),
        steps as (select _before, max(_shift) as _shift from gaps group by _before)
        select survivors._rank + coalesce(steps._shift, 0) as _line, survivors.* exclude (_rank)
        from survivors asof left join steps on survivors._rank > steps._before
        order by survivors._rank
        """
    )


def _header(path: Path, file: SourceFile, mapping: Mapping) -> list[str]:
    with path.open(encoding="utf-8", newline="") as stream:
        names = next((row for row in csv.reader(stream, delimiter=mapping.delimiter) if row), [])
    names = [name.strip() for name in names]
    others = [delimiter for delimiter in _DELIMITERS if delimiter != mapping.delimiter and delimiter in names[0]]
    if len(names) == 1 and others:
        found = _DELIMITERS[others[0]]
        shown = "tab" if others[0] == "\t" else f'"{others[0]}"'
        raise UnreadableFileError(
            file.name,
            f"the header is a single column and holds a {found}: the delimiter is probably a {found}.",
            f"Set `delimiter: {shown}` in the mapping.",
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UnreadableFileError(
            file.name, f"the header names column `{shown_name(twice[0])}` twice.", "Give every column its own name."
        )
    return names


def _check_quotes(connection: duckdb.DuckDBPyConnection, text: PlainText, file: SourceFile, mapping: Mapping) -> None:
    """DuckDB drops what follows a quote that is never closed, without a word; nothing may be lost."""
    row = connection.execute("select (select count(*) from raw) + (select count(*) from malformed)").fetchone()
    count, remedy = count_records(text.path, mapping.delimiter), 'Write a quote inside a text twice: "".'
    if count is None:
        raise UnreadableFileError(file.name, "a quote is opened and never closed.", remedy)
    if count != int(row[0] if row else 0) + 1:
        raise UnreadableFileError(file.name, "quotes do not match, so rows cannot be told apart.", remedy)
