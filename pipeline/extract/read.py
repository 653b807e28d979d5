"""From a file to a table ``raw`` of texts, one row per data row, nothing lost.

Belongs here: formats, headers, malformed rows. Does not belong here: what the columns mean.
"""

from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline.extract.decode import PlainText, plain_text, refuse_archive
from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import SourceFile, format_of
from pipeline.extract.headers import read_header, with_one_header
from pipeline.extract.jsonfiles import read_document, read_lines, top_level
from pipeline.extract.limits import Limits
from pipeline.extract.mapping import Mapping
from pipeline.extract.quotes import count_records
from pipeline.extract.rawtable import RawTable, Stream
from pipeline.extract.shaping import shape_records
from pipeline.warehouse import file_literal, identifier, literal


def read_raw(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    *,
    mapping: Mapping,
    scratch: Path,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    stream_as: str | None = None,
) -> RawTable:
    """Read a file into the temporary tables ``raw`` and ``malformed``.

    Args:
        connection: where the tables are made (replacing earlier ones).
        file: the file.
        mapping: format, delimiter and encoding to read it with.
        scratch: private folder for temporary copies.
        limits: how large the file may become.
        stream_as: prefix of a view to make in place of ``raw``, of CSV and Parquet, without looking at a row.

    Raises:
        UnreadableFileError: the file as a whole cannot be read.
    """
    connection.execute("create or replace temp table malformed (_line bigint, _reason varchar, _raw varchar)")
    form = mapping.format or format_of(file.name)
    try:
        if form == "parquet":
            return _checked_names(_read_parquet(connection, file, mapping, limits, stream_as), file)
        text = plain_text(
            connection,
            file,
            encoding=mapping.encoding,
            scratch=scratch,
            limits=replace(limits, line_bytes=limits.unpacked_bytes) if form == "json" else limits,
            is_empty_allowed=form == "jsonl",
            delimiter=mapping.delimiter,
        )
        if text.is_empty:
            raw = _no_rows(connection, mapping)
        elif form in ("jsonl", "json"):
            raw = _read_json(connection, text, file, mapping=mapping, form=form)
        else:
            raw = _read_csv(connection, text, file, mapping=mapping, scratch=scratch, stream_as=stream_as)
        # JSON may write any letter in ASCII
        is_suspect, is_padded = text.is_suspect or form != "csv", text.is_padded or form != "csv" or mapping.select
        raw = replace(raw, is_suspect=is_suspect, is_padded=bool(is_padded), encoding=text.encoding)
        return _checked_names(raw, file)
    except duckdb.Error:
        raise UnreadableFileError(
            file.name,
            f"the file cannot be read as {form}.",
            "Check `format` in the source mapping, or the file.",
        ) from None


def _no_rows(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> RawTable:
    """JSON Lines have no header, so a day without rows is an archive with nothing in it."""
    columns = {name: f"c{place}" for place, name in enumerate(sorted(mapping.used_columns()))}
    nulls = "".join(f", null::varchar as {column}" for column in columns.values())
    connection.execute(f"create or replace temp table raw as select 0::bigint as _line{nulls} where false")
    return RawTable(columns, frozenset(), has_no_names=True)


def _checked_names(raw: RawTable, file: SourceFile) -> RawTable:
    if any("\x00" in name for name in raw.columns):
        raise UnreadableFileError(file.name, "a column name holds a zero byte (NUL).", "Mend the names of its columns.")
    return raw


def _check_parquet_size(connection: duckdb.DuckDBPyConnection, file: SourceFile, limits: Limits) -> None:
    """A run of equal values costs Parquet nothing, so cells are counted, not bytes."""
    path = file_literal(file.path)
    row = connection.execute(
        f"select (select sum(num_rows) from parquet_file_metadata({path})) * "
        f"(select count(distinct column_id) from parquet_metadata({path})), "
        f"(select sum(total_uncompressed_size) from parquet_metadata({path}))"
    ).fetchall()[0]
    limits.check_size(file.name, file.size_bytes, max(int(row[0] or 0), int(row[1] or 0)))


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, mapping: Mapping, limits: Limits, stream_as: str | None
) -> RawTable:
    if file.size_bytes == 0:
        raise UnreadableFileError(file.name, "the file is empty (0 bytes).", "Ask for the extract again.")
    refuse_archive(file)
    relation = f"read_parquet({file_literal(file.path)}, file_row_number = true)"
    try:
        described = connection.execute(f"describe select * from {relation}").fetchall()
    except duckdb.Error:
        raise UnreadableFileError(
            file.name, "this is not a whole Parquet file.", "Ask for the file again, or mend `format`."
        ) from None
    _check_parquet_size(connection, file, limits)
    if mapping.select:
        records = f"select file_row_number + 1 as _record, to_json(record) as doc from {relation} as record"
        return shape_records(connection, file, mapping, records=records)
    sources = [(str(row[0]), str(row[1])) for row in described if row[0] != "file_row_number"]
    columns = {name: f"c{place}" for place, (name, _) in enumerate(sources)}
    native = frozenset(columns[name] for name, kind in sources if kind != "VARCHAR")
    selected = ", ".join(f"{_as_text(identifier(name), kind)} as {columns[name]}" for name, kind in sources)
    kind = f"view {stream_as}_raw" if stream_as else "table raw"
    connection.execute(
        f"create or replace temp {kind} as select file_row_number + 1 as _line, {selected} from {relation}"
    )
    return RawTable(columns, native, stream=Stream() if stream_as else None)


def _as_text(column: str, kind: str) -> str:
    if kind in ("DOUBLE", "FLOAT"):  # an id kept in a float column is still a whole number
        return (
            f"case when isnan({column}) then null when {column} = trunc({column}) and abs({column}) < 1e15 "
            f"then {column}::bigint::varchar else {column}::varchar end"
        )
    return f"{column}::varchar"


def _read_json(
    connection: duckdb.DuckDBPyConnection, text: PlainText, file: SourceFile, *, mapping: Mapping, form: str
) -> RawTable:
    if form == "json":
        read_document(connection, text, file, records=mapping.records)
    else:
        read_lines(connection, text, file)
    if not mapping.select:
        return top_level(connection, file)
    return shape_records(
        connection, file, mapping, records="select _line as _record, line::json as doc from json_lines"
    )


def _read_csv(
    connection: duckdb.DuckDBPyConnection,
    text: PlainText,
    file: SourceFile,
    *,
    mapping: Mapping,
    scratch: Path,
    stream_as: str | None,
) -> RawTable:
    header = read_header(text.path, file, mapping)
    columns = {name: f"c{place}" for place, name in enumerate(header.names)}
    path = text.path
    if mapping.header_rows != 1:
        path = with_one_header(text.path, header, mapping.delimiter, scratch=scratch)
    errors = f"{stream_as or 'reject'}_errors"
    for table in (errors, f"{stream_as or 'reject'}_scans"):
        connection.execute(f"drop table if exists {table}")
    relation = _csv_relation(path, list(columns.values()), mapping, rejects=stream_as or "reject")
    is_quoted = bool(text.quote_count and mapping.quote)
    if stream_as:
        connection.execute(
            f"create or replace temp view {stream_as}_raw as select row_number() over () as _line, * from {relation}"
        )
        quoted = (path, mapping.delimiter) if is_quoted else None
        return RawTable(columns, frozenset(), stream=Stream(errors, quoted))
    connection.execute(
        f"create or replace temp table survivors as select row_number() over () as _rank, * from {relation}"
    )
    _number_rows(connection)
    if is_quoted:
        _check_quotes(connection, path, file, mapping)
    if not mapping.select:
        return RawTable(columns, frozenset())
    pairs = ", ".join(f"{literal(name)}, {column}" for name, column in columns.items())
    return shape_records(
        connection, file, mapping, records=f"select _line as _record, json_object({pairs}) as doc from raw"
    )


def _csv_relation(path: Path, columns: list[str], mapping: Mapping, *, rejects: str) -> str:
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    return (
        f"read_csv({file_literal(path)}, header = true, auto_detect = false, columns = {{{types}}}, "
        f"delim = {literal(mapping.delimiter)}, quote = {literal(mapping.quote)}, "
        f"escape = {literal(mapping.quote)}, ignore_errors = true, "
        f"store_rejects = true, rejects_table = '{rejects}_errors', rejects_scan = '{rejects}_scans', "
        "rejects_limit = 0, max_line_size = 16777216, parallel = false)"
    )


def _number_rows(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("drop table if exists raw")
    if not connection.execute("select count(*) from reject_errors").fetchall()[0][0]:
        connection.execute("alter table survivors rename to raw")
        connection.execute("alter table raw rename column _rank to _line")
        return
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


def _check_quotes(connection: duckdb.DuckDBPyConnection, path: Path, file: SourceFile, mapping: Mapping) -> None:
    """DuckDB drops what follows a quote that is never closed, without a word; nothing may be lost."""
    row = connection.execute("select (select count(*) from raw) + (select count(*) from malformed)").fetchone()
    count, remedy = count_records(path, mapping.delimiter), 'Write a quote inside a text twice: "".'
    if count is None:
        raise UnreadableFileError(file.name, "a quote is opened and never closed.", remedy)
    if count != int(row[0] if row else 0) + 1:
        raise UnreadableFileError(file.name, "quotes do not match, so rows cannot be told apart.", remedy)
