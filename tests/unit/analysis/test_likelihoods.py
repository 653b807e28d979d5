"""Likelihoods against their textbook form, gradients against differences, and what must not change them."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln, gammaln

from pipeline.analysis.beta_geometric import BG_NBD, MBG_NBD
from pipeline.analysis.gamma_gamma import _objective as spend_objective
from pipeline.analysis.gamma_gamma import fit_spend
from pipeline.analysis.optimum import Objective
from pipeline.analysis.pareto import PARETO_NBD
from pipeline.analysis.purchase_model import PurchaseModel, fit_purchases
from pipeline.analysis.shifted_beta_geometric import _objective as contract_objective
from pipeline.analysis.triples import Floats, Triples
from tests.unit.analysis import cdnow

MODELS = [BG_NBD, MBG_NBD, PARETO_NBD]
POINTS = [np.log([0.3, 0.2, 0.8, 2.5]), np.log([2.0, 1.5, 0.05, 0.3]), np.log([0.05, 0.01, 6.0, 40.0])]
HISTORIES = [(0.0, 0.0, 0.4), (1.0, 0.1, 1.2), (3.0, 0.9, 0.95), (12.0, 0.3, 1.8), (40.0, 1.4, 1.4)]


def _assert_gradient(objective: Objective, point: Floats) -> None:
    _, gradient = objective(point)
    for position in range(point.size):
        step = np.zeros(point.size)
        step[position] = 1e-5
        difference = (objective(point + step)[0] - objective(point - step)[0]) / 2e-5
        assert gradient[position] == pytest.approx(difference, rel=1e-5, abs=1e-4 * np.abs(gradient).max())


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("point", POINTS)
def test_gradients_of_purchase_models(model: PurchaseModel, point: Floats) -> None:
    _assert_gradient(model.objective(cdnow.triples(unit=1.0)), point)


def test_gradients_of_spend_and_contracts() -> None:
    rng = np.random.default_rng(3)
    count, mean, weight = (
        rng.integers(1, 9, 50).astype(float),
        rng.gamma(2, 1, 50),
        rng.integers(1, 4, 50).astype(float),
    )
    _assert_gradient(spend_objective(count, count * mean, np.log(mean), weight), np.log([2.0, 3.0, 1.5]))
    periods = np.arange(1.0, 6.0)
    _assert_gradient(contract_objective(periods, 100 / periods, 30 / periods), np.log([0.7, 1.2]))


def _textbook(model: PurchaseModel, values: Floats, x: float, t: float, age: float) -> float:
    """Likelihood of one history as printed in the papers; integrals by adaptive quadrature."""
    r, alpha, third, fourth = values
    bought = math.exp(gammaln(r + x) - gammaln(r) + r * math.log(alpha))
    if model is PARETO_NBD:
        alive = (alpha + age) ** -(r + x) * (fourth / (fourth + age)) ** third
        left = quad(
            lambda y: (alpha + y) ** -(r + x) * third / fourth * (fourth / (fourth + y)) ** (third + 1), t, age,
            epsabs=0, epsrel=1e-11, limit=500,
            points=[t + (age - t) * part for part in (1e-3, 1e-2, 0.1)] if t < age else None,
        )[0]  # fmt: skip
        return math.log(bought * (alive + left))
    shift = float(model is MBG_NBD)
    alive = math.exp(betaln(third, fourth + x + shift) - betaln(third, fourth)) * (alpha + age) ** -(r + x)
    left = 0.0
    if x > 0 or shift:
        left = math.exp(betaln(third + 1, fourth + x - 1 + shift) - betaln(third, fourth)) * (alpha + t) ** -(r + x)
    return math.log(bought * (alive + left))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("history", HISTORIES)
def test_likelihoods_are_those_of_the_papers(
    model: PurchaseModel, point: Floats, history: tuple[float, float, float]
) -> None:
    triple = Triples(*(np.array([part]) for part in (*history, 1.0)))
    scaled = [part / triple.scale for part in history[1:]]
    assert model.objective(triple)(point)[0] == pytest.approx(
        _textbook(model, np.exp(point), history[0], *scaled), rel=1e-7, abs=1e-7
    )


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("history", HISTORIES)
def test_p_alive_is_the_alive_share_of_the_likelihood(
    model: PurchaseModel, point: Floats, history: tuple[float, float, float]
) -> None:
    """The chance to be alive at T is L(alive) / L; the likelihood of a longer silence loses exactly the dead."""
    values, (x, t, age) = np.exp(point), history
    alive = model.p_alive(values, *(np.array([part]) for part in (x, t, age)))[0]
    r, alpha, third, fourth = values
    part = gammaln(r + x) - gammaln(r) + r * math.log(alpha) - (r + x) * math.log(alpha + age)
    if model is PARETO_NBD:
        part += third * math.log(fourth / (fourth + age))
    elif model is MBG_NBD or x > 0:
        part += betaln(third, fourth + x + float(model is MBG_NBD)) - betaln(third, fourth)
    assert alive == pytest.approx(math.exp(part - _textbook(model, values, x, t, age)), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_grouping_and_order_do_not_matter(model: PurchaseModel) -> None:
    frame = cdnow.customers()
    columns = [frame[name].to_numpy(dtype=float) for name in ("x", "t_x", "T")]
    single = Triples(*columns, np.ones(len(frame)))
    backwards = Triples.grouped(*(column[::-1] for column in columns))
    grouped = Triples.grouped(*columns)
    assert grouped.count.size < len(frame)
    assert grouped.customers == len(frame)
    for point in POINTS:
        value, gradient = model.objective(grouped)(point)
        assert model.objective(single)(point)[0] == pytest.approx(value, rel=1e-12)
        assert model.objective(single)(point)[1] == pytest.approx(gradient, rel=1e-9)
        assert model.objective(backwards)(point)[0] == value


def test_twice_the_customers_halve_the_variance() -> None:
    triples = cdnow.triples(unit=1.0)
    double = Triples(triples.count, triples.recency, triples.age, 2 * triples.weight)
    once, twice = fit_purchases(BG_NBD, triples), fit_purchases(BG_NBD, double)
    assert twice.values == pytest.approx(once.values, rel=1e-6)
    assert twice.optimum.covariance == pytest.approx(once.optimum.covariance / 2, rel=1e-4)


def test_the_currency_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    count = rng.integers(1, 9, 800).astype(float)
    mean = rng.gamma(6 * count, 60 / rng.gamma(4, size=800)) / count
    euros, cents = fit_spend(count, mean), fit_spend(count, 100 * mean)
    assert cents.values == pytest.approx(euros.values * [1, 1, 100], rel=1e-6)


def test_coarse_data_stand_for_all() -> None:
    rng = np.random.default_rng(11)
    count = rng.poisson(2, 9000).astype(float)
    age = rng.uniform(50, 700, 9000)
    triples = Triples.grouped(count, np.where(count > 0, age * rng.uniform(0.1, 1, 9000), 0), age)
    coarse = triples.coarse()
    assert coarse.count.size < triples.count.size / 2
    assert coarse.customers == pytest.approx(triples.customers)
    assert (coarse.weight @ coarse.age) == pytest.approx(triples.weight @ triples.age)
    assert (coarse.weight @ coarse.count) == pytest.approx(triples.weight @ triples.count)


@pytest.mark.parametrize("history", [(1, 0, 5), (0, 2, 5), (2, 6, 5), (-1, 0, 5)])
def test_impossible_histories_are_refused(history: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="purchase history"):
        Triples.grouped(*(np.array([float(part)]) for part in history))
