"""Published Parquet tables, read for the page through DuckDB.

Belongs here: which rows the report needs and in which order they come. Does not belong here: formats.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.report.columns import COLUMNS
from pipeline.report.words import LANGUAGES, Language
from pipeline.warehouse import connection, identifier, literal

Row = Mapping[str, Any]
Rows = Sequence[Row]
Tables = Mapping[str, Rows | None]
"""Rows by table; None where a table is not in the release."""

USUAL_PERIOD_DAYS: Final = 28
"""What the page shows before another period is chosen."""
SPARKLINE_DAYS: Final = 90
WEEKS_SHOWN: Final = 26


class ReportInputError(ValueError):
    """A published table cannot be read as the report expects it."""


@dataclass(frozen=True)
class ReadTable:
    """The rows of one table, labels in every language."""

    names: tuple[str, ...]
    places: Mapping[Language, tuple[int, ...]]
    rows: Sequence[tuple[Any, ...]]

    def spoken(self, language: Language) -> Rows:
        """The rows with the labels of one language."""
        pick = itemgetter(*self.places[language])
        return [dict(zip(self.names, pick(row), strict=True)) for row in self.rows]


def read_tables(folder: Path, as_of_date: date) -> dict[str, ReadTable | None]:
    """Read what the pages show, once for all languages.

    Args:
        folder: holds ``<table>.parquet`` for each published table; any may be absent.
        as_of_date: last day of the sparklines.

    Raises:
        ReportInputError: a table is there but is no Parquet file or lacks a column.
    """
    first_day = as_of_date - timedelta(days=SPARKLINE_DAYS - 1)
    conditions = {
        "kpi_daily": f"segment_dimension = 'all' and metric_date between date '{first_day}' and date '{as_of_date}'",
        # The funnel of the journey, or the first by name, as the funnels themselves are shown.
        "funnel_steps_weekly": f"entry_step = 1 and entry_week > date '{as_of_date - timedelta(weeks=WEEKS_SHOWN)}' "
        "qualify dense_rank() over (order by funnel_id <> 'five_stage', funnel_id) = 1",
        "segment_cohorts": "cohort_grain = 'month'",
        "touchpoint_transitions": "scope = 'session'",
    }
    with connection() as opened:
        return {name: _read(opened, folder / f"{name}.parquet", conditions.get(name, "true")) for name in COLUMNS}


def in_language(read: Mapping[str, ReadTable | None], language: Language) -> Tables:
    """Every table with the labels of one language."""
    return {name: None if table is None else table.spoken(language) for name, table in read.items()}


def _read(opened: duckdb.DuckDBPyConnection, file: Path, condition: str) -> ReadTable | None:
    if not file.is_file():
        return None
    wanted = COLUMNS[file.stem].split()
    columns: list[str] = []
    places: dict[Language, list[int]] = {language: [] for language in LANGUAGES}
    for name in wanted:
        for language in LANGUAGES:
            column = f"{name.removesuffix('*')}_{language}" if name.endswith("*") else name
            if column not in columns:
                columns.append(column)
            places[language].append(columns.index(column))
    listed = ", ".join(map(identifier, columns))
    query = f"select {listed} from read_parquet({literal(str(file))}) where {condition} order by all nulls last"
    try:
        answer = opened.execute(query)
        doubles = [place for place, column in enumerate(answer.description or ()) if column[1] == "DOUBLE"]
        rows = answer.fetchall()
    except (duckdb.BinderException, duckdb.InvalidInputException, duckdb.IOException) as error:
        reason = str(error).splitlines()[0]
        raise ReportInputError(
            f"published table {file.stem} ({file.name}) cannot be read for the report: {reason}. "
            "Build the release again with this version of the product."
        ) from error
    return ReadTable(
        tuple(name.removesuffix("*") for name in wanted),
        {language: tuple(found) for language, found in places.items()},
        [_known(row, doubles) for row in rows],
    )


def _known(row: tuple[Any, ...], doubles: Sequence[int]) -> tuple[Any, ...]:
    """A row, with None where a division by zero left no number."""
    if all(row[place] is None or math.isfinite(row[place]) for place in doubles):
        return row
    return tuple(None if at in doubles and not math.isfinite(value or 0) else value for at, value in enumerate(row))
