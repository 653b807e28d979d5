"""The budget of false alarms is shared out and never exceeded."""

import numpy as np
import pytest

from pipeline.statistics.budget import FALSE_ALARMS_PER_DAY, MOST_LENIENT, SHARE_OF_WHOLE, WINDOWS_AGREE, thresholds


def test_all_tests_together_stay_within_the_budget() -> None:
    is_whole = np.arange(2000) % 40 == 0
    counts = np.full(2000, 4)
    limit = thresholds(
        is_whole=is_whole, is_tested=np.ones(2000, dtype=np.bool_), weight=np.ones(2000), test_count=counts
    )
    spent = limit * counts * WINDOWS_AGREE
    assert spent.sum() == pytest.approx(FALSE_ALARMS_PER_DAY)
    assert spent[is_whole].sum() == pytest.approx(FALSE_ALARMS_PER_DAY * SHARE_OF_WHOLE)
    assert limit[is_whole].min() > limit[~is_whole].max()


def test_who_is_not_tested_takes_no_share_and_weight_takes_more() -> None:
    tested = np.array([True, True, False] + [True] * 97)
    weight = np.array([2.0, 1.0, 1.0] + [1.0] * 97)
    limit = thresholds(
        is_whole=np.zeros(100, dtype=np.bool_), is_tested=tested, weight=weight, test_count=np.ones(100, dtype=np.int64)
    )
    assert limit[2] == 0
    assert limit[0] == pytest.approx(2 * limit[1])


def test_a_single_series_is_not_alerted_on_lightly() -> None:
    one = np.ones(1, dtype=np.bool_)
    limit = thresholds(is_whole=one, is_tested=one, weight=np.ones(1), test_count=np.ones(1, dtype=np.int64))
    assert limit[0] == MOST_LENIENT
