"""One extract day through the door in a single pass from its files to Parquet, for rows that are clean.

Belongs here: writing every row typed, finding those that need looking at, and handing only them on to be judged. Does
not belong here: judging (``judge``); files that cannot be read line by line. A row is clean if it breaks no rule, no
other row of the day has its key and no other day holds it; that is all ``judge`` could find.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from pipeline.contracts import Contract
from pipeline.landing.case import DayCase
from pipeline.landing.judge import judge_day, landed_columns_sql, landed_sql, landed_values, prepare, staged_sql
from pipeline.landing.keys import key_sql
from pipeline.landing.model import Streamed
from pipeline.landing.rules import is_faulty
from pipeline.landing.tombstones import is_forgotten
from pipeline.landing.write import copy_to
from pipeline.warehouse import file_literal, literal

_TYPED, _PLACE = "_typed_", "(_source_file, _source_line)"
_FEW, _MOST_SPECIAL = 10_000, 0.25  # beyond both, reading everything closely is cheaper than picking out

Named = tuple[str, Streamed]


@dataclass(frozen=True)
class Pass:
    """What a pass over the files of a day gave.

    Attributes:
        files: (file name, file with its counts), in order of file name.
        rows: file name to rows read.
        clean: file name to rows that land without being looked at.
        typed: Parquet files of all rows as they would land, one per file, in the same order.
    """

    files: tuple[Named, ...]
    rows: dict[str, int]
    clean: dict[str, int]
    typed: tuple[Path, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every row lands."""
        return self.rows == self.clean

    @property
    def relation(self) -> str:
        """SQL of all rows, as they would land."""
        return _relation(self.typed)


def stream_day(
    connection: duckdb.DuckDBPyConnection, staged: Sequence[tuple[str, Streamed]], case: DayCase, *, folder: Path
) -> Pass | None:
    """Write every row of a day as it would land, and judge those that may not: view ``door`` holds them alone.

    Args:
        connection: where the files are staged, all as streams.
        staged: (file name, file), in order of file name.
        case: the day.
        folder: where Parquet files are written; rows that break a rule have no ``_is_time_ambiguous`` in them.

    Returns:
        What was found; ``None`` if the files must be read whole: a line cannot be split, quotes do not match, a text
        may be double-encoded, or too many rows need looking at.
    """
    prepare(connection, case)
    # One statement each: of files read by one statement, the last rows of a file may come after the next one's.
    typed = tuple(folder / f"{_TYPED}{place}.parquet" for place, _ in enumerate(staged))
    for one, file in zip(staged, typed, strict=True):
        copy_to(connection, _typed_sql(case, staged_sql(connection, [one], case)), file)
    typed_rows = _relation(typed)
    counted = {
        str(name): int(count)
        for name, count in connection.execute(
            f"select _source_file, count(*) from {typed_rows} group by _source_file"
        ).fetchall()
    }
    rows = {name: counted.get(name, 0) for name, _ in staged}
    files = [(name, item.settled(connection, rows[name])) for name, item in staged]
    settled = tuple((name, item) for name, item in files if item is not None)
    if len(settled) < len(files):
        return None
    most = max(_FEW, round(sum(rows.values()) * _MOST_SPECIAL))
    special = _special_lines(connection, typed_rows, case, most=most)
    if special is None or sum(special.values()) > most:
        return None
    if special:
        lines = "select _source_line from special where _source_file = "
        if not all(item.narrowed(connection, lines + literal(name)) for name, item in settled):
            return None
        judge_day(connection, settled, case)
    clean = {name: count - special.get(name, 0) for name, count in rows.items()}
    return Pass(settled, rows, clean, typed)


def discard(folder: Path) -> None:
    """Remove what a pass wrote."""
    for file in folder.glob(f"{_TYPED}*.parquet"):
        file.unlink()


def write_landed(connection: duckdb.DuckDBPyConnection, contract: Contract, found: Pass, target: Path) -> None:
    """Put the rows that land where they belong, in the order of files and lines, and remove what the pass wrote.

    What was written is taken as it is, or without the lines that do not land: nothing is sorted. Only where a row that
    was looked at lands otherwise than it was written is it put in its place.
    """
    if found.is_clean and len(found.typed) == 1:
        found.typed[0].rename(target)
        return
    rows = f"select written.* from {found.relation} as written"
    if found.is_clean:
        copy_to(connection, rows, target)
        discard(target.parent)
        return
    connection.execute(f"create or replace temp table landed as {landed_sql(contract)}")
    is_done = _is_as_written(connection, found.relation)
    if is_done:
        connection.execute(f"create or replace temp table missing as from special anti join landed using {_PLACE}")
        copy_to(connection, f"{rows} anti join missing using {_PLACE}", target)
        is_done = _is_in_order(connection, target)  # no engine promises it of what it joins
    if not is_done:
        both = f"{rows} anti join special using {_PLACE} union all from landed"
        copy_to(connection, f"from ({both}) order by _source_file, _source_line", target)
    discard(target.parent)


def _is_as_written(connection: duckdb.DuckDBPyConnection, rows: str) -> bool:
    """Whether the rows that were looked at and land are the rows that were written."""
    written = f"select written.* from {rows} as written semi join landed using {_PLACE}"
    differing = f"(({written}) except all from landed) union all (from landed except all ({written}))"
    return connection.execute(f"from ({differing}) limit 1").fetchone() is None


def _is_in_order(connection: duckdb.DuckDBPyConnection, file: Path) -> bool:
    """Whether rows stand in the order of files and lines."""
    stands = f"select lag({_PLACE}) over () > {_PLACE} as is_late from {_relation([file])}"
    return connection.execute(f"from ({stands}) where is_late limit 1").fetchone() is None


def _relation(files: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(map(file_literal, files))}], hive_partitioning = false)"


def _typed_sql(case: DayCase, streamed: str) -> str:
    contract = case.contract
    faulty = is_faulty(contract, case.settings, day=case.day)
    if forgotten := is_forgotten(contract, case.settings.tombstones):
        faulty = f"({faulty}) or {forgotten}"  # looked at, and left out there
    judged = f"select {landed_values(contract)}, {faulty} as _is_faulty from ({streamed})"
    marked = "case when not _is_faulty then _is_time_ambiguous end"
    keyed = (
        f"select * replace ({marked} as _is_time_ambiguous), null::varchar as _row_hash, "
        f"{key_sql(contract, is_key_row=False)} as _key_hash from ({judged})"
    )
    return f"select {landed_columns_sql(contract)} from ({keyed})"


def _special_lines(
    connection: duckdb.DuckDBPyConnection, typed_rows: str, case: DayCase, *, most: int
) -> dict[str, int] | None:
    """Make table ``special`` of the lines to look at; their number by file, ``None`` if there are too many."""
    hashes: np.ndarray = connection.execute(
        f"select hash(_key_hash) as key from {typed_rows} where _is_time_ambiguous is not null"
    ).fetchnumpy()["key"]
    total, faulty = connection.execute(
        f"select count(*), count(*) - count(_is_time_ambiguous) from {typed_rows}"
    ).fetchall()[0]
    hashes = np.sort(
        hashes
    )  # far cheaper than a table of all keys; equal hashes are looked at, whatever they stand for
    twice = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    tests = ["_is_time_ambiguous is null"] if faulty else []
    if len(twice) > most:
        return None
    if len(twice):
        connection.execute(
            "create or replace temp table repeated as select unnest($1::ubigint[]) as key", [twice.tolist()]
        )
        tests.append("hash(_key_hash) in (from repeated)")
    if case.others and total:
        listed = ", ".join(file_literal(path) for _, path in case.others)
        connection.execute(
            "create or replace temp table met as select distinct _key_hash "
            f"from read_parquet([{listed}], hive_partitioning = false) "
            f"where _key_hash in (select _key_hash from {typed_rows})"
        )
        if connection.execute("select count(*) from met").fetchall()[0][0]:
            tests.append("_key_hash in (from met)")
    if not tests:
        return {}
    connection.execute(
        f"create or replace temp table special as select _source_file, _source_line from {typed_rows} "
        f"where {' or '.join(tests)}"
    )
    counted = connection.execute("select _source_file, count(*) from special group by _source_file").fetchall()
    return {str(name): int(count) for name, count in counted}
