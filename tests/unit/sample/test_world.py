"""A block of the company holds together: frames as described, books that balance, nobody acts after the end."""

import numpy as np
import pandas as pd
import pytest

from pipeline.sample.company import CUSTOMERS_PER_BLOCK, make_world
from pipeline.sample.ground.scenario import scenario_named
from pipeline.sample.ground.seasons import FIRST_DAY, LAST_DROP, business_day, end_instant, to_local, told_apart
from pipeline.sample.ground.vocabulary import DEVICES, EVENT_NAMES, PERSONAS
from pipeline.sample.ground.world import FRAMES, IDS_PER_BLOCK, World, framed
from pipeline.sample.shopping.sales import GOODS_COST, refund_share
from tests.unit.sample.worlds import sales_of, world_of


@pytest.fixture(scope="module")
def world() -> World:
    return world_of("mixed")


def _times(frame: pd.DataFrame, column: str) -> np.ndarray:
    return frame[column].to_numpy("datetime64[s]")


def _named(events: pd.DataFrame, name: str) -> pd.DataFrame:
    return events[events["event_name"] == EVENT_NAMES.index(name)]


@pytest.mark.parametrize("name", FRAMES)
def test_frames_have_the_columns_and_types_described(world, name):
    frame = getattr(world, name)
    assert {column: str(kind) for column, kind in frame.dtypes.items()} == {
        column: kind for column, (kind, _) in FRAMES[name].items()
    }


def test_a_frame_with_other_columns_is_refused():
    with pytest.raises(ValueError, match="form"):
        framed("items", {**{name: np.zeros(1) for name in FRAMES["items"]}, "form": np.zeros(1)})


def test_ids_are_unique_and_follow_time(world):
    for name, key, moment in (("visits", "visit", "started_at"), ("events", "event", "occurred_at")):
        frame = getattr(world, name)
        assert (np.diff(frame[key]) == 1).all()
        assert (np.diff(_times(frame, moment).astype(np.int64)) >= 0).all()
    assert world.orders["order"].is_unique
    assert (np.diff(sales_of(world)["order"]) > 0).all()
    accounts = np.concatenate([world.persons["customer"], world.persons["second_customer"]])
    assert len(np.unique(accounts[accounts >= 0])) == (accounts >= 0).sum()


def test_same_seed_same_world_and_another_seed_another():
    again = make_world(scenario=scenario_named("mixed"), seed=1, customer_count=300)
    first, other = world_of("mixed", customer_count=300), world_of("mixed", customer_count=300, seed=2)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
        assert not getattr(first, name).equals(getattr(other, name))


def test_blocks_are_independent_parts_of_one_company():
    first = world_of("mixed", customer_count=300)
    second = world_of("mixed", customer_count=300, block=1)
    for name, key in (("persons", "person"), ("visits", "visit"), ("events", "event"), ("orders", "order")):
        assert (getattr(second, name)[key] // IDS_PER_BLOCK == 1).all()
        assert (getattr(first, name)[key] // IDS_PER_BLOCK == 0).all()
    assert not set(first.visits["browser"]) & set(second.visits["browser"])
    assert not first.persons["order_rate"].isin(second.persons["order_rate"]).any()


@pytest.mark.parametrize("count", [3, CUSTOMERS_PER_BLOCK + 1])
def test_blocks_too_small_or_too_large_are_refused(count):
    with pytest.raises(ValueError, match="at least 50 customers, and at most 20000"):
        make_world(scenario=scenario_named("calm"), seed=1, customer_count=count)


def test_orders_are_the_sums_of_their_lines(world):
    lines = world.items["quantity"].astype(np.int64) * world.items["unit_price"]
    sums = lines.groupby(world.items["order"]).sum().reindex(world.orders["order"])
    assert (sums.to_numpy() == world.orders["net_amount"].to_numpy()).all()
    assert not world.items.duplicated(["order", "line"]).any()
    assert (world.items["unit_price"] > 0).all()
    assert (sales_of(world)["net_amount"] > 0).all()


def test_refunds_come_weeks_later_and_give_back_no_more_than_was_paid(world):
    sales = sales_of(world).set_index("order")
    refunds = world.orders[world.orders["order_type"] == 1]
    bought = sales.loc[refunds["refunded_order"]]
    assert len(refunds) > 100
    assert refunds["refunded_order"].is_unique
    assert ((refunds["net_amount"].to_numpy() + bought["net_amount"].to_numpy()) >= 0).all()
    assert (refunds["net_amount"] < 0).all()
    assert bought["is_returned"].all()
    wait = (_times(refunds, "ordered_at") - _times(bought, "ordered_at")).astype(np.int64) / 86_400
    assert wait.min() >= 5
    assert 14 < wait.mean() < 30
    whole = bought["is_whole_return"].to_numpy()
    assert (-refunds["net_amount"].to_numpy()[whole] == bought["net_amount"].to_numpy()[whole]).all()


def test_web_orders_are_purchases_at_the_same_instant_in_the_same_browser(world):
    sales = sales_of(world)
    web = sales[sales["sales_channel"] == 0].set_index("order").sort_index()
    bought = _named(world.events, "purchase").set_index("order").sort_index()
    assert web.index.equals(bought.index)
    assert (_times(web, "ordered_at") == _times(bought, "occurred_at")).all()
    for column in ("browser", "visit", "person_row", "device"):
        assert (web[column].to_numpy() == bought[column].to_numpy()).all()
    assert (sales.loc[sales["sales_channel"] > 0, ["browser", "visit", "device"]] == -1).all(axis=None)


def test_nobody_acts_after_the_end_nor_outside_the_calendar(world):
    ended = world.persons["ended_at"].fillna(pd.Timestamp("2100-01-01")).to_numpy("datetime64[s]")
    sales, visits = sales_of(world), world.visits[world.visits["person_row"] >= 0]
    assert (_times(sales, "ordered_at") <= ended[sales["person_row"]]).all()
    assert (_times(visits, "started_at") <= ended[visits["person_row"]]).all()
    lost = world.persons["ended_at"].notna()
    assert (world.persons.loc[lost, "exit_cause"] > 0).all()
    assert (world.persons.loc[~lost, "exit_cause"] == 0).all()
    for moments in (
        world.events["occurred_at"],
        world.orders["ordered_at"],
        world.visits["started_at"],
        world.exposures["at"],
    ):
        days = business_day(moments)
        assert days.min() >= np.datetime64(FIRST_DAY)
        assert days.max() <= np.datetime64(LAST_DROP)


def test_visits_never_pause_so_long_that_they_would_be_two(world):
    events = world.events.sort_values(["visit", "event"])
    gap = np.diff(_times(events, "occurred_at")).astype(np.int64)
    assert gap[np.diff(events["visit"]) == 0].max() < 30 * 60
    assert set(world.visits["visit"]) == set(events["visit"])


def test_first_orders_are_first(world):
    sales = sales_of(world)
    first = sales[sales["is_first"]]
    assert first["person_row"].is_unique
    assert (_times(first, "ordered_at") == _times(world.persons, "first_order_at")[first["person_row"]]).all()
    assert not sales.duplicated("person_row")[sales["is_first"]].any()


def test_the_figures_are_those_of_a_shop(world):
    sales, visits, events = sales_of(world), world.visits, world.events
    registered = (world.persons["customer"] >= 0).sum()
    assert 0.93 < registered / 3000 < 1.07
    assert 58 < len(events) / registered < 76
    assert 0.045 < (visits["step"] == 5).mean() < 0.09
    assert 75 < sales["net_amount"].mean() / 100 < 115
    by_visit = [events.loc[events["event_name"] == EVENT_NAMES.index(name), "visit"].nunique() for name in (
        "add_to_cart", "checkout_address", "checkout_delivery", "checkout_payment", "purchase")]  # fmt: skip
    assert (np.diff(by_visit) < 0).all()
    assert 0.4 < 1 - by_visit[-1] / by_visit[0] < 0.75
    monthly = pd.Series(_times(visits, "started_at").astype("datetime64[M]")).value_counts().sort_index()
    assert monthly.iloc[-1] > 1.3 * monthly.iloc[6]


def test_personas_shop_as_they_are_said_to(world):
    visits = world.visits[world.visits["person_row"] >= 0]
    persona = world.persons["persona"].to_numpy()
    reads = world.events[
        world.events["event_name"].isin([EVENT_NAMES.index(name) for name in ("compare", "review_view", "page_view")])
    ]
    per_visit = (
        pd.Series(persona[reads["person_row"]]).value_counts() / pd.Series(persona[visits["person_row"]]).value_counts()
    )
    assert per_visit[PERSONAS.index("analytical")] > 5 * per_visit[PERSONAS.index("hurried")]
    missions = visits.groupby("mission").agg(row=("person_row", "first"), count=("visit", "size"))
    length = missions["count"].groupby(persona[missions["row"]]).mean()
    assert length[PERSONAS.index("hurried")] < length[PERSONAS.index("anxious")]
    loyal = persona == PERSONAS.index("loyal")
    for kind in (0, 1):
        rate = world.persons.loc[world.persons["customer_type"] == kind, "order_rate"]
        assert rate[loyal[rate.index]].min() >= rate[~loyal[rate.index]].max()


def test_crm_times_can_be_read_from_the_wall_clock_and_web_times_use_both_passes(world):
    orders = _times(world.orders[world.orders["order_type"] == 0], "ordered_at")
    assert (told_apart(orders) == orders).all()
    web = _times(world.events, "occurred_at")
    second_pass = (web >= np.datetime64("2025-10-26T01:00:00")) & (web < np.datetime64("2025-10-26T02:00:00"))
    assert second_pass.any()


def test_slow_pages_are_slow_and_others_are_not(world):
    slow = world.exposures[world.exposures["friction"] == 4]
    worst = world.events.groupby("visit")["load_milliseconds"].max()
    assert (worst.loc[slow["visit"]] >= 5000).all()
    assert (worst.drop(slow["visit"]) >= 5000).mean() < 0.002


def test_offline_first_orders_open_the_account_in_the_shop(world):
    store = world.persons["acquisition_channel"].to_numpy() == 6
    first = sales_of(world)
    first = first[first["is_first"] & store[first["person_row"]]]
    assert (first["sales_channel"] == 1).all()
    local = to_local(first["ordered_at"])
    assert local.hour.min() >= 10
    assert local.hour.max() < 20


def test_last_visits_end_within_the_last_day(world):
    assert _times(world.events, "occurred_at").max() < end_instant()
    assert set(world.visits["device"]) <= set(range(len(DEVICES)))


def test_refunds_take_back_the_share_that_is_expected():
    world = world_of("calm", customer_count=5000)
    sales = sales_of(world)
    settled = sales[sales["ordered_at"] < np.datetime64("2025-10-01")]
    refunds = world.orders[world.orders["refunded_order"].isin(settled["order"])]
    happened = -refunds["net_amount"].sum() / settled["net_amount"].sum()
    share = refund_share(world.persons["persona"].to_numpy()[settled["person_row"]])
    assert happened == pytest.approx((share * settled["net_amount"]).sum() / settled["net_amount"].sum(), rel=0.15)
    lines = world.items[world.items["order"].isin(sales["order"])].astype(np.int64)
    goods = (lines["quantity"] * lines["unit_cost"]).sum() / (lines["quantity"] * lines["unit_price"]).sum()
    assert goods == pytest.approx(sum(GOODS_COST) / 2, abs=0.015)
