"""The history of the sample company's drop, row by row: whatever table a row is of, when it was last written to.

Belongs here: reading and writing rows of text extracts as bytes that stay what they were. Does not belong here: which
rows go where (``redelivery``).
"""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast
from zoneinfo import ZoneInfo

_BYTES = "latin-1"
"""Reads any encoding that holds ASCII, and writes back the bytes it read."""
_LOCAL = re.compile(r"(\d\d)/(\d\d)/(\d{4}) \d\d:\d\d:\d\d")
_UNIVERSAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Row:
    """One row of a text extract.

    Attributes:
        fields: its values as text.
        line: the line it stands on; empty in a CSV file.
    """

    fields: Sequence[str]
    line: str = ""


def day_of(fields: Sequence[str], zone: ZoneInfo) -> date | None:
    """Business day of the latest thing a row tells of: of its times, or of its days where it has no time.

    Args:
        fields: the row's values as text.
        zone: business time zone.

    Returns:
        ``None`` for a row that bears neither.
    """
    days = [_local_day(match) for value in fields if (match := _LOCAL.fullmatch(value))]
    universal = [value for value in fields if _UNIVERSAL.fullmatch(value)]
    if universal:
        latest = datetime.fromisoformat(max(universal).removesuffix("Z")).replace(tzinfo=UTC)
        days.append(latest.astimezone(zone).date())
    if not days:
        days = [date.fromisoformat(value) for value in fields if _DAY.fullmatch(value)]
    return max(days, default=None)


def _local_day(match: re.Match[str]) -> date:
    day, month, year = match.groups()
    return date(int(year), int(month), int(day))


def is_json(path: Path) -> bool:
    """Whether a file holds a JSON object on each line; the others are CSV with a head."""
    return ".jsonl" in path.suffixes


def rows_of(path: Path) -> Iterator[Row]:
    """Rows of a text extract; the first of a CSV file is its head."""
    with _opened(path, "rt") as file:
        if is_json(path):
            for line in file:
                yield Row([str(value) for value in json.loads(line).values()], line)
            return
        yield from (Row(fields) for fields in csv.reader(file, delimiter=_mark(path)) if fields)


def _mark(path: Path) -> str:
    """What stands between the values of a CSV file."""
    with _opened(path, "rt") as file:
        return ";" if ";" in file.readline() else ","


def _opened(path: Path, mode: str) -> IO[Any]:
    if path.suffix == ".gz":
        return cast("IO[Any]", gzip.open(path, mode, encoding=_BYTES, newline=""))
    return path.open(mode, encoding=_BYTES, newline="")


@dataclass
class Copies:
    """Files like one other, by extract day, written row by row.

    Attributes:
        like: the file whose rows are dealt out.
        folder: folder of its table in the new drop.
        head: names of its columns; empty where it has no head.
    """

    like: Path
    folder: Path
    head: Sequence[str]
    _files: dict[date, IO[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Learn how the file is written."""
        self._delimiter = "" if is_json(self.like) else _mark(self.like)

    def __enter__(self) -> Self:
        """Files are opened as rows come."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close all files."""
        for file in self._files.values():
            file.close()

    def open(self, day: date) -> IO[Any]:
        """The file of an extract day, with its head."""
        if day not in self._files:
            self._files[day] = _opened(self.folder / renamed(self.like, day), "wt")
            if self.head:
                self._files[day].write(self._as_csv(self.head))
        return self._files[day]

    def write(self, row: Row, day: date) -> None:
        """Add a row to the file of an extract day."""
        self.open(day).write(row.line or self._as_csv(row.fields))

    def _as_csv(self, fields: Sequence[str]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self._delimiter).writerow(fields)
        return text.getvalue()


def extract_day_of(file: Path) -> date:
    """The extract day a file is named after."""
    return date.fromisoformat(file.name[: len(date.min.isoformat())])


def renamed(file: Path, day: date) -> str:
    """Name of a file as it would be on another extract day."""
    return f"{day}{file.name[len(date.min.isoformat()) :]}"


def days_between(first: date, last: date) -> list[date]:
    """Days from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
