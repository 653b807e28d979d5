"""Writing Parquet so that the same rows make the same bytes, and quarantine so that only its owner reads it.

Belongs here: COPY, file modes, zero-row files of the contracts. Does not belong here: which rows.
"""

from pathlib import Path

import duckdb

from pipeline.contracts import CONTRACTS, DOOR_COLUMNS
from pipeline.landing.judge import empty_table_sql
from pipeline.landing.store import private_folder
from pipeline.settings import Home
from pipeline.warehouse import connection, literal

# Looking for a dictionary in columns of keys costs more than it saves; the second version packs what has none.
_HOW = "format parquet, compression zstd, compression_level 1, parquet_version v2, dictionary_size_limit 10000"


def copy_to(opened: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """Write a query's rows in their order.

    One thread, because row groups must not depend on how many there are.
    """
    threads = opened.execute("select current_setting('threads')").fetchall()[0][0]
    opened.execute("set threads = 1")
    try:
        opened.execute(f"copy ({query}) to {literal(str(file))} ({_HOW})")
    finally:
        opened.execute(f"set threads = {int(threads)}")


def private_copy(opened: duckdb.DuckDBPyConnection, query: str, file: Path, *, home: Home) -> None:
    """Write a query's rows where only the owner may read; the file appears whole."""
    private_folder(home, file.parent)
    partial = file.with_name(f"_{file.name}")
    copy_to(opened, query, partial)
    partial.chmod(0o600)
    partial.replace(file)


def write_contract_files(home: Home) -> None:
    """Write ``landing/<table>/_contract/data.parquet``, typed and without a row, for every contract."""
    with connection(threads=1) as opened:
        for contract in CONTRACTS.values():
            file = home.landing / contract.table / "_contract" / "data.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_name("_data.parquet")
            copy_to(opened, empty_table_sql(contract, DOOR_COLUMNS), partial)
            partial.replace(file)
