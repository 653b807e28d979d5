"""Frictions strike at their rates, cost what their chances say, and nothing where they are harmless."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.sample.company import make_world
from pipeline.sample.ground.scenario import Scenario, Window, scenario_named
from pipeline.sample.ground.seasons import business_day, make_calendar
from pipeline.sample.ground.vocabulary import DEVICES, FRICTIONS, SERVICE_FRICTIONS, STEPS, WEB_FRICTIONS
from pipeline.sample.ground.world import World
from pipeline.sample.shopping.conversion import chances_of
from pipeline.sample.shopping.missions import Shoppers, shop
from tests.unit.sample.worlds import costs_of, sales_of, with_friction, with_outcome, world_of

CALM = scenario_named("calm")
DAY = date(2025, 6, 12)


def _harmful(effects: dict[str, float]) -> Scenario:
    scenario = CALM
    for name, effect in effects.items():
        scenario = with_friction(scenario, replace(CALM.frictions[name], effect=effect))
    return scenario


def _conversion(scenario: Scenario, *, device: int, kind: int, persona: int, returning: bool) -> tuple[float, int]:
    """Share of many missions of one kind of person that end in an order, and how many there were."""
    count = 40_000
    calendar = make_calendar(scenario)
    shoppers = Shoppers(*(np.full(1, code) for code in (device, kind, persona)))
    rng = np.random.default_rng(4)
    visits = shop(
        rng, scenario, calendar, shoppers, person_row=np.zeros(count, dtype=np.int64),
        moment=rng.uniform(calendar.start, calendar.end, count), returning=returning,
    )  # fmt: skip
    return len(np.unique(visits.mission[visits.buys])) / count, count


@pytest.mark.parametrize("planted", [False, True])
@pytest.mark.parametrize(
    ("device", "kind", "persona", "returning"), [(0, 0, 0, True), (1, 0, 1, False), (2, 1, 2, True), (3, 0, 3, False)]
)
def test_missions_end_in_orders_as_often_as_the_closed_form_says(planted, device, kind, persona, returning):
    scenario = _harmful(dict.fromkeys(WEB_FRICTIONS, 0.3)) if planted else CALM
    share, count = _conversion(scenario, device=device, kind=kind, persona=persona, returning=returning)
    stated = chances_of(scenario).mission[0, device, kind, int(returning), persona]
    assert abs(share - stated) < 3.5 * np.sqrt(stated * (1 - stated) / count)
    if planted:
        assert stated < 0.8 * chances_of(scenario, planted=False).mission[0, device, kind, int(returning), persona]


def test_orders_of_visits_come_back_or_not_never_twice():
    world = world_of("mixed")
    sales = sales_of(world)
    online = sales[sales["mission"] >= 0]
    assert online["mission"].is_unique
    visits = world.visits[world.visits["person_row"] >= 0]
    assert visits["is_come_back"].sum() > 100
    assert (visits.groupby("mission")["is_last"].sum() <= 2).all()


@pytest.mark.parametrize("name", ["payment_failure", "checkout_error", "price_rise", "checkout_loop"])
def test_web_frictions_strike_at_their_rates_by_device(name):
    world = world_of("calm", customer_count=5000)
    before = {"payment_failure": "payment", "checkout_error": "address"}.get(name, "delivery")
    visits = world.visits[world.visits["step"] >= STEPS.index(before)]
    struck = world.exposures.loc[world.exposures["friction"] == FRICTIONS.index(name), "visit"]
    hit = visits["visit"].isin(struck)
    for code, rate in enumerate(CALM.frictions[name].rates):
        own = hit[visits["device"] == code]
        assert abs(own.mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / len(own)), DEVICES[code]


def test_calm_costs_nothing_however_often_frictions_strike():
    world = world_of("calm")
    lived = world.exposures
    assert set(lived["friction"]) == set(range(len(FRICTIONS)))
    assert (lived["probability_without"] == lived["probability_with"]).all()
    assert not lived["is_effective"].any()
    assert set(world.persons["exit_cause"]) <= {0, 1}
    assert not CALM.degradations


def test_without_frictions_nobody_lives_one():
    assert world_of("clv_clean", customer_count=1000).exposures.empty


@pytest.mark.parametrize("seed", [1, 2, 3, 2024])
def test_planted_costs_are_spaced_at_the_top(seed):
    costs = costs_of(world_of("mixed", seed=seed))
    top = costs.iloc[:6]
    assert list(top.index[:3]) == ["payment_failure", "late_delivery", "failed_search"]
    assert (top.to_numpy()[:-1] / top.to_numpy()[1:] >= 1.5).all()
    assert (costs.iloc[6:] == 0).all()
    harmless = world_of("mixed", seed=seed).exposures["friction"].value_counts()
    for name in ("slow_page", "page_error", "no_follow_up"):
        assert harmless[FRICTIONS.index(name)] > 400


@pytest.mark.parametrize("kind", ["harmless", "all", "letters"])
def test_the_outcome_comes_as_often_as_its_chances_say(kind):
    """With the friction having struck; over all of one kind, within sampling error by person."""
    effects = {
        "harmless": {},
        "all": dict.fromkeys(WEB_FRICTIONS, 0.35) | dict.fromkeys(SERVICE_FRICTIONS, 0.1),
        "letters": {"contact_pressure": 0.3},
    }[kind]
    scenario = _harmful(effects)
    parts = [with_outcome(make_world(scenario=scenario, seed=seed, customer_count=5000)) for seed in (1, 2)]
    lived = pd.concat([part.assign(seed=seed) for seed, part in enumerate(parts)])
    lived = lived.assign(gap=lived["happened"] - lived["probability_with"])
    for name, own in lived.groupby("name"):
        error = np.sqrt((own.groupby(["seed", "person_row"])["gap"].sum() ** 2).sum())
        allowed = 3.5 * error + 0.02 * own["probability_with"].sum()  # the forms leave out what overlaps
        assert abs(own["gap"].sum()) < allowed, name


def _on_one_day(name: str, *, effect: float, seed: int) -> World:
    """The friction strikes everybody who can be struck on one day, and nobody on any other."""
    everyone, nobody = (1.0,) * len(DEVICES), (0.0,) * len(DEVICES)
    first = DAY if name in WEB_FRICTIONS else date(2025, 3, 1)
    usual = replace(CALM.frictions[name], rates=nobody, window=Window(first, DAY, everyone, effect))
    return make_world(scenario=with_friction(CALM, usual), seed=seed, customer_count=12_000)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["payment_failure", "checkout_error", "failed_search", "slow_page", "late_delivery"])
def test_the_cost_is_what_living_without_the_friction_shows(name):
    """Brute force: the same company with and without the harm; outcomes lost against the closed form."""
    index, effect = FRICTIONS.index(name), 0.3
    harmless = 1.0 if name in WEB_FRICTIONS else 0.0
    lost, stated, variance = 0.0, 0.0, 0.0
    for seed in (1, 2):
        happened = []
        for strength in (effect, harmless):
            lived = with_outcome(_on_one_day(name, effect=strength, seed=seed))
            lived = lived[lived["friction"] == index].drop_duplicates("person_row")
            happened.append(lived["happened"].to_numpy())
            if strength == effect:
                loss = (lived["probability_without"] - lived["probability_with"]).to_numpy()
                stated += loss.mean()
        harmed, spared = happened
        assert business_day(lived["at"]).max() >= np.datetime64(DAY)
        lost += spared.mean() - harmed.mean()
        variance += spared.var() / len(spared) + harmed.var() / len(harmed)
    assert stated > 0.02
    assert abs(lost - stated) < 3 * np.sqrt(variance) + 0.03 * stated
