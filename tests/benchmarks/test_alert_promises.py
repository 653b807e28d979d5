"""What alerts promise, on simulated series: rare when nothing happens, quick when something does, and cheap."""

import time
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.alerts.replay import Watched, replay
from pipeline.alerts.series import arrange
from tests.benchmarks.alert_worlds import REPORTED_FROM, days_to_find, openings, world

pytestmark = pytest.mark.slow


def _days(errors: float, *, is_whole: bool, worlds: int) -> np.ndarray:
    """Days to find many drops; 8 stands for not within a week."""
    seeds = range(REPORTED_FROM, REPORTED_FROM + worlds)
    return np.concatenate([days_to_find(seed, errors=errors, is_whole=is_whole) for seed in seeds])


def test_false_alarms_stay_within_one_in_28_days() -> None:
    started = time.process_time()
    seeds = range(REPORTED_FROM, REPORTED_FROM + 20)
    assert sum(openings(seed) for seed in seeds) <= 128
    assert (time.process_time() - started) / len(seeds) <= 10


def test_large_drops_are_found_within_three_days() -> None:
    whole, part = _days(3.5, is_whole=True, worlds=6), _days(4.0, is_whole=False, worlds=12)
    assert min(len(whole), len(part)) >= 200
    assert (whole <= 3).mean() >= 0.9
    assert (part <= 3).mean() >= 0.9


def test_middling_drops_of_everybody_are_found_within_a_week() -> None:
    assert (_days(3.0, is_whole=True, worlds=6) <= 7).mean() >= 0.95


def test_a_morning_of_2000_series_and_400_days_costs_five_seconds_at_most() -> None:
    drawn = world(REPORTED_FROM, days=400)
    panel, days = drawn.kpis.panel, np.array(drawn.kpis.as_of_days, dtype="datetime64[D]")
    row, column = (each.ravel() for each in np.indices(panel.x.shape))
    names = pd.DataFrame(drawn.kpis.keys, columns=["kpi_id", "segment_dimension", "segment"]).iloc[row]
    cells = names.reset_index(drop=True).assign(
        metric_date=days[column],
        numerator=panel.x.ravel(),
        denominator=panel.n.ravel(),
        n=panel.counted.ravel(),
        value=0.0,
    )
    last = drawn.kpis.as_of_days[-1]
    started = time.process_time()
    series = arrange(cells, drawn.book, last)
    replay(Watched(series, drawn.book), {}, first=last - timedelta(days=1), last=last)
    assert time.process_time() - started <= 5
    assert len(series.keys) == 2000
