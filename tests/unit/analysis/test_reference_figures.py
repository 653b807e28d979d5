"""The literature's figures, to three digits or better, whatever the unit of time."""

import numpy as np
import pytest

from pipeline.analysis.beta_geometric import BG_NBD, MBG_NBD
from pipeline.analysis.gamma_gamma import fit_spend
from pipeline.analysis.pareto import PARETO_NBD
from pipeline.analysis.purchase_model import PurchaseFit, PurchaseModel, fit_purchases
from pipeline.analysis.shifted_beta_geometric import fit_contracts
from pipeline.analysis.triples import Floats
from tests.unit.analysis import cdnow

WEEKS, DAYS = 7.0, 1.0


def _fit(model: PurchaseModel, unit: float) -> tuple[PurchaseFit, Floats, float]:
    """The fit, its parameters in weeks, and its log-likelihood with times in weeks."""
    triples = cdnow.triples(unit=unit)
    fit = fit_purchases(model, triples)
    values = fit.values.copy()
    values[list(model.times)] *= unit / WEEKS
    purchases = float((triples.weight * triples.count).sum())
    return fit, values, fit.optimum.log_likelihood + purchases * np.log(WEEKS / unit)


@pytest.mark.parametrize("unit", [WEEKS, DAYS])
@pytest.mark.parametrize(
    ("model", "values", "log_likelihood"),
    [
        (BG_NBD, [0.2426, 4.4136, 0.7929, 2.4259], -9582.429),
        (MBG_NBD, [0.525, 6.183, 0.891, 1.614], None),
        (PARETO_NBD, [0.553, 10.578, 0.606, 11.669], -9594.98),
    ],
)
def test_cdnow_parameters(
    model: PurchaseModel, values: list[float], log_likelihood: float | None, unit: float
) -> None:  # fmt: skip
    fit, found, likelihood = _fit(model, unit)
    assert fit.optimum.failure == ""
    assert found == pytest.approx(values, rel=6e-4)
    if log_likelihood is not None:
        assert likelihood == pytest.approx(log_likelihood, abs=0.005)


@pytest.mark.parametrize("model", [BG_NBD, MBG_NBD, PARETO_NBD])
def test_days_and_weeks_give_the_same_estimates_and_errors(model: PurchaseModel) -> None:
    in_weeks, weeks, likelihood_weeks = _fit(model, WEEKS)
    in_days, days, likelihood_days = _fit(model, DAYS)
    assert days == pytest.approx(weeks, rel=1e-6)
    assert in_days.optimum.covariance == pytest.approx(in_weeks.optimum.covariance, rel=1e-4)
    assert likelihood_days == pytest.approx(likelihood_weeks, abs=1e-6)


def test_cdnow_conditional_expectation() -> None:
    fit, *_ = _fit(BG_NBD, WEEKS)
    history = (np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert fit.expected(*history, np.array([39.0]))[0] == pytest.approx(1.226, abs=5e-4)
    in_days, *_ = _fit(BG_NBD, DAYS)
    assert in_days.expected(np.array([2.0]), np.array([213.0]), np.array([272.0]), np.array([273.0]))[
        0
    ] == pytest.approx(1.226, abs=5e-4)


def test_cdnow_spend() -> None:
    frame = cdnow.customers().query("x > 0 and repeat_cents > 0")
    count = frame["x"].to_numpy(dtype=float)
    fit = fit_spend(count, frame["repeat_cents"].to_numpy(dtype=float) / 100 / count)
    assert len(frame) == 946
    assert fit.failure == ""
    assert fit.values == pytest.approx([6.2496, 3.7442, 15.4435], rel=2e-4)
    assert fit.optimum.log_likelihood == pytest.approx(-4055.918, abs=0.005)


@pytest.mark.parametrize(
    ("survivors", "values"),
    [
        ([1000, 631, 468, 382, 326, 289, 262, 241], [0.704, 1.182]),
        ([1000, 869, 743, 653, 593, 551, 517, 491], [0.668, 3.806]),
    ],
)
def test_fader_and_hardie_2007_renewals(survivors: list[int], values: list[float]) -> None:
    left = np.array(survivors, dtype=float)
    fit = fit_contracts(np.arange(1, left.size, dtype=float), left[:-1], left[:-1] - left[1:])
    assert fit.optimum.failure == ""
    assert fit.values == pytest.approx(values, abs=6e-4)
