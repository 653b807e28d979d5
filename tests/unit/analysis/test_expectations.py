"""Expected purchases: against simulation and quadrature, and in the bounds they must keep."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta as beta_distribution

from pipeline.analysis.beta_geometric import BG_NBD, MBG_NBD, BetaGeometric
from pipeline.analysis.pareto import PARETO_NBD
from pipeline.analysis.purchase_model import PurchaseModel
from pipeline.analysis.shifted_beta_geometric import ContractFit, fit_contracts
from pipeline.analysis.triples import Floats

MODELS = [BG_NBD, MBG_NBD, PARETO_NBD]


def _array(value: float) -> Floats:
    return np.array([value])


def _by_quadrature(a: float, stay: float, bought: float, stretch: float) -> float:
    """Expected purchases of the living, over the chance of leaving on the scale of its logarithm."""

    def given_leaving(log_p: float) -> float:
        p = np.exp(log_p)
        return -np.expm1(-bought * np.log1p(p * stretch)) * beta_distribution.pdf(p, a, stay)

    edges = np.log(
        np.unique(np.append(beta_distribution.ppf([1e-12, 1e-6, 0.01, 0.2, 0.5, 0.8, 0.99, 1 - 1e-9], a, stay), 1))
    )
    edges = edges[edges > -600]
    below = bought * stretch * beta_distribution.cdf(np.exp(edges[0]), a, stay)
    return below + sum(quad(given_leaving, *ends, limit=400)[0] for ends in pairwise(edges))


@pytest.mark.parametrize("model", [BG_NBD, MBG_NBD])
@pytest.mark.parametrize("a", [0.2, 0.8, 1.0, 1.00001, 3.0, 19.9, 30.0, 400.0])
@pytest.mark.parametrize(("x", "age", "ahead"), [(0.0, 20.0, 365.0), (3.0, 400.0, 30.0), (80.0, 700.0, 1095.0)])
def test_purchases_of_the_living_by_quadrature(
    model: BetaGeometric, a: float, x: float, age: float, ahead: float
) -> None:
    r, alpha, b = 0.6, 30.0, 2.5
    stay = b + x + float(model.leaves_at_once)

    expected = _by_quadrature(a, stay, r + x, ahead / (alpha + age))
    found = model.purchases_if_alive(np.array([r, alpha, a, b]), _array(x), _array(age), _array(ahead))[0]
    assert found == pytest.approx(expected, rel=2e-4)


@pytest.mark.parametrize("a", [0.05, 0.5, 3.0, 18.0])
@pytest.mark.parametrize("ahead", [8.0, 12.0, 20.0, 60.0])
def test_where_the_library_gives_up_the_expectation_does_not(a: float, ahead: float) -> None:
    """Many purchases and a horizon far beyond the age: where the hypergeometric overflows."""
    r, alpha, b, x, age = 0.5, 0.5, 171.0, 60.0, 1.0
    expected = _by_quadrature(a, b + x, r + x, ahead / (alpha + age))
    found = BG_NBD.purchases_if_alive(np.array([r, alpha, a, b]), _array(x), _array(age), _array(ahead))[0]
    assert found == pytest.approx(expected, rel=1e-4)


def test_purchases_of_the_living_under_pareto_at_s_of_one() -> None:
    around = [
        PARETO_NBD.purchases_if_alive(np.array([0.6, 30.0, s, 50.0]), _array(2), _array(100), _array(365))[0]
        for s in (1 - 1e-7, 1.0, 1 + 1e-7)
    ]
    assert around == pytest.approx([around[1]] * 3, rel=1e-6)


def _lives(model: PurchaseModel, values: Floats, ahead: float, size: int) -> Floats:
    """Repeat purchases of new customers within ``ahead``, drawn."""
    rng = np.random.default_rng(7)
    rate = rng.gamma(values[0], 1 / values[1], size)
    stays, end = np.full(size, np.inf), np.full(size, np.inf)
    if model is PARETO_NBD:
        end = rng.exponential(1 / rng.gamma(values[2], 1 / values[3], size))
    else:
        stays = rng.geometric(rng.beta(values[2], values[3], size)).astype(float) - float(model is MBG_NBD)
    return np.minimum(rng.poisson(rate * np.minimum(ahead, end)), stays)


@pytest.mark.parametrize("model", MODELS)
def test_moments_of_a_new_customer_by_simulation(model: PurchaseModel) -> None:
    values, ahead, size = np.array([0.8, 30.0, 0.9, 4.0 if model is not PARETO_NBD else 120.0]), 365.0, 400_000
    drawn = _lives(model, values, ahead, size)
    nothing = np.zeros(1)
    alive = model.p_alive(values, nothing, nothing, nothing)[0]
    mean = alive * model.purchases_if_alive(values, nothing, nothing, _array(ahead))[0]
    assert mean == pytest.approx(drawn.mean(), abs=4 * drawn.std() / size**0.5)
    days = np.linspace(0, ahead, 2001)
    grown = model.purchases_if_alive(values, np.ones(days.size), np.zeros(days.size), days)
    pairs = alive * 2 * model.pair_rate(values, nothing, nothing)[0] * (np.diff(grown) @ ((days[1:] + days[:-1]) / 2))
    squares = drawn * (drawn - 1)
    assert pairs == pytest.approx(squares.mean(), abs=4 * squares.std() / size**0.5)


PARAMETERS = st.tuples(
    st.floats(0.005, 100), st.floats(0.05, 5000), st.floats(0.005, 5000), st.floats(0.01, 5000)
).map(np.array)  # fmt: skip
HISTORY = st.tuples(st.integers(0, 60), st.floats(1, 900), st.floats(0.001, 1.0))


@settings(max_examples=150, deadline=None)
@given(model=st.sampled_from(MODELS), values=PARAMETERS, history=HISTORY, ahead=st.floats(1, 1095))
def test_expectations_keep_their_bounds(
    model: PurchaseModel, values: Floats, history: tuple[int, float, float], ahead: float
) -> None:
    count, age = float(history[0]), history[1]
    recency = age * history[2] if count else 0.0
    alive = model.p_alive(values, _array(count), _array(recency), _array(age))[0]
    assert 0 <= alive <= 1
    later = model.p_alive(values, _array(count), _array(recency), _array(age + ahead))[0]
    assert later <= alive + 1e-9
    horizons = ahead * np.array([0.0, 0.25, 0.5, 1.0])
    expected = model.purchases_if_alive(values, np.full(4, count), np.full(4, age), horizons)
    assert np.all(np.isfinite(expected))
    assert expected[0] == pytest.approx(0, abs=1e-6)
    assert np.all(np.diff(expected) >= -1e-6 * expected[-1])
    # Nobody alive buys more than at the expected rate of somebody who never leaves.
    assert np.all(expected <= (values[0] + count) / (values[1] + age) * horizons * (1 + 1e-6) + 1e-6)


def test_renewals_add_up() -> None:
    survivors = np.array([1000, 869, 743, 653, 593, 551, 517, 491], dtype=float)
    fit = fit_contracts(np.arange(1.0, 8.0), survivors[:-1], survivors[:-1] - survivors[1:])
    periods = np.arange(1.0, 30.0)
    assert np.cumprod(fit.retention(periods)) == pytest.approx(fit.survival(periods), rel=1e-12)
    assert fit.survival(np.array([0.0])) == pytest.approx([1.0])


@pytest.mark.parametrize(
    ("period", "opportunities", "losses"), [([], [], []), ([1], [0], [0]), ([1], [5], [6]), ([0], [5], [1])]
)
def test_impossible_renewals_are_refused(period: list[float], opportunities: list[float], losses: list[float]) -> None:
    with pytest.raises(ValueError, match=r"renewal|losses"):
        fit_contracts(*(np.array(part, dtype=float) for part in (period, opportunities, losses)))


def test_one_period_cannot_tell_two_parameters() -> None:
    fit: ContractFit = fit_contracts(np.array([1.0]), np.array([500.0]), np.array([100.0]))
    assert fit.optimum.failure
