"""The outcome of an extract day: counts that must add up, hashes, reasons.

Belongs here: the content of ``outcome.json``, no clock in it. Does not belong here: writing it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import Contract
from pipeline.landing.model import ConservationError, DroppedFile, Staged
from pipeline.landing.store import read_outcome
from pipeline.landing.verdict import FORGOTTEN, STATUSES, Verdict
from pipeline.warehouse import file_literal, identifier, literal

_COUNTS = ("received", *STATUSES, "set_aside")
_TEXTS = ("repaired_cell", "suspect_cell", "lost_cell")
_COLUMN = ("name", "kind", "filled_count", "filled_share", "mean_length")
StagedFiles = Sequence[tuple[DroppedFile, Staged]]
MaybeStaged = Sequence[tuple[DroppedFile, Staged | None]]


def unreadable(
    head: dict[str, Any], staged: MaybeStaged, contract: Contract, problems: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Outcome of a day with a file that cannot be read: nothing lands, the problems are listed."""
    none = dict.fromkeys(_COUNTS, 0)
    return {
        **head,
        "is_readable": False,
        "problems": list(problems),
        "files": [_file_block(file, item, none) for file, item in staged],
        **{f"row_count_{name}": 0 for name in _COUNTS},
        "quarantine_reasons": {},
        "text_counts": dict.fromkeys(_TEXTS, 0),
        "content_hash": None,
        "depends_on": {},
        "contradictions": {},
        "rates_fingerprint": None,
        "first_event_at": None,
        "last_event_at": None,
        "null_counts": {name: 0 for name, _ in contract.landed_columns},
    }


def readable(
    head: dict[str, Any],
    staged: StagedFiles,
    verdict: Verdict,
    landed: Mapping[str, Any],
    *,
    others: Mapping[str, Path],
    rates_fingerprint: str | None,
) -> dict[str, Any]:
    """Outcome of a day that was read and judged.

    Args:
        head: what names the day and its input.
        staged: its files.
        verdict: what became of their rows.
        landed: what `landed_facts` says of the rows that landed.
        others: folder of each other day, by ISO text.
        rates_fingerprint: the rates, if some amount is in a foreign currency.

    Raises:
        ConservationError: the counts of a file do not add up.
    """
    files = [_file_block(file, item, _file_counts(file, item, verdict)) for file, item in staged]
    return {
        **head,
        "is_readable": True,
        "problems": [],
        "files": files,
        **{f"row_count_{name}": sum(file[name] for file in files) for name in _COUNTS},
        "quarantine_reasons": dict(verdict.reasons),
        "text_counts": {name: sum(file["text_counts"][name] for file in files) for name in _TEXTS},
        **landed,
        # Another content there asks for a new look at this day.
        "depends_on": {day: (read_outcome(others[day]) or {})["content_hash"] for day in verdict.seen_days},
        "contradictions": dict(verdict.contradictions),
        "rates_fingerprint": rates_fingerprint,
    }


def landed_facts(connection: duckdb.DuckDBPyConnection, file: Path, contract: Contract) -> dict[str, Any]:
    """What an outcome says of the rows that landed: when, how many are empty, and a hash of what they hold.

    Args:
        connection: any.
        file: their Parquet file.
        contract: the contract.
    """
    path = file_literal(file)
    columns = ", ".join(identifier(name) for name, _ in contract.landed_columns)
    first, last, content_hash = connection.execute(
        "select min(_event_at)::varchar, max(_event_at)::varchar, "
        # No order, and no text as long as the day: a key lands once, so no two rows cancel out.
        f"sha256(concat_ws(':', count(*), bit_xor(hash(_key_hash, {columns})))) "
        f"from read_parquet({path}, hive_partitioning = false)"
    ).fetchall()[0]
    nulls = dict(
        connection.execute(
            f"select path_in_schema, sum(stats_null_count)::bigint from parquet_metadata({path}) group by 1"
        ).fetchall()
    )
    return {
        "content_hash": content_hash,
        "first_event_at": first,
        "last_event_at": last,
        "null_counts": {name: int(nulls.get(name, 0)) for name, _ in contract.landed_columns},
    }


def foreign_rates(
    connection: duckdb.DuckDBPyConnection, relation: str, contract: Contract, *, reporting: str, fingerprint: str
) -> str | None:
    """The fingerprint of the rates, if some row of a relation is in a foreign currency and amounts are judged."""
    if not contract.amount_columns:
        return None
    foreign = f"select 1 from {relation} where currency <> {literal(reporting)} limit 1"
    return fingerprint if connection.execute(foreign).fetchall() else None


def _file_block(file: DroppedFile, item: Staged | None, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": file.name,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "replacement": file.replacement,
        "source_rows": item.source_row_count if item else 0,
        "unknown_columns": list(item.unknown_columns) if item else [],
        "missing_optional_columns": list(item.missing_optional_columns) if item else [],
        "columns": [{key: getattr(column, key) for key in _COLUMN} for column in item.columns] if item else [],
        "encoding": item.encoding if item else "",
        "text_counts": {name: int(getattr(item.texts, f"{name}_count")) if item else 0 for name in _TEXTS},
        **counts,
    }


def _file_counts(file: DroppedFile, item: Staged, verdict: Verdict) -> dict[str, int]:
    """Counts in rows of the table (a group or an unpivoted answer is one), and source rows set aside, forgotten too."""
    counts = {name: verdict.counts.get((file.name, name), 0) for name in STATUSES}
    set_aside = item.set_aside_count + verdict.counts.get((file.name, FORGOTTEN), 0)
    received = verdict.received[file.name] + item.set_aside_count
    if received != sum(counts.values()) + set_aside:
        raise ConservationError(
            f"{file.name}: {received} rows received, but {counts} and {set_aside} set aside. "
            "This is a fault of the program; nothing was landed. Please report it with these figures."
        )
    return {"received": received, **counts, "set_aside": set_aside}
