"""Rows of a PostgreSQL database as a Parquet file: one read-only transaction, streamed as Arrow batches.

Belongs here: connecting, the statement, types. Does not belong here: which rows are due; that is pulling.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipeline.extract.errors import SourceAccessError, SourceUnavailableError
from pipeline.extract.places import Query
from pipeline.settings import secret
from pipeline.warehouse import connection, identifier, literal

_MOST_MEMORY = "1GB"
_KINDS = {
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "TIMESTAMP": "timestamp",
    "DATE": "date",
    "SMALLINT": "bigint",
    "INTEGER": "bigint",
    "BIGINT": "bigint",
}
_STATES = {
    "42P01": "a table it names does not exist",
    "42703": "a column it names does not exist",
    "42601": "it is no valid SQL",
    "42501": "the user may not read what it names",
    "25006": "it would write, and the transaction is read-only",
    "28P01": "the password is wrong",
    "28000": "the user is not let in",
    "3D000": "the database does not exist",
}
_PASSING = ("08", "40", "53", "55", "57")  # classes of SQLSTATE that a later attempt may not meet


@dataclass(frozen=True)
class Window:
    """Which rows are due: from a watermark reached before (overlap taken off) to the end of a day.

    Attributes:
        low: watermark reached before, as text; ``None`` for every row.
        day: the extract day.
        end: the instant (naive UTC) that ends it.
        local_end: the same in the source's own time zone, for times without an offset.
    """

    low: str | None
    day: date
    end: datetime
    local_end: datetime


@dataclass(frozen=True)
class Extracted:
    """What a statement gave.

    Attributes:
        row_count: rows received.
        high: greatest watermark among them, as text; ``None`` without one.
        is_complete: whether the day was over by the server's clock.
    """

    row_count: int
    high: str | None
    is_complete: bool


def extract_rows(query: Query, window: Window, *, target: Path, scratch: Path) -> Extracted:
    """Write the rows that are due to a Parquet file, in an order that depends on nothing but them.

    Args:
        query: the statement, its watermark, and where the address is found.
        window: which rows are due.
        target: the file; its folder exists.
        scratch: private folder for what does not fit in memory.

    Raises:
        SourceUnavailableError: the server does not answer; trying again may help.
        SourceAccessError: the address, the statement or the watermark is refused.
        MissingSecretError: the environment holds no address.
    """
    with _reading(query) as cursor, connection() as local:
        local.execute(f"set memory_limit = '{_MOST_MEMORY}'")
        local.execute(f"set temp_directory = {literal(str(scratch))}")
        kind = _watermark_kind(cursor, local, query)
        cursor.execute(f"select rows.* from ({query.sql}) as rows{_condition(query, window, kind)}")
        local.register("batches", cursor.fetch_arrow())
        local.execute("create temp table pulled as from batches")
        local.execute(f"copy (from pulled order by all) to {literal(str(target))} (format parquet, compression zstd)")
        high = f"max({identifier(query.watermark)})::varchar" if query.watermark else "null"
        count, reached = local.execute(f"select count(*), {high} from pulled").fetchall()[0]
        cursor.execute("select now() >= " + _instant(window.end))
        local.register("clock", cursor.fetch_arrow())
        is_over = bool(local.execute("from clock").fetchall()[0][0])
    return Extracted(int(count), reached, is_over)


def sample_rows(query: Query, *, target: Path, most: int = 1000) -> None:
    """Write some rows of a statement to a Parquet file, to look at; see `extract_rows` for what may be raised."""
    with _reading(query) as cursor, connection() as local:
        _watermark_kind(cursor, local, query)
        cursor.execute(f"select rows.* from ({query.sql}) as rows limit {int(most)}")
        local.register("batches", cursor.fetch_arrow())
        local.execute(f"copy (from batches) to {literal(str(target))} (format parquet)")


@contextmanager
def _reading(query: Query) -> Iterator[Any]:
    """A cursor in a read-only transaction that sees one state of the database."""
    try:
        import adbc_driver_manager  # noqa: PLC0415
        from adbc_driver_postgresql import dbapi  # noqa: PLC0415
    except ImportError:
        raise SourceAccessError("the driver for PostgreSQL is not installed. Install parcours[postgres].") from None
    address = secret(query.dsn_env)
    try:
        opened = dbapi.connect(address)
    except adbc_driver_manager.Error as error:  # its words may hold the address
        raise _plain(error, query, "no connection") from None
    try:
        with opened, opened.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            yield cursor
            opened.rollback()
    except adbc_driver_manager.Error as error:  # its words may hold a value
        raise _plain(error, query, "the query fails") from None
    except duckdb.Error as error:  # a stream that breaks is met by the engine that reads it
        if "read-only transaction" in str(error):
            raise SourceAccessError(f"{query.dsn_env}: the query fails: {_STATES['25006']}. Mend `query`.") from None
        raise SourceUnavailableError(f"{query.dsn_env}: the rows broke off while they were read.") from None


def _plain(error: Any, query: Query, what: str) -> SourceAccessError | SourceUnavailableError:  # noqa: ANN401
    state = str(getattr(error, "sqlstate", None) or "")
    if state in _STATES:
        return SourceAccessError(f"{query.dsn_env}: {what}: {_STATES[state]}. Mend `query`, `table` or the address.")
    if not state or state.startswith(_PASSING):
        return SourceUnavailableError(f"{query.dsn_env}: {what} (the server does not answer, or broke off).")
    return SourceAccessError(f"{query.dsn_env}: {what} (SQLSTATE {state}). Try the query by hand.")


def _watermark_kind(cursor: Any, local: duckdb.DuckDBPyConnection, query: Query) -> str:  # noqa: ANN401
    if query.watermark is None:
        return ""
    cursor.execute(f"select rows.{identifier(query.watermark)} as mark from ({query.sql}) as rows limit 0")
    local.register("marks", cursor.fetch_arrow())
    found = str(local.execute("describe from marks").fetchall()[0][1])
    local.unregister("marks")
    kind = _KINDS.get(found)
    if kind is None:
        raise SourceAccessError(
            f"watermark `{query.watermark}` is {found.lower()}. A watermark is a time, a day or a whole number."
        )
    is_number = kind == "bigint"
    if query.overlap and isinstance(query.overlap, timedelta) == is_number:
        wanted = "a whole number" if is_number else 'a span, as "2 days"'
        raise SourceAccessError(f"watermark `{query.watermark}` is {found.lower()}, so `overlap` must be {wanted}.")
    return kind


def _condition(query: Query, window: Window, kind: str) -> str:
    """Rows due; one without a watermark always is, so that none is lost."""
    if query.watermark is None:
        return ""
    mark = f"rows.{identifier(query.watermark)}"
    due = {
        "timestamptz": f"{mark} < {_instant(window.end)}",
        "timestamp": f"{mark} < timestamp '{window.local_end.isoformat(sep=' ')}'",
        "date": f"{mark} <= date '{window.day.isoformat()}'",
        "bigint": "true",
    }[kind]
    if window.low is not None:
        span = query.overlap
        overlap = f"interval '{int(span.total_seconds())} seconds'" if isinstance(span, timedelta) else str(span)
        low = f"cast({literal(window.low)} as {kind})"
        # The watermark itself is taken again: other rows may have got the same one since.
        due += f" and {mark} >= {low}" + (f" - {overlap}" if query.overlap else "")
    return f" where ({due}) or {mark} is null"


def _instant(moment: datetime) -> str:
    return f"timestamptz '{moment.replace(tzinfo=UTC).isoformat(sep=' ')}'"
