"""Writing extracts as their owners would: French CSV, plain CSV, Parquet, JSON Lines. Same rows, same bytes.

Belongs here: formats, encodings, compression, names of files. Does not belong here: which row goes into which day.
"""

import codecs
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

import duckdb

from pipeline.contracts import CONTRACTS
from pipeline.sample.delivery.messes import Messes
from pipeline.sample.delivery.rendering import Hand
from pipeline.sample.ground.seasons import HISTORY_END
from pipeline.warehouse import literal

_CHUNK = 1 << 22
_PLAIN = str.maketrans("’‘“”…–—\u00a0\u202f", "''\"\".--  ")  # what an old program makes of typographic marks


@dataclass(frozen=True)
class Layout:
    """How the files of one table look.

    Attributes:
        history: suffix of the history.
        daily: suffix of the daily files.
        hand: how values are written; the history is native where it is Parquet.
        encoding: of text files.
    """

    history: str
    daily: str
    hand: Hand
    encoding: str = "utf-8"

    def hand_of(self, suffix: str) -> Hand:
        """How values are written in a file of that suffix."""
        return replace(self.hand, is_native=suffix == ".parquet")


_ISO, _FRENCH_HAND = Hand(is_french=False), Hand(is_french=True, decimal_mark=",")
_FRENCH = Layout(".csv", ".csv", _FRENCH_HAND)
_LAYOUTS = {
    "customers": replace(_FRENCH, encoding="windows-1252"),
    "interactions": replace(_FRENCH, encoding="iso-8859-15"),
    "order_items": replace(_FRENCH, history=".csv.gz"),
    "messages": replace(_FRENCH, history=".csv.gz"),
    "loyalty_events": replace(_FRENCH, history=".csv.gz"),
    "web_events": Layout(".parquet", ".jsonl.gz", _ISO),
    "survey_responses": Layout(".csv.gz", ".csv", _ISO),
    "feedback": Layout(".jsonl", ".jsonl", _ISO),
    "fx_rates": Layout(".csv", ".csv", _ISO),
    "marketing_costs": Layout(".csv", ".csv", _ISO),
    "initiatives": Layout(".csv", ".csv", _ISO),
}


def layout_of(table: str, messes: Messes) -> Layout:
    """How the files of a table look; without the messes of old systems it is UTF-8 and decimal points."""
    layout = _LAYOUTS.get(table, _FRENCH)
    if not messes.legacy_encodings:
        layout = replace(layout, encoding="utf-8")
    if not messes.decimal_commas:
        layout = replace(layout, hand=replace(layout.hand, decimal_mark="."))
    return layout


def folder_of(drop: Path, table: str) -> Path:
    """Folder of a table in the drop, made if need be."""
    folder = drop / CONTRACTS[table].source / table
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def history_name(layout: Layout, *, block: int, block_count: int) -> str:
    """Name of the history file, or of a block's part of it where there are several."""
    part = f".part-{block + 1:04d}" if block_count > 1 else ""
    return f"{HISTORY_END}{part}{layout.history}"


def daily_name(layout: Layout, day: date, *, mark: str = "") -> str:
    """Name of a daily file, with a mark between day and suffix."""
    return f"{day}{mark}{layout.daily}"


def write_rows(engine: duckdb.DuckDBPyConnection, select: str, path: Path, layout: Layout) -> None:
    """Write what a query gives.

    Args:
        engine: where the query runs.
        select: the query.
        path: the file; its suffix says the format.
        layout: hand and encoding.
    """
    if path.suffix == ".parquet":
        engine.execute(f"copy ({select}) to {literal(str(path))} (format parquet, compression zstd)")
        return
    raw = path.with_name(f"_{path.name}.part")
    mark = ";" if layout.hand.is_french else ","
    form = "format json" if ".jsonl" in path.suffixes else f"format csv, header true, delimiter '{mark}'"
    engine.execute(f"copy ({select}) to {literal(str(raw))} ({form}, compression none)")
    if layout.hand.is_french or path.suffix == ".gz":
        with raw.open("rb") as source, _opened(path) as target:
            for chunk in _as_their_system_writes(source, layout):
                target.write(chunk)
        raw.unlink()
    else:
        raw.replace(path)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """A file to write bytes into, compressed if its name says so; no clock and no name in the archive."""
    with path.open("wb") as plain:
        if path.suffix != ".gz":
            yield plain
            return
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=plain, mtime=0) as packed:
            yield packed  # type: ignore[misc]


def _as_their_system_writes(source: BinaryIO, layout: Layout) -> Iterator[bytes]:
    """Chunks in the layout's encoding; French files end their lines as Windows does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while chunk := source.read(_CHUNK):
        if not layout.hand.is_french:
            yield chunk
            continue
        if layout.encoding == "utf-8":
            yield chunk.replace(b"\n", b"\r\n")
            continue
        text = decoder.decode(chunk).replace("\n", "\r\n")
        yield text.translate(_PLAIN).encode(layout.encoding, errors="replace")


def size_of(paths: list[Path]) -> int:
    """Bytes of files on disk."""
    return sum(path.stat().st_size for path in paths)
