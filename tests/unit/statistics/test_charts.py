"""Control charts: the rate of false alarms is as promised, real drops are found, oddities are not."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.statistics.baselines import Chart, fit_baseline
from pipeline.statistics.charts import DAILY_WINDOWS, HISTORY_DAYS, judge_day, weights_of
from pipeline.statistics.odd_days import odd_days
from pipeline.statistics.panels import Panel
from tests.unit.statistics.panels import panel, shares, totals

LAST = HISTORY_DAYS - 1


def below(tested: Panel, p: float, window: str, *, days: range = range(LAST, 129)) -> float:
    """Share of tests of a window with a lower tail under p."""
    low = [judge_day(tested, day)[window].p_low for day in days]
    return float(np.mean(np.stack(low) < p))


@pytest.mark.parametrize("window", DAILY_WINDOWS)
@pytest.mark.parametrize(
    "tested",
    [shares(1), shares(2, weekday=0.2), shares(3, rate=0.03), totals(4)],
    ids=["share", "week", "rare", "count"],
)
def test_false_alarms_are_no_more_frequent_than_their_p_value(tested: Panel, window: str) -> None:
    assert below(tested, 0.01, window) < 0.014


def test_tails_are_used_and_not_only_kept_within() -> None:
    assert below(shares(1), 0.05, "1") > 0.03


def test_more_dispersion_than_chance_is_no_alarm() -> None:
    chance = np.random.default_rng(5)
    n = np.full((200, 130), 400.0)
    rate = np.clip(0.3 + 0.05 * chance.normal(size=n.shape), 0.05, 0.95)
    x = chance.binomial(400, rate).astype(np.float64)
    assert below(panel(x, n, Chart.PROPORTION), 0.01, "1") < 0.014


def test_days_that_hang_together_widen_the_longer_windows() -> None:
    chance = np.random.default_rng(6)
    noise = chance.normal(size=(200, 130))
    for day in range(1, 130):
        noise[:, day] += 0.5 * noise[:, day - 1]
    n = np.full(noise.shape, 400.0)
    x = n * (4 + 0.1 * noise)
    assert below(panel(x, n, Chart.MEAN), 0.01, "7") < 0.03


@pytest.mark.parametrize(("errors", "days", "found"), [(3.5, 3, 0.9), (3.0, 7, 0.95)])
def test_a_drop_is_found(errors: float, days: int, found: float) -> None:
    tested = shares(7)
    x = tested.x.copy()
    first = LAST + 3
    x[:, first:] = np.round(np.maximum(0, x[:, first:] - errors * np.sqrt(0.21 * tested.n[:, first:])))
    hit = np.zeros(len(x), dtype=np.bool_)
    for day in range(first, first + days):
        tests = judge_day(replace(tested, x=x), day)
        hit |= np.any([test.p_low < 1e-4 for test in tests.values()], axis=0)
    assert hit.mean() >= found


def test_slow_erosion_is_found_by_the_slow_window_first() -> None:
    tested = shares(8, days=160)
    fall = np.clip((np.arange(160) - 115) / 40, 0, 1) * 0.06
    x = np.round(np.maximum(0, tested.x - fall * tested.n))
    tests = judge_day(replace(tested, x=x), 145)
    found = {window: float((test.p_low < 1e-3).mean()) for window, test in tests.items()}
    assert found["slow"] > 0.5
    assert found["slow"] > found["7"] + 0.15 > found["1"] + 0.15


def test_the_tested_days_are_not_in_their_own_baseline() -> None:
    tested = shares(9, series=20)
    broken = tested.x.copy()
    broken[:, LAST - 6 :] = 0
    before, after = judge_day(tested, LAST), judge_day(replace(tested, x=broken), LAST)
    for window in ("1", "3", "7"):
        assert after[window].expected == pytest.approx(before[window].expected)


def test_an_incident_kept_out_of_the_baseline_does_not_blunt_it() -> None:
    tested = shares(10, series=50)
    x, clean = tested.x.copy(), tested.clean.copy()
    x[:, LAST - 40 : LAST - 20] *= 0.3
    clean[:, LAST - 40 : LAST - 20] = False
    fitted = judge_day(replace(tested, x=x, clean=clean), LAST)["1"]
    assert fitted.expected.mean() == pytest.approx(0.3, abs=0.01)


def test_few_units_are_not_tested_alone_but_add_up() -> None:
    few = shares(11, n=6)
    tests = judge_day(few, LAST)
    assert set(tests) == {"7", "14", "28"}
    assert tests["7"].is_tested.mean() > 0.8
    assert not judge_day(shares(12, n=1), LAST)["7"].is_tested.any()


def test_too_few_clean_days_are_no_baseline() -> None:
    tested = shares(13, series=5)
    clean = tested.clean.copy()
    clean[:, LAST - 70 :] = False
    assert not judge_day(replace(tested, clean=clean), LAST)["1"].is_tested.any()


def test_what_was_never_seen_is_not_impossible() -> None:
    n = np.full((1, 130), 50.0)
    x = np.zeros_like(n)
    x[0, LAST] = 1
    assert judge_day(panel(x, n, Chart.PROPORTION), LAST)["1"].p_high[0] > 1e-3


def test_a_few_large_amounts_are_no_alarm() -> None:
    chance = np.random.default_rng(14)
    n = np.full((300, 130), 60.0)
    x = (chance.poisson(0.5, n.shape) * chance.lognormal(4, 0.5, n.shape)).astype(np.float64)
    high = [judge_day(panel(x, n, Chart.MEAN), day)["7"].p_high for day in range(LAST, 129)]
    assert np.mean(np.stack(high) < 1e-3) < 4e-3


def test_a_constant_series_is_not_tested() -> None:
    n = np.full((2, 130), 50.0)
    assert not judge_day(panel(n * 4.0, n, Chart.MEAN), LAST)["1"].is_tested.any()


def test_history_must_be_long_enough() -> None:
    with pytest.raises(ValueError, match="days of history"):
        judge_day(shares(1, series=2), LAST - 1)


def test_a_busy_day_may_stray_further_where_days_differ() -> None:
    chance = np.random.default_rng(21)
    n = np.full((40, 130), 2000.0)
    x = np.round(n * np.clip(0.4 * (1 + 0.08 * chance.normal(size=n.shape)), 0, 1))
    usual = panel(x, n, Chart.PROPORTION)
    busy_n, busy_x = n.copy(), x.copy()
    busy_n[:, LAST], busy_x[:, LAST] = 5 * n[:, LAST], 5 * x[:, LAST]
    before, after = judge_day(usual, LAST)["1"], judge_day(replace(usual, x=busy_x, n=busy_n), LAST)["1"]
    # The same share of five times the units is no surer: nearly all of what days differ by is no chance of units.
    assert np.allclose(np.abs(after.score), np.abs(before.score), rtol=0.1, atol=0.05)


def test_weights_of_the_slow_window_fade() -> None:
    weights = weights_of("slow")
    assert (len(weights), weights[-1]) == (28, 1)
    assert (np.diff(weights) > 0).all()


def test_weekdays_are_believed_only_where_there_are_any() -> None:
    flat, swinging = shares(16, days=84), shares(17, days=84, weekday=0.3)
    arguments = {"chart": flat.chart, "group": flat.group}
    assert fit_baseline(flat.x, flat.n, flat.clean, **arguments).weekday_share.mean() < 0.3
    assert fit_baseline(swinging.x, swinging.n, swinging.clean, **arguments).weekday_share.mean() > 0.9


def test_a_week_of_sales_is_odd_and_what_follows_is_not() -> None:
    tested = totals(18, series=50, days=140)
    x = tested.x.copy()
    x[:, 84:91] *= 2.2
    odd = odd_days(x, tested.n, counted=x, chart=tested.chart)
    assert odd[:, 84:91].mean() > 0.99
    assert odd[:, 91:].mean() < 0.01


def test_after_a_lasting_change_days_count_again() -> None:
    tested = totals(19, series=20, days=190)
    x = tested.x.copy()
    x[:, 98:] = x[:, 98:] // 4
    odd = odd_days(x, tested.n, counted=x, chart=tested.chart)
    assert odd[:, 98:112].mean() > 0.9
    assert odd[:, 147:].mean() < 0.1


def test_what_a_day_counts_as_does_not_depend_on_later_days() -> None:
    tested = totals(20, series=20, days=140)
    tested.x[:, 100] *= 3
    whole = odd_days(tested.x, tested.n, counted=tested.x, chart=tested.chart)
    part = odd_days(tested.x[:, :110], tested.n[:, :110], counted=tested.x[:, :110], chart=tested.chart)
    assert (whole[:, :110] == part).all()
    later = odd_days(tested.x[:, 5:], tested.n[:, 5:], counted=tested.x[:, 5:], chart=tested.chart, first_phase=5)
    assert (later[:, 70:] == whole[:, 75:]).all()


def test_days_of_an_outlier_are_no_change_of_the_mean() -> None:
    chance = np.random.default_rng(21)
    x, n = chance.gamma(2, 0.02, (100, 130)), np.full((100, 130), 2.0)
    x[:, [LAST - 10, LAST - 4]] = 60.0  # two of three answers took days
    high = judge_day(panel(x * n, n, Chart.MEAN), LAST)["28"].p_high
    assert (high > 1e-4).all()
    shifted = x.copy()
    shifted[:, LAST - 20 :] *= 4
    assert (judge_day(panel(shifted * n, n, Chart.MEAN), LAST)["28"].p_high < 1e-4).mean() > 0.9


def test_what_hangs_together_over_weeks_widens_the_longest_windows() -> None:
    chance = np.random.default_rng(22)
    noise = np.stack([np.convolve(row, np.ones(30) / 30**0.5, mode="valid") for row in chance.normal(size=(300, 159))])
    n = np.full(noise.shape, 3.0)
    x = n * (4 + 0.5 * noise)
    assert below(panel(x, n, Chart.MEAN), 1e-3, "14", days=range(LAST, 130, 6)) < 0.02


def test_days_without_a_unit_are_days_of_the_past_all_the_same() -> None:
    few = shares(23, n=1, series=20)
    few.n[:, ::2], few.x[:, ::2] = 0, 0
    enough = replace(few, minimum_n=np.full(20, 5.0))
    assert judge_day(enough, LAST)["28"].is_tested.any()
    silent = replace(enough, clean=few.n > 0)
    assert not judge_day(silent, LAST)["28"].is_tested.any()
