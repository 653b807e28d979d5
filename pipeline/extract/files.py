"""Finding the files of a table in the drop folder and the extract day each belongs to.

Belongs here: names, days, parts and replacements. Does not belong here: what is inside a file.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pipeline.extract.errors import UndatedFileError, UnsafePathError
from pipeline.extract.mapping import Mapping

_DAY = re.compile(r"(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])")
_FORMATS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".parquet": "parquet",
}  # fmt: skip
ARCHIVES = {
    ".zip": "zip", ".tar": "tar", ".tgz": "tar", ".tbz": "tar", ".txz": "tar", ".7z": "7z", ".rar": "rar",
    ".bz2": "bzip2", ".xz": "xz",
}  # fmt: skip
"""Suffixes of archives that are not opened; a file that bears one is refused, not passed over."""
_REPLACEMENT = re.compile(r"\.r([0-9]+)(?=\.|$)")


@dataclass(frozen=True)
class SourceFile:
    """One file of one extract day.

    Attributes:
        path: where it is.
        name: path relative to the drop folder, with forward slashes.
        day: extract day.
        replacement: N of the suffix ``.rN``, 0 without.
    """

    path: Path
    name: str
    day: date
    replacement: int = 0

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes, computed when first asked for."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def is_as_hashed(self) -> bool:
        """Whether the bytes are still those the hash was taken of."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == self.sha256

    @property
    def size_bytes(self) -> int:
        """Size on disk."""
        return self.path.stat().st_size

    @contextmanager
    def local(self, scratch: Path) -> Iterator["SourceFile"]:  # noqa: ARG002 - a stored file is copied there
        """The file on this machine, there while it is read."""
        yield self


def find_dropped(drop: Path, mapping: Mapping) -> dict[date, list[SourceFile]]:
    """The files of a table in the drop folder; see `pipeline.extract.finding.discover`.

    Args:
        drop: the drop folder.
        mapping: mapping of the table.

    Raises:
        UnsafePathError: a file is a link that leads out of the drop folder.
        UndatedFileError: a file bears no extract day.
    """
    root = drop.resolve()
    found: dict[str, SourceFile] = {}
    for pattern in mapping.files:
        for path in sorted(root.glob(pattern.replace("{day}*", "*").replace("{day}", "*"))):
            if path.name.startswith((".", "_")) or (file := _source_file(path, root, mapping)) is None:
                continue
            found[file.name] = file
    return by_day(found)


def by_day(found: dict[str, SourceFile]) -> dict[date, list[SourceFile]]:
    """Files by extract day, ascending; per day only the greatest replacement, sorted by name."""
    days: dict[date, list[SourceFile]] = {}
    for file in sorted(found.values(), key=lambda item: (item.day, item.name)):
        days.setdefault(file.day, []).append(file)
    return {day: _current(files) for day, files in days.items()}


def _source_file(path: Path, root: Path, mapping: Mapping) -> SourceFile | None:
    name = path.relative_to(root).as_posix()
    if not path.resolve().is_relative_to(root):
        raise UnsafePathError(
            f"{name} of table {mapping.table} is a link that leads out of the drop folder. Put the file itself there."
        )
    return dated_file(path, name, mapping) if path.is_file() else None


def dated_file(path: Path, name: str, mapping: Mapping) -> SourceFile | None:
    """A file with its extract day and replacement, or ``None`` if its suffix says nothing.

    Raises:
        UndatedFileError: it bears no extract day.
    """
    if mapping.format is None and format_of(path.name) is None and not is_archive(path.name):
        return None
    day = mapping.extract_day or day_of(path.name) or day_of(name)
    if day is None:
        raise UndatedFileError(
            f"{name} of table {mapping.table} has no extract day in its name. "
            "Name it as 2025-12-18.csv, or set extract_day in the source mapping."
        )
    replaced = _REPLACEMENT.search(path.name)
    return SourceFile(path=path, name=name, day=day, replacement=int(replaced.group(1)) if replaced else 0)


def is_archive(name: str) -> bool:
    """Whether a name is that of an archive of several files, compressed or not."""
    return any(suffix in ARCHIVES for suffix in Path(name.lower()).suffixes[-2:])


def format_of(name: str) -> str | None:
    """Format by suffix, whatever the compression; ``None`` if the suffix says nothing."""
    suffixes = [suffix for suffix in Path(name.lower()).suffixes if suffix not in (".gz", ".zst")]
    return _FORMATS.get(suffixes[-1]) if suffixes else None


def day_of(name: str) -> date | None:
    """The first real calendar day written as YYYY-MM-DD in a file name."""
    for match in _DAY.finditer(name):
        try:
            return date.fromisoformat(match.group(1))
        except ValueError:
            continue
    return None


def _current(files: list[SourceFile]) -> list[SourceFile]:
    last = max(file.replacement for file in files)
    return [file for file in files if file.replacement == last]
