"""Strain: a week of sales and its aftermath widen what is usual, an ordinary year does not."""

import numpy as np
import pytest

from pipeline.statistics.charts import judge_day
from pipeline.statistics.strain import strain
from tests.unit.statistics.panels import shares

PEAK = slice(200, 207)


def units(seed: int = 1, *, series: int = 9, days: int = 300, mean: float = 200) -> np.ndarray:
    weekly = 1 + 0.3 * np.sin(2 * np.pi * np.arange(days) / 7)
    return np.random.default_rng(seed).poisson(mean * weekly, (series, days)).astype(np.float64)


def test_an_ordinary_year_is_no_strain() -> None:
    assert (strain(units()) == 1).all()


def test_a_week_of_sales_lasts_for_five_weeks() -> None:
    busy = units()
    busy[:, PEAK] *= 2.2
    found = strain(busy)
    assert (found[:200] == 1).all()
    assert found[206:241] == pytest.approx(1.95, abs=0.1)
    assert (found[248:] == 1).all()


def test_no_single_count_speaks_for_business() -> None:
    busy = units()
    busy[:4, PEAK] *= 5
    assert (strain(busy) == 1).all()
    assert (strain(busy[:2]) == 1).all()
    assert (strain(units(mean=5)) == 1).all()
    assert (strain(np.zeros((0, 300))) == 1).all()


def test_what_a_day_gets_does_not_depend_on_later_days() -> None:
    busy = units()
    busy[:, PEAK] *= 2.2
    assert (strain(busy)[:230] == strain(busy[:, :230])).all()


def test_under_strain_the_same_change_is_less_sure() -> None:
    panel = shares(3)
    day = panel.x.shape[1] - 1
    panel.x[:, -7:] *= 0.85
    calm = judge_day(panel, day)["7"]
    panel.strain[:] = 2.0
    strained = judge_day(panel, day)["7"]
    assert strained.score == pytest.approx(calm.score / np.sqrt(2))
    assert (strained.p_low >= calm.p_low).all()
