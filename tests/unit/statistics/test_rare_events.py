"""Tails of few events against SciPy's distributions and against simulation."""

import numpy as np
import pytest
from scipy import stats

from pipeline.statistics.rare_events import (
    beta_binomial_tails,
    negative_binomial_tails,
    rare_tails,
    skewed_tail,
)


def test_beta_binomial_mid_p_as_scipy() -> None:
    n, rate, ratio = 40.0, 0.1, 1.5
    correlation = (ratio - 1) / (n - 1)
    strength = 1 / correlation - 1
    exact = stats.betabinom(40, rate * strength, (1 - rate) * strength)
    for seen in (0, 3, 9, 40):
        arguments = np.array([float(seen)]), np.array([n]), np.array([rate])
        low, high = beta_binomial_tails(*arguments, variance_ratio=np.array([ratio]))
        assert low[0] == pytest.approx(exact.cdf(seen) - exact.pmf(seen) / 2)
        assert high[0] == pytest.approx(exact.sf(seen) + exact.pmf(seen) / 2, abs=1e-12)


def test_negative_binomial_mid_p_as_scipy() -> None:
    mean, ratio = 6.0, 2.0
    size = mean / (ratio - 1)
    exact = stats.nbinom(size, size / (size + mean))
    low, high = negative_binomial_tails(np.array([12.0]), np.array([mean]), variance_ratio=np.array([ratio]))
    assert low[0] == pytest.approx(exact.cdf(12) - exact.pmf(12) / 2)
    assert high[0] == pytest.approx(exact.sf(12) + exact.pmf(12) / 2)


def test_both_tails_add_up_and_no_cells_are_fine() -> None:
    low, high = negative_binomial_tails(np.array([0.0, 5.0]), np.array([2.0, 5.0]), variance_ratio=np.ones(2))
    assert low + high == pytest.approx(np.ones(2))
    assert negative_binomial_tails(np.zeros(0), np.zeros(0), variance_ratio=np.ones(0))[0].shape == (0,)


def test_many_successes_are_few_failures() -> None:
    share = np.array([True, True])
    low, high = rare_tails(
        share,
        np.array([2.0, 98.0]),
        np.array([100.0, 100.0]),
        expected=np.array([10.0, 90.0]),
        variance=np.array([9.0, 9.0]),
    )
    assert low[0] == pytest.approx(high[1], rel=1e-4)
    assert low[0] < 0.01


def test_a_skewed_sum_has_a_heavier_tail_and_a_symmetric_one_has_not() -> None:
    p = np.array([1e-5, 1e-5, 0.7])
    found = skewed_tail(p, np.array([0.0, 0.8, 0.8]))
    assert found[0] == p[0]
    assert found[1] > 50 * p[1]
    assert found[2] == p[2]


def test_the_heavier_tail_is_that_of_a_gamma() -> None:
    shape = 9.0
    beyond = 3.0
    exact = stats.gamma(shape).sf(shape + beyond * np.sqrt(shape))
    found = skewed_tail(np.array([stats.norm.sf(beyond)]), np.array([2 / np.sqrt(shape)]))
    assert found[0] == pytest.approx(exact)
