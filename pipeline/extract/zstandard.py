"""Zstandard: unpacking with DuckDB, because Python cannot, once the frames have been walked.

Belongs here: the frame format (RFC 8878) as far as sizes need it. Does not belong here: text.
"""

from pathlib import Path
from typing import BinaryIO

import duckdb

from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import SourceFile
from pipeline.extract.limits import Limits
from pipeline.warehouse import file_literal, literal

_MAGIC = 0xFD2FB528
_BLOCK_BYTES = 128 << 10  # most that one block unpacks to
_RESEND = "Ask for the file again, or copy it anew: the transfer was cut short."


def unpack_zstd(connection: duckdb.DuckDBPyConnection, file: SourceFile, scratch: Path, limits: Limits) -> Path:
    """Unpack Zstandard with DuckDB, line by line as text.

    DuckDB accepts an archive cut short without a word, so its frames are walked first, which also tells how much
    it can unpack to at most.

    Raises:
        UnreadableFileError: no whole archive, too large, or not UTF-8 inside.
    """
    unpacked = greatest_size(file.path)
    if unpacked is not None:
        limits.check_size(file.name, file.size_bytes, unpacked)
    if unpacked is None:
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


def greatest_size(path: Path) -> int | None:
    """Most bytes a Zstandard file can unpack to; ``None`` unless it is a sequence of whole frames (RFC 8878, 3.1)."""
    size, total, frames = path.stat().st_size, 0, 0
    with path.open("rb") as stream:
        while stream.tell() < size:
            magic = int.from_bytes(stream.read(4), "little")
            if magic & 0xFFFFFFF0 == 0x184D2A50:  # a skippable frame
                stream.seek(int.from_bytes(stream.read(4), "little"), 1)
                continue
            unpacked = _walk_frame(stream, size) if magic == _MAGIC else None
            if unpacked is None:
                return None
            total, frames = total + unpacked, frames + 1
        return total if frames and stream.tell() == size else None


def _walk_frame(stream: BinaryIO, size: int) -> int | None:
    descriptor = int.from_bytes(stream.read(1), "little")
    is_single = bool(descriptor & 0x20)
    content_size = (1 if is_single else 0, 2, 4, 8)[descriptor >> 6]
    stream.seek((0 if is_single else 1) + (0, 1, 2, 4)[descriptor & 3] + content_size, 1)
    total = 0
    while True:
        header = stream.read(3)
        if len(header) < 3:
            return None
        block = int.from_bytes(header, "little")
        kind, length = (block >> 1) & 3, block >> 3
        total += _BLOCK_BYTES if kind == 2 else length
        stream.seek(1 if kind == 1 else length, 1)
        if stream.tell() > size:
            return None
        if block & 1:
            break
    stream.seek(4 if descriptor & 4 else 0, 1)
    return total if stream.tell() <= size else None
