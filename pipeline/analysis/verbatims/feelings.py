"""How a clause feels: words of praise and complaint, turned by negation, made stronger or weaker by the words before.

Belongs here: the arithmetic of feelings. Does not belong here: the words, which are the seed ``verbatim_sentiments``.
"""

import math
from collections.abc import Sequence

from pipeline.analysis.verbatims.phrases import Found
from pipeline.analysis.verbatims.words import HARD, SOFT

FELT, MORE, LESS = "felt", "more", "less"
NEGATES, OPENS, CLOSES, CLOSES_OPENED = "negates", "opens", "closes", "closes_opened"
CONTRAST = "contrast"
_CLOSING = (CLOSES, CLOSES_OPENED, NEGATES)
KINDS = (FELT, MORE, LESS, NEGATES, OPENS, CLOSES, CLOSES_OPENED, CONTRAST)
"""What a phrase of the seed does. ``negates``: what follows; ``opens`` and ``closes``: the two halves of a French
negation, which enclose what is negated; ``closes_opened``: a half that negates nothing by itself (``plus``)."""

_REACH = 3
_SMALL = 3
_OPEN_REACH = 4
_TURNED = -0.75
_EASE = 0.8
_STRENGTH_REACH = 2


def _forward(words: Sequence[str], place: int, reach: int = _REACH) -> list[int]:
    """Places after ``place`` within the clause, until ``reach`` words of some length have passed."""
    places, passed = [], 0
    for following in range(place + 1, len(words)):
        if words[following] in (HARD, SOFT) or passed == reach:
            break
        places.append(following)
        passed += len(words[following]) > _SMALL
    return places


def negated_places(words: Sequence[str], markers: Sequence[Found]) -> dict[int, set[int]]:
    """Which places are negated, and by the words at which places.

    Args:
        words: the clause.
        markers: phrases of the kinds that negate.
    """
    at = {found.places[0]: found for found in markers}
    negated: dict[int, set[int]] = {}
    closed: set[int] = set()

    def turn(places: Sequence[int], by: Sequence[int]) -> None:
        for place in places:
            negated.setdefault(place, set()).update(by)

    for place in sorted(at):
        found = at[place]
        kind = found.phrase.meaning
        last = found.places[-1]
        if kind == OPENS:
            ahead = range(place + 1, min(place + 2 + _OPEN_REACH, len(words)))
            closing = next((other for other in ahead if other in at and at[other].phrase.meaning in _CLOSING), None)
            if closing is None:
                turn(_forward(words, last), [place])
            else:
                closed.add(closing)
                turn([*range(last + 1, closing), *_forward(words, at[closing].places[-1])], [place, closing])
        elif place not in closed and kind in (NEGATES, CLOSES):
            before = [place - 1] if kind == CLOSES and place and words[place - 1] not in (HARD, SOFT) else []
            turn([*before, *_forward(words, last)], [place])
    return negated


def feeling_of(words: Sequence[str], told: Sequence[Found], markers: Sequence[Found]) -> float:
    """Sum of the feelings of a clause, signed, without bound.

    Args:
        words: the clause.
        told: phrases with a polarity.
        markers: phrases that negate, strengthen or weaken.
    """
    negated = negated_places(words, [found for found in markers if found.phrase.meaning not in (MORE, LESS)])
    strengths = {found.places[-1]: found.phrase.polarity for found in markers if found.phrase.meaning in (MORE, LESS)}
    total = 0.0
    for found in told:
        value = found.phrase.polarity
        own = set(found.places)
        if any(by - own for place in found.places for by in (negated.get(place, set()),) if not by & own):
            value *= _TURNED
        first = found.places[0]
        for place in range(max(0, first - _STRENGTH_REACH), first):
            value *= strengths.get(place, 1.0)
        total += value
    return total


def bounded(total: float) -> float:
    """A sum of feelings on −1 to 1, rounded to four places."""
    return round(total / math.sqrt(total * total + _EASE), 4)
