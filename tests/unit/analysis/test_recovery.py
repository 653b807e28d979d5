"""Known parameters are found again, with honest intervals; the bias of merging days is shown beside.

Two studies over many drawn bases, minutes in all: the slow tier.
"""

import numpy as np
import pytest

from pipeline.analysis.beta_geometric import BG_NBD, MBG_NBD
from pipeline.analysis.forecast import MONTH_DAYS
from pipeline.analysis.gamma_gamma import fit_spend
from pipeline.analysis.pareto import PARETO_NBD
from pipeline.analysis.prediction import predict
from pipeline.analysis.purchase_model import PurchaseModel, fit_purchases
from pipeline.analysis.spend import fit_spend_model
from pipeline.analysis.triples import Floats, Triples
from tests.unit.analysis.simulated import BG_TRUTH, SPEND_TRUTH, draw, histories

pytestmark = pytest.mark.slow

PARETO_TRUTH = np.array([0.8, 40.0, 0.7, 200.0])
SIMULATIONS, SIZE = 200, 2_500


def _columns(seed: int, model: str, truth: Floats, *, whole_days: bool, until: float = 730.0) -> list[Floats]:
    frame = histories(draw(seed, SIZE, model=model, truth=truth, whole_days=whole_days), until=until)
    return [frame[name].to_numpy(dtype=float) for name in ("x", "t_x", "T", "spend")]


def _study(model: PurchaseModel, truth: Floats, simulations: int, *, whole_days: bool) -> tuple[Floats, Floats]:
    """Log-errors of the estimates and their standard errors, (simulations, 4)."""
    errors, deviations = [], []
    for seed in range(simulations):
        triples = Triples.grouped(*_columns(seed, model.name, truth, whole_days=whole_days)[:3])
        fit = fit_purchases(model, triples)
        if not fit.optimum.failure:
            errors.append(fit.log_values - np.log(truth))
            deviations.append(np.sqrt(np.diag(fit.optimum.covariance)))
    return np.array(errors), np.array(deviations)


@pytest.mark.parametrize(
    ("model", "truth"),
    [(BG_NBD, BG_TRUTH), (MBG_NBD, BG_TRUTH), (PARETO_NBD, PARETO_TRUTH)],
    ids=lambda part: str(part)[:12],
)
def test_intervals_hold_the_truth_in_continuous_time(
    model: PurchaseModel, truth: Floats, record_property: pytest.FixtureRequest
) -> None:
    errors, deviations = _study(model, truth, SIMULATIONS, whole_days=False)
    assert len(errors) >= 0.97 * SIMULATIONS
    covered = (np.abs(errors) <= 1.96 * deviations).mean(axis=0)
    record_property("covered", covered.tolist())
    assert np.all((covered >= 0.90) & (covered <= 0.98) | (covered > 0.98) & (model is PARETO_NBD)), covered


def test_merging_days_biases_the_purchase_rate_and_little_else(record_property: pytest.FixtureRequest) -> None:
    merged, _ = _study(BG_NBD, BG_TRUTH, 60, whole_days=True)
    apart, deviations = _study(BG_NBD, BG_TRUTH, 60, whole_days=False)
    bias = merged.mean(axis=0) - apart.mean(axis=0)
    record_property("bias_of_log_parameters", bias.tolist())
    record_property("standard_errors", deviations.mean(axis=0).tolist())
    assert np.all(np.abs(bias) < [0.15, 0.20, 0.15, 0.20])


def test_spend_is_recovered() -> None:
    inside = []
    for seed in range(SIMULATIONS):
        rng = np.random.default_rng(seed)
        count = rng.integers(1, 8, SIZE).astype(float)
        own = SPEND_TRUTH[2] / rng.gamma(SPEND_TRUTH[1], size=SIZE)
        fit = fit_spend(count, rng.gamma(SPEND_TRUTH[0] * count, own) / count)
        error = np.log(fit.values / SPEND_TRUTH)
        inside.append(np.abs(error) <= 1.96 * np.sqrt(np.diag(fit.optimum.covariance)))
    covered = np.mean(inside, axis=0)
    assert np.all((covered >= 0.90) & (covered <= 0.98)), covered


def test_value_intervals_hold_the_value_that_came(record_property: pytest.FixtureRequest) -> None:
    """The delta method's interval of a segment's total: parameters and customers together, no draws needed."""
    horizon, simulations, covered, drawn = 12, 200, [], []
    for seed in range(simulations):
        base = draw(seed, SIZE, days=730.0 + horizon * MONTH_DAYS, whole_days=False)
        frame = histories(base, until=730.0)
        x, t_x, age, spend = (frame[name].to_numpy(dtype=float) for name in ("x", "t_x", "T", "spend"))
        fit, worth = fit_purchases(BG_NBD, Triples.grouped(x, t_x, age)), fit_spend_model(x, spend)
        assert worth is not None
        (ahead,) = predict(fit, worth, (x, t_x, age, spend), np.ones(x.size), horizons=(horizon,), discount_rate=0.0)
        covariance = np.zeros((7, 7))
        covariance[:4, :4], covariance[4:, 4:] = fit.optimum.covariance, worth.fit.optimum.covariance
        direction = ahead.gradient.sum(axis=1)
        deviation = np.sqrt(direction @ covariance @ direction + ahead.variance.sum())
        when = base.born[base.buyer] + base.day
        actual = base.value[(when >= 730.0) & (base.buyer < len(frame))].sum()
        covered.append(abs(actual - ahead.margin.sum()) <= 1.96 * deviation)
        drawn.append((actual - ahead.margin.sum()) / ahead.margin.sum())
    record_property("covered", float(np.mean(covered)))
    assert 0.90 <= np.mean(covered) <= 0.98, np.mean(covered)
    assert abs(np.mean(drawn)) < 0.02
