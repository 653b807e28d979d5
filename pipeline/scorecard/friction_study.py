"""Friction rankings of many companies, pooled: how good, how often first, how often a harmless one is accused.

Belongs here: pooling over seeds. Does not belong here: making companies, running models.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.scorecard.frictions import ndcg, rank_correlation, ranked_types


@dataclass(frozen=True)
class Ranking:
    """One company's ranking against its truth.

    Attributes:
        seed: seed of the company.
        ndcg: NDCG@10 over all types that cost; NaN where none does.
        ndcg_detected: the same over the types the product detects.
        is_top_right: whether the first is the dearest of the types the product detects.
        is_top_right_of_all: whether it is the dearest of all.
        correlation: Spearman's correlation of money at stake over types known to both.
        accused: harmless types shown to matter.
        harmless: harmless types tested.
        held: types that cost and are detected whose interval, if fixed alone, holds the true cost.
        costly: types that cost and are detected.
    """

    seed: int
    ndcg: float
    ndcg_detected: float
    is_top_right: bool
    is_top_right_of_all: bool
    correlation: float
    accused: tuple[str, ...]
    harmless: tuple[str, ...]
    held: tuple[str, ...] = ()
    costly: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrictionStudy:
    """Rankings of many companies of one scenario."""

    scenario: str
    rankings: tuple[Ranking, ...]

    @property
    def ndcg_mean(self) -> float:
        """Mean NDCG@10 over seeds, over the types that cost."""
        return _mean([ranking.ndcg for ranking in self.rankings])

    @property
    def ndcg_detected_mean(self) -> float:
        """Mean NDCG@10 over seeds, over the types the product detects."""
        return _mean([ranking.ndcg_detected for ranking in self.rankings])

    @property
    def ndcg_detected_minimum(self) -> float:
        """The worst seed's."""
        return float(np.min([ranking.ndcg_detected for ranking in self.rankings]))

    @property
    def top_right_count(self) -> int:
        """Seeds in which the first of the detected types is the dearest of them."""
        return sum(ranking.is_top_right for ranking in self.rankings)

    @property
    def correlation_mean(self) -> float:
        """Mean rank correlation of money at stake."""
        return _mean([ranking.correlation for ranking in self.rankings])

    @property
    def accused_share(self) -> float:
        """Share of harmless types that are shown to matter, pooled over seeds."""
        tested = sum(len(ranking.harmless) for ranking in self.rankings)
        return sum(len(ranking.accused) for ranking in self.rankings) / tested if tested else float("nan")

    @property
    def held_share(self) -> float:
        """Share of the intervals that hold the true cost, pooled over types that cost and seeds."""
        costly = sum(len(ranking.costly) for ranking in self.rankings)
        return sum(len(ranking.held) for ranking in self.rankings) / costly if costly else float("nan")

    def in_words(self) -> str:
        """The study in a few lines."""
        count = len(self.rankings)
        lines = [f"{self.scenario}, {count} seeds"]
        if not np.isnan(self.ndcg_mean):
            detected = f"over detected types {self.ndcg_detected_mean:.3f}, worst {self.ndcg_detected_minimum:.3f}"
            first_of_all = sum(ranking.is_top_right_of_all for ranking in self.rankings)
            lines += [
                f"  NDCG@10 {self.ndcg_mean:.3f}; {detected}",
                f"  dearest of the detected types first: {self.top_right_count} of {count}; of all: {first_of_all}",
                f"  rank correlation of money at stake {self.correlation_mean:.3f}",
                f"  intervals that hold the true cost: {self.held_share:.3f}",
            ]
        accused = sorted({name for ranking in self.rankings for name in ranking.accused})
        tested = sum(len(ranking.harmless) for ranking in self.rankings)
        lines.append(
            f"  harmless types shown to matter: {self.accused_share:.3f} of {tested}"
            + (f" ({', '.join(accused)})" if accused else "")
        )
        return "\n".join(lines)


def judge_ranking(seed: int, costs: pd.Series, ranking: pd.DataFrame) -> Ranking:
    """One company's ranking against its truth.

    Args:
        seed: seed of the company.
        costs: true cost by friction type.
        ranking: the product's ranking at segment ``all``: friction_type, friction_rank, value_at_stake_amount, q_value,
            and, if intervals are to be judged, value_if_alone_low_amount and value_if_alone_high_amount.
    """
    order = ranked_types(ranking)
    detected = ranking["friction_type"]
    known = costs[costs.index.isin(detected)]
    stakes = ranking.set_index("friction_type")["value_at_stake_amount"].astype("float64")
    tested = set(ranking[ranking["q_value"].notna()]["friction_type"])
    harmless = tuple(sorted(tested - set(costs[costs > 0].index)))
    return Ranking(
        seed=seed,
        ndcg=ndcg(costs, order),
        ndcg_detected=ndcg(known, order),
        is_top_right=_is_first(known, order),
        is_top_right_of_all=_is_first(costs, order),
        correlation=rank_correlation(known, stakes),
        accused=tuple(name for name in harmless if name in order),
        harmless=harmless,
        held=_held(known, ranking),
        costly=tuple(sorted(known[known > 0].index)),
    )


def _held(costs: pd.Series, ranking: pd.DataFrame) -> tuple[str, ...]:
    """Types whose interval of the value if fixed alone holds the true cost: that is what the truth counts."""
    if "value_if_alone_low_amount" not in ranking:
        return ()
    bounds = ranking.set_index("friction_type")
    low = bounds["value_if_alone_low_amount"].astype("float64").reindex(costs.index)
    high = bounds["value_if_alone_high_amount"].astype("float64").reindex(costs.index)
    return tuple(sorted(map(str, costs[(costs > 0) & (low <= costs) & (costs <= high)].index)))


def _is_first(costs: pd.Series, order: Sequence[str]) -> bool:
    return bool(len(order) and len(costs) and costs.max() > 0 and order[0] == costs.idxmax())


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")
