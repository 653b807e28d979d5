"""Patterns of words and where they are found.

Belongs here: the grammar of patterns and the search. Does not belong here: any pattern, and what it stands for.

A pattern is words with blanks between: ``stem*`` is every word that begins so, ``a|b`` either, ``..`` up to three words
in between. Patterns are written without accents and apostrophes, as ``words`` leaves a text.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.analysis.verbatims.words import HARD

_GAP = ".."
_GAP_WORDS = 3


@dataclass(frozen=True)
class Phrase:
    """A pattern and what it stands for.

    Attributes:
        pattern: see the module.
        meaning: theme, or kind of feeling.
        weight: how much it counts for its meaning.
        polarity: what it says by itself, from -1 (bad) to 1 (good).
    """

    pattern: str
    meaning: str
    weight: float
    polarity: float


@dataclass(frozen=True)
class Found:
    """A phrase in a text and the places of its words, ascending."""

    phrase: Phrase
    places: tuple[int, ...]


class Patterns:
    """Search for many patterns at once.

    Args:
        phrases: what to search for; of two that fit the same words the longer counts, then the heavier, then the first.

    Raises:
        ValueError: a pattern is empty, or begins or ends with a gap.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._elements: dict[str, int] = {}
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._starting: dict[int, list[int]] = defaultdict(list)
        self._phrases = tuple(phrases)
        self._steps: list[tuple[tuple[int, bool], ...]] = []
        self._known: dict[str, frozenset[int]] = {}
        self._begins: dict[str, tuple[frozenset[int], tuple[int, ...]]] = {}
        for number, phrase in enumerate(self._phrases):
            steps = self._compiled(phrase.pattern)
            self._steps.append(steps)
            self._starting[steps[0][0]].append(number)
        self._needed = [frozenset(element for element, _ in steps) for steps in self._steps]
        self._ranks = [(-len(steps), -self._phrases[number].weight) for number, steps in enumerate(self._steps)]

    @property
    def exact_words(self) -> frozenset[str]:
        """Words named in full by some pattern."""
        return frozenset(self._exact)

    def _compiled(self, pattern: str) -> tuple[tuple[int, bool], ...]:
        """Elements by number, each with whether words may stand before it."""
        parts = pattern.split()
        if not parts or _GAP in (parts[0], parts[-1]):
            raise ValueError(f"pattern {pattern!r} must begin and end with a word")
        steps, after_gap = [], False
        for part in parts:
            if part != _GAP:
                steps.append((self._element(part), after_gap))
            after_gap = part == _GAP
        return tuple(steps)

    def _element(self, part: str) -> int:
        if part not in self._elements:
            number = self._elements[part] = len(self._elements)
            for word in part.split("|"):
                place = self._stems if word.endswith("*") else self._exact
                place[word.rstrip("*")].append(number)
        return self._elements[part]

    def elements_of(self, word: str) -> frozenset[int]:
        """Numbers of the elements a word fits; remembered."""
        known = self._known.get(word)
        if known is None:
            fits = list(self._exact.get(word, ()))
            for length in range(2, len(word) + 1):
                fits.extend(self._stems.get(word[:length], ()))
            known = self._known[word] = frozenset(fits)
        return known

    def fits(self, word: str) -> bool:
        """Whether any element fits the word."""
        return bool(self.elements_of(word))

    def _beginning(self, word: str) -> tuple[frozenset[int], tuple[int, ...]]:
        """Elements a word fits, and patterns that may begin with it; remembered."""
        elements = self.elements_of(word)
        numbers = sorted(number for element in elements for number in self._starting.get(element, ()))
        alone = [number for number in numbers if len(self._steps[number]) == 1]
        # of patterns of this one word only the first in order can ever be kept
        best = min(alone, key=lambda number: (self._ranks[number], number), default=None)
        known = (elements, tuple(number for number in numbers if number == best or len(self._steps[number]) > 1))
        self._begins[word] = known
        return known

    def found_in(self, words: Sequence[str]) -> list[Found]:
        """Phrases in a text that share no word with each other, in the order of their first words."""
        begins = self._begins
        looked = [begins.get(word) or self._beginning(word) for word in words]
        starts = [(place, numbers) for place, (_, numbers) in enumerate(looked) if numbers]
        if not starts:
            return []
        fits = [elements for elements, _ in looked]
        present = frozenset().union(*fits)
        # almost all patterns fail here: some word of theirs is nowhere in the text
        candidates = [
            (self._ranks[number], number, places)
            for place, numbers in starts
            for number in numbers
            if self._needed[number] <= present and (places := self._completed(number, place, fits, words))
        ]
        if not candidates:
            return []
        taken: set[int] = set()
        kept = []
        for _, number, places in sorted(candidates):
            if taken.isdisjoint(places):
                taken.update(places)
                kept.append(Found(self._phrases[number], places))
        return sorted(kept, key=lambda found: found.places)

    def _completed(
        self, number: int, place: int, fits: Sequence[frozenset[int]], words: Sequence[str]
    ) -> tuple[int, ...] | None:
        """Places of the pattern's words if it begins at ``place``; the nearest ones, within a clause."""
        if len(self._steps[number]) == 1:
            return (place,)
        places = [place]
        for element, after_gap in self._steps[number][1:]:
            reach = place + 2 + (_GAP_WORDS if after_gap else 0)
            for following in range(place + 1, min(reach, len(words))):
                if words[following] == HARD:
                    return None
                if element in fits[following]:
                    place = following
                    break
            else:
                return None
            places.append(place)
        return tuple(places)


def words_in(patterns: Sequence[Phrase]) -> Iterator[str]:
    """Words that patterns name in full."""
    for phrase in patterns:
        for part in phrase.pattern.replace("|", " ").split():
            if part != _GAP and not part.endswith("*"):
                yield part
