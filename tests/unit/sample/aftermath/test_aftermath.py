"""What follows an order: everything hangs on something, frictions strike as often as stated and do what is stated."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.sample.aftermath.cases import REPEAT_DAYS, SLOW_RESPONSE_HOURS
from pipeline.sample.aftermath.parcels import LONG_RETURN_DAYS
from pipeline.sample.aftermath.pressure import PRESSED_SENDS, PRESSURE_BOUND, PRESSURE_DAYS
from pipeline.sample.aftermath.reviews import BAD_RATING, REPLY_DAYS
from pipeline.sample.company import make_world
from pipeline.sample.ground.scenario import Window, scenario_named
from pipeline.sample.ground.seasons import business_day
from pipeline.sample.ground.vocabulary import EXIT_CAUSES, FRICTIONS, SERVICE_FRICTIONS
from tests.unit.sample import blocks
from tests.unit.sample.worlds import with_friction

DAY = np.timedelta64(1, "D")


@pytest.fixture(scope="module")
def block() -> blocks.Block:
    return blocks.block(order_count=40_000, person_count=6000)


def _struck(block: blocks.Block, friction: str) -> pd.DataFrame:
    exposures = block.aftermath.exposures
    return exposures[exposures["friction"] == FRICTIONS.index(friction)]


def _chances(block: blocks.Block, friction: str) -> int:
    lived = block.aftermath
    human = lived.cases[~lived.cases["is_automatic"] & ~lived.cases["is_abandoned"]]
    return {
        "late_delivery": len(lived.parcels),
        "no_follow_up": len(lived.parcels),
        "long_return": len(lived.returns),
        "bot_dead_end": int(lived.cases["is_automatic"].sum()),
        "slow_first_response": len(human),
        "escalation": len(human),
        "repeat_contact": int((~human["is_repeat"]).sum()),
        "channel_silo": int(lived.cases["is_repeat"].sum()),
        "unanswered_review": int((lived.reviews["rating"] <= BAD_RATING).sum()),
    }[friction]


def _is_near(successes: int, chances: int, share: float) -> bool:
    return abs(successes - share * chances) < 4 * np.sqrt(chances * share * (1 - share))


@pytest.mark.parametrize("friction", [name for name in SERVICE_FRICTIONS if name != "contact_pressure"])
def test_a_friction_strikes_at_its_rate(block, friction):
    chances = _chances(block, friction)
    assert chances > 100
    assert _is_near(len(_struck(block, friction)), chances, blocks.RATES[friction])


def test_every_parcel_is_one_order_that_is_not_carried_home(block):
    parcels, sent = block.aftermath.parcels, block.orders[block.orders["sales_channel"] != 1]
    assert sorted(parcels["order"]) == sorted(sent["order"])
    assert (parcels["shipped_at"] < parcels["delivered_at"]).all()
    is_late = business_day(parcels["delivered_at"]) > parcels["promised_on"].to_numpy("datetime64[D]")
    assert (is_late == parcels["is_late"]).all()
    announced = parcels[parcels["delay_announced_at"].notna()]
    assert announced["is_late"].all()
    assert (announced["delay_announced_at"] < announced["delivered_at"]).all()


def test_a_late_parcel_is_a_friction_unless_it_was_announced(block):
    parcels = block.aftermath.parcels
    silent = parcels.loc[parcels["is_late"] & parcels["delay_announced_at"].isna(), "order"]
    assert sorted(_struck(block, "late_delivery")["order"]) == sorted(silent)
    unasked = parcels.loc[parcels["follow_up_at"].isna(), "order"]
    assert sorted(_struck(block, "no_follow_up")["order"]) == sorted(unasked)
    wait = (parcels["follow_up_at"] - parcels["delivered_at"]).dropna()
    assert ((wait > pd.Timedelta(0)) & (wait <= pd.Timedelta(days=1))).all()


def test_goods_come_back_once_and_the_money_after_them(block):
    returns = block.aftermath.returns
    assert sorted(returns["order"]) == sorted(block.orders.loc[block.orders["is_returned"], "order"])
    assert (returns["requested_at"] < returns["received_at"]).all()
    assert (returns["received_at"] < returns["refunded_at"]).all()
    long = returns["refunded_at"] - returns["requested_at"] > pd.Timedelta(days=LONG_RETURN_DAYS)
    assert sorted(returns.loc[long, "order"]) == sorted(_struck(block, "long_return")["order"])


def test_contacts_are_what_their_frictions_say(block):
    cases = block.aftermath.cases
    answered = cases[cases["first_response_at"].notna()]
    slow = answered["first_response_at"] - answered["opened_at"] > pd.Timedelta(hours=SLOW_RESPONSE_HOURS)
    assert slow.sum() == len(_struck(block, "slow_first_response"))
    assert (cases["support_tier"] > 1).sum() == len(_struck(block, "escalation"))
    for name in ("acknowledged_at", "first_response_at"):
        assert (answered[name] >= answered["opened_at"]).all()
        assert (answered[name] <= answered["closed_at"]).all()


def test_a_repeat_follows_within_a_week_and_a_silo_on_another_channel(block):
    cases = block.aftermath.cases
    again = cases[cases["is_repeat"]]
    first = cases[~cases["is_repeat"] & ~cases["is_automatic"]].set_index("case").loc[again["case"]].reset_index()
    again = again.reset_index(drop=True)
    gap = again["opened_at"] - first["closed_at"]
    assert ((gap > pd.Timedelta(0)) & (gap < pd.Timedelta(days=REPEAT_DAYS))).all()
    assert (again["topic"] == first["topic"]).all()
    assert (again["is_silo"] == (again["channel"] != first["channel"])).all()


def test_a_robots_dead_end_is_left_or_taken_to_a_human(block):
    cases = block.aftermath.cases
    dead = cases[cases["is_dead_end"] & ~cases["is_abandoned"]]
    humans = cases[~cases["is_automatic"] & ~cases["is_repeat"]].set_index("case").loc[dead["case"]]
    wait = humans["opened_at"].to_numpy() - dead["closed_at"].to_numpy()
    assert ((wait > np.timedelta64(0)) & (wait < DAY)).all()


def test_a_bad_review_is_answered_in_time_or_a_friction(block):
    reviews = block.aftermath.reviews
    bad = reviews[reviews["rating"] <= BAD_RATING]
    in_time = bad["replied_at"] - bad["published_at"] <= pd.Timedelta(days=REPLY_DAYS)
    assert sorted(bad.loc[~in_time, "order"]) == sorted(_struck(block, "unanswered_review")["order"])


def test_pressure_is_more_messages_than_the_bound_within_thirty_days(block):
    sends, struck = block.aftermath.pressure, _struck(block, "contact_pressure")
    sends, struck = (frame[frame["person_row"] < 1500] for frame in (sends, struck))
    expected = []
    for row, own in sends.groupby("person_row")["sent_at"]:
        times, was_beyond = own.to_numpy("datetime64[s]"), False
        for at in times:
            is_beyond = int(((times <= at) & (times >= at - PRESSURE_DAYS * DAY)).sum()) > PRESSURE_BOUND
            if is_beyond and not was_beyond:
                expected.append((row, at))
            was_beyond = is_beyond
    assert sorted(zip(struck["person_row"], struck["at"].to_numpy("datetime64[s]"), strict=True)) == sorted(expected)
    months = len(sends.loc[sends["is_much"]]) / PRESSED_SENDS
    assert 0.9 < len(struck) / months <= 1.02  # spells that meet are one


def test_harmless_frictions_drive_nobody_away(block):
    assert len(block.aftermath.exits) == 0
    assert not block.aftermath.exposures["is_effective"].any()


def test_in_calm_nobody_is_lost_but_by_the_companys_own_losses():
    world = make_world(scenario=scenario_named("calm"), seed=3, customer_count=400)
    lived = world.exposures["friction"].isin([FRICTIONS.index(name) for name in SERVICE_FRICTIONS])
    assert lived.sum() > 200
    assert set(world.persons["exit_cause"]) == {EXIT_CAUSES.index("none"), EXIT_CAUSES.index("lost_interest")}


def test_an_effect_is_the_chance_to_be_lost():
    block = blocks.block(blocks.scenario({"late_delivery": 0.4, "no_follow_up": 0.1}), order_count=20_000)
    for name, effect in (("late_delivery", 0.4), ("no_follow_up", 0.1)):
        struck, exits = _struck(block, name), block.aftermath.exits
        lost = exits[exits["cause"] == EXIT_CAUSES.index(name)]
        assert _is_near(len(lost), len(struck), effect)
        at = set(zip(struck["person_row"], struck["at"], struck["order"], strict=True))
        assert at >= set(zip(lost["person_row"], lost["at"], lost["order"], strict=True))


def test_a_window_changes_the_rate_and_the_effect_on_its_days_only():
    plan = blocks.scenario()
    days = Window(date(2025, 3, 1), date(2025, 3, 31), (0.9,) * 4, 0.5)
    late = replace(plan.frictions["late_delivery"], window=days)
    block = blocks.block(with_friction(plan, late), order_count=20_000)
    parcels = block.aftermath.parcels
    is_inside = parcels["promised_on"].between("2025-03-01", "2025-03-31")
    silent = parcels["is_late"] & parcels["delay_announced_at"].isna()
    assert _is_near(int(silent[is_inside].sum()), int(is_inside.sum()), 0.9)
    assert _is_near(int(silent[~is_inside].sum()), int((~is_inside).sum()), blocks.RATES["late_delivery"])
    struck = _struck(block, "late_delivery")
    day = business_day(struck["at"])
    inside = (day >= np.datetime64("2025-03-01")) & (day <= np.datetime64("2025-03-31"))
    assert (struck["effect"].to_numpy() == np.where(inside, 0.5, 0.0)).all()


def test_what_hangs_on_a_kept_order_stays_and_nothing_else(block):
    ends = np.full(len(block.persons), np.datetime64("NaT", "s"))
    ends[: len(ends) // 2] = np.datetime64("2025-01-01", "s")
    kept = block.aftermath.kept(ends)
    is_lost = block.orders["person_row"].to_numpy() < len(ends) // 2
    by_then = block.orders["ordered_at"].to_numpy() <= np.datetime64("2025-01-01", "s")
    expected = set(block.orders.loc[~is_lost | by_then, "order"])
    assert set(kept.orders["order"]) == expected
    for name in ("parcels", "returns", "cases", "reviews"):
        whole = getattr(block.aftermath, name)
        assert len(getattr(kept, name)) == whole["order"].isin(expected).sum() < len(whole)
    loose = kept.exposures[kept.exposures["order"] < 0]
    assert (loose.loc[loose["person_row"] < len(ends) // 2, "at"] <= pd.Timestamp("2025-01-01")).all()
    assert set(kept.exposures.loc[kept.exposures["order"] >= 0, "order"]) <= expected


def test_the_same_seed_gives_the_same_frames_and_another_block_others():
    small = {"order_count": 1500, "person_count": 400}
    one, same, other = blocks.block(**small), blocks.block(**small), blocks.block(number=1, **small)
    for name in ("parcels", "returns", "cases", "reviews", "pressure", "exposures", "exits"):
        pd.testing.assert_frame_equal(getattr(one.aftermath, name), getattr(same.aftermath, name))
    mine, theirs, again = one.others(), other.others(), same.others()
    ids = {"interactions": "contact", "survey_responses": "response", "messages": "message", "contracts": "contract"}
    for name, frame in mine.items():
        pd.testing.assert_frame_equal(frame, again[name])
        if name in ids:
            assert set(frame[ids[name]]).isdisjoint(theirs[name][ids[name]])
