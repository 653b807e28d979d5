"""Published Parquet tables, read for the page through DuckDB.

Belongs here: which rows the report needs and in which order they come. Does not belong here: formats.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.report.columns import COLUMNS
from pipeline.warehouse import connection, identifier, literal

Row = Mapping[str, Any]
Rows = Sequence[Row]
Tables = Mapping[str, Rows | None]
"""Rows by table; None where a table is not in the release."""

TILE_WINDOW_DAYS: Final = 28
SPARKLINE_DAYS: Final = 90
THEME_WINDOW_DAYS: Final = 90
TRANSITION_WINDOW_DAYS: Final = 90


class ReportInputError(ValueError):
    """A published table cannot be read as the report expects it."""


def load_tables(folder: Path, as_of_date: date, language: str) -> Tables:
    """Read what the page shows.

    Args:
        folder: holds ``<table>.parquet`` for each published table; any may be absent.
        as_of_date: last day of the sparklines.
        language: suffix of the label columns, ``en`` or ``fr``.

    Raises:
        ReportInputError: a table is there but is no Parquet file or lacks a column.
    """
    first_day = as_of_date - timedelta(days=SPARKLINE_DAYS - 1)
    conditions = {
        "kpi_latest": f"window_days >= {TILE_WINDOW_DAYS} or window_days = 1",  # a day alone: as of it
        "kpi_daily": f"segment_dimension = 'all' and metric_date between date '{first_day}' and date '{as_of_date}'",
        "segment_cohorts": "cohort_grain = 'month'",
        "touchpoint_transitions": f"scope = 'session' and window_days = {TRANSITION_WINDOW_DAYS}",
        "verbatim_themes": f"window_days = {THEME_WINDOW_DAYS}",
    }
    with connection() as opened:
        return {
            name: _read(opened, folder / f"{name}.parquet", language, conditions.get(name, "true")) for name in COLUMNS
        }


def _read(opened: duckdb.DuckDBPyConnection, file: Path, language: str, condition: str) -> Rows | None:
    if not file.is_file():
        return None
    wanted = COLUMNS[file.stem].split()
    names = [name.removesuffix("*") for name in wanted]
    columns = ", ".join(
        identifier(f"{name}_{language}") + f" as {identifier(name)}" if found.endswith("*") else identifier(name)
        for name, found in zip(names, wanted, strict=True)
    )
    query = f"select {columns} from read_parquet({literal(str(file))}) where {condition} order by all nulls last"
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
    return [dict(zip(names, _known(row, doubles), strict=True)) for row in rows]


def _known(row: tuple[Any, ...], doubles: Sequence[int]) -> Sequence[Any]:
    """A row, with None where a division by zero left no number."""
    if all(row[place] is None or math.isfinite(row[place]) for place in doubles):
        return row
    return [None if place in doubles and not math.isfinite(value or 0) else value for place, value in enumerate(row)]
