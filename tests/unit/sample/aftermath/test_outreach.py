"""Messages, friends, cards, contracts, books: each follows from something, and the processes are as stated."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import beta

from pipeline.sample.aftermath.contracts import CONTRACT_PLANS, make_contracts, renewal_processes
from pipeline.sample.aftermath.frames import AFTERMATH_FRAMES, LOYALTY_EVENT_TYPES, PLANS, PURPOSES, framed_after
from pipeline.sample.aftermath.loyalty import TIER_POINTS
from pipeline.sample.aftermath.others import make_books
from pipeline.sample.aftermath.outreach import make_referrals
from pipeline.sample.ground.seasons import end_instant
from tests.unit.sample import blocks


@pytest.fixture(scope="module")
def block() -> blocks.Block:
    return blocks.block(order_count=10_000, person_count=3000)


@pytest.fixture(scope="module")
def others(block) -> dict[str, pd.DataFrame]:
    return block.others()


def test_every_frame_has_its_columns_and_types(others):
    frames = others | make_books(seed=1, customer_count=3000)
    assert frames.keys() == AFTERMATH_FRAMES.keys()
    for name, frame in frames.items():
        assert list(frame.columns) == list(AFTERMATH_FRAMES[name])
        assert [str(kind) for kind in frame.dtypes] == [kind for kind, _ in AFTERMATH_FRAMES[name].values()]


def test_a_frame_with_other_columns_is_refused():
    with pytest.raises(ValueError, match="frame fx_rates: columns rate_date"):
        framed_after("fx_rates", {"currency": np.zeros(1), "rate": np.zeros(1)})


def test_instants_of_a_doubled_hour_move_to_its_end():
    given = np.array(
        ["2025-10-26T00:59:59", "2025-10-26T01:00:00", "2025-10-26T01:59:59", "NaT"], dtype="datetime64[s]"
    )
    columns = {"initiative": np.arange(4), "cost_amount": np.arange(4), "starts_on": given}
    shown = framed_after("initiatives", columns)["starts_on"]
    hour = pd.Timestamp("2025-10-26 02:00:00")
    assert shown[:3].tolist() == [pd.Timestamp("2025-10-26 00:59:59"), hour, hour]
    assert shown.isna()[3]


def test_nobody_gets_marketing_after_opting_out(others):
    messages = others["messages"]
    letters = messages[messages["purpose"] == PURPOSES.index("marketing")]
    out = letters.groupby("person_row")["unsubscribed_at"].min().dropna()
    assert len(out) > 20
    later = letters[letters["person_row"].isin(out.index)]
    assert (later["sent_at"] <= later["person_row"].map(out)).all()


def test_only_who_agreed_and_has_an_account_gets_marketing(block, others):
    messages = others["messages"]
    letters = messages[messages["purpose"] == PURPOSES.index("marketing")]
    assert block.persons["has_consent"].to_numpy()[letters["person_row"]].all()
    assert (letters["customer"] >= 0).all()


def test_messages_are_delivered_then_opened_then_clicked(others):
    messages = others["messages"]
    for early, late in (("sent_at", "delivered_at"), ("delivered_at", "opened_at"), ("opened_at", "clicked_at"),
                        ("clicked_at", "unsubscribed_at")):  # fmt: skip
        both = messages[messages[late].notna()]
        assert len(both) > 20
        assert (both[early] <= both[late]).all()


def test_a_message_follows_each_arrival_that_is_followed_up(block, others):
    service = others["messages"][others["messages"]["purpose"] == PURPOSES.index("service")]
    sent = set(zip(service["person_row"], service["sent_at"], strict=True))
    parcels = block.aftermath.parcels
    asked = parcels[parcels["follow_up_at"] < pd.Timestamp(end_instant())]
    shown = framed_after("deliveries", {name: asked[name] for name in AFTERMATH_FRAMES["deliveries"]})
    assert set(zip(shown["person_row"], shown["follow_up_at"], strict=True)) <= sent


def test_an_invitation_of_a_friend_comes_from_somebody_who_had_bought(block, others):
    referrals, people = others["referrals"], block.persons
    first = people["first_order_at"].to_numpy()[referrals["person_row"]]
    assert (first < referrals["referred_at"].to_numpy()).all()
    won = referrals[referrals["friend_row"] >= 0]
    assert len(won) == won["friend_row"].nunique() > 30
    friends = people.iloc[won["friend_row"].to_numpy()]
    assert (friends["registered_at"].to_numpy() > won["referred_at"].to_numpy()).all()
    assert (won["friend_customer"].to_numpy() == friends["customer"].to_numpy()).all()
    assert (referrals["friend_row"] < 0).sum() > 30


def test_the_content_recommend_more():
    people = blocks.persons(20_000)
    referrals = make_referrals(np.random.default_rng(1), persons=people, end=end_instant())
    mood = people["mood"].to_numpy()[referrals["person_row"]]
    assert mood.mean() > 0.6 / np.sqrt(np.pi) - 4 * 0.5 / np.sqrt(len(mood))  # mean of the larger of two draws


def test_cards_never_go_below_zero_and_tiers_follow_the_points(block, others):
    moves = others["loyalty_events"]
    balance = moves.groupby("person_row")["points"].cumsum()
    assert (balance >= 0).all()
    kinds = {name: moves[moves["event_type"] == code] for code, name in enumerate(LOYALTY_EVENT_TYPES)}
    assert all(len(rows) for rows in kinds.values())
    total = kinds["earned"].groupby("person_row")["points"].cumsum()
    tier = np.searchsorted(TIER_POINTS, total.to_numpy(), side="right") - 1
    assert (kinds["earned"]["tier"].to_numpy() == tier).all()
    assert (kinds["tier_changed"]["tier"] > 0).all()
    cards = block.persons["loyalty"].to_numpy()[moves["person_row"]]
    assert (cards == moves["loyalty"]).all()
    assert (cards >= 0).all()


@pytest.fixture(scope="module")
def contracts() -> pd.DataFrame:
    people = blocks.persons(60_000)
    people["customer_type"] = np.int8(1) * (people.index.to_numpy() % 2)
    return make_contracts(np.random.default_rng(4), persons=people, end=end_instant())


@pytest.mark.parametrize("plan", PLANS)
def test_renewals_follow_the_shifted_beta_geometric(contracts, plan):
    mine = contracts[contracts["plan"] == PLANS.index(plan)]
    renewed = set(mine["renews_contract"])
    process = CONTRACT_PLANS[plan]
    for period in range(3):
        # a renewal is signed up to three weeks before the start: only terms that ended by then have had their chance
        due = mine[(mine["period"] == period) & (mine["ends_on"] < pd.Timestamp(end_instant()))]
        expected = process.survival(np.array([period, period + 1]))
        share = expected[1] / expected[0]
        assert len(due) > 300
        found = due["contract"].isin(renewed).mean()
        assert found == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / len(due)))


def test_survival_is_a_ratio_of_beta_functions():
    # Fader and Hardie (2007): S(t) = B(alpha, beta + t) / B(alpha, beta)
    renewals = np.arange(12)
    for plan in CONTRACT_PLANS.values():
        expected = beta(plan.alpha, plan.beta + renewals) / beta(plan.alpha, plan.beta)
        assert plan.survival(renewals) == pytest.approx(expected, rel=1e-12)
    assert renewal_processes()["box"]["alpha"] == CONTRACT_PLANS["box"].alpha


def test_contracts_of_a_holder_follow_each_other_without_a_gap(contracts):
    before = contracts.set_index("contract")
    renewals = contracts[contracts["renews_contract"] >= 0]
    last = before.loc[renewals["renews_contract"]]
    assert (renewals["starts_on"].to_numpy() - last["ends_on"].to_numpy() == np.timedelta64(1, "D")).all()
    assert (renewals["period"].to_numpy() == last["period"].to_numpy() + 1).all()
    assert (renewals["person_row"].to_numpy() == last["person_row"].to_numpy()).all()
    assert last["cancelled_on"].isna().all()
    assert (contracts["signed_at"].to_numpy("datetime64[D]") <= contracts["starts_on"].to_numpy()).all()
    early = contracts[contracts["cancelled_on"].notna()]
    assert ((early["cancelled_on"] > early["starts_on"]) & (early["cancelled_on"] < early["ends_on"])).all()


def test_books_grow_with_the_company_and_cover_every_day():
    books, double = (make_books(seed=1, customer_count=count) for count in (3000, 6000))
    costs = books["marketing_costs"]
    assert not costs.duplicated(["month_start", "acquisition_channel", "campaign"]).any()
    ratio = double["marketing_costs"]["cost_amount"] / costs["cost_amount"]
    assert ratio.between(1.999, 2.001).all()
    rates = books["fx_rates"]
    days = (pd.Timestamp("2025-12-31") - pd.Timestamp("2021-01-01")).days + 1
    for _, own in rates.groupby("currency"):
        assert own["rate_date"].tolist() == list(pd.date_range("2021-01-01", periods=days))
        assert own["rate"].between(0.5, 2).all()


def test_no_contract_is_older_than_the_rates(contracts):
    rates = make_books(seed=1, customer_count=3000)["fx_rates"]
    assert contracts["signed_at"].min() > rates["rate_date"].min()
