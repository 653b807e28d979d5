"""Slips of the fingers: the word somebody meant, where only one can have been meant.

Belongs here: finding the word. Does not belong here: which words there are.
"""

from collections import defaultdict
from collections.abc import Iterable

LEAST_LETTERS = 6
"""Shorter words are left as they are: too many words are one slip away from another."""
_ELIDED = ("qu", "l", "d", "j", "m", "t", "s", "n", "c")


def one_slip(left: str, right: str) -> bool:
    """Whether at most one letter is wrong, missing, too many, or swapped with its neighbour.

    That is a distance of at most 1 in the sense of Damerau (1964).
    """
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rest, other = left[start:], right[start:]
    if len(rest) == len(other):
        swapped = len(rest) > 1 and rest[0] == other[1] and rest[1] == other[0] and rest[2:] == other[2:]
        return rest[1:] == other[1:] or swapped
    return rest[1:] == other if len(rest) > len(other) else rest == other[1:]


def _shortened(word: str) -> set[str]:
    """The word without each of its letters but the first, which is seldom mistyped."""
    return {word[:place] + word[place + 1 :] for place in range(1, len(word))}


class Speller:
    """Words as they were meant.

    Args:
        words: all words there are, folded.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._near: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            if len(word) >= LEAST_LETTERS - 1:
                for key in {word, *_shortened(word)}:
                    self._near[key].add(word)

    def meant(self, word: str, *, elides: bool = False) -> tuple[str, ...]:
        """The word or words meant; the word itself where nothing better is known.

        Args:
            word: a word, folded.
            elides: whether the apostrophe of an elision may have been left out.
        """
        if word in self._words or len(word) < LEAST_LETTERS or not word.isalpha():
            return (word,)
        if elides:
            for article in _ELIDED:
                if word.startswith(article) and len(word) - len(article) > 3 and word[len(article) :] in self._words:
                    return ("ne" if article == "n" else article, word[len(article) :])
        found = {
            near for key in {word, *_shortened(word)} for near in self._near.get(key, ())
            if near[0] == word[0] and one_slip(word, near)
        }  # fmt: skip
        if len(found) > 1:
            # forms of one word are as good as one word
            shortest = min(found, key=lambda near: (len(near), near))
            found = {shortest} if all(near[:5] == shortest[:5] for near in found) else set()
        return tuple(found) or (word,)
