"""The header of a CSV file: one row, several, or none.

Belongs here: names of columns, and where data begin. Does not belong here: data rows.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.extract.errors import UnreadableFileError, shown_name
from pipeline.extract.files import SourceFile
from pipeline.extract.mapping import Mapping

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


@dataclass(frozen=True)
class Header:
    """Names of the columns, and how many bytes come before the first data row."""

    names: list[str]
    size_bytes: int


def read_header(path: Path, file: SourceFile, mapping: Mapping) -> Header:
    """Read the header rows of a UTF-8 file.

    With several rows the first one names the columns; a cell it leaves empty takes the name to its left, and columns
    that share a name are told apart by the cells of the next row: ``Which channels? / Chat``.

    Raises:
        UnreadableFileError: two columns bear one name, or the delimiter is another.
    """
    if mapping.header_rows == 0:
        return Header(list(mapping.names), 0)
    with path.open(encoding="utf-8", newline="") as stream:
        lines = _Counted(stream)
        quoted = csv.reader(lines, delimiter=mapping.delimiter, quotechar=mapping.quote or '"')
        plain = csv.reader(lines, delimiter=mapping.delimiter, quoting=csv.QUOTE_NONE)
        records = (row for row in (quoted if mapping.quote else plain) if row)
        rows = [[cell.strip() for cell in next(records, [])] for _ in range(mapping.header_rows)]
    names = rows[0] if len(rows) == 1 else _joined(rows)
    others = [delimiter for delimiter in _DELIMITERS if delimiter != mapping.delimiter and delimiter in "".join(names)]
    if len(names) <= 1 and others:
        found = _DELIMITERS[others[0]]
        shown = "tab" if others[0] == "\t" else f'"{others[0]}"'
        raise UnreadableFileError(
            file.name,
            f"the header is a single column and holds a {found}: the delimiter is probably a {found}.",
            f"Set `delimiter: {shown}` in the mapping.",
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UnreadableFileError(
            file.name, f"the header names column `{shown_name(twice[0])}` twice.", "Give every column its own name."
        )
    return Header(names, lines.size_bytes)


def with_one_header(path: Path, header: Header, delimiter: str, *, scratch: Path) -> Path:
    """A copy, in a private folder, of a file whose header is one row of plain names, ended as the file ends its lines.

    DuckDB takes the first line break it meets for that of all rows, and the first row may have another one in quotes.
    """
    copy = scratch / "data.txt"
    with path.open("rb") as stream, copy.open("wb") as target:
        break_ = b"\r\n" if b"\r\n" in stream.read(1 << 16) else b"\n"
        target.write(delimiter.join(f"c{place}" for place in range(len(header.names))).encode() + break_)
        stream.seek(header.size_bytes)
        while chunk := stream.read(1 << 20):
            target.write(chunk)
    return copy


class _Counted:
    """Lines of a stream, with the bytes taken from it so far."""

    def __init__(self, stream: Iterator[str]) -> None:
        self._stream, self.size_bytes = stream, 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.size_bytes += len(line.encode("utf-8"))
        return line


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    first: list[str] = []
    for cell in rows[0]:
        first.append(cell or (first[-1] if first else ""))
    second = [*rows[1], *[""] * len(first)]
    return [
        f"{name} / {second[place]}" if first.count(name) > 1 and second[place] else name
        for place, name in enumerate(first)
    ]
