"""What alerts promise, on simulated series: rare when nothing happens, quick when something does."""

import time

import numpy as np
import pytest

from tests.benchmarks.alert_worlds import days_to_find, openings

pytestmark = pytest.mark.slow


def test_false_alarms_stay_within_one_in_28_days() -> None:
    started = time.process_time()
    seeds = range(10)
    assert 28 * sum(openings(seed) for seed in seeds) / 180 / len(seeds) <= 1
    assert (time.process_time() - started) / len(seeds) <= 10


@pytest.mark.parametrize(
    ("errors", "is_whole", "days", "share"), [(3.5, True, 3, 0.9), (4.0, False, 3, 0.9), (3.0, True, 7, 0.95)]
)
def test_drops_are_found(*, errors: float, is_whole: bool, days: int, share: float) -> None:
    tried = [days_to_find(seed, errors=errors, is_whole=is_whole) for seed in range(120)]
    known = np.array([each for each in tried if each is not None])
    assert len(known) >= 30
    assert (known <= days).mean() >= share
