"""One text, read: language, themes, sentiment, words that may be shown.

Belongs here: how the parts work together. Does not belong here: files and tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.analysis.verbatims import feelings
from pipeline.analysis.verbatims.languages import READ, LanguageTeller
from pipeline.analysis.verbatims.lexicon import Lexicon
from pipeline.analysis.verbatims.phrases import Found, Patterns, words_in
from pipeline.analysis.verbatims.spelling import Speller
from pipeline.analysis.verbatims.words import HARD, SOFT, words_of

_ENOUGH = 1.0
"""Weight of evidence from which a theme is given."""


@dataclass(frozen=True)
class Reading:
    """What a text says.

    Attributes:
        language: ``fr``, ``en``, ``other``, or ``None`` where nothing tells.
        sentiment: −1 to 1, 0 where no feeling is told; ``None`` where the language is not read, or no word is there.
        themes: theme and sentiment of the clauses it is in, by name.
        words: distinct words, folded and corrected, in order of appearance; empty where the language is not read.
    """

    language: str | None
    sentiment: float | None
    themes: tuple[tuple[str, float], ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Tools:
    themes: Patterns
    feelings: Patterns
    markers: Patterns
    speller: Speller
    meant: dict[str, tuple[str, ...]]


class Reader:
    """Reads texts by a lexicon; the same text always reads the same.

    Args:
        lexicon: the lexicon.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._alone = lexicon.alone
        self._tools: dict[str, _Tools] = {}
        known: dict[str, set[str]] = {}
        for language in READ:
            themes, sentiments = lexicon.themes.get(language, ()), lexicon.sentiments.get(language, ())
            words = {*lexicon.vocabulary.get(language, {}), *words_in([*themes, *sentiments])}
            known[language] = words
            self._tools[language] = _Tools(
                themes=Patterns(themes),
                feelings=Patterns([phrase for phrase in sentiments if phrase.meaning == feelings.FELT]),
                markers=Patterns([phrase for phrase in sentiments if phrase.meaning != feelings.FELT]),
                speller=Speller(words),
                meant={},
            )
        self._teller = LanguageTeller(known)

    def read(self, text: str, delivered_language: str | None = None) -> Reading:
        """Read one text.

        Args:
            text: the text.
            delivered_language: what the tool said of its language.
        """
        words = words_of(text)
        language = self._teller.language_of(words, delivered_language)
        spoken = [word for word in words if word not in (HARD, SOFT)]
        if language not in READ or not spoken:
            return Reading(language, None, (), ())
        tools = self._tools[language]
        known = tools.meant
        meant = [
            corrected
            for word in words
            for corrected in (known[word] if word in known else self._meant(word, tools, language))
        ]
        topics = tools.themes.found_in(meant)
        taken = {place for found in topics if found.phrase.polarity for place in found.places}
        markers = tools.markers.found_in(meant)
        told = [found for found in topics if found.phrase.polarity]
        told += [found for found in tools.feelings.found_in(meant) if taken.isdisjoint(found.places)]
        clauses = _clauses(meant, markers)
        totals = [_clause_feeling(meant, clause, told, markers) for clause in clauses]
        return Reading(
            language=language,
            sentiment=feelings.bounded(sum(totals)),
            themes=self._given(topics, clauses, totals),
            words=tuple(dict.fromkeys(word for word in meant if word not in (HARD, SOFT))),
        )

    @staticmethod
    def _meant(word: str, tools: _Tools, language: str) -> tuple[str, ...]:
        fits = any(patterns.fits(word) for patterns in (tools.themes, tools.feelings, tools.markers))
        tools.meant[word] = (word,) if fits else tools.speller.meant(word, elides=language == "fr")
        return tools.meant[word]

    def _given(
        self, topics: Sequence[Found], clauses: Sequence[range], totals: Sequence[float]
    ) -> tuple[tuple[str, float], ...]:
        """Themes with enough evidence, each with the feeling of the clauses it stands in."""
        weights: dict[str, float] = {}
        for found in topics:
            weights[found.phrase.meaning] = weights.get(found.phrase.meaning, 0.0) + found.phrase.weight
        given = {theme for theme, weight in weights.items() if theme and weight >= _ENOUGH - 1e-9}
        given = (given - self._alone) or given
        return tuple(
            (theme, feelings.bounded(sum(
                total for clause, total in zip(clauses, totals, strict=True)
                if any(found.phrase.meaning == theme and found.places[0] in clause for found in topics)
            )))
            for theme in sorted(given)
        )  # fmt: skip


def _clauses(words: Sequence[str], markers: Sequence[Found]) -> list[range]:
    """Stretches of places between the ends of sentences and before words of contrast."""
    contrasts = {found.places[0] for found in markers if found.phrase.meaning == feelings.CONTRAST}
    starts = [0, *sorted({place for place, word in enumerate(words) if word == HARD or place in contrasts} - {0})]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]


def _clause_feeling(words: Sequence[str], clause: range, told: Sequence[Found], markers: Sequence[Found]) -> float:
    """Feeling of one clause, its places counted from its start."""
    told_here = [found for found in told if found.places[0] in clause]
    if not told_here:
        return 0.0
    markers_here = [found for found in markers if found.places[0] in clause]
    if not markers_here:
        return sum(found.phrase.polarity for found in told_here)

    def within(found: Found) -> Found:
        return Found(found.phrase, tuple(place - clause.start for place in found.places))

    here = words[clause.start : clause.stop]
    return feelings.feeling_of(here, [within(found) for found in told_here], [within(found) for found in markers_here])
