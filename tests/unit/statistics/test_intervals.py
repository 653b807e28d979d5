"""Intervals against published figures, hand-worked numbers, and the laws they obey."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics import (
    Interval,
    count_poisson,
    mean_t,
    money_total,
    newcombe,
    nps_interval,
    wilson,
)


def rounded(interval: Interval | None, digits: int = 4) -> tuple[float, float]:
    assert interval is not None
    return round(interval.low, digits), round(interval.high, digits)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 100_000))
    return draw(st.integers(0, n)), n


# Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "n", "bounds"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_as_published(successes: int, n: int, bounds: tuple[float, float]) -> None:
    assert rounded(wilson(successes, n)) == bounds


def test_wilson_with_a_design_effect_is_wilson_on_fewer_units() -> None:
    assert rounded(wilson(40, 100, design_effect=4), 9) == rounded(wilson(10, 25), 9)


def test_wilson_without_units_knows_nothing() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)


@given(counts(), st.floats(1, 50))
def test_wilson_holds_the_share_and_stays_a_share(case: tuple[int, int], design_effect: float) -> None:
    successes, n = case
    interval = wilson(successes, n, design_effect=design_effect)
    assert 0 <= interval.low <= successes / n <= interval.high <= 1


@given(counts(), st.integers(2, 20))
def test_wilson_is_wider_with_fewer_units(case: tuple[int, int], times: int) -> None:
    successes, n = case
    assert wilson(successes, n).width > wilson(successes * times, n * times).width


@given(counts())
def test_wilson_rises_with_successes_and_mirrors(case: tuple[int, int]) -> None:
    successes, n = case
    interval, mirror = wilson(successes, n), wilson(n - successes, n)
    assert interval.low == pytest.approx(1 - mirror.high, abs=1e-12)
    if successes < n:
        more = wilson(successes + 1, n)
        assert interval.low < more.low
        assert interval.high < more.high


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_impossible_counts_are_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        wilson(successes, n)


def test_a_design_effect_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="design effect"):
        wilson(1, 2, design_effect=0.9)


@pytest.mark.parametrize(("share", "n"), [(0.05, 60), (0.3, 30), (0.5, 200), (0.97, 150)])
def test_wilson_covers_95_percent(share: float, n: int) -> None:
    drawn = np.random.default_rng(7).binomial(n, share, size=4000)
    hits = [interval.low <= share <= interval.high for interval in (wilson(int(x), n) for x in drawn)]
    assert 0.92 <= float(np.mean(hits)) <= 0.985


def test_nps_by_hand() -> None:
    # p = 51/102, d = 21/102: difference 30/102, variance (72/102 - (30/102)^2) / 102.
    difference = 30 / 102
    half = 1.959963984540054 * math.sqrt((72 / 102 - difference**2) / 102)
    assert rounded(nps_interval(50, 20, 100), 9) == (
        round(100 * (difference - half), 9),
        round(100 * (difference + half), 9),
    )


def test_nps_of_nobody_can_be_anything() -> None:
    interval = nps_interval(0, 0, 0)
    assert interval == Interval(-100, 100)


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_nps_holds_the_unadjusted_value(promoters: int, detractors: int, passives: int) -> None:
    n = promoters + detractors + passives
    interval = nps_interval(promoters, detractors, n)
    assert -100 <= interval.low <= interval.high <= 100
    if n:
        assert interval.low - 1e-9 <= 100 * (promoters - detractors) / n <= interval.high + 1e-9
    mirror = nps_interval(detractors, promoters, n)
    assert interval.low == pytest.approx(-mirror.high)


@pytest.mark.parametrize(("promoters", "detractors", "n"), [(5, 6, 10), (-1, 2, 10)])
def test_impossible_opinions_are_refused(promoters: int, detractors: int, n: int) -> None:
    with pytest.raises(ValueError, match=r"proportion|negative"):
        nps_interval(promoters, detractors, n)


def test_nps_covers_95_percent() -> None:
    random, coverages = np.random.default_rng(11), []
    for up, down in [(0.5, 0.2), (0.9, 0.05), (0.2, 0.5)]:
        for n in (30, 100, 300):
            drawn = random.multinomial(n, [up, down, 1 - up - down], size=1000)
            intervals = [nps_interval(int(p), int(d), n) for p, d, _ in drawn]
            coverages.append(np.mean([each.low <= 100 * (up - down) <= each.high for each in intervals]))
    assert min(coverages) >= 0.90
    assert 0.93 <= np.mean(coverages) <= 0.97


def test_mean_t_agrees_with_scipy() -> None:
    values = np.array([12.0, 15.5, 9.0, 30.25, 18.0])
    expected = stats.t.interval(0.95, 4, loc=values.mean(), scale=stats.sem(values))
    interval = mean_t(float(values.sum()), float((values**2).sum()), 5)
    assert rounded(interval, 9) == pytest.approx(expected, abs=1e-6)


def test_a_mean_of_one_has_no_interval() -> None:
    assert mean_t(5.0, 25.0, 1) is None


def test_a_mean_of_equal_values_is_sure() -> None:
    assert rounded(mean_t(6.0, 12.0, 3)) == (2.0, 2.0)


def test_money_total_by_hand() -> None:
    interval = money_total(60, 10**2 + 20**2 + 30**2)
    assert rounded(interval, 3) == (round(60 - 1.959964 * 37.416574, 3), round(60 + 1.959964 * 37.416574, 3))


def test_money_cannot_have_negative_squares() -> None:
    with pytest.raises(ValueError, match="sum of squares"):
        money_total(1, -1)


def test_count_poisson_is_exact_and_widens_with_dispersion() -> None:
    assert rounded(count_poisson(10), 3) == (4.795, 18.390)
    assert rounded(count_poisson(20, dispersion=2), 3) == (9.591, 36.781)
    with pytest.raises(ValueError, match="dispersion"):
        count_poisson(10, dispersion=0.5)
    with pytest.raises(ValueError, match="negative"):
        count_poisson(-1)


@given(st.integers(0, 100_000), st.floats(1, 20))
def test_count_poisson_holds_the_count(count: int, dispersion: float) -> None:
    interval = count_poisson(count, dispersion=dispersion)
    assert 0 <= interval.low <= count <= interval.high


# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("case", "bounds"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ],
)
def test_newcombe_as_published(case: tuple[int, int, int, int], bounds: tuple[float, float]) -> None:
    assert rounded(newcombe(*case)) == bounds


@given(counts(), counts())
def test_newcombe_holds_the_difference_and_turns_with_it(one: tuple[int, int], two: tuple[int, int]) -> None:
    interval, turned = newcombe(*one, *two), newcombe(*two, *one)
    difference = one[0] / one[1] - two[0] / two[1]
    assert -1 <= interval.low <= difference + 1e-12
    assert difference - 1e-12 <= interval.high <= 1
    assert interval.low == pytest.approx(-turned.high, abs=1e-12)


def test_newcombe_without_units_on_one_side() -> None:
    assert newcombe(0, 0, 5, 10).width > 1
