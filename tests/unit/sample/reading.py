"""Reading the sample's extracts back with plain Python: what a careful door would make of them, in their own words."""

import csv
import gzip
import io
import json
import re
from collections import defaultdict
from pathlib import Path

import duckdb

from pipeline.contracts import CONTRACTS, Delivery
from pipeline.sample.delivery.mapping import HEADERS

ENCODINGS = {"customers": "windows-1252", "interactions": "iso-8859-15"}
Row = dict[str, str | None]


def files_of(drop: Path, table: str) -> dict[str, list[Path]]:
    """Files of a table by day; where a day was replaced, only what replaces it."""
    days = defaultdict(list)
    for path in sorted((drop / CONTRACTS[table].source / table).iterdir()):
        days[path.name[:10]].append(path)
    marks = {day: max(_replacement(path) for path in paths) for day, paths in days.items()}
    return {day: [path for path in paths if _replacement(path) == marks[day]] for day, paths in days.items()}


def _replacement(path: Path) -> int:
    found = re.search(r"\.r([0-9]+)\.", path.name)
    return int(found.group(1)) if found else 0


def rows_of(path: Path, table: str, *, has_old_encodings: bool = True) -> list[Row]:
    """The rows of one file as texts, in the company's words; empty is ``None``."""
    if path.suffix == ".parquet":
        with duckdb.connect() as engine:
            engine.execute(f"select columns(*)::varchar from read_parquet('{path}')")
            names = [column[0] for column in engine.description]
            return [dict(zip(names, row, strict=True)) for row in engine.fetchall()]
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    text = content.decode(ENCODINGS.get(table, "utf-8") if has_old_encodings else "utf-8")
    if ".jsonl" in path.suffixes:
        objects = [json.loads(line) for line in text.splitlines()]
        return [{key: _text(value) for key, value in each.items()} for each in objects]
    dialect = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ",")
    return [{key: value or None for key, value in row.items()} for row in dialect]


def _text(value: object) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def key_of(row: Row, table: str) -> str:
    """Key of a row; a questionnaire's is its own, whatever it asks."""
    names = CONTRACTS[table].key if table != "survey_responses" else ("response_id",)
    return "/".join(row[HEADERS.get(table, {}).get(name, name)] or "" for name in names)


def landed(drop: Path, table: str, *, has_old_encodings: bool = True) -> dict[str, Row]:
    """What is known in the end by key: copies once, contradictions of a day not at all, the last or first version."""
    known: dict[str, Row] = {}
    for _, paths in sorted(files_of(drop, table).items()):
        told = defaultdict(list)
        for path in paths:
            for row in rows_of(path, table, has_old_encodings=has_old_encodings):
                row.pop("Pointure", None)
                if table == "web_events":  # times of the history are typed, those of the drops are texts
                    row["ts"] = (row["ts"] or "").replace("T", " ").rstrip("Z")
                told[key_of(row, table)].append(row)
        for key, versions in told.items():
            if all(version == versions[0] for version in versions):
                if CONTRACTS[table].delivery is Delivery.EVENTS:
                    known.setdefault(key, versions[0])
                else:
                    known[key] = versions[0]
    return known
