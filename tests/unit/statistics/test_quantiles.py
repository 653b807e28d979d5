"""Quantiles bounded by order statistics."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics import QuantileInterval, quantile_interval


def test_the_median_of_a_hundred_lies_between_the_40th_and_the_61st() -> None:
    assert quantile_interval(range(1, 101), 0.5) == QuantileInterval(40, 61)


def test_five_values_do_not_bound_a_median_and_six_do() -> None:
    assert quantile_interval([5, 3, 1, 4, 2], 0.5) == QuantileInterval(None, None)
    assert quantile_interval([5, 3, 1, 4, 2, 6], 0.5) == QuantileInterval(1, 6)


def test_a_high_quantile_of_a_small_sample_is_open_above() -> None:
    interval = quantile_interval(range(1, 31), 0.9)
    assert interval.high is None
    assert interval.low is not None


def test_nothing_bounds_nothing() -> None:
    assert quantile_interval([], 0.5) == QuantileInterval(None, None)


def test_a_quantile_needs_a_probability() -> None:
    with pytest.raises(ValueError, match="strictly between"):
        quantile_interval([1, 2], 1.0)


@given(st.integers(1, 300), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_the_ranks_hold_95_percent_and_are_the_closest_that_do(n: int, probability: float) -> None:
    interval = quantile_interval(range(1, n + 1), probability)
    binomial = stats.binom(n, probability)
    if interval.low is not None:
        assert binomial.cdf(interval.low - 1) <= 0.025 + 1e-12
        assert binomial.cdf(interval.low) > 0.025 - 1e-12
    if interval.high is not None:
        assert binomial.sf(interval.high - 1) <= 0.025 + 1e-12
        assert binomial.sf(interval.high - 2) > 0.025 - 1e-12


def test_it_covers_at_least_95_percent() -> None:
    truth = float(np.log(2))
    samples = np.random.default_rng(2).exponential(size=(1000, 60))
    hits = [
        (interval.low or 0) <= truth <= (interval.high or np.inf)
        for interval in (quantile_interval(sample.tolist(), 0.5) for sample in samples)
    ]
    assert np.mean(hits) >= 0.94
