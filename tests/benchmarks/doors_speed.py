"""What the doors cost: Great Expectations on a frame of rows against one query and a frame of aggregates.

Run it by hand: ``python tests/benchmarks/doors_speed.py [rows]``. It invents a day of web events, judges the same
expectations both ways, and says the seconds of each; then it times the profile of that day, which is all that door 1
reads of its rows. Verdicts must agree, or it fails.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipeline import checks, landing
from pipeline.contracts import CONTRACTS
from pipeline.warehouse import connection, file_literal

Answer = TypeVar("Answer")
_ENTRIES = [
    ("expect_column_values_to_not_be_null", {"column": "event_id"}),
    ("expect_column_values_to_not_be_null", {"column": "occurred_at"}),
    ("expect_column_values_to_be_unique", {"column": "event_id"}),
    ("expect_column_values_to_be_in_set", {"column": "device", "value_set": ["desktop", "mobile", "tablet", "app"]}),
    ("expect_column_values_to_be_between", {"column": "amount", "min_value": 0, "max_value": 10_000}),
    ("expect_column_values_to_not_match_regex", {"column": "page", "regex": "@"}),
]
_EVENTS = """
    select 'e' || i as event_id, timestamp '2025-12-01' + to_seconds(i % 86400) as occurred_at,
        ['desktop', 'mobile', 'tablet', 'app'][1 + i % 4] as device, i % 9999 as amount, '/page/' || i % 500 as page
    from range({rows}) as r (i)
"""
_LANDED = """
    select {columns}, date '2025-12-01' as _extract_date,
        timestamp '2025-12-01' + to_seconds(i % 86400) as _event_at
    from range({rows}) as r (i)
"""


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def _suite(folder: Path) -> Path:
    expectations = [
        {"type": kind, "severity": "critical", "kwargs": kwargs, "meta": {"why": "measured"}}
        for kind, kwargs in _ENTRIES
    ]
    file = folder / "web_events.json"
    file.write_text(json.dumps({"name": "web_events", "expectations": expectations}), encoding="utf-8")
    return file


def _profile(file: Path) -> None:
    columns, listed = landing.profiled_columns(CONTRACTS["web_events"])
    with connection() as duck:
        relation = f"read_parquet({file_literal(file)})"
        checks.profile(duck, relation, columns, listed=listed, by="_extract_date")


def main(rows: int) -> None:
    """Measure, and say it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        events, landed, suite = folder / "events.parquet", folder / "landed.parquet", _suite(folder)
        kinds = ", ".join(
            f"cast({'null' if kind == 'BOOLEAN' else 'i % 1000'} as {kind}) as {name}"
            if not kind.startswith(("TIMESTAMP", "DATE"))
            else f"cast('2025-12-01' as {kind}) as {name}"
            for name, kind in CONTRACTS["web_events"].landed_columns
        )
        with connection() as duck:
            duck.execute(f"copy ({_EVENTS.format(rows=rows)}) to {file_literal(events)} (format parquet)")
            duck.execute(
                f"copy ({_LANDED.format(rows=rows, columns=kinds)}) to {file_literal(landed)} (format parquet)"
            )
        checks.judge_table("web_events", events, suite)  # imports and first calls are no part of it
        by_query, counted = _timed(lambda: checks.judge_table("web_events", events, suite))
        by_frame, framed = _timed(lambda: checks.judge(checks.frame_of(events), suite))
        profiling, _ = _timed(lambda: _profile(landed))
        if [each.is_met for each in counted] != [each.is_met for each in framed]:
            raise SystemExit("the verdicts differ")
        sys.stdout.write(f"{rows:,} rows, {len(_ENTRIES)} expectations, same verdicts" + "\n")
        sys.stdout.write(f"  frame of rows       {by_frame:8.2f} s" + "\n")
        sys.stdout.write(f"  frame of aggregates {by_query:8.2f} s  ({by_frame / by_query:.0f} times cheaper)" + "\n")
        sys.stdout.write(f"  profile of a day    {profiling:8.2f} s" + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
