"""From a text to words: folding of case and accents, elisions and contractions, breaks between clauses.

Belongs here: what a word is. Does not belong here: what it means.
"""

import re
import unicodedata
from collections.abc import Mapping

HARD, SOFT = ".", ","
"""Breaks kept between words: the end of a sentence or clause, and a comma."""

_LETTERS = str.maketrans(
    "àâäáãåçèéêëìíîïñòóôöõùúûüýÿ’ʼ‘`´…\u00a0\u202f",
    "aaaaaaceeeeiiiinooooouuuuyy'''''.  ",
)
_LONG = {"œ": "oe", "æ": "ae", "ß": "ss", "\u20ac": " euros "}
_SMILES = re.compile(r"[:;]-?[)D]|[\U0001F600-\U0001F60E\U0001F44D\U0001F44F\u2764\U0001F970\U0001F929]")
_FROWNS = re.compile(r":-?[(/]|[\U0001F61E-\U0001F62D\U0001F620-\U0001F624\U0001F44E\U0001F92C\U0001F625]")
_MASK = re.compile(r"\[(?:email|phone)\]")  # what landing put in the place of an address or a number
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_TOKEN = re.compile(r"[a-z0-9%]+(?:'[a-z]+)*'?|[.!?;:\n(),/]|-(?= )")
_BREAKS = dict.fromkeys(",():/", SOFT) | dict.fromkeys(".!?;\n-", HARD)
_ELISION = re.compile(r"^(l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)'(?=[a-z0-9])")
_TAIL = re.compile(r"'(s|ve|re|ll|d|m|em)$")
_WHOLE: Mapping[str, tuple[str, ...]] = {
    "won't": ("will", "not"), "wont": ("will", "not"), "can't": ("can", "not"), "cannot": ("can", "not"),
    "shan't": ("shall", "not"), "ain't": ("is", "not"), "aujourd'hui": ("aujourdhui",), "cest": ("c", "est"),
    "jai": ("j", "ai"), "nai": ("ne", "ai"), "nest": ("ne", "est"), "cetait": ("c", "etait"), "quil": ("qu", "il"),
    "jattends": ("j", "attends"), "im": ("i",), "ive": ("i", "have"), "tchat": ("chat",), "svp": ("svp",),
}  # fmt: skip
_BARE = {
    f"{verb}nt": (verb, "not")
    for verb in ("do", "does", "did", "is", "was", "are", "were", "has", "have", "had", "could", "would", "should")
} | {"cant": ("can", "not")}


def folded(text: str) -> str:
    """The text in small letters without accents; what is not of the Latin alphabet is left as it is."""
    small = text.lower().translate(_LETTERS)
    if not small.isascii():
        for letter, plain in _LONG.items():
            small = small.replace(letter, plain)
        small = unicodedata.normalize("NFKC", small).translate(_LETTERS)
    return small


def words_of(text: str) -> list[str]:
    """Words of a text in order, folded, elisions and contractions resolved, with breaks between clauses.

    A smile and a frown are the words ``smile`` and ``frown`` between two marks that no word has.
    """
    plain = folded(text if text.isalpha() else _FROWNS.sub(" emoticonfrown ", _SMILES.sub(" emoticonsmile ", text)))
    plain = _STRETCHED.sub(r"\1\1", _MASK.sub(" ", plain) if "[" in plain else plain)
    plain = plain.replace("-", " - " if " - " in plain else " ")
    found: list[str] = []
    for token in _TOKEN.findall(plain):
        if token in _BREAKS:
            found.append(_BREAKS[token])
        elif "'" in token or token in _WHOLE or token in _BARE:
            found.extend(_parts(token))
        else:
            found.append(token)
    return found


def _parts(token: str) -> list[str]:
    """Words of a token with apostrophes."""
    token = token.strip("'")
    known = _WHOLE.get(token) or _BARE.get(token)
    if known:
        return list(known)
    if token.endswith("n't"):
        return [token[:-3], "not"]
    parts = []
    while elision := _ELISION.match(token):
        parts.append("ne" if elision.group(1) == "n" else elision.group(1))
        token = token[elision.end() :]
    return [*parts, *_TAIL.sub("", token).replace("'", " ").split()]
