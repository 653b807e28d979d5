"""What `parcours check` and `parcours status` find: nothing here writes.

Belongs here: reading configuration, drop, landing and releases for a person. Does not belong here: printing.
"""

import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import landing, publish
from pipeline.contracts import CONTRACTS, Contract
from pipeline.extract import FileReader, Mapping, Sources, discover, sampled
from pipeline.landing.judgements import refusals
from pipeline.settings import Settings
from pipeline.warehouse import connection, current_writer


@dataclass(frozen=True)
class DroppedTable:
    """What the drop holds of one table.

    Attributes:
        table: the table.
        days: extract days found.
        file_count: files found.
        rows: data rows of the newest file; ``None`` if there is none, or it cannot be read.
        problem: why the newest file cannot be read.
        remarks: unknown and missing columns of the newest file.
    """

    table: str
    days: tuple[date, ...]
    file_count: int
    rows: int | None
    problem: str | None
    remarks: tuple[str, ...]


def look_at_drop(settings: Settings, sources: Sources) -> list[DroppedTable]:
    """Find every mapped table's files and read the newest of each."""
    return [
        _look_at_table(settings.paths.drop, mapping, CONTRACTS[table]) for table, mapping in sources.mappings.items()
    ]


def _look_at_table(drop: Path, mapping: Mapping, contract: Contract) -> DroppedTable:
    files = discover(drop, mapping)
    count = sum(len(day_files) for day_files in files.values())
    if not files and mapping.query is None:
        return DroppedTable(mapping.table, (), 0, None, None, ())
    place = nullcontext(files[max(files)][-1]) if mapping.query is None else sampled(mapping)
    with place as newest, connection() as memory, tempfile.TemporaryDirectory(prefix="parcours-") as scratch:
        staged = FileReader(mapping, contract)(memory, newest, prefix="look", scratch=Path(scratch))
    remarks = [f"unknown column {column} is kept out" for column in staged.unknown_columns]
    remarks += [f"optional column {column} is absent" for column in staged.missing_optional_columns]
    rows = None if staged.problem else staged.source_row_count
    return DroppedTable(mapping.table, tuple(sorted(files)), count, rows, staged.problem, tuple(remarks))


@dataclass(frozen=True)
class TableStatus:
    """Where one table stands at the landing door."""

    table: str
    is_required: bool
    accepted: tuple[date, ...]
    waiting: tuple[date, ...]
    refused: dict[date, list[str]]
    drifts: tuple[landing.Drift, ...] = ()


def _latest_drifts(settings: Settings, table: str) -> tuple[landing.Drift, ...]:
    """What drifted on the newest day of a table."""
    home = settings.paths
    newest = max([*landing.accepted_days(home, table), *landing.pending_days(home, table)], default=None)
    return tuple(landing.drifts(home, table).get(newest, ())) if newest else ()


@dataclass(frozen=True)
class HomeStatus:
    """Where a home stands."""

    release: publish.Manifest | None
    tables: tuple[TableStatus, ...]
    writer: str | None


def look_at_home(settings: Settings) -> HomeStatus:
    """Read the state of a home from its files."""
    home = settings.paths
    served = publish.current_release(home.releases)
    tables = []
    for table, contract in CONTRACTS.items():
        refused = refusals(home, table)
        tables.append(
            TableStatus(
                table=table,
                is_required=contract.is_required,
                accepted=tuple(landing.accepted_days(home, table)),
                waiting=tuple(day for day in landing.pending_days(home, table) if day not in refused),
                refused=refused,
                drifts=_latest_drifts(settings, table),
            )
        )
    return HomeStatus(
        release=publish.read_manifest(served) if served else None,
        tables=tuple(tables),
        writer=current_writer(home.lock_file),
    )
