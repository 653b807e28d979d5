"""Ways to be fooled about frictions: what a plain comparison says, and what the models say of the same visits."""

import os
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from pipeline.cli.studies.models import compile_models, laboratory
from pipeline.settings import Settings
from tests.benchmarks.friction_worlds import AS_OF, GIVEN, WANTED, Laboratory, Visits, naive_difference

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    before = dict(os.environ)
    settings = Settings(home=tmp_path_factory.mktemp("frictions") / "home")
    project = compile_models(settings, WANTED, given=GIVEN)
    with laboratory(project, as_of=AS_OF) as opened:
        yield Laboratory(opened, project)
    os.environ.clear()
    os.environ.update(before)


def _holds(row: pd.Series, truth: float) -> bool:
    return abs(row["effect"] - truth) <= 2.6 * row["effect_standard_error"]


def test_engaged_journeys_meet_more_friction(judged: Laboratory) -> None:
    """Who looks at more pages searches in vain more often and buys more often; a vain search costs ten points."""
    visits = Visits(np.random.default_rng(1), 12_000)
    engaged = visits.chance.integers(0, 3, visits.count)
    for page in range(12):
        visits.touch("product_page", np.array([0, 4, 12])[engaged] > page, page)
    fails = visits.happens(np.array([0.05, 0.25, 0.5])[engaged])
    visits.touch("search", ~fails, 60)
    visits.touch("failed_search", fails, 60)
    buys = visits.happens(np.array([0.15, 0.4, 0.7])[engaged] - 0.1 * fails)
    visits.touch("order", buys, 300)
    found = judged.run(visits).loc["failed_search"]
    assert naive_difference(fails, buys) > 0.05
    assert _holds(found, -0.1)
    assert found["is_shown_to_matter"]


def test_a_failure_at_a_late_step_is_held_against_those_who_came_so_far(
    judged: Laboratory,
) -> None:
    """Payments fail for those who were about to buy: twenty points lost read as a gain against all journeys."""
    visits = Visits(np.random.default_rng(2), 12_000)
    visits.touch("home_page", np.full(visits.count, fill_value=True), 0)
    pays = visits.happens(0.3)
    visits.touch("checkout_payment", pays, 100)
    fails = pays & visits.happens(0.25)
    visits.touch("payment_failure", fails, 130)
    buys = pays & visits.happens(0.8 - 0.2 * fails)
    visits.touch("order", buys, 300)
    found = judged.run(visits).loc["payment_failure"]
    assert naive_difference(fails, buys) > 0.2
    assert naive_difference(fails, buys, pays) == pytest.approx(-0.2, abs=0.05)
    assert found["journey_count"] == pays.sum()
    assert _holds(found, -0.2)


def test_a_friction_of_a_device_that_sells_less_anyway_is_not_blamed_for_it(
    judged: Laboratory,
) -> None:
    visits = Visits(np.random.default_rng(3), 12_000)
    is_mobile = visits.happens(0.5)
    visits.device = np.where(is_mobile, "mobile", "desktop")
    visits.touch("checkout_address", np.full(visits.count, fill_value=True), 50)
    fails = visits.happens(np.where(is_mobile, 0.4, 0.1))
    visits.touch("checkout_error", fails, 60)
    buys = visits.happens(np.where(is_mobile, 0.3, 0.7))
    visits.touch("order", buys, 300)
    found = judged.run(visits).loc["checkout_error"]
    assert naive_difference(fails, buys) < -0.1
    assert _holds(found, 0.0)
    assert not found["is_shown_to_matter"]
    assert pd.isna(found["friction_rank"])


def test_the_planted_order_comes_out_and_a_frequent_harmless_friction_stays_below(
    judged: Laboratory,
) -> None:
    """Page errors strike a third of all and cost nothing; payments fail rarely and cost most."""
    visits = Visits(np.random.default_rng(4), 20_000)
    everybody = np.full(visits.count, fill_value=True)
    visits.touch("home_page", everybody, 0)
    harmless = visits.happens(0.33)
    visits.touch("page_error", harmless, 10)
    vain = visits.happens(0.15)
    visits.touch("search", ~vain, 150)
    visits.touch("failed_search", vain, 150)
    visits.touch("checkout_address", everybody, 160)
    wrong = visits.happens(0.05)
    visits.touch("checkout_error", wrong, 170)
    visits.touch("checkout_payment", everybody, 200)
    fails = visits.happens(0.1)
    visits.touch("payment_failure", fails, 210)
    buys = visits.happens(0.7 - 0.4 * fails - 0.3 * wrong - 0.04 * vain)
    visits.touch("order", buys, 400)
    found = judged.run(visits)
    ranked = found[found["friction_rank"].notna()].sort_values("friction_rank")
    assert list(ranked.index) == ["payment_failure", "checkout_error", "failed_search"]
    assert found.loc["page_error", "affected_count"] > 3 * found.loc["payment_failure", "affected_count"]
    assert not found.loc["page_error", "is_shown_to_matter"]
    assert ranked["rank_low"].tolist() == sorted(ranked["rank_low"])
    for name, lost in (("payment_failure", 0.4 * fails.sum()), ("checkout_error", 0.3 * wrong.sum())):
        row = found.loc[name]
        assert abs(row["value_if_alone"] - 40 * lost) <= 1.5 * row["value_if_alone_half_width"]


def test_shared_losses_do_not_count_an_outcome_twice(judged: Laboratory) -> None:
    """Either friction loses every sale it strikes: where both do, there is one sale to lose."""
    visits = Visits(np.random.default_rng(5), 8_000)
    everybody = np.full(visits.count, fill_value=True)
    visits.touch("checkout_address", everybody, 50)
    wrong = visits.happens(0.4)
    visits.touch("checkout_error", wrong, 60)
    visits.touch("checkout_payment", everybody, 100)
    fails = visits.happens(0.4)
    visits.touch("payment_failure", fails, 110)
    visits.touch("order", visits.happens(0.9) & ~wrong & ~fails, 300)
    found = judged.run(visits).loc[["checkout_error", "payment_failure"]]
    lost = 40 * 0.9 * (wrong | fails).sum()
    assert found["value_at_stake"].sum() <= 1.05 * lost
    assert (found["overlap_count"] == (wrong & fails).sum()).all()


def test_the_error_of_a_loss_is_that_of_a_bootstrap_of_customers(judged: Laboratory) -> None:
    """Poisson weights per customer, the whole estimator anew each time: what the linearised variance stands for."""
    visits = Visits(np.random.default_rng(6), 6_000)
    visits.customer = np.sort(visits.chance.integers(0, 1_500, visits.count))
    leaning = visits.chance.uniform(-0.25, 0.25, 1_500)[visits.customer]
    visits.touch("search", np.full(visits.count, fill_value=True), 10)
    fails = visits.happens(0.2)
    visits.touch("failed_search", fails, 10)
    visits.touch("order", visits.happens(0.5 + leaning - 0.15 * fails), 300)
    found = judged.run(visits).loc["failed_search"]
    strata = judged.compared("failed_search")
    draws = [_lost(strata, visits.chance.poisson(1.0, 1_500)) for _ in range(300)]
    assert _lost(strata, np.ones(1_500)) == pytest.approx(found["lost_outcomes"], abs=0.01)
    assert np.std(draws) == pytest.approx(found["lost_outcomes_standard_error"], rel=0.2)


def _lost(chances: pd.DataFrame, weights: np.ndarray) -> float:
    weight = weights[chances["customer"].to_numpy()]
    parts = (
        chances.assign(
            m=weight * chances["is_affected"],
            n=weight * ~chances["is_affected"],
            y=weight * (chances["is_affected"] & chances["has_outcome"]),
            z=weight * (~chances["is_affected"] & chances["has_outcome"]),
        )
        .groupby("stratum")[["m", "n", "y", "z"]]
        .sum()
    )
    both = parts[(parts["m"] > 0) & (parts["n"] > 0)]
    return float((both["m"] * both["z"] / both["n"] - both["y"]).sum())
