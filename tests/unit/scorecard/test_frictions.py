"""NDCG, the first rank and the rank correlation, on rankings one can check by hand."""

import math

import pandas as pd
import pytest

from pipeline.scorecard.frictions import ndcg, rank_correlation, score_frictions, true_costs
from pipeline.scorecard.model import Standing

COSTS = pd.Series({"a": 800.0, "b": 400.0, "c": 200.0, "harmless": 0.0})


def _ranking(rows: list[tuple[str, int | None, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["friction_type", "friction_rank", "value_at_stake_amount"])


def test_the_true_order_scores_one() -> None:
    found = score_frictions(COSTS, _ranking([("b", 2, 390), ("a", 1, 900), ("c", 3, 100), ("harmless", None, 5)]))
    assert [score.value for score in found] == pytest.approx([1.0, 1.0, 1.0])
    assert "top 3: 3 of 3" in found[0].note


def test_gains_are_discounted_by_rank() -> None:
    ideal = 800 + 400 / math.log2(3) + 200 / 2
    assert ndcg(COSTS, ["b", "a", "c"]) == pytest.approx((400 + 800 / math.log2(3) + 100) / ideal)
    assert ndcg(COSTS, ["harmless", "a"]) == pytest.approx(800 / math.log2(3) / ideal)
    assert ndcg(COSTS, []) == 0.0
    assert ndcg(COSTS, ["b", "a"], depth=1) == pytest.approx(0.5)


def test_what_is_not_detected_wins_nothing_and_is_named() -> None:
    value, first, _ = score_frictions(COSTS, _ranking([("b", 1, 400), ("c", 2, 150), ("harmless", None, 1)]))
    assert value.value == pytest.approx((400 + 200 / math.log2(3)) / (800 + 400 / math.log2(3) + 100))
    assert "not detected: a" in value.note
    assert "over detected types 1.000" in value.note
    assert first.value == 0.0


def test_what_is_not_shown_to_matter_is_not_ranked() -> None:
    value, first, correlation = score_frictions(COSTS, _ranking([("a", None, 9), ("b", None, 5), ("c", None, 2)]))
    assert (value.value, first.value) == (0.0, 0.0)
    assert correlation.value == pytest.approx(1.0)  # its money at stake is known all the same


def test_one_type_that_costs_has_no_rank_correlation() -> None:
    costs = pd.Series({"a": 800.0, "b": 0.0, "c": 0.0})
    found = score_frictions(costs, _ranking([("a", 1, 900), ("b", None, 7), ("c", None, -3)]))
    assert [score.value for score in found] == [1.0, 1.0, None]


def test_nothing_planted_nothing_scored() -> None:
    found = score_frictions(pd.Series({"a": 0.0}), _ranking([("a", 1, 10)]))
    assert {score.standing for score in found} == {Standing.NOT_APPLICABLE}


def test_costs_are_of_effective_and_measurable_exposures() -> None:
    frictions = pd.DataFrame(
        [("a", 5.0, True, True), ("a", 7.0, True, False), ("b", 9.0, True, True), ("c", 4.0, False, True)],
        columns=["friction_type", "cost_amount", "is_effective", "is_measurable"],
    )
    assert true_costs(frictions).to_dict() == {"b": 9.0, "a": 5.0, "c": 0.0}


def test_rank_correlation_with_ties() -> None:
    one, other = pd.Series({"a": 1.0, "b": 2.0, "c": 2.0}), pd.Series({"a": 3.0, "b": 1.0, "c": 2.0, "d": 9.0})
    assert rank_correlation(one, other) == pytest.approx(-0.8660254)
    assert math.isnan(rank_correlation(one, pd.Series({"a": 1.0, "b": 1.0})))
