"""The same weeks a year before, and nothing where there was no year before."""

import numpy as np
import pytest

from pipeline.statistics.seasonality import YEAR, yearly_index


def test_a_second_year_is_expected_to_be_like_the_first() -> None:
    days = np.arange(2 * YEAR)
    season = 100 * (1 + 0.3 * np.sin(2 * np.pi * days / YEAR))
    index, error = yearly_index(season[None, :], np.ones((1, len(days)), dtype=np.bool_))
    known = slice(YEAR + 20, 2 * YEAR - 20)
    ratio = season[known] / index[0, known]
    assert ratio.std() / ratio.mean() < 0.01
    assert (error[0, known] >= 0.05**2).all()


def test_growth_is_no_season() -> None:
    days = np.arange(2 * YEAR)
    grown = 100 * 1.3 ** (days / YEAR)
    index, _ = yearly_index(grown[None, :], np.ones((1, len(days)), dtype=np.bool_))
    known = slice(YEAR + 20, 2 * YEAR - 20)
    assert (grown[known] / index[0, known]).std() / (grown[known] / index[0, known]).mean() < 0.02


@pytest.mark.parametrize("days", [100, YEAR, YEAR + 15])
def test_without_a_year_before_there_is_no_expectation(days: int) -> None:
    index, error = yearly_index(np.ones((2, days)), np.ones((2, days), dtype=np.bool_))
    assert (index[:, : YEAR + 10] == 0).all()
    assert (error[:, : YEAR + 10] == 0).all()


def test_weeks_that_were_not_delivered_are_no_season() -> None:
    delivered = np.ones((1, 2 * YEAR), dtype=np.bool_)
    delivered[0, 100:110] = False
    index, _ = yearly_index(np.ones((1, 2 * YEAR)), delivered)
    assert (index[0, YEAR + 100 : YEAR + 110] == 0).all()
    assert index[0, YEAR + 60] > 0
