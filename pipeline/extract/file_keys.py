"""The keys of a table block that say how its files are written.

Belongs here: format, encoding, layouts, headers. Does not belong here: columns, places.
"""

import codecs
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import available_timezones

from pipeline.extract.encodings import AUTO
from pipeline.extract.grammar import Problems

_ENCODINGS = (
    AUTO, "utf-8", "utf-8-sig", "windows-1252", "iso-8859-15", "iso-8859-1", "utf-16", "utf-16-le", "utf-16-be",
)  # fmt: skip
_FORMATS = ("csv", "jsonl", "json", "parquet")
_MOST_HEADER_ROWS = 9


def is_time_zone(name: str) -> bool:
    """Whether a name is an IANA time zone."""
    return name in available_timezones()


def words(value: dict[str, Any]) -> dict[str, Any]:
    """The scalars of a block, as `Mapping` names them."""
    delimiter = str(value.get("delimiter", ","))
    return {
        "format": value.get("format"),
        "delimiter": "\t" if delimiter in ("tab", "\\t") else delimiter,
        "encoding": str(value.get("encoding", AUTO)).lower(),
        "decimal_mark": str(value.get("decimal_mark", ".")),
        "date_format": value.get("date_format"),
        "timestamp_format": value.get("timestamp_format"),
        "time_zone": str(value.get("time_zone", "UTC")),
        "quote": "" if value.get("quote") == "none" else str(value.get("quote", '"')),
        "header_rows": int(value.get("header_rows", 0 if value.get("names") else 1)),
        "names": tuple(str(name) for name in value.get("names") or ()),
        "records": value.get("records"),
        "select": value.get("select"),
        "preset": value.get("preset"),
    }


def check_words(value: dict[str, Any], path: str, problems: Problems) -> None:
    """Note what is wrong with the scalars of a block."""
    if value.get("key") not in (None, "row"):
        problems.add(f"{path}.key", "only `row` is understood.", "Leave it out to use the key of the contract.")
    zone = str(value.get("time_zone", "UTC"))
    if not is_time_zone(zone):
        problems.add(f"{path}.time_zone", f"`{zone}` is no time zone.", "Use an IANA name, as Europe/Paris.")
    if value.get("format") not in (None, *_FORMATS):
        problems.add(f"{path}.format", "this format is not known.", f"Use {', '.join(_FORMATS)}.")
    encoding = str(value.get("encoding", AUTO)).lower()
    if encoding not in _ENCODINGS:
        problems.add(f"{path}.encoding", "this encoding is not known.", f"Use {', '.join(_ENCODINGS)}.")
    elif encoding != AUTO:
        codecs.lookup(encoding)
    if value.get("decimal_mark", ".") not in (".", ","):
        problems.add(f"{path}.decimal_mark", "not understood.", 'Use "." or ",".')
    delimiter = str(value.get("delimiter", ","))
    if delimiter not in ("tab", "\\t") and (len(delimiter) != 1 or delimiter in '"\r\n\x00'):
        problems.add(f"{path}.delimiter", "a delimiter is one character.", 'Use "," ";" "|" or "tab".')
    for key in ("date_format", "timestamp_format"):
        layout = value.get(key)
        if layout is not None and "%" not in str(layout):
            problems.add(f"{path}.{key}", "this is no date format.", 'Write it as "%d/%m/%Y".')
    _check_header(value, path, problems)


def _check_header(value: dict[str, Any], path: str, problems: Problems) -> None:
    if value.get("quote", '"') not in ('"', "'", "none"):
        problems.add(f"{path}.quote", "this quotation mark is not known.", "Use '\"', \"'\" or none.")
    names = value.get("names")
    if names is not None and (not isinstance(names, list) or len({str(name) for name in names}) != len(names)):
        problems.add(f"{path}.names", "this must list every column once.", "Write names: [id, day, amount].")
        value.pop("names")
    rows = value.get("header_rows", 0 if names else 1)
    if not isinstance(rows, int) or isinstance(rows, bool) or not 0 <= rows <= _MOST_HEADER_ROWS:
        problems.add(f"{path}.header_rows", "this is no number of rows.", f"Write 0 to {_MOST_HEADER_ROWS}.")
        value.pop("header_rows")
    elif (rows == 0) != bool(names):
        problems.add(f"{path}.names", "`names` goes with `header_rows: 0`.", "Give both, or none of them.")
    select = value.get("select")
    if select is not None and (
        not isinstance(select, str) or not select.lstrip().lower().startswith(("select", "with"))
    ):
        problems.add(f"{path}.select", "only one SELECT is understood.", "Write select _record, … from records.")
    if select is not None and value.get("group_by"):
        problems.add(f"{path}.select", "this cannot be combined with group_by.", "Group within the SELECT.")


def check_patterns(files: tuple[str, ...], path: str, problems: Problems) -> None:
    """Note every pattern that could leave its folder."""
    for pattern in files:
        parts = PurePosixPath(pattern.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in pattern:
            problems.add(path, "a pattern must stay inside the drop folder.", "Write it relative, without `..`.")


def parse_day(value: object, path: str, problems: Problems) -> date | None:
    """The constant extract day of a one-off file, or ``None`` for the day in the name."""
    if value is None or value == "from_name":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.add(path, "this is no day.", "Use from_name or a day written 2025-12-18.")
        return None
