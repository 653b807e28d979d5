"""A look at a text file's bytes: whether it can be read where it lies, and what its cells cannot hold.

Belongs here: what one pass over bytes proves about a plain UTF-8 file. Does not belong here: copying or decoding what
is not plain (``decode``). A file this cannot vouch for is no fault: it takes the longer way.
"""

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.limits import Limits

_CHUNK = 1 << 20
_SPACE = 0x20
_WIDE_BLANKS = (b"\xc2\xa0", b"\xe2\x80\xaf")  # U+00A0, U+202F
_STARTS = b" \t\r\n\xef\xfe\xff"  # a blank first line, or a mark of the encoding


@dataclass(frozen=True)
class Look:
    """What a file of plain UTF-8 with one kind of line end holds.

    Attributes:
        quote_count: double quotes.
        is_ascii: whether it is ASCII throughout.
        is_padded: whether a cell may have blanks around it, or be empty in quotes.
        samples: its first letters that are not ASCII.
    """

    quote_count: int
    is_ascii: bool
    is_padded: bool
    samples: str


def look_at(
    path: Path, *, name: str, packed_bytes: int, delimiter: str, limits: Limits, sample: Callable[[str], str]
) -> Look | None:
    """Look at a file once, in chunks.

    Args:
        path: the file, uncompressed.
        name: its name in the drop.
        packed_bytes: its size in the drop.
        delimiter: what separates cells.
        limits: how large it may be.
        sample: letters of a text that tell its encoding.

    Returns:
        What was seen, or ``None`` if the file is not plain UTF-8, blank at its start, ended in several ways, holds
        zero bytes or passes a limit.
    """
    looker = _Looker(delimiter.encode(), limits, sample)
    try:
        limits.check_size(name, packed_bytes, path.stat().st_size)
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                if not looker.take(chunk):
                    return None
        looker.decoder.decode(b"", final=True)
    except (UnicodeDecodeError, UnreadableFileError):
        return None
    return looker.seen()


@dataclass
class _Looker:
    delimiter: bytes
    limits: Limits
    sample: Callable[[str], str]
    quotes: int = 0
    line: int = 0
    is_ascii: bool = True
    is_padded: bool = False
    samples: str = ""
    has_returns: bool | None = None
    tail: bytes = b""
    decoder: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("strict"))

    def __post_init__(self) -> None:
        self.edges = np.zeros(256, dtype=bool)
        self.edges[list(self.delimiter + b'\r\n"')] = True
        # The bytes of a delimiter of several stand for nothing else.
        self.is_padded = len(self.delimiter) != 1

    def seen(self) -> Look | None:
        """What was seen; ``None`` for a file without a byte, or that ends in half a line end."""
        if not self.tail or self.tail.endswith(b"\r"):
            return None
        is_padded = self.is_padded or self.tail.endswith(b" ")
        return Look(self.quotes, self.is_ascii, is_padded, self.samples)

    def take(self, chunk: bytes) -> bool:
        """Look at the next chunk; whether the file still is plain."""
        if b"\x00" in chunk or (not self.tail and chunk[0] in _STARTS):
            return False
        if not self._has_short_lines(chunk) or not self._has_one_end(chunk):
            return False
        if b'"' in chunk:
            self.quotes += chunk.count(b'"')
        if not chunk.isascii() or self.decoder.getstate()[0]:
            text = self.decoder.decode(chunk)
            self.is_ascii = False
            self.samples = self.samples or self.sample(text)
        self.is_padded = self.is_padded or self._is_padding(chunk)
        self.tail = (self.tail + chunk[-2:])[-2:]
        return True

    def _has_short_lines(self, chunk: bytes) -> bool:
        feed = chunk.find(b"\n")
        longest = self.line + (len(chunk) if feed < 0 else feed)
        self.line = longest if feed < 0 else len(chunk) - chunk.rfind(b"\n") - 1
        return longest <= self.limits.line_bytes

    def _has_one_end(self, chunk: bytes) -> bool:
        """Whether every line ends as the first chunk's do."""
        if self.tail.endswith(b"\r") and not chunk.startswith(b"\n"):
            return False
        returns = chunk.count(b"\r") if b"\r" in chunk else 0
        if self.has_returns is None:
            self.has_returns = returns > 0
        if not self.has_returns:
            return returns == 0
        feeds = chunk.count(b"\n") - (self.tail.endswith(b"\r") and chunk.startswith(b"\n"))
        pairs = chunk.count(b"\r\n")
        return pairs == feeds and returns == pairs + chunk.endswith(b"\r")

    def _is_padding(self, chunk: bytes) -> bool:
        if self.quotes or (b"\t" in chunk and self.delimiter != b"\t"):
            return True
        if not self.is_ascii and any(blank in self.tail + chunk for blank in _WIDE_BLANKS):
            return True
        if b" " not in chunk and not self.tail.endswith(b" "):
            return False
        marks = np.frombuffer(self.tail[-1:] + chunk, dtype=np.uint8)
        places = np.flatnonzero(marks == _SPACE)
        before, after = marks[places[places > 0] - 1], marks[places[places < len(marks) - 1] + 1]
        return bool(self.edges[before].any() or self.edges[after].any())
