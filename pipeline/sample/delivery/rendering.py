"""From frames of numbers to rows in the company's own words, in SQL: headers, words, times, amounts.

Belongs here: how a value is written. Does not belong here: which rows are delivered when, files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from pipeline.contracts import CONTRACTS, Column, ColumnType
from pipeline.sample.delivery.extracts import Extract
from pipeline.sample.delivery.mapping import HEADERS, WORDS
from pipeline.sample.delivery.messes import CONFLICT, TWICE_ENCODED
from pipeline.sample.delivery.names import MACROS
from pipeline.sample.ground.seasons import BUSINESS_TIME_ZONE
from pipeline.warehouse import identifier, literal

_ACCENTS = "àâäæçéèêëîïôöùûüœÀÂÇÉÈÊËÎÔŒ’"


@dataclass(frozen=True)
class Hand:
    """How one table is written.

    Attributes:
        is_french: semicolons, day-first local times; else ISO 8601 in UTC.
        is_native: values keep their types (Parquet).
        decimal_mark: of amounts.
    """

    is_french: bool
    is_native: bool = False
    decimal_mark: str = "."


def open_engine() -> duckdb.DuckDBPyConnection:
    """An engine in memory that knows the names of the sample company; one thread, so that bytes are the same."""
    engine = duckdb.connect(":memory:")
    engine.execute("set threads = 1")
    engine.execute("set preserve_insertion_order = true")
    for macro in (*MACROS, *rendering_macros()):
        engine.execute(macro)
    return engine


def rendering_macros() -> Sequence[str]:
    """SQL of how times and amounts are written."""
    zone = literal(BUSINESS_TIME_ZONE)
    twice = "t"
    for letter in _ACCENTS:
        garbled = letter.encode("utf-8").decode("cp1252", errors="ignore")
        if len(garbled) == len(letter.encode("utf-8")):
            twice = f"replace({twice}, {literal(letter)}, {literal(garbled)})"
    return (
        f"create or replace macro local_time(t) as timezone({zone}, timezone('UTC', t::timestamp))",
        "create or replace macro french_time(t) as strftime(local_time(t), '%d/%m/%Y %H:%M:%S')",
        "create or replace macro iso_time(t) as strftime(t::timestamp, '%Y-%m-%dT%H:%M:%SZ')",
        "create or replace macro money(cents) as cast(cents as decimal(18, 0)) * cast(0.01 as decimal(2, 2))",
        f"create or replace macro encoded_twice(t) as {twice}",
    )


def categorical(codes: np.ndarray, words: Sequence[str]) -> pd.Categorical:
    """Words of codes, null for negative ones; a word may stand for several codes."""
    unique = list(dict.fromkeys(words))
    place = np.array([*(unique.index(word) for word in words), -1], dtype=np.int32)
    shown: Any = pd.Categorical.from_codes(place[np.where(codes < 0, len(words), codes)], pd.Index(unique))
    return shown


def shown_frame(frame: pd.DataFrame, rows: pd.DataFrame, extract: Extract) -> pd.DataFrame:
    """The delivered rows of a frame, codes turned into words, ready for `rendered_sql`.

    Args:
        frame: rows of one table, in numbers.
        rows: what is delivered: ``row``, ``day``, ``is_early``, ``mess`` and ``off_scale``.
        extract: the table.
    """
    place = rows["row"].to_numpy()
    translated = WORDS.get(extract.table, {})
    columns: dict[str, object] = {}
    for name in frame.columns:
        values = frame[name]
        if name in extract.codes:
            ours = extract.codes[name]
            columns[name] = categorical(values.to_numpy()[place], ours)
            columns[f"{name}_shown"] = categorical(
                values.to_numpy()[place], [translated.get(name, {}).get(word, word) for word in ours]
            )
        else:
            columns[name] = values.array.take(place)
    for flag in ("day", "is_early", "mess", "off_scale"):
        columns[f"_{flag}"] = rows[flag].to_numpy()
    return pd.DataFrame(columns, copy=False)


def rendered_sql(extract: Extract, hand: Hand) -> str:
    """SQL over relation ``shown``: the columns in the company's words, then ``_day``, ``_mess`` and ``_key``."""
    contract = CONTRACTS[extract.table]
    headers, words = HEADERS.get(extract.table, {}), WORDS.get(extract.table, {})
    selected = []
    for column in contract.columns:
        if column.name not in extract.columns:
            continue
        sql = extract.columns[column.name]
        if sql in words:
            sql = f"{sql}_shown"
        elif extract.altered and extract.altered[0] == column.name:
            sql = f"case when _mess & {CONFLICT} > 0 then {extract.altered[1]} else {sql} end"
        elif extract.text == column.name:
            sql = f"case when _mess & {TWICE_ENCODED} > 0 then encoded_twice({sql}) else {sql} end"
        if column.name in extract.told_later:
            sql = f"case when not _is_early then {sql} end"
        is_amount = column.name in contract.amount_columns
        sql = _written(sql, column, hand, translation=words.get(column.name, {}), is_amount=is_amount)
        selected.append(f"{sql} as {identifier(headers.get(column.name, column.name))}")
    for name, sql in extract.extra.items():
        told = f"case when not _is_early then {sql} end" if name in extract.told_later else sql
        selected.append(f"{told} as {identifier(name)}")
    return f"select {', '.join(selected)}, _day, _mess, {extract.key} as _key from shown"


def _written(sql: str, column: Column, hand: Hand, *, translation: dict, is_amount: bool) -> str:
    if True in translation:
        return f"case when {sql} then {literal(translation[True])} else {literal(translation[False])} end"
    if is_amount:
        amount = f"money({sql})"
        return f"replace({amount}::varchar, '.', ',')" if hand.decimal_mark == "," else amount
    if hand.is_native:
        return f"({sql})::timestamp" if column.type is ColumnType.TIMESTAMP else sql
    if column.type is ColumnType.TIMESTAMP:
        return f"french_time({sql})" if hand.is_french else f"iso_time({sql})"
    if column.type is ColumnType.DATE:
        return f"strftime({sql}, '%d/%m/%Y')" if hand.is_french else f"({sql})::date"
    return sql
