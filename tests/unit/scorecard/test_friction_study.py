"""Many rankings pooled."""

import math

import pandas as pd
import pytest

from pipeline.scorecard.friction_study import FrictionStudy, judge_ranking

COSTS = pd.Series({"late_delivery": 900.0, "payment_failure": 400.0, "failed_search": 200.0, "page_error": 0.0})


def _ranking(rows: list[tuple[str, int | None, float, float | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["friction_type", "friction_rank", "value_at_stake_amount", "q_value"])


RIGHT = _ranking([("payment_failure", 1, 390, 0.001), ("failed_search", 2, 210, 0.01), ("page_error", None, 5, 0.6)])
WRONG = _ranking([("page_error", 1, 500, 0.01), ("payment_failure", 2, 390, 0.02), ("failed_search", None, 9, 0.3)])


def test_detected_types_are_judged_apart_from_all() -> None:
    found = judge_ranking(1, COSTS, RIGHT)
    assert found.ndcg_detected == pytest.approx(1.0)
    assert found.ndcg < 0.6  # the dearest is not detected
    assert found.is_top_right
    assert not found.is_top_right_of_all
    assert found.correlation == pytest.approx(1.0)
    assert (found.accused, found.harmless) == ((), ("page_error",))


def test_rankings_are_pooled_over_seeds() -> None:
    study = FrictionStudy("mixed", (judge_ranking(1, COSTS, RIGHT), judge_ranking(2, COSTS, WRONG)))
    second = (400 / math.log2(3)) / (400 + 200 / math.log2(3))
    assert study.ndcg_detected_minimum == pytest.approx(second)
    assert study.ndcg_detected_mean == pytest.approx((1 + second) / 2)
    assert study.top_right_count == 1
    assert study.accused_share == pytest.approx(0.5)
    assert "0.500 of 2 (page_error)" in study.in_words()


def test_calm_only_tells_who_is_accused() -> None:
    study = FrictionStudy("calm", (judge_ranking(1, COSTS * 0, WRONG),))
    assert math.isnan(study.ndcg_mean)
    assert study.accused_share == pytest.approx(2 / 3)
    assert "NDCG" not in study.in_words()


def test_a_type_without_a_test_is_not_counted_as_acquitted() -> None:
    rare = _ranking([("page_error", None, 5, None), ("failed_search", None, 5, 0.5)])
    assert judge_ranking(1, COSTS * 0, rare).harmless == ("failed_search",)
