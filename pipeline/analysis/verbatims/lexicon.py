"""The lexicon as the seeds give it: themes, feelings, and words fit to be shown.

Belongs here: reading and checking the seeds. Does not belong here: looking into texts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from pipeline.analysis.verbatims.feelings import KINDS
from pipeline.analysis.verbatims.phrases import Phrase
from pipeline.analysis.verbatims.words import folded

THEMES = "seeds.verbatim_theme_types"
LEXICON = "seeds.verbatim_lexicon"
SENTIMENTS = "seeds.verbatim_sentiments"
VOCABULARY = "seeds.verbatim_vocabulary"


class LexiconError(ValueError):
    """A seed of the lexicon cannot be used; the message says which row."""


@dataclass(frozen=True)
class Lexicon:
    """What a company's verbatims are read by, per language.

    Attributes:
        themes: phrases whose meaning is a theme; an empty meaning keeps words from being taken for a theme.
        alone: themes given only to texts without another one.
        sentiments: phrases whose meaning is a kind of ``feelings``.
        vocabulary: folded word → the word as it is shown; words that may leave a text.
    """

    themes: Mapping[str, tuple[Phrase, ...]]
    alone: frozenset[str]
    sentiments: Mapping[str, tuple[Phrase, ...]]
    vocabulary: Mapping[str, Mapping[str, str]]


def lexicon_of(
    *,
    themes: Iterable[tuple[str, bool]],
    lexicon: Iterable[tuple[str | None, str, str, float, float]],
    sentiments: Iterable[tuple[str, str, str, float]],
    vocabulary: Iterable[tuple[str, str]],
) -> Lexicon:
    """The lexicon from rows of its seeds.

    Args:
        themes: theme, whether it is given only alone.
        lexicon: theme (none: no theme), language, pattern, polarity, weight.
        sentiments: language, pattern, kind, value.
        vocabulary: language, word.

    Raises:
        LexiconError: a theme or kind nobody declared.
    """
    declared = dict(themes)
    topics: dict[str, list[Phrase]] = defaultdict(list)
    for theme, language, pattern, polarity, weight in sorted(lexicon, key=lambda row: (row[1], row[2], row[0] or "")):
        if theme and theme not in declared:
            raise LexiconError(
                f"verbatim_lexicon: theme {theme!r} of pattern {pattern!r} is not in verbatim_theme_types"
            )
        topics[language].append(Phrase(pattern, theme or "", float(weight), float(polarity)))
    feelings = _feelings(sentiments)
    shown: dict[str, dict[str, str]] = defaultdict(dict)
    for language, word in vocabulary:
        shown[language][folded(word)] = word
    return Lexicon(
        themes={language: tuple(phrases) for language, phrases in sorted(topics.items())},
        alone=frozenset(theme for theme, is_alone in declared.items() if is_alone),
        sentiments={language: tuple(phrases) for language, phrases in sorted(feelings.items())},
        vocabulary={language: _singular(words) for language, words in sorted(shown.items())},
    )


def _feelings(sentiments: Iterable[tuple[str, str, str, float]]) -> dict[str, list[Phrase]]:
    """Phrases of the sentiment seed per language, checked."""
    feelings: dict[str, list[Phrase]] = defaultdict(list)
    for language, pattern, kind, value in sorted(sentiments):
        if kind not in KINDS:
            raise LexiconError(
                f"verbatim_sentiments: kind {kind!r} of pattern {pattern!r} is not of {', '.join(KINDS)}"
            )
        feelings[language].append(Phrase(pattern, kind, 1.0, float(value)))
    return feelings


_ENDINGS = ("ees", "es", "ed", "s", "e", "x")


def _singular(words: Mapping[str, str]) -> dict[str, str]:
    """Each word with the form it is counted under: the shortest listed one it differs from by an ending."""
    return {word: words[_shorter(word, words) or word] for word in words}


def _shorter(word: str, words: Mapping[str, str]) -> str | None:
    """The listed word a word is a form of, told by endings of number and gender."""
    for ending in _ENDINGS:
        plain = word.removesuffix(ending)
        if plain != word and plain in words and len(plain) > 2:
            return plain
    return None


def shown_as(word: str, vocabulary: Mapping[str, str]) -> str | None:
    """How a word may be shown: as the listed word it is a form of, or not at all."""
    known = word if word in vocabulary else _shorter(word, vocabulary)
    return None if known is None else vocabulary[known]


def read_lexicon(build: duckdb.DuckDBPyConnection) -> Lexicon:
    """The lexicon from the seeds dbt built.

    Raises:
        LexiconError: see ``lexicon_of``.
    """

    def rows(columns: str, table: str) -> list[tuple]:
        return build.execute(f"select {columns} from {table}").fetchall()

    return lexicon_of(
        themes=rows("theme, is_given_alone", THEMES),
        lexicon=rows("theme, language, pattern, polarity, weight", LEXICON),
        sentiments=rows("language, pattern, kind, value", SENTIMENTS),
        vocabulary=rows("language, word", VOCABULARY),
    )
