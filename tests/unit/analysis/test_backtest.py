"""The hold-out: errors that add up, a gate that opens and closes, CDNOW's own second half."""

import numpy as np
import pytest

from pipeline.analysis.backtest import Backtest, Row, backtest
from pipeline.analysis.beta_geometric import BG_NBD, MBG_NBD
from pipeline.analysis.customers import Customers
from pipeline.analysis.pareto import PARETO_NBD
from pipeline.analysis.purchase_model import PurchaseFit, PurchaseModel, fit_purchases
from pipeline.analysis.spend import fit_spend_model
from tests.unit.analysis import cdnow


def _cdnow() -> Customers:
    frame = cdnow.customers()
    number = {name: frame[name].to_numpy(dtype=float) for name in frame.columns if name != "first_purchase"}
    key = np.array([f"{customer:05d}" for customer in frame["customer"]], dtype=object)
    spend = np.divide(
        number["repeat_cents"], 100 * number["x"], out=np.full(len(frame), np.nan), where=number["x"] > 0
    )  # fmt: skip
    past = (number["x"], number["t_x"], number["T"], spend)
    nothing = np.full(len(frame), np.nan)
    return Customers(
        key, np.full(len(frame), "b2c", dtype=object), *past, *past, number["held_x"], number["held_cents"] / 100,
        nothing, nothing, nothing,
    )  # fmt: skip


def _judged(model: PurchaseModel, *, lift: float = 1.0) -> Backtest:
    past = _cdnow()
    fit = fit_purchases(model, past.past_triples())
    spend = fit_spend_model(past.past_count, past.past_spend)
    assert spend is not None
    values = fit.values.copy()
    values[0] *= lift
    return backtest(past, PurchaseFit(model, values, fit.optimum), spend, days=273)


@pytest.mark.parametrize(
    ("model", "orders", "value"), [(BG_NBD, -0.121, -0.169), (MBG_NBD, -0.162, -0.206), (PARETO_NBD, -0.115, -0.156)]
)
def test_cdnow_holdout(model: PurchaseModel, orders: float, value: float) -> None:
    """Nine months ahead every model expects too little; as spend rose, too, the gate on value refuses all three."""
    test = _judged(model)
    assert test.whole.actual_count == 1882
    assert test.whole.error_rate == pytest.approx(orders, abs=0.001)
    assert test.whole.value_error_rate == pytest.approx(value, abs=0.001)
    assert "in value" in test.failure
    assert 0 < test.score < 0.25


def test_deciles_are_the_whole() -> None:
    test = _judged(BG_NBD)
    assert [row.decile for row in test.deciles] == list(range(1, 11))
    for name in ("customers", "predicted_count", "actual_count", "predicted_value", "actual_value"):
        assert sum(getattr(row, name) for row in test.deciles) == pytest.approx(getattr(test.whole, name), rel=1e-12)
    per_head = [row.predicted_count / row.customers for row in test.deciles]
    assert per_head == sorted(per_head)
    assert test.deciles[-1].actual_count > 5 * test.deciles[0].actual_count


def test_a_wrong_model_is_refused_with_its_error() -> None:
    test = _judged(BG_NBD, lift=4.0)
    assert not test.whole.passed
    assert "in orders" in test.failure
    assert test.whole.error_rate > 0.15


def test_the_deviation_is_of_the_size_of_chance() -> None:
    """About the Poisson deviation of the total or more: customers differ, and the parameters are not known."""
    test = _judged(BG_NBD)
    poisson = 1 / np.sqrt(test.whole.actual_count)
    assert poisson < test.whole.error_sd < 3 * poisson
    assert test.whole.value_error_sd > test.whole.error_sd


@pytest.mark.parametrize(
    ("orders", "value", "passed"),
    [((0.14, 0.01), (0.1, 0.01), True), ((0.16, 0.01), (0.1, 0.01), False), ((0.3, 0.16), (-0.3, 0.2), True),
     ((0.1, 0.01), (-0.2, 0.05), False), ((float("nan"), float("nan")), (0.0, 0.0), False)],
)  # fmt: skip
def test_the_gate(orders: tuple[float, float], value: tuple[float, float], *, passed: bool) -> None:
    assert Row(None, 10, 1, 1, 1, 1, *orders, *value).passed is passed


def test_nobody_bought() -> None:
    row = Row(None, 10, 1.0, 0.0, 1.0, 0.0, *[float("nan")] * 4)
    test = Backtest(row, (row,))
    assert test.failure == "nobody bought in the hold-out"
    assert test.score == float("inf")
