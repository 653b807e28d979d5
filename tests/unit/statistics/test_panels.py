"""Baselines kept from day to day are those made anew, and what lasts over days widens them."""

from dataclasses import replace

import numpy as np

from pipeline.statistics.baselines import fit_baseline
from pipeline.statistics.charts import HISTORY_DAYS, judge_day
from pipeline.statistics.panels import KeptBaselines
from tests.unit.statistics.panels import shares

LAST = HISTORY_DAYS - 1


def test_a_replay_with_kept_baselines_says_the_same() -> None:
    tested, kept = shares(15, series=30), KeptBaselines()
    for day in range(LAST, 129):
        fresh, again = judge_day(tested, day), judge_day(tested, day, baselines=kept)
        for window in fresh:
            assert (fresh[window].p_low == again[window].p_low).all()


def test_kept_baselines_follow_what_is_clean() -> None:
    tested, kept = shares(15, series=30), KeptBaselines()
    judge_day(tested, LAST, baselines=kept)
    clean = tested.clean.copy()
    clean[3, LAST - 40 : LAST - 30] = False
    changed = replace(tested, clean=clean)
    fresh, again = judge_day(changed, LAST), judge_day(changed, LAST, baselines=kept)
    for window in fresh:
        assert (fresh[window].p_low == again[window].p_low).all()
    assert (fresh["1"].p_low != judge_day(tested, LAST)["1"].p_low).any()


def test_series_too_small_for_any_window_change_nothing_for_others() -> None:
    tested = shares(15, series=30)
    minimum = tested.minimum_n.copy()
    minimum[::2] = 1e9
    whole, part = judge_day(tested, LAST), judge_day(replace(tested, minimum_n=minimum), LAST)
    assert not part["1"].is_tested[::2].any()
    assert np.allclose(part["1"].p_low[1::2], whole["1"].p_low[1::2], rtol=1e-9, atol=0)
    assert np.allclose(part["slow"].score[1::2], whole["slow"].score[1::2], rtol=1e-9, atol=1e-12)


def test_what_lasts_over_days_is_found_in_large_series_beside_small_ones() -> None:
    chance, days, noise = np.random.default_rng(22), 84, np.zeros(84)
    for day in range(1, days):
        noise[day] = 0.8 * noise[day - 1] + 0.6 * chance.normal()
    level = np.clip(0.5 * (1 + 0.1 * noise), 0, 1)
    n = np.repeat(np.array([4000.0] * 6 + [5.0] * 60)[:, None], days, axis=1)
    x = chance.binomial(n.astype(np.int64), level[None, :]).astype(np.float64)
    group, chart = np.zeros(len(n), dtype=np.int64), np.zeros(len(n), dtype=np.int64)
    found = fit_baseline(x, n, n > 0, chart=chart, group=group)
    assert (found.block(7)[:6] > 3).all()
    assert found.block(7)[6:].mean() < 2
