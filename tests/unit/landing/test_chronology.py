"""What cannot have happened yet, or not in that order, is quarantined; what can, is not."""

from dataclasses import replace
from datetime import date

import pytest

D1, D2 = date(2025, 12, 1), date(2025, 12, 2)
ORDERS = "order_id,ordered_at,order_type,refunded_order_id,net_amount\n"
PARCELS = "delivery_id,order_id,shipped_at,delivered_at,promised_on\n"
RETURNS = "return_id,order_id,requested_at,received_at\n"


@pytest.mark.parametrize(
    ("moment", "is_good"),
    [
        ("2025-12-01 23:30", True),
        ("2025-12-02 22:59", True),
        ("2025-12-02 23:00", False),
        ("2026-12-01 10:00", False),
    ],
)
def test_nothing_happens_after_the_extract_day_and_a_day(lab, moment, is_good):
    outcome = lab.land_one("2025-12-01.csv", ORDERS + f"1,{moment},sale,,1\n")
    assert outcome.content["row_count_loaded"] == is_good
    if not is_good:
        assert outcome.content["quarantine_reasons"] == {"ordered_at: later than its extract day": 1}


def test_the_tolerance_is_a_setting_and_another_one_judges_anew(lab):
    lab.land_one("2025-12-01.csv", ORDERS + "1,2025-12-03 10:00,sale,,1\n")
    lab.settings = replace(lab.settings, future_tolerance_hours=72)
    assert lab.land()[0].content["row_count_loaded"] == 1


def test_plans_may_lie_in_the_future(make_lab):
    lab = make_lab("deliveries")
    assert lab.land_one("2025-12-01.csv", PARCELS + "1,o,2025-11-30 10:00,,2026-03-01\n").content["row_count_loaded"]
    lab = make_lab("initiatives")
    lab.drop("2025-12-01.csv", "initiative_id,name,starts_on\n1,faster,2026-06-01\n")
    assert not any("later than" in reason for reason in lab.land()[0].content["quarantine_reasons"])


@pytest.mark.parametrize(
    ("shipped", "delivered", "is_good"),
    [
        ("2025-11-30 10:00", "2025-11-30 09:59", False),
        ("2025-11-30 10:00", "2025-11-28", False),
        ("2025-11-30 10:00", "2025-11-30", True),
        ("2025-11-30 10:00", "2025-11-29 23:00", True),  # midnight in Paris: a day without a time
        ("2025-11-30 10:00", "2025-11-30 10:00", True),
        ("2025-11-30 10:00", "", True),
    ],
)
def test_a_parcel_arrives_after_it_left(make_lab, shipped, delivered, is_good):
    lab = make_lab("deliveries")
    outcome = lab.land_one("2025-12-01.csv", PARCELS + f"1,o,{shipped},{delivered},\n")
    assert outcome.content["row_count_loaded"] == is_good
    assert list(outcome.content["quarantine_reasons"]) == ([] if is_good else ["delivered_at: before shipped_at"])


def test_a_parcel_leaves_after_its_order_was_placed_whichever_comes_first(make_lab):
    orders, parcels = make_lab("orders"), make_lab("deliveries")
    parcels.drop("2025-12-01.csv", PARCELS + "1,o1,2025-11-20 10:00,,\n2,o2,2025-11-20 10:00,,\n3,o3,2025-11-20,,\n")
    assert parcels.land()[0].content["row_count_loaded"] == 3, "an order may come later"
    orders.land_one("2025-12-02.csv", ORDERS + "o1,2025-11-25 10:00,sale,,1\no2,2025-11-20 10:30,sale,,1\n")
    (outcome,) = parcels.land([D2]) or parcels.land()
    assert outcome.content["quarantine_reasons"] == {"shipped_at: before its order was placed": 1}
    assert parcels.rows("delivery_id") == [("2",), ("3",)]
    assert [each.status for each in parcels.land()] == ["unchanged"]
    orders.drop("2025-12-02.csv", ORDERS + "o1,2025-11-15 10:00,sale,,1\n")
    orders.land()
    assert parcels.land()[0].content["row_count_loaded"] == 3, "the order was corrected"


def test_what_comes_back_was_delivered_before(make_lab):
    parcels, returns = make_lab("deliveries"), make_lab("returns")
    parcels.land_one(
        "2025-12-01.csv",
        PARCELS + "1,o1,2025-11-20,2025-11-22 10:00,\n2,o2,2025-11-20,2025-11-22 10:00,\n3,o2,2025-11-20,,\n",
    )
    outcome = returns.land_one(
        "2025-12-01.csv",
        RETURNS + "1,o1,2025-11-19,2025-11-21 10:00\n2,o2,2025-11-20,2025-11-21 10:00\n3,o9,2025-11-01,\n",
    )
    assert outcome.content["quarantine_reasons"] == {"received_at: before its order was delivered": 1}
    assert returns.rows("return_id") == [("2",), ("3",)], "a second parcel under way may have come back"


def test_a_refund_follows_the_order_it_takes_back_where_that_is_known(lab):
    outcome = lab.land_one(
        "2025-12-01.csv",
        ORDERS + "o1,2025-11-20 10:00,sale,,9\nr1,2025-11-18 10:00,refund,o1,-9\nr2,2025-11-18 10:00,refund,o7,-9\n"
        "r3,2025-11-21 10:00,refund,o1,-9\n",
    )
    assert outcome.content["quarantine_reasons"] == {"ordered_at: before the order it takes back": 1}
    assert lab.rows("order_id") == [("o1",), ("r2",), ("r3",)]
    late = lab.land_one("2025-12-02.csv", ORDERS + "o7,2025-11-25 10:00,sale,,9\n")
    assert late.content["row_count_loaded"] == 1
    assert lab.rows("order_id", D1) == [("o1",), ("r3",)]
    assert [each.status for each in lab.land()] == ["unchanged", "unchanged"]
