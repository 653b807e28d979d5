"""The day that is judged: its contract, and all it is held against.

Belongs here: what a verdict depends on beside the rows. Does not belong here: the rows, the verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from pipeline.contracts import Contract
from pipeline.landing.model import DoorSettings
from pipeline.landing.references import Paths
from pipeline.warehouse import file_literal

OtherDay = tuple[date, Path]
"""Another extract day of the table and its Parquet file."""


@dataclass(frozen=True)
class DayCase:
    """One extract day of one table.

    Attributes:
        contract: the contract.
        day: the extract day.
        settings: what holds for every table.
        is_key_row: whether the key is the row and its occurrence within the file.
        others: days whose keys count before those of this day. For events: earlier ones, and later ones that
            cannot be landed anew. For rows read again: what the day itself holds already.
        references: landed files of the tables that rows are held against, exchange rates among them.
    """

    contract: Contract
    day: date
    settings: DoorSettings
    is_key_row: bool = False
    others: Sequence[OtherDay] = ()
    references: Paths = field(default_factory=dict)


def known_since(connection: duckdb.DuckDBPyConnection, rates: Sequence[Path]) -> list[tuple[str, str]]:
    """Currency and first day a rate is known for: all that judging a row asks of the rates."""
    if not rates:
        return []
    return connection.execute(
        "select currency, min(rate_date)::varchar from "
        f"read_parquet([{', '.join(map(file_literal, rates))}], hive_partitioning = false) group by currency order by 1"
    ).fetchall()
