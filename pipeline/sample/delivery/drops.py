"""The drop folder: history files block by block, daily files when all blocks are known, messes of files.

Belongs here: what is written where, and the list of messes. Does not belong here: formats, rows, chance of row messes.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from pipeline.contracts import CONTRACTS
from pipeline.sample.delivery.days import DROP_DAYS, LAST
from pipeline.sample.delivery.extracts import Extract
from pipeline.sample.delivery.files import Layout, daily_name, folder_of, history_name, layout_of, write_rows
from pipeline.sample.delivery.messes import MESS_BITS, Messes
from pipeline.sample.delivery.rendering import rendered_sql, shown_frame
from pipeline.warehouse import identifier

_OWN = ("_day", "_mess", "_key")
_HIT_DAYS = range(2, 12)
"""Drops whose files may be hit: the first and the last ones are ordinary days."""
_MAY_STAY_AWAY = {"messages", "interactions", "deliveries", "returns", "feedback", "loyalty_events"}
"""Tables without which a release can be made, and whose rows are no touchpoint of a funnel."""
_LEAST_FILE = 3
_LATE_BY = 2


@dataclass(frozen=True)
class MessyFile:
    """A mess of a whole file, or a row of the list of messes."""

    table: str
    file: str
    mess: str
    row_count: int
    key: str | None = None


@dataclass
class Drop:
    """The drop folder while it is written.

    Attributes:
        engine: where rows are rendered and daily rows wait.
        folder: the drop folder.
        messes: rates.
        seed: of the chance of file messes.
        block_count: blocks of the company.
        written: files written so far.
        row_counts: rows delivered per table, copies included, resent files not.
        noted: messes so far.
    """

    engine: duckdb.DuckDBPyConnection
    folder: Path
    messes: Messes
    seed: int
    block_count: int
    written: list[Path] = field(default_factory=list)
    row_counts: dict[str, int] = field(default_factory=dict)
    noted: list[MessyFile] = field(default_factory=list)

    def add(self, extract: Extract, frame: pd.DataFrame, rows: pd.DataFrame, *, block: int) -> None:
        """Write the history of one table of one block; its daily rows wait until all blocks are known.

        Args:
            extract: the table.
            frame: its rows in numbers.
            rows: what is delivered, in order of day.
            block: number of the block.
        """
        layout = layout_of(extract.table, self.messes)
        cursor = self.engine.cursor()
        count = int(np.searchsorted(rows["day"].to_numpy(), 1))
        name = history_name(layout, block=block, block_count=self.block_count)
        path = folder_of(self.folder, extract.table) / name
        cursor.register("shown", shown_frame(frame, rows.iloc[:count], extract))
        sql = rendered_sql(extract, layout.hand_of(path.suffix))
        write_rows(cursor, f"select * exclude ({', '.join(_OWN)}) from ({sql})", path, layout)
        if (rows["mess"].to_numpy()[:count] > 0).any():
            self._note(cursor, extract.table, name, f"({sql})")
        cursor.register("shown", shown_frame(frame, rows.iloc[count:], extract))
        sql = rendered_sql(extract, layout.hand_of(layout.daily))
        head = "create table" if extract.table not in self.row_counts else "insert into"
        cursor.execute(f"{head} {_waiting(extract.table)} {'as ' if head.startswith('c') else ''}{sql}")
        self.written.append(path)
        self.row_counts[extract.table] = self.row_counts.get(extract.table, 0) + len(rows)

    def close(self) -> None:
        """Write the daily files of every table, with the messes of files."""
        sizes = {table: self._sizes(table) for table in sorted(self.row_counts)}
        plan = _planned(sizes, self.messes, self.seed)
        for table, counts in sizes.items():
            for day in range(1, LAST + 1):
                self._write_day(table, day, plan.get((table, day), ""), counts.get(day, 0))
            self.engine.execute(f"drop table {_waiting(table)}")
        self.written.sort()
        self.noted.sort(key=lambda each: (each.table, each.file, each.mess, each.key or ""))

    def _write_day(self, table: str, day: int, mess: str, count: int) -> None:
        rows, layout = f"(select * from {_waiting(table)} where _day = {day})", layout_of(table, self.messes)
        if count == 0 and not CONTRACTS[table].is_required:
            return
        date = DROP_DAYS[day - 1].date()
        folder, name = folder_of(self.folder, table), daily_name(layout, date)
        if mess == "missing_day_never":
            self._keep(table, name, mess, count)
            return
        if mess == "missing_day_late":
            name = self._write_late(table, day, rows, layout)
            self._keep(table, name, mess, count)
            self._note(self.engine, table, name, rows)
            return
        select = f"select {self._columns(table, mess, date.day)} from {rows}"
        if mess == "corrected_file":
            short = f"{select} where hash(_key) % 3 <> 0"
            self._write(short, folder / name, layout)
            name = daily_name(layout, date, mark=".r1")
        self._write(select, folder / name, layout)
        if mess == "resent_file":
            again = folder / daily_name(layout, date, mark="_renvoi")
            again.write_bytes((folder / name).read_bytes())
            self.written.append(again)
        if mess:
            self._keep(table, name, mess, count)
        self._note(self.engine, table, name, rows)

    def _write_late(self, table: str, day: int, rows: str, layout: Layout) -> str:
        """What should have come that day comes two days later, unless newer versions of a row came by then."""
        newer = f"select _key from {_waiting(table)} where _day > {day} and _day <= {day + _LATE_BY}"
        name = daily_name(layout, DROP_DAYS[day - 1 + _LATE_BY].date(), mark="_rattrapage")
        select = f"select {self._columns(table, '', 0)} from {rows} where _key not in ({newer})"
        self._write(select, folder_of(self.folder, table) / name, layout)
        return name

    def _write(self, select: str, path: Path, layout: Layout) -> None:
        write_rows(self.engine, select, path, layout)
        self.written.append(path)

    def _columns(self, table: str, mess: str, turn: int) -> str:
        described = self.engine.execute(f"describe {_waiting(table)}").fetchall()
        names = [identifier(row[0]) for row in described if row[0] not in _OWN]
        if mess == "changed_column_order":
            turn %= len(names)
            names = (names[turn:] + names[:turn])[::-1]
        if mess == "new_column":
            names.append('(hash(_key) % 9 + 36)::varchar as "Pointure"')
        return ", ".join(names)

    def _sizes(self, table: str) -> dict[int, int]:
        """Rows of each drop."""
        found = self.engine.execute(f"select _day, count(*) from {_waiting(table)} group by _day").fetchall()
        return {int(day): int(count) for day, count in found}

    def _keep(self, table: str, name: str, mess: str, row_count: int) -> None:
        self.noted.append(MessyFile(table, name, mess, row_count))

    def _note(self, engine: duckdb.DuckDBPyConnection, table: str, name: str, rows: str) -> None:
        for mess, key in engine.execute(f"select _mess, _key from {rows} where _mess > 0").fetchall():
            self.noted += [MessyFile(table, name, word, 1, key) for bit, word in MESS_BITS.items() if mess & bit]


def _waiting(table: str) -> str:
    return identifier(f"waiting_{table}")


def _planned(sizes: dict[str, dict[int, int]], messes: Messes, seed: int) -> dict[tuple[str, int], str]:
    """Mess of each daily file that has one; each file has one at most.

    Args:
        sizes: rows by table and drop.
        messes: rates.
        seed: of the company.
    """
    rng = np.random.default_rng([seed, 99])
    files = [(table, day) for table in sizes for day in _HIT_DAYS if sizes[table].get(day, 0) >= _LEAST_FILE]
    is_text = {table: layout_of(table, messes).daily == ".csv" for table in sizes}
    plan: dict[tuple[str, int], str] = {}
    for mess, rate in (
        ("missing_day", messes.missing_days), ("corrected_file", messes.corrected_files),
        ("resent_file", messes.resent_files), ("changed_column_order", messes.changed_column_orders),
        ("new_column", messes.new_columns),
    ):  # fmt: skip
        could = [each for each in files if each not in plan and _could(mess, each, is_text, plan)]
        wanted = min(len(could), max(1, round(rate * len(could)))) if rate > 0 else 0
        for number, place in enumerate(rng.choice(len(could), size=wanted, replace=False) if wanted else ()):
            word = mess if mess != "missing_day" else ("missing_day_late", "missing_day_never")[number % 2]
            plan[could[place]] = word
    return plan


def _could(mess: str, file: tuple[str, int], is_text: dict[str, bool], plan: dict[tuple[str, int], str]) -> bool:
    table, day = file
    if mess == "missing_day":
        return table in _MAY_STAY_AWAY
    if mess in ("changed_column_order", "new_column"):
        return is_text[table]
    return (table, day - _LATE_BY) not in plan
