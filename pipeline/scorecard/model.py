"""What a scorecard is made of: a score, what it stands on, and the names of all of them.

Belongs here: the vocabulary of scores and the card's JSON. Does not belong here: how any score is computed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SCORE_NAMES = (
    "identity_precision",
    "identity_recall",
    "funnel_exact",
    "interval_coverage",
    "clv_parameter_error",
    "clv_value_error",
    "friction_ndcg10",
    "friction_top1",
    "friction_rank_correlation",
    "alerts_precision",
    "alerts_recall",
    "alerts_delay_days_p90",
    "alerts_false_per_week",
    "theme_precision",
    "theme_coverage",
)
"""Every score there is, in the order it is shown; the JSON of a card has all of them."""

LOWER_IS_BETTER = frozenset(
    {"clv_parameter_error", "clv_value_error", "alerts_delay_days_p90", "alerts_false_per_week"}
)
"""Scores that count something bad."""


class Standing(StrEnum):
    """Whether there is a number, and if not, why."""

    MEASURED = "measured"
    NOT_BUILT = "not built"
    NOT_APPLICABLE = "not applicable in this scenario"


@dataclass(frozen=True)
class Score:
    """One score of a card.

    Attributes:
        name: one of ``SCORE_NAMES``.
        value: the score; ``None`` unless measured.
        n: what it was measured on: pairs, cells, types, customers; 0 unless measured.
        note: what ``n`` counts and what else one should know, or the reason why there is no number.
        standing: measured, not built, or not applicable.
    """

    name: str
    value: float | None
    n: int
    note: str
    standing: Standing = Standing.MEASURED

    def __post_init__(self) -> None:
        """Refuse a score that contradicts itself.

        Raises:
            ValueError: an unknown name, or a number where none is meant, or none where one is.
        """
        if self.name not in SCORE_NAMES:
            raise ValueError(f"there is no score {self.name}; known are {', '.join(SCORE_NAMES)}")
        if (self.value is None) == (self.standing is Standing.MEASURED):
            raise ValueError(f"{self.name}: {self.standing} does not go with the value {self.value}")


@dataclass(frozen=True)
class Card:
    """The scores of one company, complete and in order.

    Attributes:
        scenario: name of the scenario the company was made by.
        seed: seed of its chance.
        scores: one score per name of ``SCORE_NAMES``.
    """

    scenario: str
    seed: int
    scores: tuple[Score, ...]

    def as_json(self) -> dict[str, Any]:
        """The card as written with ``--json``: scenario, seed, and every score by name, ``None`` without a number."""
        return {
            "scenario": self.scenario,
            "seed": self.seed,
            "scores": {score.name: score.value for score in self.scores},
        }


def not_built(name: str, reason: str) -> Score:
    """A score of something the product has not got yet."""
    return Score(name, None, 0, reason, Standing.NOT_BUILT)


def not_applicable(name: str, reason: str) -> Score:
    """A score that has no meaning in this scenario."""
    return Score(name, None, 0, reason, Standing.NOT_APPLICABLE)


def make_card(scenario: str, seed: int, scores: Iterable[Score]) -> Card:
    """Put scores in order; every name exactly once.

    Raises:
        ValueError: a score is missing or comes twice.
    """
    given = list(scores)
    found = {score.name: score for score in given}
    missing = [name for name in SCORE_NAMES if name not in found]
    if missing or len(found) != len(given):
        twice = sorted({score.name for score in given if sum(other.name == score.name for other in given) > 1})
        raise ValueError(f"a card needs every score once; missing: {missing}, twice: {twice}")
    return Card(scenario, seed, tuple(found[name] for name in SCORE_NAMES))
