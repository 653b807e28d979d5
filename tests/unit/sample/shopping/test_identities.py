"""Who the company thinks persons are: accounts, browsers, families, default values, strangers."""

import numpy as np
import pandas as pd
import pytest

from pipeline.sample.ground.vocabulary import EVENT_NAMES
from pipeline.sample.ground.world import World
from tests.unit.sample.worlds import sales_of, world_of


@pytest.fixture(scope="module")
def world() -> World:
    return world_of("mixed")


def _times(frame: pd.DataFrame, column: str) -> np.ndarray:
    return frame[column].to_numpy("datetime64[s]")


def test_identities_are_as_tangled_as_they_are_said_to_be(world):
    persons = world.persons[world.persons["customer"] >= 0]
    second = persons[persons["second_customer"] >= 0]
    assert 0.005 < len(second) / len(persons) < 0.04
    used = world.orders[world.orders["customer"].isin(second["second_customer"])]
    assert len(used) > 5
    opened = _times(world.persons, "second_registered_at")[used["person_row"]]
    sold = used[used["order_type"] == 0]
    assert (_times(used, "ordered_at") >= opened).all()
    assert (sold["sales_channel"] > 0).all()
    shared = persons[persons["email"] >= 0].groupby("email")
    assert 5 < (shared.size() > 1).sum() < 100
    assert (shared["household"].min() == shared["household"].max()).all()
    assert (persons["email"] == -2).any()
    visits = world.visits[world.visits["person_row"] >= 0]
    users = visits.groupby("browser")["person_row"].nunique()
    assert 5 < (users > 1).sum() < 100
    assert visits.loc[visits["browser"].isin(users[users > 1].index), "is_shared"].all()


def test_without_traps_everybody_is_one_account_and_has_own_browsers():
    world = world_of("clv_clean", customer_count=1000)
    assert (world.persons["second_customer"] == -1).all()
    assert not world.visits["is_shared"].any()
    emails = world.persons.loc[world.persons["email"] != -1, "email"]
    assert emails.is_unique
    assert (emails >= 0).all()
    visits = world.visits[world.visits["person_row"] >= 0]
    used = visits.groupby(["person_row", "device"])["browser"]
    assert (used.min() == used.max()).all()


def test_countries_pay_in_their_currency(world):
    country = world.persons["country"].to_numpy()[world.orders["person_row"]]
    assert (world.orders["currency"].to_numpy() == country).mean() == 1.0
    assert set(world.orders["currency"]) == {0, 1, 2}


def test_strangers_are_marked_and_buy_nothing(world):
    strangers = world.visits[world.visits["person_row"] < 0]
    assert strangers["is_internal"].all()
    assert 0.005 < len(strangers) / len(world.visits) < 0.02
    foreign = world.events[world.events["person_row"] < 0]
    assert foreign["is_internal"].all()
    assert (foreign["order"] == -1).all()
    assert not world.events.loc[world.events["person_row"] >= 0, "is_internal"].any()
    assert not set(strangers["browser"]) & set(world.visits.loc[world.visits["person_row"] >= 0, "browser"])


def test_visitors_are_known_by_their_account_and_never_before_it_exists(world):
    known = world.events[world.events["customer"] >= 0]
    row = known["person_row"].to_numpy()
    assert (known["customer"].to_numpy() == world.persons["customer"].to_numpy()[row]).all()
    assert (_times(known, "occurred_at") >= _times(world.persons, "registered_at")[row]).all()
    signed = world.events[world.events["event_name"] == EVENT_NAMES.index("sign_up")]
    assert (_times(signed, "occurred_at") == _times(world.persons, "registered_at")[signed["person_row"]]).all()
    assert signed["person_row"].is_unique
    sales = sales_of(world)
    booked = sales[sales["customer"] >= 0]
    opened = _times(world.persons, "registered_at")[booked["person_row"]]
    assert (_times(booked, "ordered_at") >= opened).all()
    guests = world.persons["is_guest"].to_numpy()[sales["person_row"]]
    assert ((sales["customer"] == -1) == guests).all()
