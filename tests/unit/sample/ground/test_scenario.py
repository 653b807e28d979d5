"""Scenarios are data: all of them are there, unknown names are refused, and each does what it says."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.sample.aftermath.reviews import REPLY_DAYS
from pipeline.sample.ground.scenario import (
    Degradation,
    Friction,
    Window,
    load_scenarios,
    read_scenarios,
    scenario_named,
)
from pipeline.sample.ground.seasons import business_day
from pipeline.sample.ground.vocabulary import DEVICES, FRICTIONS, STEPS, WEB_FRICTIONS
from pipeline.sample.shopping.conversion import chances_of
from pipeline.sample.shopping.exposures import HORIZON_DAYS
from tests.unit.sample.worlds import costs_of, world_of

NAMES = {
    "calm", "clv_clean", "checkout_bug_mobile", "payment_outage", "slow_support", "late_deliveries", "price_surprise",
    "channel_silo", "ignored_reviews", "over_contact", "survey_polarity_flip", "tracking_loss", "seasonal_peak",
    "mixed",
}  # fmt: skip
BASES = {"calm", "clv_clean", "mixed"}
CUSTOMERS = 4000
BASE = {
    "base": {
        "already_there": 0.4,
        "has_seasons": True,
        "come_back": 0.2,
        "guest_share": 0.0,
        "trap_rate": 0.0,
        "events_per_customer": 1.0,
    },
    "frictions": {name: {"rate": 0.1} for name in FRICTIONS},
}


def _read(**changes: object):
    return read_scenarios({**BASE, "scenarios": {"one": {"description": "One.", **changes}}})["one"]


def _inside(moments: pd.Series, plan: Degradation) -> np.ndarray:
    day = business_day(moments)
    return (day >= np.datetime64(plan.first_day)) & (day <= np.datetime64(plan.last_day))


def _abandonment(scenario: str) -> tuple[float, float, float]:
    """Stated size of a planted checkout abandonment, the one that happened, and its standard error."""
    (plan,) = scenario_named(scenario).degradations
    visits = world_of(scenario, customer_count=CUSTOMERS).visits
    visits = visits[visits["step"] >= STEPS.index("address")]
    if plan.segment != "all":
        visits = visits[visits["device"] == DEVICES.index(plan.segment)]
    inside = _inside(visits["started_at"], plan)
    gives_up = (visits["step"] < STEPS.index("order")).to_numpy()
    during, usual = gives_up[inside].mean(), gives_up[~inside].mean()
    error = np.sqrt((1 - during) / during / inside.sum() + (1 - usual) / usual / (~inside).sum()) * during / usual
    return plan.size, during / usual - 1, error


def test_every_scenario_is_there_and_describes_itself():
    scenarios = load_scenarios()
    assert set(scenarios) == NAMES
    for name, scenario in scenarios.items():
        assert scenario.name == name
        assert scenario.description.endswith(".")
        assert set(scenario.frictions) == set(FRICTIONS)
        for friction in scenario.frictions.values():
            assert all(0 <= rate <= 1 for rate in friction.rates)
            assert 0 <= friction.effect <= 1
        for plan in scenario.degradations:
            assert date(2024, 1, 1) <= plan.first_day <= plan.last_day <= date(2025, 12, 31)


def test_an_unknown_scenario_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'storm'; there are: calm, .*tracking_loss"):
        scenario_named("storm")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"has_saisons": True}, "unknown setting has_saisons"),
        ({"frictions": {"queue": {"rate": 1.0}}}, "unknown friction queue"),
        ({"frictions": {"slow_page": {"rate": {"watch": 1.0}}}}, "unknown device watch"),
    ],
)
def test_misspelt_settings_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        _read(**changes)


def test_settings_are_the_base_with_changes():
    window = {"first_day": date(2025, 1, 1), "last_day": date(2025, 1, 31), "rate": 0.5}
    scenario = _read(come_back=0.0, frictions={"slow_page": {"effect": 0.4, "window": window}})
    assert (scenario.come_back, scenario.already_there) == (0.0, 0.4)
    slow = scenario.frictions["slow_page"]
    assert slow == Friction("slow_page", (0.1,) * 4, 0.4, Window(date(2025, 1, 1), date(2025, 1, 31), (0.5,) * 4, 0.4))
    assert scenario.frictions["page_error"].effect == 1.0
    assert scenario.frictions["late_delivery"].effect == 0.0


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) for name in sorted(NAMES - BASES)] + sorted(BASES)
)
def test_events_come_with_customers_as_stated(name):
    stated = scenario_named(name).events_per_customer
    counts = [len(world_of(name, seed=seed, customer_count=CUSTOMERS).events) for seed in (1, 2)]
    assert np.mean(counts) / CUSTOMERS == pytest.approx(stated, rel=0.05)


def test_windows_hold_on_both_their_days_and_on_no_other():
    friction = Friction("slow_page", (0.1,) * 4, 1.0, Window(date(2025, 1, 2), date(2025, 1, 3), (0.5,) * 4, 0.2))
    days = np.array(["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04"], dtype="datetime64[D]")
    assert friction.rate_at(np.zeros(4, dtype=int), days).tolist() == [0.1, 0.5, 0.5, 0.1]
    assert friction.effect_at(days).tolist() == [1.0, 0.2, 0.2, 1.0]


def test_chances_change_where_a_window_opens_and_closes():
    scenario = scenario_named("checkout_bug_mobile")
    chances = chances_of(scenario)
    assert chances.changes.astype(str).tolist() == ["2025-11-10", "2025-12-08"]
    assert chances.regime(
        np.array(["2025-11-09", "2025-11-10", "2025-12-07", "2025-12-08"], "datetime64[D]")
    ).tolist() == [0, 1, 1, 2]
    mobile = chances.to_delivery[:, DEVICES.index("mobile")]
    assert mobile[1] / mobile[0] == pytest.approx(1 - 0.55 * 0.75)
    assert mobile[2] == mobile[0]
    desktop = chances.to_delivery[:, DEVICES.index("desktop")]
    assert desktop[1] == desktop[0]


@pytest.mark.parametrize("scenario", ["checkout_bug_mobile", "payment_outage", "price_surprise", "mixed"])
def test_checkouts_are_given_up_as_much_more_as_stated(scenario):
    stated, happened, error = _abandonment(scenario)
    assert abs(happened - stated) < 3 * error
    assert happened > 3 * error or scenario == "mixed"


def test_parcels_are_late_as_stated():
    (plan,) = scenario_named("late_deliveries").degradations
    parcels = world_of("late_deliveries", customer_count=CUSTOMERS).others["deliveries"]
    inside = _inside(parcels["promised_on"] + pd.Timedelta(hours=12), plan)
    on_time = ~parcels["is_late"].to_numpy()
    assert on_time[inside].mean() / on_time[~inside].mean() - 1 == pytest.approx(plan.size, abs=0.06)


def test_support_is_slow_as_stated():
    (plan,) = scenario_named("slow_support").degradations
    contacts = world_of("slow_support", customer_count=CUSTOMERS).others["interactions"]
    contacts = contacts[contacts["first_response_at"].notna() & ~contacts["is_automatic"]]
    wait = (contacts["first_response_at"] - contacts["opened_at"]).dt.total_seconds().to_numpy()
    inside = _inside(contacts["opened_at"], plan)
    assert wait[inside].mean() / wait[~inside].mean() - 1 == pytest.approx(plan.size, rel=0.35)


def test_reviews_stay_unanswered_as_stated():
    (plan,) = scenario_named("ignored_reviews").degradations
    lived = world_of("ignored_reviews", customer_count=CUSTOMERS).exposures
    left = lived[lived["friction"] == FRICTIONS.index("unanswered_review")]
    written = left["at"] - pd.Timedelta(days=REPLY_DAYS)
    friction = scenario_named("ignored_reviews").frictions["unanswered_review"]
    assert (1 - friction.window.rates[0]) / (1 - friction.rates[0]) - 1 == pytest.approx(plan.size, abs=0.01)
    assert (left["effect"] > 0).to_numpy()[_inside(left["at"], plan)].all()
    per_day = [(_inside(written, plan) == inside).sum() / days for inside, days in ((True, 160), (False, 547))]
    assert per_day[0] > 1.5 * per_day[1]


def test_letters_pile_up_as_stated():
    (plan,) = scenario_named("over_contact").degradations
    sent = world_of("over_contact", customer_count=CUSTOMERS).others["messages"]
    sent = sent[sent["purpose"] == 0]
    per_month = sent.groupby(["person_row", sent["sent_at"].dt.to_period("M")]).size()
    month = per_month.index.get_level_values(1).to_timestamp()
    later = month >= pd.Timestamp(plan.first_day)
    assert per_month[later].mean() / per_month[~later].mean() - 1 == pytest.approx(plan.size, rel=0.08)


def test_a_peak_is_a_week_of_more_visits_and_costs_nobody():
    peak = scenario_named("seasonal_peak").peak
    days = pd.Series(business_day(world_of("seasonal_peak").visits["started_at"])).value_counts().sort_index()
    week = days.loc[pd.Timestamp(peak.first_day) : pd.Timestamp(peak.last_day)].mean()
    before = days.loc[pd.Timestamp(peak.first_day) - pd.Timedelta(days=14) :].iloc[:14].mean()
    assert 0.8 * peak.factor < week / before < 1.3 * peak.factor
    assert costs_of(world_of("seasonal_peak")).sum() == 0
    assert not scenario_named("seasonal_peak").degradations


@pytest.mark.parametrize(
    ("scenario", "friction"),
    [
        ("checkout_bug_mobile", "checkout_error"),
        ("payment_outage", "payment_failure"),
        ("slow_support", "slow_first_response"),
        ("late_deliveries", "late_delivery"),
        ("price_surprise", "price_rise"),
        ("channel_silo", "channel_silo"),
        ("ignored_reviews", "unanswered_review"),
        ("over_contact", "contact_pressure"),
    ],
)
def test_one_friction_is_dear_and_the_others_cost_nothing(scenario, friction):
    lived = world_of(scenario, customer_count=CUSTOMERS).exposures
    cost = (lived["probability_without"] - lived["probability_with"]).to_numpy()
    own = lived["friction"].to_numpy() == FRICTIONS.index(friction)
    assert cost[own].sum() > 1.0  # outcomes lost
    assert (cost[~own] == 0).all()
    assert set(lived.loc[lived["is_effective"], "friction"]) == {FRICTIONS.index(friction)}


@pytest.mark.parametrize("scenario", ["survey_polarity_flip", "tracking_loss"])
def test_what_fails_in_the_delivery_only_leaves_the_world_alone(scenario):
    calm, other = world_of("calm", customer_count=300), world_of(scenario, customer_count=300)
    pd.testing.assert_frame_equal(calm.orders, other.orders)
    pd.testing.assert_frame_equal(calm.events, other.events)
    planted = scenario_named(scenario)
    assert (planted.polarity_flip is None) != (planted.tracking_loss is None)
    assert {plan.size for plan in planted.degradations} == {0.0}


def test_horizons_are_those_of_the_outcomes():
    days = dict(zip(FRICTIONS, HORIZON_DAYS, strict=True))
    assert {days[name] for name in WEB_FRICTIONS} == {30}
    assert {days[name] for name in set(FRICTIONS) - set(WEB_FRICTIONS)} == {90}
