"""Whether frictions are ranked as what they truly cost.

Belongs here: NDCG, the first rank, rank correlation. Does not belong here: making frictions or measuring them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.scorecard.model import Score, not_applicable

_DEPTH = 10
_SMALLEST_CORRELATION, _FEWEST_DEAR = 3, 2  # among harmless types the order is chance


def true_costs(frictions: pd.DataFrame) -> pd.Series:
    """True cost by friction type: of effective frictions, over exposures whose horizon lies inside the history.

    Args:
        frictions: the truth, one row per exposure: friction_type, cost_amount, is_effective, is_measurable.

    Returns:
        Cost by friction_type, dearest first; harmless types have 0.
    """
    counted = frictions["cost_amount"].where(frictions["is_effective"] & frictions["is_measurable"], 0.0)
    costs = counted.groupby(frictions["friction_type"]).sum()
    return costs.sort_values(ascending=False, kind="stable")


def score_frictions(costs: pd.Series, ranking: pd.DataFrame) -> tuple[Score, Score, Score]:
    """NDCG@10 with gain = true cost, whether the first is the dearest, and the rank correlation of money at stake.

    A type the product does not detect, or does not show to matter, is not ranked and wins no gain.

    Args:
        costs: as from ``true_costs``.
        ranking: the product's ranking at segment ``all``: friction_type, friction_rank (NULL: not shown to matter),
            value_at_stake_amount.

    Returns:
        ``friction_ndcg10``, ``friction_top1`` and ``friction_rank_correlation``.
    """
    dear = costs[costs > 0]
    if dear.empty:
        reason = "no friction costs anything in this scenario"
        return (
            not_applicable("friction_ndcg10", reason),
            not_applicable("friction_top1", reason),
            not_applicable("friction_rank_correlation", reason),
        )
    order = ranked_types(ranking)
    detected = set(ranking["friction_type"])
    missing = [name for name in dear.index if name not in detected]
    known = dear[dear.index.isin(detected)]
    note = f"types that cost; first by truth {_first(dear.index)}, by product {_first(order)}"
    note += f"; top 3: {len(set(order[:3]) & set(dear.index[:3]))} of {min(3, len(dear))} right"
    if missing:
        note += f"; not detected: {', '.join(missing)}; over detected types {ndcg(known, order):.3f}"
    return (
        Score("friction_ndcg10", ndcg(dear, order), len(dear), note),
        Score("friction_top1", float(order[:1] == [dear.index[0]]), 1, f"dearest by truth: {dear.index[0]}"),
        _correlation(costs, ranking),
    )


def ranked_types(ranking: pd.DataFrame) -> list[str]:
    """Types with a rank, first to last."""
    ranked = ranking[ranking["friction_rank"].notna()]
    return [str(name) for name in ranked.sort_values(["friction_rank", "friction_type"])["friction_type"]]


def ndcg(gains: pd.Series, order: Sequence[str], depth: int = _DEPTH) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), discount 1 / log2(rank + 1).

    Args:
        gains: gain by item; items without one gain nothing.
        order: items as ranked.
        depth: ranks that count.

    Returns:
        1 for the best order there is, 0 where nothing is gained; NaN without any gain to be had.
    """
    best = np.sort(gains.to_numpy("float64"))[::-1][:depth]
    won = np.array([float(gains.get(name, 0.0)) for name in order[:depth]])
    if best.sum() <= 0:
        return float("nan")
    return float(
        (won / np.log2(np.arange(2, len(won) + 2))).sum() / (best / np.log2(np.arange(2, len(best) + 2))).sum()
    )


def rank_correlation(one: pd.Series, other: pd.Series) -> float:
    """Spearman's correlation of two series over the labels both have; NaN where one of them is constant."""
    both = pd.concat([one, other], axis=1, join="inner").dropna().rank().to_numpy("float64")
    if len(both) < 2 or (both.std(axis=0) == 0).any():
        return float("nan")
    return float(np.corrcoef(both, rowvar=False)[0, 1])


def _correlation(costs: pd.Series, ranking: pd.DataFrame) -> Score:
    name = "friction_rank_correlation"
    stakes = ranking.set_index("friction_type")["value_at_stake_amount"].astype("float64").dropna()
    shared = costs.index.intersection(stakes.index)
    value = rank_correlation(costs.loc[shared], stakes.loc[shared])
    dear = int((costs.loc[shared] > 0).sum())
    if len(shared) < _SMALLEST_CORRELATION or dear < _FEWEST_DEAR or np.isnan(value):
        return not_applicable(name, f"{len(shared)} types are known to both, {dear} of them cost something: too few")
    return Score(name, value, len(shared), "types known to both, harmless ones included; Spearman of money at stake")


def _first(names: Sequence[str] | pd.Index) -> str:
    return str(names[0]) if len(names) else "none"
