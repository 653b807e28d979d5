"""DuckDB connections, the one-writer lock and quoting. No business names.

Belongs here: how the engine is opened and spoken to. Does not belong here: any table the product knows.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout


class WarehouseBusyError(RuntimeError):
    """Another run holds the home; trying again later is what helps."""


@contextmanager
def connection(
    database: Path | None = None, *, read_only: bool = False, threads: int = 2
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection in UTC that cannot load extensions; closed on leaving.

    Args:
        database: the file, or ``None`` for memory.
        read_only: open without the right to write.
        threads: how many threads DuckDB may use.
    """
    if database is not None and not read_only:
        database.parent.mkdir(parents=True, exist_ok=True)
    opened = duckdb.connect(str(database) if database else ":memory:", read_only=read_only)
    try:
        opened.execute(f"set threads = {int(threads)}")
        opened.execute("set TimeZone = 'UTC'")
        opened.execute("set autoinstall_known_extensions = false")
        opened.execute("set preserve_insertion_order = true")
        opened.execute(
            "set enable_progress_bar = false"
        )  # it is drawn on standard output, into whatever is written there
        yield opened
    finally:
        opened.close()


@contextmanager
def one_writer(lock_file: Path) -> Iterator[None]:
    """Hold the home for writing; re-entrant within the process.

    Raises:
        WarehouseBusyError: another process holds it.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_file, timeout=0, is_singleton=True)
    holder = lock_file.with_name(".lock-holder")
    try:
        lock.acquire()
    except Timeout:
        who = holder.read_text(encoding="utf-8").strip() if holder.exists() else "another process"
        raise WarehouseBusyError(
            f"another run is writing to this home ({who}). Nothing was touched. "
            "Wait until it ends, or look at it with `parcours status`."
        ) from None
    try:
        if lock.lock_counter == 1:
            now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            holder.write_text(f"process {os.getpid()}, since {now}", encoding="utf-8")
        yield
    finally:
        if lock.lock_counter == 1:
            holder.unlink(missing_ok=True)
        lock.release()


def current_writer(lock_file: Path) -> str | None:
    """Who holds the home for writing, in words, or ``None``; a note left by a killed process does not count."""
    holder = lock_file.with_name(".lock-holder")
    if not holder.exists():
        return None
    lock = FileLock(lock_file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return holder.read_text(encoding="utf-8").strip() if holder.exists() else "another process"
    lock.release()
    return None


def identifier(name: str) -> str:
    """Quote a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Quote a text as an SQL string literal.

    Raises:
        ValueError: the text holds a NUL character, which no engine stores.
    """
    if "\x00" in value:
        raise ValueError("a text with a NUL character cannot be used in SQL")
    return "'" + value.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """Quote a path for DuckDB's readers, which take ``*``, ``?`` and ``[`` in a name for patterns otherwise."""
    return literal("".join(f"[{mark}]" if mark in "*?[" else mark for mark in str(path)))


def literals(values: Sequence[str]) -> str:
    """A comma-separated list of quoted texts."""
    return ", ".join(literal(value) for value in values)
