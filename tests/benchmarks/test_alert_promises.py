"""What alerts promise, on simulated series: rare when nothing happens, quick when something does."""

import time

import numpy as np
import pytest

from tests.benchmarks.alert_worlds import days_to_find, openings

pytestmark = pytest.mark.slow


def _days(errors: float, *, is_whole: bool) -> np.ndarray:
    """Days to find many drops; 8 stands for not within a week."""
    tried = [days_to_find(seed, errors=errors, is_whole=is_whole) for seed in range(120)]
    return np.array([each for each in tried if each is not None])


def test_false_alarms_stay_within_one_in_28_days() -> None:
    started = time.process_time()
    seeds = range(20)
    assert sum(openings(seed) for seed in seeds) <= 128
    assert (time.process_time() - started) / len(seeds) <= 10


def test_large_drops_are_found_within_three_days() -> None:
    whole, part = _days(3.5, is_whole=True), _days(4.0, is_whole=False)
    assert len(whole) + len(part) >= 120
    assert (np.concatenate([whole, part]) <= 3).mean() >= 0.9
    # A segment alone is found a little less often: the budget is shared by 40 times as many series.
    assert (part <= 3).mean() >= 0.8


def test_middling_drops_of_everybody_are_found_within_a_week() -> None:
    assert (_days(3.0, is_whole=True) <= 7).mean() >= 0.95
