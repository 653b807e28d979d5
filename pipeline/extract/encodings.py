"""Which encoding a text file is in, where its mapping does not say: certain, or refused with the candidates.

Belongs here: looking at bytes. Does not belong here: turning them into text (``decode``), double encoding (``repair``).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

AUTO = "auto"
"""What a mapping holds that names no encoding."""

Opener = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens the uncompressed bytes anew."""

_CHUNK = 1 << 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WINDOWS, _LATIN_9 = "windows-1252", "iso-8859-15"
_BOTH = (_WINDOWS, _LATIN_9)
_LETTERS = "ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŸŒàâäæçèéêëîïôöùûüÿœÑñßÁÍÓÚáíóú"
_SIGNS = "\u00a0«»°²³£§©®µ·¿¡"
_WINDOWS_ONLY = "€…Œ‘’“”•–—™œŸ"
_PLAUSIBLE = {
    _WINDOWS: frozenset((_LETTERS + _SIGNS + _WINDOWS_ONLY).encode(_WINDOWS)),
    _LATIN_9: frozenset((_LETTERS + _SIGNS + "€ŠšŽž").encode(_LATIN_9)),
}
_LETTER = rb"A-Za-z\xC0-\xD6\xD8-\xF6\xF8-\xFF"
# Bytes that are a letter in iso-8859-15 and a sign (broken bar, accent, fraction) in windows-1252.
_LIGATURES = rb"\xA6\xA8\xB4\xB8\xBC-\xBE"
_IN_WORD = re.compile(rb"(?<=[" + _LETTER + rb"])[" + _LIGATURES + rb"]|[" + _LIGATURES + rb"](?=[" + _LETTER + rb"])")
_NO_WORD = re.compile(
    rb"(?<=[0-9])[" + _LIGATURES + rb"](?![" + _LETTER + rb"])|(?<![" + _LETTER + rb"0-9])[" + _LIGATURES + rb"](?= )"
)
_ANY_LIGATURE = re.compile(rb"[" + _LIGATURES + rb"]")
_LIGATURE_BYTES = frozenset(b"\xa6\xa8\xb4\xb8\xbc\xbd\xbe")
# What old DOS and Macintosh code pages write accented letters with is punctuation in windows-1252.
_SIGN_IN_WORD = re.compile(rb"(?<=[a-z])[\x80\x85\x8C\x91\x93-\x97\x99](?=[a-z])")
_COMMON = frozenset("éèàêç".encode(_WINDOWS))
_LONG_RUN = re.compile(rb"[\xC0-\xFF]{4,}")
_ASCII = bytes(range(128))
WESTERN = re.compile(f"[{_LETTERS}{_SIGNS}{_WINDOWS_ONLY}]")
"""A letter or sign of Western text: met in strictly decoded UTF-8, it proves the encoding."""
ENOUGH_SAMPLES = 8
"""So many letters of any script prove it too."""


class UndetectedEncodingError(ValueError):
    """The bytes do not prove an encoding; the message names those they could be in."""


def by_head(head: bytes) -> str | None:
    """The encoding that the first bytes prove: by a byte order mark, or UTF-16 by its zero bytes; else ``None``.

    Raises:
        UndetectedEncodingError: zero bytes that make no UTF-16.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    return _by_zero_bytes(head) if b"\x00" in head else None


def western(open_bytes: Opener) -> str:
    """Windows-1252 or iso-8859-15, where all bytes make a Western European text.

    Certain are they if a byte tells them apart, or if none has to because both give the same text.

    Args:
        open_bytes: opens the uncompressed bytes.

    Raises:
        UndetectedEncodingError: nothing is certain; the message names the candidates, never a text.
    """
    found: set[int] = set()
    votes = dict.fromkeys(_BOTH, 0)
    unclear, is_other_script, is_odd = 0, False, False
    for chunk in _chunks(open_bytes):
        found.update(chunk.translate(None, _ASCII))
        in_word, alone = len(_IN_WORD.findall(chunk)), len(_NO_WORD.findall(chunk))
        votes[_LATIN_9] += in_word
        votes[_WINDOWS] += alone
        unclear += len(_ANY_LIGATURE.findall(chunk)) - in_word - alone
        is_odd = is_odd or _SIGN_IN_WORD.search(chunk) is not None
        # Western words hold single accented letters; long runs of them are Cyrillic or Greek read wrongly.
        is_other_script = is_other_script or _LONG_RUN.search(chunk) is not None
    plain = frozenset(found) - _LIGATURE_BYTES
    possible = [encoding for encoding in _BOTH if plain <= _PLAUSIBLE[encoding]]
    possible = [encoding for encoding in possible if not any(votes[other] for other in _BOTH if other != encoding)]
    is_open = unclear > 0 and len(possible) > 1
    # 0xA4 is the euro in one and a sign nobody writes in the other; below 0xA0 only windows-1252 has letters.
    if is_other_script or is_open or not possible or (is_odd and not found & _COMMON):
        raise UndetectedEncodingError(
            "it is not utf-8, and its bytes do not prove windows-1252 or iso-8859-15 "
            "(candidates: windows-1252, iso-8859-15, iso-8859-1)"
        )
    return possible[0]


def refuse_chance(samples: str, open_bytes: Opener) -> None:
    """Stop at bytes that are strictly UTF-8 and make sense in another encoding too.

    Two signs after an accented letter of windows-1252 make one letter of a distant script.

    Args:
        samples: the first letters of the text that are not ASCII.
        open_bytes: opens the uncompressed bytes.

    Raises:
        UndetectedEncodingError: naming both.
    """
    if not samples or len(samples) >= ENOUGH_SAMPLES or WESTERN.search(samples):
        return
    try:
        other = western(open_bytes)
    except UndetectedEncodingError:
        return
    raise UndetectedEncodingError(f"its few accented letters make sense twice (candidates: utf-8, {other})")


def _chunks(open_bytes: Opener) -> Iterator[bytes]:
    """The bytes, cut at line feeds so that no letter loses its neighbours; a line without end is cut anywhere."""
    with open_bytes() as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            body, feed, tail = chunk.rpartition(b"\n")
            if feed or len(rest) > _CHUNK:
                yield rest + body + feed
                rest = tail
            else:
                rest += tail
        yield rest


def _by_zero_bytes(head: bytes) -> str:
    """UTF-16 without a mark: in a file of mostly ASCII every other byte is zero, on one side only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.4 * half and even == 0:
        return "utf-16-le"
    if even > 0.4 * half and odd == 0:
        return "utf-16-be"
    raise UndetectedEncodingError("it holds zero bytes and is not utf-16: a binary file, or a damaged one")
