"""Coverage, lifetime value, alerts, themes, and the card they are put on."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline import scorecard
from pipeline.scorecard.model import Score, Standing, make_card, not_applicable, not_built


def _cells(rows: list[tuple[str, int, float, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["family", "seed", "low", "high", "parameter"])


def test_coverage_says_on_which_side_it_misses() -> None:
    cells = _cells([("x", 1, 0, 1, 0.5), ("x", 1, 0, 1, 2), ("x", 2, 0, 1, -1), ("y", 2, 0, 1, 1)])
    x, y = scorecard.coverage_by(cells, "family")
    assert (x.coverage, x.missed_low, x.missed_high) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert (y.coverage, y.cell_count) == (1.0, 1)  # a bound that touches the parameter holds it
    assert scorecard.score_coverage(cells).value == pytest.approx(0.5)


def test_an_open_bound_holds_everything() -> None:
    assert scorecard.pooled_coverage(_cells([("x", 1, math.nan, 1, -9), ("x", 1, 0, math.nan, 9)])).coverage == 1.0


def test_uncertainty_of_a_coverage_is_between_seeds() -> None:
    stream = np.random.default_rng(1)
    held = np.repeat(stream.random(40) < 0.9, 50)  # a seed's cells stand or fall together
    cells = _cells([("x", n // 50, 0.0, 1.0 if yes else -1.0, 0.5) for n, yes in enumerate(held)])
    expected = math.sqrt(held[::50].mean() * (1 - held[::50].mean()) / 39)
    assert scorecard.pooled_coverage(cells).standard_error == pytest.approx(expected)


def test_no_cell_no_coverage() -> None:
    assert scorecard.score_coverage(_cells([])).standing is Standing.NOT_APPLICABLE


def _fits(rows: list[tuple[str, str, str, float | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["fit_group", "model", "parameter", "estimate"])


def test_parameter_error_is_on_the_log_scale_and_over_the_models_of_the_process() -> None:
    true = {"B2C": {"r": 1.0, "alpha": 2.0}, "B2B": {"r": 1.0}}
    fits = _fits([("B2C", "bg_nbd", "r", math.e), ("B2C", "bg_nbd", "alpha", 2.0), ("B2C", "pareto_nbd", "r", 99.0)])
    score = scorecard.score_parameters(true, fits)
    assert (score.value, score.n) == (pytest.approx(0.5), 2)
    assert "not fitted: B2B" in score.note


def test_no_fit_no_parameter_error() -> None:
    assert scorecard.score_parameters({"B2C": {"r": 1.0}}, _fits([])).standing is Standing.NOT_APPLICABLE


def test_value_error_is_of_the_sum_and_says_who() -> None:
    persons = pd.DataFrame(
        [("B2C", True, 60.0), ("B2B", True, 40.0), ("B2C", False, 500.0)],
        columns=["customer_type", "is_customer", "expected_value_12m"],
    )
    predictions = pd.DataFrame(
        [("B2C", 66.0, False), ("B2B", 24.0, True)], columns=["customer_type", "predicted_value_12m", "is_fallback"]
    )
    score = scorecard.score_values(persons, predictions)
    assert score.value == pytest.approx(0.1)
    assert "B2B -40.0%" in score.note
    assert "B2C +10.0%" in score.note
    assert "1 of them not by a model of their group" in score.note


PLANTED = pd.DataFrame(
    [("nps", "all", "all", date(2025, 3, 1), date(2025, 3, 10)),
     ("csat", "device", "mobile", date(2025, 5, 1), date(2025, 5, 20))],
    columns=["kpi_id", "segment_dimension", "segment", "first_day", "last_day"],
)  # fmt: skip


def _alerts(rows: list[tuple[str, str, str, date]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["kpi_id", "segment_dimension", "segment", "alerted_on"])


def test_alerts_are_right_in_time_in_the_segment_or_for_all() -> None:
    alerts = _alerts([
        ("nps", "all", "all", date(2025, 3, 4)),  # right, after 3 days
        ("nps", "all", "all", date(2025, 3, 17)),  # right: windows still hold its days
        ("nps", "all", "all", date(2025, 3, 18)),  # too late
        ("csat", "all", "all", date(2025, 5, 6)),  # right, after 5 days: a segment moves the whole
        ("csat", "device", "desktop", date(2025, 5, 6)),  # another segment
        ("csat", "device", "mobile", date(2025, 4, 30)),  # too early
    ])  # fmt: skip
    precision, recall, delay, false = scorecard.score_alerts(PLANTED, alerts, observed_days=70)
    assert precision.value == pytest.approx(3 / 6)
    assert recall.value == 1.0
    assert delay.value == pytest.approx(4.8)
    assert false.value == pytest.approx(0.3)


def test_calm_has_false_alerts_only() -> None:
    precision, recall, delay, false = scorecard.score_alerts(PLANTED.head(0), _alerts([]), observed_days=7)
    assert {score.standing for score in (precision, recall, delay)} == {Standing.NOT_APPLICABLE}
    assert false.value == 0.0


def test_alerts_need_days() -> None:
    with pytest.raises(ValueError, match="need days"):
        scorecard.score_alerts(PLANTED, _alerts([]), observed_days=0)


def test_themes() -> None:
    truth = pd.DataFrame(
        [("feedback", "1", "delivery"), ("feedback", "2", "price"), ("feedback", "3", None)],
        columns=["source_table", "row_id", "theme"],
    )
    given = pd.DataFrame(
        [("feedback", "1", "delivery"), ("feedback", "1", "price"), ("feedback", "3", "price")],
        columns=["source_table", "row_id", "theme"],
    )
    precision, coverage = scorecard.score_themes(truth, given)
    assert precision.value == pytest.approx(1 / 3)
    assert coverage.value == pytest.approx(1 / 2)


def _all_scores() -> list[Score]:
    return [not_built(name, "later") for name in scorecard.SCORE_NAMES]


def test_a_card_has_every_score_once_and_null_for_what_is_not_built() -> None:
    card = make_card(
        "calm", 7, [Score("funnel_exact", 1.0, 3, "cells"), *[s for s in _all_scores() if s.name != "funnel_exact"]]
    )
    assert list(card.as_json()) == ["scenario", "seed", "scores"]
    assert tuple(card.as_json()["scores"]) == scorecard.SCORE_NAMES
    assert card.as_json()["scores"]["funnel_exact"] == 1.0
    assert card.as_json()["scores"]["theme_precision"] is None
    with pytest.raises(ValueError, match="missing"):
        make_card("calm", 7, _all_scores()[1:])
    with pytest.raises(ValueError, match="twice: \\['funnel_exact'\\]"):
        make_card("calm", 7, [*_all_scores(), not_built("funnel_exact", "again")])


def test_a_score_cannot_contradict_itself() -> None:
    with pytest.raises(ValueError, match="no score luck"):
        Score("luck", 1.0, 1, "")
    with pytest.raises(ValueError, match="does not go with"):
        Score("funnel_exact", None, 1, "")
    with pytest.raises(ValueError, match="does not go with"):
        Score("funnel_exact", 1.0, 1, "", Standing.NOT_BUILT)
    assert not_applicable("funnel_exact", "why").standing is Standing.NOT_APPLICABLE
