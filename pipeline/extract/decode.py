"""From bytes in the drop folder to plain UTF-8 text on local disk.

Belongs here: decompression, encodings, quotes left open, all read in chunks. Not here: columns, rows.
"""

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import duckdb

from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import SourceFile
from pipeline.warehouse import file_literal, literal

_CHUNK = 1 << 20
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)+")
_LAST = "\x1c"  # put behind a file: it stands alone unless a quote is open
_ZSTD_MAGIC = 0xFD2FB528
_RESEND = "Ask for the file again, or copy it anew: the transfer was cut short."


@dataclass(frozen=True)
class PlainText:
    """A text file as UTF-8 without mark, uncompressed.

    Attributes:
        path: where it is; a temporary copy unless the file was plain already.
        quote_count: how many double quotes it holds.
        is_empty: whether it holds nothing but white space.
    """

    path: Path
    quote_count: int
    is_empty: bool


def plain_text(connection: duckdb.DuckDBPyConnection, file: SourceFile, *, encoding: str, scratch: Path) -> PlainText:
    """Decompress and decode a file.

    Args:
        connection: used to decompress Zstandard, which Python cannot.
        file: the file.
        encoding: encoding its mapping declares.
        scratch: private folder for the copy.

    Raises:
        UnreadableFileError: empty, cut short, no archive at all, or not in that encoding.
    """
    if file.size_bytes == 0:
        raise UnreadableFileError(file.name, "the file is empty (0 bytes).", "Ask for the extract again.")
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    path = file.path
    if path.name.lower().endswith(".zst"):
        path = _unpack_zstd(connection, file, scratch)
    is_gzip = path.name.lower().endswith(".gz")
    target = scratch / "plain.txt"
    quotes, is_blank = 0, True
    try:
        with gzip.open(path) if is_gzip else path.open("rb") as stream, target.open("wb") as output:
            for text in _decoded(stream, file, encoding):
                quotes += text.count('"')
                # DuckDB would take a blank first line for the header.
                start = _BLANK_LINES.match(text) if is_blank else None
                is_blank = is_blank and not text.strip()
                output.write(text[start.end() if start else 0 :].encode("utf-8"))
    except EOFError:
        raise UnreadableFileError(file.name, "the gzip archive ends too early.", _RESEND) from None
    except (gzip.BadGzipFile, zlib.error):
        raise UnreadableFileError(file.name, "this is not a whole gzip archive.", _RESEND) from None
    if is_blank:
        raise UnreadableFileError(file.name, "the file is empty: not even a header.", "Ask for the extract again.")
    return PlainText(path=target, quote_count=quotes, is_empty=is_blank)


def _decoded(stream: "BinaryIO | gzip.GzipFile", file: SourceFile, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    position = 0
    try:
        while chunk := stream.read(_CHUNK):
            yield decoder.decode(chunk)
            position += len(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        shown = "utf-8" if encoding == "utf-8-sig" else encoding
        raise UnreadableFileError(
            file.name,
            f"the text is not {shown} (near byte {position + error.start}).",
            "Declare the right `encoding` in the source mapping, as windows-1252 or utf-16.",
        ) from None
    except UnicodeError:
        raise UnreadableFileError(
            file.name, f"the text is not {encoding}.", "Declare the right `encoding` in the source mapping."
        ) from None


def _unpack_zstd(connection: duckdb.DuckDBPyConnection, file: SourceFile, scratch: Path) -> Path:
    """Unpack Zstandard with DuckDB, line by line as text.

    DuckDB accepts an archive cut short without a word, so its frames are walked first.
    """
    if not is_whole_zstd(file.path):
        raise UnreadableFileError(file.name, "the zstd archive ends too early or is none.", _RESEND)
    target = scratch / "unpacked.txt"
    try:
        connection.execute(
            "copy (select line from read_csv("
            f"{file_literal(file.path)}, "
            "columns = {'line': 'VARCHAR'}, header = false, auto_detect = false, "
            "delim = '\x01', quote = '', escape = '', compression = 'zstd', "
            "max_line_size = 16777216, parallel = false))"
            f" to {literal(str(target))} (format csv, header false, delimiter '\x01', quote '', escape '')"
        )
    except duckdb.Error:
        raise UnreadableFileError(
            file.name,
            "the zstd archive does not hold UTF-8 text.",
            "Send it as UTF-8, or compress with gzip.",
        ) from None
    return target


def is_whole_zstd(path: Path) -> bool:
    """Whether a file is a sequence of whole Zstandard frames (RFC 8878, section 3.1)."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        frames = 0
        while stream.tell() < size:
            magic = int.from_bytes(stream.read(4), "little")
            if magic & 0xFFFFFFF0 == 0x184D2A50:  # a skippable frame
                stream.seek(int.from_bytes(stream.read(4), "little"), 1)
                continue
            if magic != _ZSTD_MAGIC or not _skip_frame(stream, size):
                return False
            frames += 1
        return frames > 0 and stream.tell() == size


def _skip_frame(stream: BinaryIO, size: int) -> bool:
    descriptor = int.from_bytes(stream.read(1), "little")
    is_single = bool(descriptor & 0x20)
    content_size = (1 if is_single else 0, 2, 4, 8)[descriptor >> 6]
    stream.seek((0 if is_single else 1) + (0, 1, 2, 4)[descriptor & 3] + content_size, 1)
    while True:
        header = stream.read(3)
        if len(header) < 3:
            return False
        block = int.from_bytes(header, "little")
        stream.seek(1 if (block >> 1) & 3 == 1 else block >> 3, 1)
        if stream.tell() > size:
            return False
        if block & 1:
            break
    stream.seek(4 if descriptor & 4 else 0, 1)
    return stream.tell() <= size


def count_records(path: Path, delimiter: str) -> int | None:
    """Count the records of a CSV file with its header, blank lines left out; ``None`` if a quote stays open.

    Slow: for files with quotes only.
    """
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as stream:
        records = csv.reader(chain(stream, ["\n", _LAST]), delimiter=delimiter)
        count, last = 0, [""]
        for record in records:
            if record:
                count, last = count + 1, record
    return None if last != [_LAST] else count - 1
