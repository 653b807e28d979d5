"""Text that was encoded twice ("Ã©", "ĂŠ"), put right where that is certain.

Belongs here: one text, and a column of them. Does not belong here: which encoding a file is in (``encodings``). A
text is certain if reading it backwards gives strict UTF-8, doing the damage again gives the text as it came (both
by construction of strict codecs), and what comes out looks like Western European writing while what came in does not.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_CODECS = ("windows-1252", "iso-8859-1", "windows-1250", "iso-8859-2")
_MOST_LAYERS = 2
_LEADS = range(0xC2, 0xF5)
_TAILS = range(0x80, 0xC0)


def _table(codec: str) -> dict[str, int]:
    """Character to byte; bytes without a character stand for the control of that number, as browsers read them."""
    table = {}
    for byte in range(256):
        try:
            table[bytes([byte]).decode(codec)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte
    return table


_BYTES = {codec: _table(codec) for codec in _CODECS}
_LETTERS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŸŒàáâãäåæçèéêëìíîïñòóôõöøùúûüÿœß\u0300\u0301\u0302\u0303\u0308\u030a\u0327"
_SIGNS = "\u00a0\u202f\u2009\u00ad\ufeff«»“”‘’‚„…–—‐‑•·°²³¹ª£€§©®™µ¶½¼¾¿¡×÷±†‡‰‹›→←≤≥≠≈−\u200b\u200d\ufe0f"
_EMOJI = "\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
_PLAUSIBLE = re.compile(f"[\\t\\n\\r -~{re.escape(_LETTERS)}{re.escape(_SIGNS)}{_EMOJI}]*")
_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞŒŸ", "a-zß-öø-ÿœ"
# What no French or English text does; it tells é from Ê and î from Î where two wrong encodings are thinkable.
_ODD = re.compile(
    rf"[{_LOWER}][À-ÖØ-ÞŒ](?![{_UPPER}])"  # a capital in a word
    rf"|[{_UPPER}][À-ÖØ-ÞŒ][{_LOWER}]"
    rf"|[{_UPPER}][ß-öø-ÿœ][{_UPPER}]"  # a small letter among capitals
    rf"|[ß-öø-ÿœ][{_UPPER}]{{2}}"
    rf"|\bÊ(?!tres?\b|[{_UPPER}])|\bétres?\b"  # être is the one word that begins so
)


def _class(numbers: Iterable[int]) -> str:
    wanted = set(numbers)
    found = {mark for table in _BYTES.values() for mark, byte in table.items() if byte in wanted}
    return "".join(f"\\x{{{ord(mark):X}}}" for mark in sorted(found))


def _python(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\x\{([0-9A-F]+)\}", lambda found: re.escape(chr(int(found.group(1), 16))), pattern))


# Only leads of what Western text holds: C2 and C3 (Latin-1), C4 (second layers), C5 (œ), CC, E2 (quotes), F0 (emoji).
DOUBLED = f"[{_class((0xC2, 0xC3, 0xC4, 0xC5, 0xCC, 0xE2, 0xF0))}][{_class(_TAILS)}]"
"""Regular expression (RE2) of two characters that double encoding makes; few clean texts hold them."""
REPLACEMENT = "\ufffd"
"""What other programs write where they could not read: what it stood for is lost. Never written here."""
SUSPECT = _python(f"{DOUBLED}|{REPLACEMENT}")
_DOUBLED = _python(DOUBLED)


@dataclass(frozen=True)
class Repair:
    """A text put right.

    Attributes:
        text: as it was meant.
        path: the codecs it was read with wrongly, the last one first.
    """

    text: str
    path: tuple[str, ...]


def repaired(text: str) -> str:
    """The text as it was meant, if that is certain; else the text itself."""
    return repair_all([text]).get(text, text)


def repair_all(texts: Iterable[str]) -> dict[str, str]:
    """Texts of one file that are certainly double-encoded, each with what it was meant to be.

    A text with several readings is certain only if all other texts of the file prove one and the same way of
    damage, and that is among its readings.

    Args:
        texts: suspect texts.
    """
    readings = {text: candidates(text) for text in dict.fromkeys(texts)}
    proven = {repairs[0].path for repairs in readings.values() if len(repairs) == 1}
    found = {}
    for text, repairs in readings.items():
        chosen = repairs if len(repairs) == 1 else [repair for repair in repairs if proven == {repair.path}]
        if chosen:
            found[text] = chosen[0].text
    return found


def candidates(text: str) -> list[Repair]:
    """Every plausible reading of a suspect text, each text once; none for a clean one."""
    layer = [Repair(text, ())]
    for _ in range(_MOST_LAYERS):
        layer = [repair for before in layer for repair in _undone(before)]
        # The fewest layers that give clean text are the ones there were.
        clean = {repair.text: repair for repair in reversed(layer) if is_plausible(repair.text)}
        if clean:
            return sorted(clean.values(), key=lambda repair: repair.path)
    return []


def is_plausible(text: str) -> bool:
    """Whether a text looks like Western European writing: its letters and signs, no damage, no odd case."""
    return bool(_PLAUSIBLE.fullmatch(text)) and not _DOUBLED.search(text) and not _ODD.search(text)


def _undone(before: Repair) -> list[Repair]:
    if not _DOUBLED.search(before.text):
        return []
    found: dict[str, Repair] = {}
    for codec in _CODECS:
        table = _BYTES[codec]
        try:
            text = bytes(table[mark] for mark in before.text).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            continue
        found.setdefault(text, Repair(text, (*before.path, codec)))
    return list(found.values())
