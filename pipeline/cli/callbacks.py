"""`parcours callbacks`: whom to call back, for the people who do.

Belongs here: showing the list. Does not belong here: who is on it, which is the model ``fct_callbacks``.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.table import Table

from pipeline.cli.releases import OutputFormat
from pipeline.cli.terminal import console, plain_errors, read_settings, say
from pipeline.warehouse import WarehouseBusyError, connection

COLUMNS = (
    "callback_rank", "customer_id", "customer_key", "reason", "age_days", "owner", "language", "themes",
    "value_at_risk_amount", "value_basis", "clv_amount",
)  # fmt: skip
"""Columns of the list: keys and facts about the case, never a name, an address or a text."""
_KEY_SHOWN = 12


@dataclass(frozen=True)
class Callbacks:
    """The list, and what could not be looked at.

    Attributes:
        rows: one tuple of ``COLUMNS`` per customer, the most value at risk first.
        total: how many customers are on the whole list.
        unseen: reasons nobody can be on the list for, because their table was not delivered, each with that table.
    """

    rows: tuple[tuple[object, ...], ...]
    total: int
    unseen: tuple[tuple[str, str], ...]


def read_callbacks(build_file: Path, limit: int) -> Callbacks:
    """The first customers of the list of the last run.

    Raises:
        FileNotFoundError: no run has built the list yet.
        WarehouseBusyError: a run is writing.
    """
    if not build_file.exists():
        raise FileNotFoundError("no run has made a list of callbacks yet; `parcours run` makes one")
    try:
        with connection(build_file, read_only=True) as build:
            rows = build.execute(
                f"select {', '.join(COLUMNS)} from marts.fct_callbacks order by callback_rank limit ?", [limit]
            ).fetchall()
            total = build.execute("select count(*) from marts.fct_callbacks").fetchone()
            unseen = build.execute(
                "select reason, required_table from seeds.callback_reasons inner join landing.table_availability "
                "on required_table = table_name where not is_available order by priority"
            ).fetchall()
    except duckdb.CatalogException:
        raise FileNotFoundError("the last run made no list of callbacks; `parcours run` makes one") from None
    except duckdb.IOException:
        raise WarehouseBusyError("a run is writing to this home; try again when it has ended") from None
    return Callbacks(tuple(rows), int(total[0]) if total else 0, tuple(unseen))


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _as_json(rows: tuple[tuple[object, ...], ...]) -> str:
    def written(value: object) -> object:
        return value.isoformat() if isinstance(value, date) else value if isinstance(value, str | int) else str(value)

    listed = [
        {name: None if value is None else written(value) for name, value in zip(COLUMNS, row, strict=True)}
        for row in rows
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False)


def callbacks(
    limit: Annotated[int, typer.Option(min=1, help="How many customers to show.")] = 20,
    format_: Annotated[OutputFormat, typer.Option("--format", help="How to write them.")] = OutputFormat.TABLE,
) -> None:
    """List whom to call back, the most value at risk first; by CRM number, the CRM knows who it is.

    Internal: the list is of single customers and no part of a release.
    """
    with plain_errors():
        found = read_callbacks(read_settings().paths.build_file, limit)
    if format_ is OutputFormat.JSON:
        say(_as_json(found.rows))
        return
    if format_ is OutputFormat.CSV:
        say(",".join(COLUMNS))
        for row in found.rows:
            say(",".join(_plain(value) for value in row))
        return
    table = Table(*COLUMNS, box=None)
    for row in found.rows:
        shown = dict(zip(COLUMNS, row, strict=True))
        shown["customer_key"] = str(shown["customer_key"])[:_KEY_SHOWN] + "…"
        table.add_row(*(_plain(value) for value in shown.values()))
    console.print(table)
    say(f"{len(found.rows)} of {found.total}")
    for reason, source in found.unseen:
        say(f"not available: {reason} ({source} was not delivered)")
