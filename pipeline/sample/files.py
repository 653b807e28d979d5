"""Writing extracts as their owners would: French CSV, plain CSV, Parquet, JSON Lines. Same rows, same bytes.

Belongs here: formats, encodings, compression. Does not belong here: which row goes into which day.
"""

import gzip
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from pipeline.contracts import CONTRACTS, ColumnType
from pipeline.sample.mapping import HEADERS, WORDS
from pipeline.sample.seasons import FIRST_DROP, HISTORY_END, LAST_DROP, to_local


@dataclass(frozen=True)
class _Layout:
    """How one table is written: history suffix, daily suffix and, for CSV, the hand it is written in."""

    history: str
    daily: str
    is_french: bool = False
    encoding: str = "utf-8"


_FRENCH = _Layout(".csv", ".csv", is_french=True)
_LAYOUTS = {
    "customers": _Layout(".csv", ".csv", is_french=True, encoding="windows-1252"),
    "order_items": _Layout(".csv.gz", ".csv", is_french=True),
    "web_events": _Layout(".parquet", ".jsonl.gz"),
    "survey_responses": _Layout(".csv.gz", ".csv"),
    "feedback": _Layout(".jsonl", ".jsonl"),
    "fx_rates": _Layout(".csv", ".csv"),
    "marketing_costs": _Layout(".csv", ".csv"),
}
_RESENT_DAY = date(2025, 12, 22)
_EXTRA_COLUMN_DAY = date(2025, 12, 24)


def write_extract(drop: Path, table: str, rows: pd.DataFrame) -> list[Path]:
    """Write all days of one table below ``drop``.

    Args:
        drop: the drop folder.
        table: contract table.
        rows: rows in our own words, amounts in cents, instants in UTC, with their day in ``_day``.

    Returns:
        The files written; a day without rows has none, or a header where the table is required.
    """
    contract = CONTRACTS[table]
    layout = _LAYOUTS.get(table, _FRENCH)
    folder = drop / contract.source / table
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    shown = _in_their_words(table, rows, layout)
    days = pd.to_datetime(rows["_day"]).dt.date
    for day in (HISTORY_END, *pd.date_range(FIRST_DROP, LAST_DROP).date):
        part = shown[days == day]
        if part.empty and not contract.is_required:
            continue
        suffix = layout.history if day == HISTORY_END else layout.daily
        if table == "customers" and day == _EXTRA_COLUMN_DAY:
            part = part.assign(Pointure=np.arange(len(part)) % 9 + 36)
        written.append(folder / f"{day}{suffix}")
        _write(written[-1], part, layout)
        if table == "web_events" and day == _RESENT_DAY:
            written.append(folder / f"{day}_renvoi{suffix}")
            written[-1].write_bytes(written[-2].read_bytes())
    return written


def _in_their_words(table: str, rows: pd.DataFrame, layout: _Layout) -> pd.DataFrame:
    """Columns in contract order (foreign ones last), with foreign headers, words, amounts and times."""
    contract = CONTRACTS[table]
    extra = {"web_events": ["sdk"], "survey_responses": ["nps", "csat", "ces"]}.get(table, [])
    if table == "web_events":
        rows = rows.assign(sdk="4.2.1")
    columns = [column for column in contract.columns if column.name in rows.columns]
    shown = rows[[column.name for column in columns] + extra].copy()
    for column in columns:
        if column.type is ColumnType.AMOUNT and column.name in contract.amount_columns:
            shown[column.name] = shown[column.name] / 100
        elif column.type is ColumnType.TIMESTAMP and layout.history != ".parquet":
            shown[column.name] = _times(shown[column.name], layout)
        elif column.type is ColumnType.DATE:
            days = pd.to_datetime(shown[column.name])
            shown[column.name] = days.dt.strftime("%d/%m/%Y" if layout.is_french else "%Y-%m-%d")
        elif column.type is ColumnType.BOOLEAN and layout.is_french and column.name not in WORDS.get(table, {}):
            shown[column.name] = shown[column.name].map({True: "true", False: "false"})
    for name, words in WORDS.get(table, {}).items():
        shown[name] = shown[name].map(words).fillna(shown[name]).astype(object)
    return shown.rename(columns=HEADERS.get(table, {}))


def _times(instants: pd.Series, layout: _Layout) -> pd.Series:
    """Local French wall-clock text, or UTC in ISO 8601."""
    if layout.is_french:
        return pd.Series(to_local(pd.to_datetime(instants)).strftime("%d/%m/%Y %H:%M:%S"), index=instants.index)
    return pd.to_datetime(instants).dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(path: Path, rows: pd.DataFrame, layout: _Layout) -> None:
    if path.suffix == ".parquet":
        _write_parquet(path, rows)
        return
    if ".jsonl" in path.suffixes:
        times = {"ts": rows["ts"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")} if "ts" in rows.columns else {}
        text = rows.assign(**times).to_json(orient="records", lines=True, force_ascii=False)
    elif layout.is_french:
        text = rows.to_csv(index=False, sep=";", decimal=",", float_format="%.2f", lineterminator="\r\n")
    else:
        text = rows.to_csv(index=False, lineterminator="\n")
    content = text.encode(layout.encoding)
    path.write_bytes(gzip.compress(content, 6, mtime=0) if path.suffix == ".gz" else content)


def _write_parquet(path: Path, rows: pd.DataFrame) -> None:
    with duckdb.connect(":memory:") as engine:
        engine.execute("set threads = 1")  # one thread: row groups, and so bytes, are always the same
        engine.register("extract", rows)
        target = str(path).replace("'", "''")
        engine.execute(f"copy extract to '{target}' (format parquet, compression zstd)")
