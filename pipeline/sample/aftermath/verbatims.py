"""What customers write: a fixed stock of texts in French and English, each with its true theme and sentiment.

Belongs here: the stock and how a text is picked from it. Does not belong here: who writes, and when (see ``voices``).
A text is a number everywhere in the sample world; the stock is the only place that holds words.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

from pipeline.sample.ground.vocabulary import LANGUAGES

THEME_CATEGORIES: dict[str, str | None] = {
    "delivery": "E5", "follow_up": "E5", "payment": "E6", "checkout": "E6", "price": "E6", "search": "E3",
    "site_errors": "E3", "site_speed": "E3", "returns": "E6", "support_delay": "E7", "support_effort": "E7",
    "chatbot": "E7", "channel_coherence": "E2", "feedback_ignored": "E4", "over_contact": "over-contact",
    "product_quality": None, "staff": None, "general": None,
}  # fmt: skip
"""Theme to the friction category it belongs to; none for what is no friction of the journey."""

THEMES = tuple(THEME_CATEGORIES)
SENTIMENTS = ("negative", "neutral", "positive")
VARIANTS = 60
"""Texts in stock per language, theme and sentiment; a rare wording may occur twice among them."""
TYPO_SHARE = 0.12

_TEXTS = Path(__file__).with_name("texts")
_STOCK_SEED = 1789  # of the stock, which is the same for every seed of the company
_CONTRACTIONS = ((" de le ", " du "), (" de les ", " des "), (" à le ", " au "), (" à les ", " aux "))


@cache
def verbatim_texts() -> pd.DataFrame:
    """The stock, one row per text, ``text`` (its number) ascending from 0 without gaps.

    Returns:
        Columns ``text`` int, ``words`` text, ``theme``, ``sentiment``, ``language`` (texts, as in the tuples above),
        ``has_typo`` bool.
    """
    rng = np.random.default_rng(_STOCK_SEED)
    rows = []
    for language in LANGUAGES:
        wording = yaml.safe_load((_TEXTS / f"{language}.yaml").read_text(encoding="utf-8"))
        for theme in THEMES:
            for sentiment in SENTIMENTS:
                for _ in range(VARIANTS):
                    words = _composed(rng, wording, theme=theme, sentiment=sentiment)
                    has_typo = bool(rng.random() < TYPO_SHARE)
                    if has_typo:
                        words = _mistyped(rng, words)
                    rows.append((words, theme, sentiment, language, has_typo))
    stock = pd.DataFrame(rows, columns=["words", "theme", "sentiment", "language", "has_typo"])
    stock.insert(0, "text", np.arange(len(stock)))
    return stock


def pick_texts(
    rng: np.random.Generator, *, themes: npt.NDArray, sentiments: npt.NDArray, languages: npt.NDArray
) -> npt.NDArray[np.int32]:
    """Number of a random text for each row.

    Args:
        rng: source of chance.
        themes: codes into ``THEMES``, shape (n,).
        sentiments: codes into ``SENTIMENTS``, shape (n,).
        languages: codes into ``LANGUAGES``, shape (n,).

    Returns:
        Numbers into ``verbatim_texts()``, shape (n,).
    """
    cell = (languages.astype(np.int32) * len(THEMES) + themes) * len(SENTIMENTS) + sentiments
    return np.asarray(cell * VARIANTS + rng.integers(0, VARIANTS, len(cell)), dtype=np.int32)


def meaning_of(texts: npt.NDArray) -> pd.DataFrame:
    """True meaning of text numbers: codes ``theme``, ``sentiment``, ``language``, each int8, shape (n,)."""
    cell = texts // VARIANTS
    sentiment = cell % len(SENTIMENTS)
    theme = cell // len(SENTIMENTS) % len(THEMES)
    language = cell // (len(SENTIMENTS) * len(THEMES))
    return pd.DataFrame({"theme": theme, "sentiment": sentiment, "language": language}).astype(np.int8)


def _one(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _composed(rng: np.random.Generator, wording: dict, *, theme: str, sentiment: str) -> str:
    filled = re.sub(
        r"{(\w+)}",
        lambda slot: _one(rng, wording["slots"][slot.group(1)]),
        _one(rng, wording["themes"][theme][sentiment]),
    )
    for apart, joined in _CONTRACTIONS:
        filled = filled.replace(apart, joined)
    return filled[0].upper() + filled[1:] + _one(rng, wording["closings"][sentiment])


def _mistyped(rng: np.random.Generator, words: str) -> str:
    """One slip of the fingers, or the habits of somebody in a hurry; always differs from ``words``."""
    habit = int(rng.integers(5))
    if habit == 0 and not words.isascii():
        return "".join(each for each in unicodedata.normalize("NFD", words) if not unicodedata.combining(each))
    if habit == 1:
        return words[0].lower() + words[1:].rstrip(".!").replace("'", "").replace(",", "") + " ..."
    places = [found.start() for found in re.finditer(r"(?<=\w\w)\w(?=\w)", words) if words[found.start()].isalpha()]
    place = places[int(rng.integers(len(places)))]
    if habit == 2 and words[place] != words[place + 1]:
        return words[:place] + words[place + 1] + words[place] + words[place + 2 :]
    if habit == 3:
        return words[:place] + words[place + 1 :]
    return words[:place] + words[place] + words[place:]
