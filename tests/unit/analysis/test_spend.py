"""Spend: the independence check, the bands, and what cannot be fitted."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from pipeline.analysis.gamma_gamma import fit_spend
from pipeline.analysis.spend import fit_spend_model, spearman


def test_rank_correlation_with_ties() -> None:
    rng = np.random.default_rng(1)
    count, mean = rng.integers(1, 6, 400), np.round(rng.gamma(3, 10, 400))
    assert spearman(count, mean) == pytest.approx(spearmanr(count, mean).statistic, rel=1e-12)
    assert spearman(np.ones(5), np.arange(5.0)) is None
    assert spearman(np.ones(2), np.arange(2.0)) is None


def _base(lift: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    count = np.minimum(rng.geometric(0.3, 4000), 12).astype(float)
    mean = rng.gamma(6 * count, 60 / rng.gamma(4, size=4000)) / count
    return count, mean * count**lift


def test_independent_spend_has_no_bands() -> None:
    model = fit_spend_model(*_base(0.0))
    assert model is not None
    assert not model.uses_bands
    assert abs(model.correlation or 0) < 0.1


def test_dependent_spend_goes_by_frequency_band() -> None:
    count, mean = _base(0.6)
    model = fit_spend_model(count, mean)
    assert model is not None
    assert model.uses_bands
    assert (model.correlation or 0) > 0.2
    assert np.all(np.diff(model.bands) > 0)
    plain = fit_spend(count, mean)
    few = count == 1
    actual = mean[few].mean()
    # Without bands who buys rarely is thought to spend like who buys often.
    assert abs(model.expected(count, mean)[few].mean() / actual - 1) < 0.05
    assert plain.expected(count, mean)[few].mean() / actual > 1.1
    newcomer = model.expected(np.zeros(1), np.zeros(1))[0]
    assert newcomer == pytest.approx(actual, rel=0.1)


def test_nobody_came_back() -> None:
    assert fit_spend_model(np.zeros(20), np.full(20, np.nan)) is None
    assert fit_spend_model(np.ones(3), np.array([0.0, -4.0, np.nan])) is None
    with pytest.raises(ValueError, match="x >= 1"):
        fit_spend(np.zeros(2), np.ones(2))


def test_constant_spend_is_no_distribution() -> None:
    model = fit_spend_model(np.tile([1.0, 2.0, 3.0], 200), np.full(600, 25.0))
    assert model is not None
    assert model.fit.failure


def test_a_tail_without_a_mean_is_refused() -> None:
    rng = np.random.default_rng(6)
    count = np.ones(3000) * 3
    mean = rng.gamma(6 * count, 60 / rng.gamma(0.6, size=3000)) / count
    model = fit_spend_model(count, mean)
    assert model is not None
    assert model.fit.failure == "the spend distribution has no mean (q <= 1)"
