"""The language of the page: English sentences and what they are in French.

Belongs here: looking a sentence up. Does not belong here: labels of tables, which the catalogue holds in both.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

Language = Literal["en", "fr"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "fr")
_FRENCH: Final = Path(__file__).with_name("templates") / "french.json"
_NO_NAMES: Final[Mapping[tuple[str, str], tuple[str, str]]] = MappingProxyType({})
_spoken: ContextVar[Language] = ContextVar("language of the page", default="en")
_segments: ContextVar[Mapping[tuple[str, str], tuple[str, str]]] = ContextVar("names of segments", default=_NO_NAMES)


@contextmanager
def speaking(language: Language, segments: Mapping[tuple[str, str], tuple[str, str]] | None = None) -> Iterator[None]:
    """Everything written inside is written in this language.

    Args:
        language: of the page.
        segments: names of dimension and segment, by their codes, in that language.
    """
    before, before_segments = _spoken.set(language), _segments.set(segments or {})
    try:
        yield
    finally:
        _spoken.reset(before)
        _segments.reset(before_segments)


def segment_names(dimension: str, segment: str) -> tuple[str, str] | None:
    """Names of dimension and segment in the language of the page, if the release holds them."""
    return _segments.get().get((dimension, segment))


def spoken() -> Language:
    """The language of the page being written."""
    return _spoken.get()


def say(sentence: str, /, **values: object) -> str:
    """A sentence in the language of the page, its ``{names}`` filled; English where it has no other.

    Args:
        sentence: the English, which is the key.
        values: what stands in place of the names.
    """
    known = french().get(sentence, sentence) if spoken() == "fr" else sentence
    return known.format(**values) if values else known


@cache
def french() -> dict[str, str]:
    """French by English."""
    return dict(json.loads(_FRENCH.read_text(encoding="utf-8")))
