"""Quarantine is kept for a while and then thrown away, which is counted, never silent.

Belongs here: what is too old, and the ledger of what went. Does not belong here: reading quarantined rows.
"""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.contracts import CONTRACTS
from pipeline.landing import store
from pipeline.settings import Home
from pipeline.warehouse import connection, file_literal

_LEDGER = "expired.json"


def expire(home: Home, *, days: int, now: datetime) -> dict[str, int]:
    """Throw away quarantined rows, and originals of repaired cells, that were written more than some days ago.

    Days that wait or were refused keep theirs: they are judged again.

    Args:
        home: the home.
        days: how long they are kept.
        now: the present, naive UTC.

    Returns:
        Table to the rows thrown away now.
    """
    gone: dict[str, int] = {}
    limit = (now - timedelta(days=days) - datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001 - naive UTC
    ledger = _read(home)
    for table in CONTRACTS:
        for folder in sorted((home.quarantine / table).glob("extract_date=*")):
            if folder.stat().st_mtime >= limit:
                continue
            rows = _rows(folder / store.ROWS)
            shutil.rmtree(folder)
            gone[table] = gone.get(table, 0) + rows
            entries = ledger.setdefault(table, {})
            day = folder.name.removeprefix("extract_date=")
            entries[day] = {"rows": rows, "expired_on": now.date().isoformat()}
    if gone:
        store.private_folder(home, home.quarantine)
        file = home.quarantine / _LEDGER
        store.write_json(file, ledger)
        file.chmod(0o600)
    return gone


def expired_rows(home: Home, table: str) -> int:
    """Quarantined rows of a table that were thrown away because they were too old."""
    return sum(int(entry["rows"]) for entry in _read(home).get(table, {}).values())


def _read(home: Home) -> dict[str, dict[str, Any]]:
    file = home.quarantine / _LEDGER
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _rows(file: Path) -> int:
    if not file.is_file():
        return 0
    with connection(threads=1) as opened:
        return int(opened.execute(f"select count(*) from read_parquet({file_literal(file)})").fetchall()[0][0])
