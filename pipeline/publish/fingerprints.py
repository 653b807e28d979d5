"""What a release is made of, as hashes: files, folders and tables.

Belongs here: hashing. Does not belong here: deciding what goes into a release.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.warehouse import identifier

_IGNORED = {"__pycache__", "target", "logs", "dbt_packages", ".user.yml"}


def folder_fingerprint(folders: Iterable[Path]) -> str:
    """Hash of all files below some folders: names and contents, not times.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            relative = path.relative_to(folder)
            if _IGNORED.intersection(relative.parts) or path.suffix == ".pyc":
                continue
            digest.update(f"{folder.name}/{relative.as_posix()}\x1f".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def file_fingerprints(folder: Path) -> dict[str, str]:
    """Hash of every file below a folder, by its path there with forward slashes."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as stream:
            found[path.relative_to(folder).as_posix()] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def text_fingerprint(parts: Iterable[str]) -> str:
    """Hash of some texts, in their order.

    Returns:
        64 hexadecimal digits.
    """
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def table_fingerprint(warehouse: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Hash of a table's sorted rows; a DuckDB or Parquet file itself need not hash the same twice.

    Args:
        warehouse: an open connection.
        relation: the quoted relation, or a table function.

    Returns:
        64 hexadecimal digits.
    """
    row = warehouse.execute(
        f"select coalesce(sha256(string_agg(line, chr(10) order by line)), sha256('')) "
        f"from (select cast(entry as varchar) as line from {relation} as entry)"
    ).fetchone()
    if row is None:
        raise RuntimeError(f"no fingerprint of {relation}")
    return str(row[0])


def sorted_copy(warehouse: duckdb.DuckDBPyConnection, relation: str, target: Path) -> int:
    """Write a table to Parquet, sorted by all its columns.

    Returns:
        The number of rows.
    """
    columns = [str(row[0]) for row in warehouse.execute(f"describe select * from {relation}").fetchall()]
    order = ", ".join(f"{identifier(column)} nulls last" for column in columns)
    warehouse.execute(
        f"copy (select * from {relation} order by {order}) to '{str(target).replace(chr(39), chr(39) * 2)}' "
        "(format parquet, compression zstd)"
    )
    row = warehouse.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
