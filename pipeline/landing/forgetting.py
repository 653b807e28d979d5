"""Taking a person's rows out of landing and out of quarantine, where they lie.

Belongs here: rewriting extract days without them, with outcomes whose counts still add up. Does not belong here: files
of the drop; keeping the person out from now on (``tombstones``).
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import CONTRACTS, Contract
from pipeline.landing import outcome as outcomes_of
from pipeline.landing import store
from pipeline.landing.judgements import PROFILE
from pipeline.landing.persons import Person, landed_versions
from pipeline.landing.quarantined import quarantined_days, rows_file
from pipeline.landing.write import copy_to, private_copy
from pipeline.settings import Home
from pipeline.warehouse import connection, file_literal

_WORDS = re.compile(r"[^\s,;|\t\"'<>(){}\[\]=]+")


@dataclass(frozen=True)
class Removal:
    """Rows of a person that were taken from one extract day, or are to be.

    Attributes:
        place: ``landing`` or ``quarantine``.
        table: the table.
        day: the extract day.
        row_count: how many.
        hash_before: content hash of the day before; of landing only.
        hash_after: content hash of the day after; of landing only.
    """

    place: str
    table: str
    day: date
    row_count: int
    hash_before: str | None = None
    hash_after: str | None = None


def forget_landed(home: Home, person: Person) -> Iterator[Removal]:
    """Take a person's rows out of every version of every extract day; they count as set aside from then on."""
    with connection(threads=2) as opened:
        for contract in CONTRACTS.values():
            test = person.rows_of(contract)
            for day, folder in landed_versions(home, contract.table):
                if test is not None and (folder / store.DATA).is_file():
                    removal = _forget_day(opened, home, contract, day, folder=folder, test=test)
                    if removal.row_count:
                        yield removal


def _forget_day(
    opened: duckdb.DuckDBPyConnection, home: Home, contract: Contract, day: date, *, folder: Path, test: str
) -> Removal:
    rows = f"read_parquet({file_literal(folder / store.DATA)}, hive_partitioning = false)"
    opened.execute(f"create or replace temp table gone as select _source_file, _source_line from {rows} where {test}")
    gone = Counter(str(name) for (name,) in opened.execute("select _source_file from gone").fetchall())
    if not gone:
        return Removal("landing", contract.table, day, 0)
    before = store.read_outcome(folder) or {}
    new = home.pending / contract.table / f"_new_extract_date={day.isoformat()}"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    copy_to(opened, f"select * from {rows} where not {test}", new / store.DATA)
    content = _set_aside(before, gone, "loaded") | outcomes_of.landed_facts(opened, new / store.DATA, contract)
    for file in folder.iterdir():  # what door 1 said stays said; a profile counts the rows that go
        if file.name not in (store.DATA, store.OUTCOME, PROFILE):
            shutil.copy2(file, new / file.name)
    store.write_json(new / store.OUTCOME, content)
    store.replace_folder(home, new, folder)
    for quarantined in (store.quarantine_folder, store.pending_quarantine_folder):
        _forget_repairs(opened, home, quarantined(home, contract.table, day))
    return Removal("landing", contract.table, day, gone.total(), before.get("content_hash"), content["content_hash"])


def _set_aside(before: Mapping[str, Any], gone: Mapping[str, int], status: str) -> dict[str, Any]:
    """An outcome in which rows that were loaded, or quarantined, are set aside; by file."""
    files = []
    for file in before["files"]:
        count = gone.get(file["name"], 0)
        files.append({**file, status: file[status] - count, "set_aside": file["set_aside"] + count})
    totals = {f"row_count_{name}": sum(file[name] for file in files) for name in (status, "set_aside")}
    return {**before, "files": files, **totals}


def forget_quarantined(home: Home, is_theirs: Callable[[str], bool]) -> Iterator[Removal]:
    """Throw away quarantined rows that hold an identifier of a person; they count as set aside from then on.

    A row that could not be read has no columns to go by, so any whole word of it counts: rather too much goes than too
    little.

    Args:
        home: the home.
        is_theirs: whether a word is one of the person's identifiers.
    """
    with connection(threads=1) as opened:
        for table, day, state in list(quarantined_days(home)):
            file = rows_file(home, table, day, state)
            rows = opened.execute(
                "select row_number() over (), _source_file, _source_line, _reasons, coalesce(_raw, '') "
                f"from read_parquet({file_literal(file)})"
            ).fetchall()
            gone = [row for row in rows if holds_word(row[4], is_theirs)]
            if gone:
                _forget_rows(opened, home, file, gone)
                accepted = store.accepted_folder if state == "accepted" else store.pending_folder
                _count_out(accepted(home, table, day), gone)
                yield Removal("quarantine", table, day, len(gone))


def _forget_rows(opened: duckdb.DuckDBPyConnection, home: Home, file: Path, gone: list[tuple[Any, ...]]) -> None:
    numbers = ", ".join(str(int(row[0])) for row in gone)
    opened.execute(
        "create or replace temp table gone as select unnest($1::varchar[]) as _source_file, "
        "unnest($2::bigint[]) as _source_line",
        [[row[1] for row in gone], [row[2] for row in gone]],
    )
    numbered = f"select row_number() over () as _number, * from read_parquet({file_literal(file)})"
    kept = f"select * exclude (_number) from ({numbered}) where _number not in ({numbers})"
    _rewrite(opened, home, file, kept)
    _forget_repairs(opened, home, file.parent)


def _forget_repairs(opened: duckdb.DuckDBPyConnection, home: Home, folder: Path) -> None:
    """Throw away the originals of mended cells of the lines in table ``gone``."""
    file = folder / store.REPAIRS
    if file.is_file():
        rows = f"read_parquet({file_literal(file)})"
        _rewrite(opened, home, file, f"select * from {rows} anti join gone using (_source_file, _source_line)")


def _rewrite(opened: duckdb.DuckDBPyConnection, home: Home, file: Path, query: str) -> None:
    opened.execute(f"create or replace temp table kept_rows as {query}")
    if opened.execute("select count(*) from kept_rows").fetchall()[0][0]:
        private_copy(opened, "select * from kept_rows", file, home=home)
    else:
        file.unlink()


def _count_out(folder: Path, gone: list[tuple[Any, ...]]) -> None:
    before = store.read_outcome(folder)
    if before is None:
        return
    content = _set_aside(before, Counter(str(row[1]) for row in gone), "quarantined")
    reasons = Counter(before["quarantine_reasons"])
    reasons.subtract(Counter(str(reason) for row in gone for reason in row[3]))
    content["quarantine_reasons"] = {reason: count for reason, count in sorted(reasons.items()) if count > 0}
    store.write_json(folder / store.OUTCOME, content)


def holds_word(text: str, is_theirs: Callable[[str], bool]) -> bool:
    """Whether a whole value or a whole word of a raw row is an identifier of a person."""
    return any(is_theirs(each) for each in {*_values(text), *_WORDS.findall(text)})


def _values(text: str) -> Iterator[str]:
    """The values of a row that was kept as JSON."""
    try:
        pending: list[Any] = [json.loads(text)]
    except json.JSONDecodeError:
        return
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            pending += each.values()
        elif isinstance(each, list):
            pending += each
        elif each is not None:
            yield str(each).strip()
