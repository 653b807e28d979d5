"""Money ahead: discounting, derivatives, variance, and the delta method against draws of the parameters."""

import numpy as np
import pytest

from pipeline.analysis.beta_geometric import BG_NBD, MBG_NBD
from pipeline.analysis.forecast import MONTH_DAYS, discount_factors, forecast
from pipeline.analysis.gamma_gamma import SpendFit
from pipeline.analysis.optimum import Optimum
from pipeline.analysis.pareto import PARETO_NBD
from pipeline.analysis.prediction import Prediction, predict, run_rate
from pipeline.analysis.purchase_model import PurchaseFit, PurchaseModel, fit_purchases
from pipeline.analysis.spend import SpendModel, fit_spend_model
from pipeline.analysis.triples import Floats, Triples
from tests.unit.analysis.simulated import BG_TRUTH, SPEND_TRUTH, draw, histories

X, T_X, AGE = np.array([0.0, 1.0, 4.0, 9.0]), np.array([0.0, 30.0, 300.0, 100.0]), np.array([50.0, 400.0, 310.0, 700.0])
MEAN = np.array([np.nan, 20.0, 35.0, 80.0])
CERTAIN = Optimum(np.zeros(4), 0.0, np.zeros((4, 4)), converged=True, at_bound=False, is_definite=True)


def _models(
    model: PurchaseModel = BG_NBD, values: Floats = BG_TRUTH, money: Floats = SPEND_TRUTH
) -> tuple[PurchaseFit, SpendModel]:
    return PurchaseFit(model, values, CERTAIN), SpendModel(SpendFit(money, CERTAIN, 0.5), 0.0, 100, np.ones(4))


def _predict(*models: object, rate: float = 0.1, horizons: tuple[int, ...] = (12, 36)) -> list[Prediction]:
    fit, spend = models or _models()
    return predict(fit, spend, (X, T_X, AGE, MEAN), np.full(4, 0.4), horizons=horizons, discount_rate=rate)


def test_money_of_a_month_counts_at_its_middle() -> None:
    assert discount_factors(12, 0.21)[[0, 11]] == pytest.approx([1.21 ** (-0.5 / 12), 1.21 ** (-11.5 / 12)])
    fit, _ = _models()
    triples = Triples.grouped(X, T_X, AGE)
    (ahead,) = forecast(fit, triples, (24,), rate=0.1)
    grown = np.array([
        fit.expected(triples.count, triples.recency, triples.age, np.full(4, month * MONTH_DAYS)) for month in range(25)
    ])  # fmt: skip
    by_hand = sum((grown[k] - grown[k - 1]) / 1.1 ** ((k - 0.5) / 12) for k in range(1, 25))
    assert ahead.discounted == pytest.approx(by_hand, rel=1e-12)
    assert ahead.orders == pytest.approx(grown[24], rel=1e-12)


def test_the_value_is_margin_by_spend_by_orders() -> None:
    one, three = _predict(rate=0.0)
    p, q, v = SPEND_TRUTH
    spend = p * (v + X * np.nan_to_num(MEAN)) / (p * X + q - 1)
    assert one.spend == pytest.approx(spend)
    assert one.margin == pytest.approx(0.4 * spend * one.orders)
    assert np.all(three.margin > one.margin)
    assert np.all(_predict(rate=0.2)[1].margin < three.margin)
    assert np.all(one.variance > 0)


@pytest.mark.parametrize("model", [BG_NBD, MBG_NBD, PARETO_NBD])
def test_derivatives_of_the_value(model: PurchaseModel) -> None:
    values = np.array([0.6, 40.0, 0.8, 2.5 if model is not PARETO_NBD else 90.0])
    base = np.concatenate([values, SPEND_TRUTH])
    (ahead,) = _predict(*_models(model, values), horizons=(24,))
    for position in range(7):
        up, down = base.copy(), base.copy()
        up[position] *= np.exp(1e-4)
        down[position] *= np.exp(-1e-4)
        high, low = (_predict(*_models(model, at[:4], at[4:]), horizons=(24,))[0].margin for at in (up, down))
        assert ahead.gradient[position] == pytest.approx((high - low) / 2e-4, rel=2e-4, abs=1e-4 * ahead.margin.max())


def test_the_variance_is_that_of_simulated_customers() -> None:
    """A new customer's value over a year, drawn from the model, against the formula."""
    size, rng = 300_000, np.random.default_rng(2)
    rate, leave = rng.gamma(BG_TRUTH[0], 1 / BG_TRUTH[1], size), rng.beta(BG_TRUTH[2], BG_TRUTH[3], size)
    bought = np.minimum(rng.poisson(rate * 12 * MONTH_DAYS), rng.geometric(leave))
    own = np.array([6.0, 8.0, 140.0])
    value = np.where(bought > 0, rng.gamma(own[0] * np.maximum(bought, 1), own[2] / rng.gamma(own[1], size=size)), 0.0)
    fit, spend = _models(money=own)
    new = tuple(np.zeros(1) for _ in range(4))
    (ahead,) = predict(fit, spend, new, np.ones(1), horizons=(12,), discount_rate=0.0)
    assert ahead.margin[0] == pytest.approx(value.mean(), rel=0.02)
    assert ahead.variance[0] == pytest.approx(value.var(), rel=0.05)


def test_a_tail_without_variance_still_has_a_finite_interval() -> None:
    assert np.all(np.isfinite(_predict(*_models(money=np.array([6.0, 1.2, 60.0])))[0].variance))


def test_the_delta_method_agrees_with_draws_of_the_parameters() -> None:
    frame = histories(draw(1, 1200), until=730.0)
    columns = tuple(frame[name].to_numpy(dtype=float) for name in ("x", "t_x", "T", "spend"))
    fit, spend = fit_purchases(BG_NBD, Triples.grouped(*columns[:3])), fit_spend_model(columns[0], columns[3])
    assert spend is not None
    margin = np.full(len(frame), 0.4)
    (ahead,) = predict(fit, spend, columns, margin, horizons=(12,), discount_rate=0.1)
    covariance = np.zeros((7, 7))
    covariance[:4, :4], covariance[4:, 4:] = fit.optimum.covariance, spend.fit.optimum.covariance
    direction = ahead.gradient.sum(axis=1)
    rng, totals = np.random.default_rng(4), []
    for move in rng.multivariate_normal(np.zeros(7), covariance, 80):
        moved = PurchaseFit(BG_NBD, fit.values * np.exp(move[:4]), CERTAIN)
        worth = SpendModel(SpendFit(spend.fit.values * np.exp(move[4:]), CERTAIN, 0.5), 0.0, 1, spend.bands)
        totals.append(predict(moved, worth, columns, margin, horizons=(12,), discount_rate=0.1)[0].margin.sum())
    assert np.sqrt(direction @ covariance @ direction) == pytest.approx(np.std(totals), rel=0.25)
    assert ahead.margin.sum() == pytest.approx(np.mean(totals), rel=0.02)


def test_last_year_carried_on() -> None:
    kept = run_rate(np.array([120.0, -12.0, 0.0]), np.array([1.0, 0.5, 0.5]), months=12, discount_rate=0.0)
    assert kept[0] == pytest.approx(120.0)
    assert -12.0 < kept[1] < -6.0
    assert kept[2] == 0
    assert np.isnan(run_rate(np.array([1.0]), np.array([np.nan]), months=12, discount_rate=0.1)[0])
