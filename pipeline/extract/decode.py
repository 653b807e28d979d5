"""From bytes in the drop folder to plain UTF-8 text on local disk.

Belongs here: decompression and encodings, read in chunks. Does not belong here: columns, rows, quotes.
"""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import duckdb

from pipeline.extract.encodings import (
    AUTO,
    ENOUGH_SAMPLES,
    WESTERN,
    UndetectedEncodingError,
    by_head,
    refuse_chance,
    western,
)
from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import ARCHIVES, SourceFile
from pipeline.extract.limits import Limits
from pipeline.extract.looking import look_at
from pipeline.extract.zstandard import unpack_zstd as _unpack_zstd

_CHUNK = 1 << 20
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)+")
_MAGIC = {b"PK\x03\x04": "zip", b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_RESEND = "Ask for the file again, or copy it anew: the transfer was cut short."


@dataclass(frozen=True)
class PlainText:
    """A text file as UTF-8 without mark, uncompressed.

    Attributes:
        path: where it is; a temporary copy unless the file was plain already.
        quote_count: how many double quotes it holds.
        is_empty: whether it holds nothing but white space.
        is_suspect: whether it holds more than ASCII, and so may hold double-encoded text.
        encoding: the encoding it was read with.
        is_padded: whether a cell may have blanks around it; ``False`` only where that was looked for.
    """

    path: Path
    quote_count: int
    is_empty: bool
    is_suspect: bool = False
    encoding: str = "utf-8"
    is_padded: bool = True


def plain_text(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    *,
    encoding: str,
    scratch: Path,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    is_empty_allowed: bool = False,
    delimiter: str = ",",
) -> PlainText:
    """Decompress and decode a file; one that is plain already stays where it is.

    Args:
        connection: used to decompress Zstandard, which Python cannot.
        file: the file.
        encoding: encoding its mapping declares, or `AUTO`.
        scratch: private folder for the copy.
        limits: how large it may become.
        is_empty_allowed: whether white space alone is a file without rows, as where there is no header.
        delimiter: what separates cells.

    Raises:
        UnreadableFileError: empty, cut short, no archive at all, another kind of archive, too large, or not in
            that encoding.
    """
    if file.size_bytes == 0:
        raise UnreadableFileError(file.name, "the file is empty (0 bytes).", "Ask for the extract again.")
    refuse_archive(file)
    path = file.path
    if path.name.lower().endswith(".zst"):
        path = _unpack_zstd(connection, file, scratch, limits)
    is_gzip = path.name.lower().endswith(".gz")
    copy = _Copy(file, path, scratch / "plain.txt", limits, is_gzip=is_gzip)
    if encoding in (AUTO, "utf-8") and (plain := copy.as_it_is(encoding, delimiter)):
        return plain
    try:
        text = copy.detected() if encoding == AUTO else copy.decoded(encoding)
    except EOFError:
        raise UnreadableFileError(file.name, "the gzip archive ends too early.", _RESEND) from None
    except (gzip.BadGzipFile, zlib.error):
        raise UnreadableFileError(file.name, "this is not a whole gzip archive.", _RESEND) from None
    if text.is_empty and not is_empty_allowed:
        raise UnreadableFileError(file.name, "the file is empty: not even a header.", "Ask for the extract again.")
    return text


@dataclass(frozen=True)
class _Copy:
    """A file on its way to plain UTF-8."""

    file: SourceFile
    path: Path
    target: Path
    limits: Limits
    is_gzip: bool = field(kw_only=True)

    def as_it_is(self, encoding: str, delimiter: str) -> PlainText | None:
        """The file where it lies, if it is plain and its encoding certain."""
        if self.is_gzip:
            return None
        name, size = self.file.name, self.file.size_bytes
        seen = look_at(self.path, name=name, packed_bytes=size, delimiter=delimiter, limits=self.limits, sample=_sample)
        if seen is None:
            return None
        if encoding == AUTO:
            try:
                with self._open() as stream:
                    if by_head(stream.read(4096)):
                        return None
                refuse_chance(seen.samples, self._open)
            except UndetectedEncodingError:
                return None
        return PlainText(
            self.path, seen.quote_count, is_empty=False, is_suspect=not seen.is_ascii, is_padded=seen.is_padded
        )

    def detected(self) -> PlainText:
        """Copy the file in the encoding its bytes prove; nearly always UTF-8, which costs no second look."""
        try:
            with self._open() as stream:
                encoding = by_head(stream.read(4096))
            if encoding:
                return self.decoded(encoding)
            try:
                text, samples = self._written("utf-8")
            except UnicodeDecodeError:
                return self.decoded(western(self._open))
            refuse_chance(samples, self._open)
        except UndetectedEncodingError as error:
            raise UnreadableFileError(
                self.file.name, f"the encoding is not certain: {error}.", "Declare `encoding` in the source mapping."
            ) from None
        return text

    def decoded(self, encoding: str) -> PlainText:
        """Copy the file in a known encoding."""
        try:
            return self._written("utf-8-sig" if encoding == "utf-8" else encoding)[0]
        except UnicodeDecodeError as error:
            shown = "utf-8" if encoding == "utf-8-sig" else encoding
            raise UnreadableFileError(
                self.file.name,
                f"the text is not {shown} (near byte {error.start}).",
                "Declare the right `encoding` in the source mapping, as windows-1252 or utf-16.",
            ) from None
        except UnicodeError:
            raise UnreadableFileError(
                self.file.name, f"the text is not {encoding}.", "Declare the right `encoding` in the source mapping."
            ) from None

    def _open(self) -> BinaryIO:
        return cast("BinaryIO", gzip.open(self.path)) if self.is_gzip else self.path.open("rb")

    def _written(self, encoding: str) -> tuple[PlainText, str]:
        """The copy, and the first letters that are not ASCII, unless one of them is Western."""
        name, samples = self.file.name, ""
        quotes, is_blank, is_ascii, size, line = 0, True, True, 0, 0
        feeds, pairs, last = 0, 0, ""
        with self._open() as stream, self.target.open("wb") as output:
            for text in _texts(stream, encoding):
                size += len(text)
                self.limits.check_size(name, self.file.size_bytes, size)
                if "\x00" in text:
                    raise UnreadableFileError(name, "it holds zero bytes (NUL).", _RESEND)
                feed = text.find("\n")
                self.limits.check_line(name, line + (len(text) if feed < 0 else feed))
                line = line + len(text) if feed < 0 else len(text) - text.rfind("\n") - 1
                quotes += text.count('"')
                feeds += text.count("\n")
                pairs += text.count("\r\n") + (last == "\r" and text.startswith("\n"))
                last = text[-1:] or last
                if not text.isascii():
                    is_ascii = False
                    samples = samples or _sample(text)
                # DuckDB would take a blank first line for the header.
                start = _BLANK_LINES.match(text) if is_blank else None
                is_blank = is_blank and not text.strip()
                output.write(text[start.end() if start else 0 :].encode("utf-8"))
        if 0 < pairs < feeds:
            _one_line_end(self.target)
        shown = "utf-8" if encoding == "utf-8-sig" else encoding
        return PlainText(self.target, quotes, is_blank, not is_ascii, shown), samples


def _one_line_end(path: Path) -> None:
    """Give every line the same end: DuckDB refuses, or misreads, a file that mixes them."""
    mixed = path.rename(path.with_name("mixed.txt"))
    with mixed.open("rb") as stream, path.open("wb") as output:
        rest = b""
        while chunk := stream.read(_CHUNK):
            chunk, rest = rest + chunk, b""
            if chunk.endswith(b"\r"):
                chunk, rest = chunk[:-1], b"\r"
            output.write(chunk.replace(b"\r\n", b"\n"))
        output.write(rest)
    mixed.unlink()


def _sample(text: str) -> str:
    found = WESTERN.search(text)
    return found.group() if found else "".join(islice((mark for mark in text if mark > "\x7f"), ENOUGH_SAMPLES))


def _texts(stream: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    position = 0
    try:
        while chunk := stream.read(_CHUNK):
            yield decoder.decode(chunk)
            position += len(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        start = position + error.start
        raise UnicodeDecodeError(error.encoding, b"", start, start, error.reason) from None


def refuse_archive(file: SourceFile) -> None:
    """Stop at archives of several files, by name and by content: which of them is meant cannot be known.

    Raises:
        UnreadableFileError: it is such an archive.
    """
    with file.path.open("rb") as stream:
        head = stream.read(262 + 5)
    kind = ARCHIVES.get(file.path.suffix.lower()) or next((k for m, k in _MAGIC.items() if head.startswith(m)), None)
    kind = "tar" if head[257:262] == b"ustar" else kind
    if kind:
        raise UnreadableFileError(
            file.name, f"this is a {kind} archive; it is not opened.", "Send the file itself, plain, as .gz or as .zst."
        )
