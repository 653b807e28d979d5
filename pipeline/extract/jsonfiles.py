"""JSON as it is delivered: one object per line, or one document with a list of records in it.

Belongs here: lines, documents, records. Does not belong here: what a record means.
"""

import re
from collections.abc import Mapping

import duckdb

from pipeline.extract.decode import PlainText
from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import SourceFile
from pipeline.extract.rawtable import RawTable
from pipeline.warehouse import file_literal, literal, literals

LINES = (
    "header = false, auto_detect = false, columns = {'line': 'VARCHAR'}, delim = '\x01', "
    "quote = '', escape = '', max_line_size = 16777216, parallel = false"
)
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .-]*")
_LARGEST_DOCUMENT = 512 << 20
_REMEDY = "Write one object per line, or mend `format`."


def read_lines(connection: duckdb.DuckDBPyConnection, text: PlainText, file: SourceFile) -> None:
    """Make table ``json_lines`` (``_line``, ``line``) of the lines that are objects; the others are malformed.

    Raises:
        UnreadableFileError: no line is one.
    """
    connection.execute(
        "create or replace temp table json_all as select row_number() over () as _line, line, "
        "coalesce(json_type(case when json_valid(line) then line end) = 'OBJECT', false) as _is_object "
        f"from read_csv({file_literal(text.path)}, {LINES}) where trim(line) <> ''"
    )
    connection.execute(
        "insert into malformed select _line, 'row: not a JSON object', line from json_all where not _is_object"
    )
    connection.execute("create or replace temp table json_lines as select _line, line from json_all where _is_object")
    connection.execute("drop table json_all")
    if not connection.execute("select count(*) from json_lines").fetchall()[0][0]:
        raise UnreadableFileError(file.name, "no line is a JSON object.", _REMEDY)


def read_document(
    connection: duckdb.DuckDBPyConnection, text: PlainText, file: SourceFile, *, records: str | None
) -> None:
    """Make table ``json_lines`` of the records of a document: a list, or objects that hold one under ``records``.

    Raises:
        UnreadableFileError: it is no JSON, or a record is no object.
    """
    size = max(_LARGEST_DOCUMENT, text.path.stat().st_size)
    try:
        connection.execute(
            "create or replace temp table documents as select row_number() over () as _document, json::json as doc "
            f"from read_json_objects({file_literal(text.path)}, format = 'auto', maximum_object_size = {size})"
        )
    except duckdb.Error:
        raise UnreadableFileError(file.name, "this is not a whole JSON document.", "Ask for it again.") from None
    source = "select _document, 0 as _place, doc from documents"
    if records:
        path = literal("$" + "".join(f'."{part}"' for part in records.split(".")))
        source = (
            "select _document, unnest(range(len(list))) as _place, unnest(list) as doc from ("
            f"select _document, case when json_type(doc, {path}) = 'ARRAY' "
            f"then json_extract(doc, {path} || '[*]') else [doc] end as list from documents)"
        )
    connection.execute(
        "create or replace temp table json_lines as select row_number() over (order by _document, _place) as _line, "
        f"doc::varchar as line from ({source})"
    )
    connection.execute("drop table documents")
    odd = connection.execute("select count(*) from json_lines where json_type(line) <> 'OBJECT'").fetchall()[0][0]
    if odd:
        raise UnreadableFileError(file.name, "a record is no JSON object.", "Set `records` to the list they are in.")


def top_level(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> RawTable:
    """Make ``raw`` of the keys of the objects in ``json_lines``."""
    keys = connection.execute(
        "select key from (select unnest(json_keys(line)) as key, _line from json_lines) "
        "group by key order by min(_line), key"
    ).fetchall()
    if not keys:
        raise UnreadableFileError(file.name, "no line is a JSON object.", _REMEDY)
    columns = {str(row[0]): f"c{place}" for place, row in enumerate(keys)}
    if any("\x00" in key for key in columns):
        raise UnreadableFileError(file.name, "a key holds a zero byte (NUL).", "Ask for the extract again.")
    connection.execute(f"create or replace temp table raw as {_cells(columns)}")
    return RawTable(columns, frozenset())


def _cells(columns: Mapping[str, str]) -> str:
    """SQL of ``json_lines`` with a column per key; a line is parsed once for all keys that cannot be patterns."""
    plain = [key for key in columns if _PLAIN_KEY.fullmatch(key)]
    places = {key: place for place, key in enumerate(plain, start=1)}
    selected = ", ".join(
        (f"_cells[{places[key]}]" if key in places else f"json_extract_string(line, {literal(_json_path(key))})")
        + f" as {name}"
        for key, name in columns.items()
    )
    if not plain:
        return f"select _line, {selected} from json_lines"
    paths = literals([_json_path(key) for key in plain])
    cells = f"select _line, line, json_extract_string(line, [{paths}]) as _cells from json_lines"
    return f"select _line, {selected} from ({cells})"


def _json_path(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'
