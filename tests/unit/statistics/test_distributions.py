"""Quantiles and tails against SciPy and against printed tables."""

import pytest
from scipy import stats

from pipeline.statistics.distributions import (
    binomial_distribution,
    incomplete_beta,
    incomplete_gamma,
    normal_quantile,
    poisson_bounds,
    t_quantile,
)


@pytest.mark.parametrize("df", [1, 1.5, 2, 3, 4, 7, 10, 29, 30, 100, 1234.5, 1e5, 1e7, 1e9])
@pytest.mark.parametrize("probability", [0.6, 0.9, 0.975, 0.995, 0.025])
def test_t_quantile_is_right_to_a_millionth(df: float, probability: float) -> None:
    expected = float(stats.t.ppf(probability, df))
    assert t_quantile(df, probability=probability) == pytest.approx(expected, abs=1e-6, rel=1e-6)


def test_t_quantile_as_printed_in_tables() -> None:
    printed = {1: 12.706, 2: 4.303, 5: 2.571, 10: 2.228, 29: 2.045, 120: 1.980}
    assert {df: round(t_quantile(df), 3) for df in printed} == printed


@pytest.mark.parametrize("df", [0, 0.5, -1, float("nan")])
def test_t_quantile_needs_a_degree_of_freedom(df: float) -> None:
    with pytest.raises(ValueError, match="degree of freedom"):
        t_quantile(df)


def test_t_quantile_needs_a_probability() -> None:
    with pytest.raises(ValueError, match="strictly between"):
        t_quantile(5, probability=1.0)


@pytest.mark.parametrize("a", [0.5, 1, 3, 50, 1e4])
@pytest.mark.parametrize("b", [0.5, 2, 40, 1e4])
@pytest.mark.parametrize("x", [0, 1e-6, 0.3, 0.5, 0.97, 1])
def test_incomplete_beta(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(float(stats.beta.cdf(x, a, b)), abs=1e-10)


@pytest.mark.parametrize("a", [0.5, 1, 10.5, 1000])
@pytest.mark.parametrize("share", [0, 0.1, 0.9, 1.0, 1.1, 5])
def test_incomplete_gamma(a: float, share: float) -> None:
    assert incomplete_gamma(a, a * share) == pytest.approx(float(stats.gamma.cdf(a * share, a)), abs=1e-10)


def test_poisson_bounds_as_printed() -> None:
    assert [round(bound, 3) for bound in poisson_bounds(0)] == [0, 3.689]
    assert [round(bound, 3) for bound in poisson_bounds(10)] == [4.795, 18.390]


@pytest.mark.parametrize("count", [0.5, 3, 99.5, 99_999, 100_000, 3e6])
def test_poisson_bounds(count: float) -> None:
    low, high = poisson_bounds(count)
    assert low == pytest.approx(float(stats.gamma.ppf(0.025, count)), rel=1e-8)
    assert high == pytest.approx(float(stats.gamma.ppf(0.975, count + 1)), rel=1e-8)


@pytest.mark.parametrize("n", [1, 7, 200])
@pytest.mark.parametrize("probability", [0.25, 0.5, 0.9])
def test_binomial_distribution(n: int, probability: float) -> None:
    for k in range(-1, n + 2):
        expected = float(stats.binom.cdf(k, n, probability))
        assert binomial_distribution(k, n, probability) == pytest.approx(expected, abs=1e-10)


def test_normal_quantile() -> None:
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054, abs=1e-12)
