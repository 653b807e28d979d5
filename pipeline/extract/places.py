"""Where the rows of a source lie when not in the drop folder: an object store, or a database.

Belongs here: the shape of those keys of ``sources.yaml`` and checking them. Does not belong here: opening either.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pipeline.extract.grammar import Problems

SOURCE_KEYS = ("defaults", "tables", "location", "options", "database", "dsn_env")
DATABASE_KEYS = ("query", "table", "watermark", "overlap")
FILE_KEYS = (
    "files", "extract_day", "format", "delimiter", "encoding", "decimal_mark", "date_format", "timestamp_format",
    "quote", "header_rows", "names", "records",
)  # fmt: skip
_SCHEMES = ("s3", "gs", "gcs", "az", "abfs", "abfss", "memory", "file")
_OPTIONS = ("anonymous", "endpoint_url", "region", "account_name", "project")
_SECRET = re.compile(r"secret|passw|token|credential|_key$|^key$|dsn$|connection_string|sas", re.IGNORECASE)
_OVERLAP = re.compile(r"([0-9]+) ?(minutes?|hours?|days?|weeks?)?")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_NOT_HERE = "Put it into the environment; a mapping holds no secret."


@dataclass(frozen=True)
class Location:
    """A folder of an object store, listed and read as the drop folder is.

    Attributes:
        url: as ``s3://bucket/prefix``.
        options: what the store must know beside its credentials, which it reads from the environment.
    """

    url: str
    options: tuple[tuple[str, str | bool], ...] = ()


@dataclass(frozen=True)
class Query:
    """Rows of a relational database, one extract day a run.

    Attributes:
        dsn_env: environment variable that holds the address with its password.
        sql: one SELECT.
        watermark: column that grows whenever a row is made or changed; ``None`` takes every row each day.
        overlap: how far before the watermark the next day begins: a span of time, or of whole numbers.
    """

    dsn_env: str
    sql: str
    watermark: str | None = None
    overlap: timedelta | int = timedelta(0)


@dataclass(frozen=True)
class Place:
    """Where a source keeps its rows: an object store, a database, or (neither) the drop folder."""

    location: Location | None = None
    dsn_env: str | None = None


NOWHERE = Place()


def parse_location(block: dict[str, Any], path: str, problems: Problems) -> Location | None:
    """Check ``location`` and ``options`` of a source."""
    options = block.get("options") or {}
    if not isinstance(options, dict):
        problems.add(f"{path}.options", "this must be a block of keys.", f"Known: {', '.join(_OPTIONS)}.")
        options = {}
    check_keys(options, _OPTIONS, f"{path}.options", problems)
    if "location" not in block:
        if "options" in block:
            problems.add(f"{path}.options", "this means nothing without `location`.", "Add location: s3://bucket.")
        return None
    url = str(block["location"])
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        problems.add(
            f"{path}.location", "this is no place known.", f"Write s3://bucket/folder ({', '.join(_SCHEMES)})."
        )
    if parts.password or (parts.username and parts.scheme not in ("abfs", "abfss")) or parts.query:
        problems.add(f"{path}.location", "an address may not bear credentials.", _NOT_HERE)
    if ".." in parts.path.split("/"):
        problems.add(f"{path}.location", "an address may not climb.", "Write it without `..`.")
    return Location(url.rstrip("/"), tuple(sorted((str(key), value) for key, value in options.items())))


def check_keys(block: dict[str, Any], known: Iterable[str], path: str, problems: Problems) -> None:
    """Note every key that means nothing here; one that looks like a secret is told where it belongs."""
    secrets = [key for key in block if key not in known and _SECRET.search(str(key))]
    for key in secrets:
        problems.add(f"{path}.{key}", "this looks like a secret.", _NOT_HERE)
    problems.unknown_keys(path, {key: 0 for key in block if key not in secrets}, known)


def parse_database(block: dict[str, Any], path: str, problems: Problems) -> str | None:
    """Check ``database`` and ``dsn_env`` of a source.

    Returns:
        Name of the variable with the address, or ``None`` for a source of files.
    """
    if "database" not in block:
        if "dsn_env" in block:
            problems.add(f"{path}.dsn_env", "this means nothing without `database`.", "Add database: postgresql.")
        return None
    if block["database"] != "postgresql":
        problems.add(f"{path}.database", "this database is not known.", "Use postgresql.")
    if "location" in block:
        problems.add(f"{path}.location", "a source is files or a database.", "Make two sources of it.")
    name = str(block.get("dsn_env", ""))
    if not _VARIABLE.fullmatch(name):
        # An address written here by mistake holds a password, so it is not shown.
        remedy = "Write the NAME of the variable, as SHOP_DATABASE_URL, never the address itself."
        problems.add(f"{path}.dsn_env", "this names no environment variable.", remedy)
    return name


def parse_query(value: dict[str, Any], dsn_env: str | None, path: str, problems: Problems) -> Query | None:
    """Check the keys of a table that only a database has; ``None`` for a table of files."""
    if dsn_env is None:
        for key in (key for key in DATABASE_KEYS if key in value):
            problems.add(f"{path}.{key}", "this means nothing for files.", "Set database: postgresql on the source.")
        return None
    for key in (key for key in FILE_KEYS if key in value):
        problems.add(f"{path}.{key}", "this means nothing for a database.", "Remove it, or convert in `query`.")
    if ("query" in value) == ("table" in value):
        problems.add(path, "a database needs `query` or `table`.", "Give one of the two.")
    sql = str(value.get("query", "")).strip().rstrip(";").strip()
    if "query" in value and (";" in sql or not re.match(r"(select|with)\b", sql, re.IGNORECASE)):
        problems.add(f"{path}.query", "only one SELECT is understood.", "Write select … without a semicolon.")
    if "table" in value:
        sql = "select * from " + ".".join(_quoted(part) for part in str(value["table"]).split("."))
    overlap = _parse_overlap(value.get("overlap"), f"{path}.overlap", problems)
    if "overlap" in value and "watermark" not in value:
        problems.add(f"{path}.overlap", "this means nothing without `watermark`.", "Name the column, or remove it.")
    watermark = value.get("watermark")
    return Query(dsn_env, sql, str(watermark) if watermark else None, overlap)


def _quoted(name: str) -> str:
    return '"' + name.strip().strip('"').replace('"', '""') + '"'


def _parse_overlap(value: object, path: str, problems: Problems) -> timedelta | int:
    if value is None:
        return timedelta(0)
    match = _OVERLAP.fullmatch(str(value).strip().lower())
    if match is None:
        problems.add(path, "this is no span.", 'Write "2 days", "3 hours", or a whole number for a numbered watermark.')
        return timedelta(0)
    count, unit = int(match.group(1)), match.group(2)
    return timedelta(**{unit.rstrip("s") + "s": count}) if unit else count
