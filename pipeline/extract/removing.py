"""Taking rows out of files of the drop folder, byte for byte the same otherwise.

Belongs here: finding the records of a file by their number and writing the file without them. Does not belong here:
which rows, and proving that nothing else went: whoever asks reads the new file again before it takes its place.
"""

import csv
import gzip
import io
import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.extract.files import SourceFile, dated_file, format_of
from pipeline.extract.limits import Limits
from pipeline.extract.mapping import Mapping
from pipeline.extract.zstandard import unpack_zstd
from pipeline.warehouse import file_literal, literal

_BYTES = "latin-1"  # every byte is one character and back again


class NotRemovableError(ValueError):
    """Rows cannot be taken out of the file; somebody must do it by hand, or have it sent anew."""


def every_file(drop: Path, mapping: Mapping) -> list[SourceFile]:
    """Every file of a table in the drop folder, also those that another one replaced."""
    root, found = drop.resolve(), {}
    for pattern in mapping.files if mapping.location is None else ():
        for path in sorted(root.glob(pattern.replace("{day}*", "*").replace("{day}", "*"))):
            name = path.relative_to(root).as_posix()
            is_ours = path.is_file() and path.resolve().is_relative_to(root) and not path.name.startswith((".", "_"))
            if is_ours and (file := dated_file(path, name, mapping)) is not None:
                found[name] = file
    return [found[name] for name in sorted(found)]


def write_without(file: SourceFile, mapping: Mapping, *, lines: Collection[int], scratch: Path) -> Path:
    """Write a copy of a file without some records; the file itself stays as it is.

    Args:
        file: the file.
        mapping: how it is read.
        lines: numbers of the records to leave out, as staging counts them, from 1.
        scratch: private folder for copies.

    Returns:
        The copy, with the name of the file, in a folder of its own in the scratch folder.

    Raises:
        NotRemovableError: the file is of a kind that is not rewritten.
    """
    folder = scratch / "without"
    folder.mkdir(exist_ok=True)
    target = folder / file.path.name
    form = mapping.format or format_of(file.name)
    if form == "parquet":
        _parquet_without(file.path, target, lines)
    elif form == "json":
        _pack(_document_without(_text(file, scratch), mapping, lines), target)
    elif form in ("csv", "jsonl"):
        records = _csv_records if form == "csv" else _json_lines
        physical = list(io.StringIO(_text(file, scratch), newline=""))
        _pack("".join(_kept(records(physical, mapping), lines)), target)
    else:
        raise NotRemovableError("files of this kind are not rewritten")
    return target


def _kept(records: Iterator[tuple[int, Sequence[str]]], lines: Collection[int]) -> Iterator[str]:
    for number, record in records:
        if number not in lines:
            yield from record


def _csv_records(lines: list[str], mapping: Mapping) -> Iterator[tuple[int, Sequence[str]]]:
    """(number, physical lines) of every record; the header's rows and blank lines have number 0."""
    options: dict[str, Any] = {"quotechar": mapping.quote} if mapping.quote else {"quoting": csv.QUOTE_NONE}
    csv.field_size_limit(1 << 30)
    reader = csv.reader(iter(lines), delimiter=mapping.delimiter, **options)
    begin, number = 0, -mapping.header_rows
    for record in reader:
        number += bool(record)
        yield max(number, 0) if record else 0, lines[begin : reader.line_num]
        begin = reader.line_num


def _json_lines(lines: list[str], mapping: Mapping) -> Iterator[tuple[int, Sequence[str]]]:  # noqa: ARG001 - as CSV
    number = 0
    for line in lines:
        number += bool(line.strip())
        yield number if line.strip() else 0, [line]


def _document_without(text: str, mapping: Mapping, lines: Collection[int]) -> str:
    try:
        document = json.loads(text.encode(_BYTES).decode("utf-8-sig"))
    except ValueError:
        raise NotRemovableError("the file is not one JSON document in UTF-8") from None
    root: Any = {"": document}
    parent, key = root, ""
    for part in (mapping.records or "").split(".") if mapping.records else ():
        if not isinstance(parent[key], dict) or part not in parent[key]:
            raise NotRemovableError("the list of records is not where the mapping says")
        parent, key = parent[key], part
    if not isinstance(parent[key], list):
        raise NotRemovableError("the records are not one list")
    parent[key] = [record for number, record in enumerate(parent[key], 1) if number not in lines]
    return json.dumps(root[""], ensure_ascii=False).encode("utf-8").decode(_BYTES)


def _parquet_without(source: Path, target: Path, lines: Collection[int]) -> None:
    numbers = ", ".join(map(str, sorted(lines)))
    with duckdb.connect(config={"threads": 1}) as opened:
        opened.execute(
            f"copy (select * exclude (file_row_number) from read_parquet({file_literal(source)}, "
            f"file_row_number = true, hive_partitioning = false) where file_row_number + 1 not in ({numbers})) "
            f"to {literal(str(target))} (format parquet, compression zstd)"
        )


def _text(file: SourceFile, scratch: Path) -> str:
    """The unpacked bytes of a file, a character each."""
    suffix = file.path.suffix.lower()
    if suffix == ".gz":
        return gzip.decompress(file.path.read_bytes()).decode(_BYTES)
    if suffix == ".zst":
        with duckdb.connect(config={"threads": 1}) as opened:
            return unpack_zstd(opened, file, scratch, Limits()).read_bytes().decode(_BYTES)  # ended by line feeds
    return file.path.read_bytes().decode(_BYTES)


def _pack(text: str, target: Path) -> None:
    content = text.encode(_BYTES)
    suffix = target.suffix.lower()
    if suffix == ".gz":
        target.write_bytes(gzip.compress(content, mtime=0))
    elif suffix == ".zst":
        _pack_zstd(content, target)
    else:
        target.write_bytes(content)


def _pack_zstd(content: bytes, target: Path) -> None:
    """Pack with DuckDB, line by line as text, because Python cannot."""
    plain = target.with_name(f"{target.name}.txt")
    plain.write_bytes(content)
    how = "header false, delimiter '\x01', quote '', escape ''"
    with duckdb.connect(config={"threads": 1}) as opened:
        try:
            opened.execute(
                f"copy (select line from read_csv({file_literal(plain)}, columns = {{'line': 'VARCHAR'}}, "
                "header = false, auto_detect = false, delim = '\x01', quote = '', escape = '', "
                f"max_line_size = 16777216, parallel = false)) to {literal(str(target))} "
                f"(format csv, {how}, compression zstd)"
            )
        except duckdb.Error:
            raise NotRemovableError("the zstd archive cannot be written anew") from None
