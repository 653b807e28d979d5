"""The buying process is the one stated: BG/NBD and Gamma-Gamma in operational time, and its expectations hold."""

import numpy as np
import pytest
from scipy.special import hyp2f1

from pipeline.sample.ground.scenario import scenario_named
from pipeline.sample.ground.seasons import end_instant, first_instant, make_calendar
from pipeline.sample.ground.vocabulary import EXIT_CAUSES
from pipeline.sample.shopping.process import (
    PROCESSES,
    Process,
    draw_traits,
    draw_values,
    expected_orders,
    expected_orders_of_interested,
    poisson_times,
)
from tests.unit.sample.worlds import sales_of, world_of

SEEDS, CUSTOMERS = (1, 2), 5000


def _mean_repeats(process: Process, span: np.ndarray) -> np.ndarray:
    """E[X(t)] of BG/NBD, Fader, Hardie and Lee (2005), equation 9."""
    r, alpha, a, b = process.r, process.alpha, process.a, process.b
    grown = hyp2f1(r, b, a + b - 1, span / (alpha + span)) * (alpha / (alpha + span)) ** r
    return (a + b - 1) / (a - 1) * (1 - grown)


def _repeats(scenario: str, kind: int) -> tuple[np.ndarray, np.ndarray]:
    """Repeat orders and operational days since the first order of all newcomers of a customer type."""
    calendar = make_calendar(scenario_named(scenario))
    counts, spans = [], []
    for seed in SEEDS:
        world = world_of(scenario, seed=seed, customer_count=CUSTOMERS)
        first = world.persons["first_order_at"].to_numpy("datetime64[s]")
        chosen = np.flatnonzero((first >= first_instant()) & (world.persons["customer_type"] == kind))
        count = np.bincount(sales_of(world)["person_row"], minlength=len(first))
        counts.append(count[chosen] - 1)
        spans.append(calendar.end - calendar.operational(first[chosen]))
    return np.concatenate(counts), np.concatenate(spans)


@pytest.mark.parametrize("scenario", ["clv_clean", "calm"])
@pytest.mark.parametrize(("kind", "process"), enumerate(PROCESSES.values()))
def test_repeat_orders_have_the_moments_of_bg_nbd(scenario, kind, process):
    count, span = _repeats(scenario, kind)
    error = np.sqrt(((count - _mean_repeats(process, span)) ** 2).sum())
    assert abs(count.sum() - _mean_repeats(process, span).sum()) < 3 * error
    none = (process.alpha / (process.alpha + span)) ** process.r
    assert abs((count == 0).sum() - none.sum()) < 3 * np.sqrt((none * (1 - none)).sum())
    assert count.max() > 10


def test_customers_are_lost_after_repeat_orders_with_their_own_chance():
    world = world_of("clv_clean", customer_count=CUSTOMERS, seed=1)
    sales = sales_of(world)
    repeated = sales[~sales["is_first"]]
    ended = world.persons["ended_at"].to_numpy("datetime64[s]")
    was_last = ended[repeated["person_row"]] == repeated["ordered_at"].to_numpy("datetime64[s]")
    chance = world.persons["dropout_probability"].to_numpy()[repeated["person_row"]]
    assert abs(was_last.sum() - chance.sum()) < 3 * np.sqrt((chance * (1 - chance)).sum())
    assert was_last.sum() == world.persons["ended_at"].notna().sum()
    firsts = sales[sales["is_first"]]
    assert not (ended[firsts["person_row"]] == firsts["ordered_at"].to_numpy("datetime64[s]")).any()
    assert set(world.persons["exit_cause"]) == {0, EXIT_CAUSES.index("lost_interest")}


def test_rates_and_values_have_the_moments_of_their_laws():
    rng = np.random.default_rng(3)
    for kind, process in enumerate(PROCESSES.values()):
        kinds = np.full(200_000, kind)
        traits = draw_traits(rng, kinds)
        assert traits.order_rate.mean() == pytest.approx(process.r / process.alpha, rel=0.01)
        assert traits.order_rate.var() == pytest.approx(process.r / process.alpha**2, rel=0.03)
        assert traits.dropout_probability.mean() == pytest.approx(process.a / (process.a + process.b), rel=0.01)
        mean = traits.value_mean(kinds)
        assert mean.mean() == pytest.approx(100 * process.mean_order_value, rel=0.01)
        value = draw_values(rng, kinds, np.full(len(kinds), 9000.0))
        assert value.mean() == pytest.approx(9000, rel=0.01)
        assert value.std() / value.mean() == pytest.approx(1 / np.sqrt(process.p), rel=0.02)
        assert (traits.order_rate > process.rate_quantile(0.85)).mean() == pytest.approx(0.15, abs=0.005)


def test_order_values_are_the_buyers_own():
    world = world_of("clv_clean", customer_count=CUSTOMERS, seed=1)
    sales = sales_of(world)
    euros = sales[sales["currency"] == 0]
    ratio = euros["net_amount"].to_numpy() / world.persons["order_value_mean"].to_numpy()[euros["person_row"]]
    assert ratio.mean() == pytest.approx(1.0, abs=0.02)


def _simulated(rng, rate, dropout, start, span):
    """Orders of living customers from ``start`` on, drawn one by one."""
    moment, orders, alive = start.copy(), np.zeros(len(start)), start < span
    while alive.any():
        moment = moment + rng.exponential(1 / rate, len(start))
        buys = alive & (moment < span)
        orders += buys
        alive = buys & (rng.random(len(start)) >= dropout)
    return orders


def test_expected_orders_are_those_of_simulated_customers():
    rng = np.random.default_rng(5)
    count, rate, dropout, span = 40_000, 0.02, 0.15, 365.0
    simulated = _simulated(rng, rate, dropout, np.zeros(count), span)
    expected = expected_orders(order_rate=np.array([rate]), dropout=np.array([dropout]), span=np.array([span]))[0]
    assert abs(simulated.mean() - expected) < 3 * simulated.std() / np.sqrt(count)
    for_ever = expected_orders(order_rate=np.array([rate]), dropout=np.zeros(1), span=np.array([span]))
    assert for_ever[0] == pytest.approx(rate * span)


def test_expected_orders_of_the_interested_are_those_of_simulated_visitors():
    rng = np.random.default_rng(6)
    count, first_rate, loss, rate, dropout, span = 60_000, 0.01, 0.07, 0.02, 0.15, 365.0
    first = rng.exponential(1 / first_rate, count)
    buys = (first < rng.exponential(1 / loss, count)) & (first < span)
    start = np.where(buys, first, np.inf)
    simulated = buys + _simulated(rng, rate, dropout, start, span)
    expected = expected_orders_of_interested(
        first_rate=np.array([first_rate]), loss_rate=loss, order_rate=np.array([rate]), dropout=np.array([dropout]),
        span=span,
    )[0]  # fmt: skip
    assert abs(simulated.mean() - expected) < 3 * simulated.std() / np.sqrt(count)


def test_poisson_moments_stay_within_their_spans():
    rng = np.random.default_rng(7)
    start, end = np.array([0.0, 50.0, 90.0]), np.array([100.0, 50.0, 10.0])
    owner, moment = poisson_times(rng, start=start, end=end, rate=np.full(3, 2.0))
    assert set(owner) == {0}
    assert 140 < len(owner) < 260
    assert 0 <= moment.min() < moment.max() < 100


def test_expectations_are_only_of_the_living_and_the_interested():
    world = world_of("mixed")
    persons = world.persons
    expected = persons["expected_orders_12m"].to_numpy()
    gone = persons["ended_at"].notna().to_numpy()
    gave_up = (persons["first_order_at"].isna() & (persons["interest_ends_at"] < end_instant())).to_numpy()
    assert (expected[gone | gave_up] == 0).all()
    assert (expected[~(gone | gave_up)] > 0).all()
    last_year = sales_of(world)
    last_year = last_year[last_year["ordered_at"] >= np.datetime64("2025-01-01")]
    assert 0.4 < expected.sum() / len(last_year) < 0.9
    worth = persons["expected_value_12m"].to_numpy()[expected > 0] / expected[expected > 0]
    own = persons["order_value_mean"].to_numpy()[expected > 0]
    assert (worth < own).all()
    assert (worth > 0.85 * own).all()


@pytest.mark.parametrize("scenario", ["calm", "clv_clean", "seasonal_peak"])
def test_the_operational_clock_can_be_read_both_ways(scenario):
    calendar = make_calendar(scenario_named(scenario))
    moments = np.sort(np.random.default_rng(8).uniform(calendar.start, calendar.end, 5000))
    instants = calendar.instants(moments)
    assert (np.diff(instants.astype(np.int64)) >= -3600).all()  # the doubled hour runs back once a year
    error = np.abs(calendar.operational(instants) - moments)
    assert np.quantile(error, 0.998) < 0.001
    assert error.max() < 1 / 20  # within the hour that does not exist in spring
    days = (end_instant() - first_instant()).astype(np.int64) / 86_400
    assert calendar.end - calendar.start == pytest.approx(days, rel=0.02)


def test_a_peak_makes_its_days_longer_and_no_others():
    calm, peak = (make_calendar(scenario_named(name)) for name in ("calm", "seasonal_peak"))
    usual, high = np.diff(calm.cumulated), np.diff(peak.cumulated)
    factor = scenario_named("seasonal_peak").peak.factor
    assert sorted(set(np.round(high / usual, 6))) == [1.0, factor]
    assert (high > 1.5 * usual).sum() == 7
