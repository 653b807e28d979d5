"""The sample company's drop delivered otherwise: without what happened before a day, or day by day from a day on.

Belongs here: which row of the history goes into which extract day. Does not belong here: reading and writing rows
(``extracts``). Only the extract of the history is dealt out anew; the daily ones come as they are.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from pipeline.cli.speed.extracts import Copies, day_of, days_between, extract_day_of, is_json, renamed, rows_of
from pipeline.contracts import CONTRACTS
from pipeline.warehouse import connection, literal

_MASTER = frozenset({"customers", "contracts", "fx_rates", "marketing_costs", "initiatives"})
_EVENTS, _ITEMS, _ORDERS = "web_events", "order_items", "orders"

ExtractDay = Callable[[str, str, date | None], date | None]
"""Extract day of a row of the history by its table, its key and its own day; ``None`` where it is not delivered."""


@dataclass(frozen=True)
class _Drop:
    """A drop and its history.

    Attributes:
        folder: the drop.
        end: extract day of the history, the first of all.
        zone: business time zone.
        orders: day of each order, for rows that bear no day but the order they belong to.
    """

    folder: Path
    end: date
    zone: ZoneInfo
    orders: Mapping[str, date | None]

    @property
    def history(self) -> list[Path]:
        """Files of the history, as text."""
        return [path for path in _files(self.folder) if self.is_history(path) and path.suffix != ".parquet"]

    def is_history(self, path: Path) -> bool:
        """Whether a file is of the history."""
        return path.name.startswith(str(self.end))


def deliver_since(company: Path, target: Path, since: date) -> None:
    """Deliver a company as if it had begun on a day: no row all of which happened before.

    Customers, contracts, rates, costs and initiatives are delivered all, and every order that a delivered row names.

    Args:
        company: folder of the sample company.
        target: folder of the new one.
        since: first business day.
    """
    drop = _drop(company)
    needed = _named_orders(drop, since)

    def extract_day(table: str, key: str, day: date | None) -> date | None:
        is_needed = table in _MASTER or (table in (_ORDERS, _ITEMS) and key in needed)
        return drop.end if is_needed or _is_since(day, since) else None

    _deliver(drop, target / "drop", extract_day, ())
    _deliver_events(drop, target / "drop", {drop.end: f">= {_date(since)}"})
    shutil.copyfile(company / "sources.yaml", target / "sources.yaml")


def deliver_daily(company: Path, target: Path, first: date) -> None:
    """Deliver a company with daily extracts from a day on: each row of the history on the day it tells of.

    Args:
        company: folder of the sample company.
        target: folder of the new one.
        first: first day with an extract of its own; all before comes the day before it.
    """
    drop = _drop(company)
    days = days_between(first, drop.end)
    before = date.fromordinal(first.toordinal() - 1)
    _deliver(drop, target / "drop", lambda _table, _key, day: min(max(day or before, before), drop.end), days)
    parts = {before: f"< {_date(first)}"} | {day: f"= {_date(day)}" for day in days}
    _deliver_events(drop, target / "drop", parts)
    shutil.copyfile(company / "sources.yaml", target / "sources.yaml")


def _is_since(day: date | None, since: date) -> bool:
    return day is not None and day >= since


def _files(drop: Path) -> list[Path]:
    return sorted(path for path in drop.rglob("*") if path.is_file())


def _drop(company: Path) -> _Drop:
    said = yaml.safe_load((company / "sources.yaml").read_text(encoding="utf-8"))
    zone = ZoneInfo(said["company"]["business_time_zone"])
    files = _files(company / "drop")
    drop = _Drop(company / "drop", min(extract_day_of(path) for path in files), zone, {})
    orders = (row for path in drop.history if path.parent.name == _ORDERS for row in rows_of(path))
    return replace(drop, orders={row.fields[0]: day_of(row.fields, zone) for row in orders})


def _named_orders(drop: _Drop, since: date) -> set[str]:
    """Orders of the history that a delivered row names; web events name those of their own day."""
    named: set[str] = set()
    for path in _files(drop.folder):
        if path.parent.name in (_EVENTS, _ITEMS):
            continue
        for row in rows_of(path):
            if not drop.is_history(path) or _is_since(day_of(row.fields, drop.zone), since):
                named.update(value for value in row.fields if value in drop.orders)
    return named


def _deliver(drop: _Drop, target: Path, extract_day: ExtractDay, days: Sequence[date]) -> None:
    """Copy the daily files and deal out the history's; required tables have one on each of ``days``."""
    for path in _files(drop.folder):
        if not drop.is_history(path):
            copy = target / path.relative_to(drop.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    for path in drop.history:
        table, rows = path.parent.name, rows_of(path)
        head = () if is_json(path) else next(rows).fields
        with Copies(path, target / path.parent.relative_to(drop.folder), head) as copies:
            for day in days if CONTRACTS[table].is_required else ():
                copies.open(day)
            for row in rows:
                key = row.fields[0]
                own = drop.orders.get(key) if table == _ITEMS else day_of(row.fields, drop.zone)
                wanted = extract_day(table, key, own)
                if wanted is not None:
                    copies.write(row, wanted)


def _deliver_events(drop: _Drop, target: Path, parts: Mapping[date, str]) -> None:
    """Deal out the web events of the history.

    Args:
        drop: the drop.
        target: the new one.
        parts: extract days, and the condition on the business day of an event.
    """
    for path in (path for path in _files(drop.folder) if path.suffix == ".parquet"):
        folder = target / path.parent.relative_to(drop.folder)
        folder.mkdir(parents=True, exist_ok=True)
        with connection() as opened:
            opened.execute(f"set TimeZone = {literal(str(drop.zone))}")
            for day, condition in parts.items():
                file = folder / renamed(path, day)
                opened.execute(
                    f"copy (select * from read_parquet({literal(str(path))}) "
                    f"where timezone('UTC', ts)::date {condition}) "
                    f"to {literal(str(file))} (format parquet, compression zstd)"
                )


def _date(day: date) -> str:
    return f"date '{day}'"
