"""What door 1 said is kept beside the day, and moves with it."""

from datetime import date

from pipeline.landing import promote, refuse
from pipeline.landing.judgements import JUDGEMENT, keep_judgement, kept_judgements, refusals
from pipeline.landing.store import accepted_folder, pending_folder
from tests.unit.landing.laboratory import DAY

HEADER = "order_id,ordered_at,order_type,net_amount\n"
MET = {"expectation": "e", "is_met": True}


def test_a_judgement_moves_with_its_day(lab):
    lab.land_one("2025-12-01.csv", HEADER + "1,2025-11-30,sale,1\n")
    keep_judgement(lab.home, "orders", DAY, [MET])
    assert (pending_folder(lab.home, "orders", DAY) / JUDGEMENT).is_file()
    promote(lab.home, "orders", DAY)
    assert (accepted_folder(lab.home, "orders", DAY) / JUDGEMENT).is_file()
    assert list(kept_judgements(lab.home, DAY)) == [("orders", DAY, MET)]


def test_judgements_of_later_days_are_no_part_of_a_release(lab):
    lab.land_one("2025-12-02.csv", HEADER + "1,2025-11-30,sale,1\n")
    keep_judgement(lab.home, "orders", date(2025, 12, 2), [MET])
    assert list(kept_judgements(lab.home, DAY)) == []
    assert len(list(kept_judgements(lab.home, date(2025, 12, 2)))) == 1


def test_the_accepted_version_of_a_day_comes_before_the_one_that_waits(lab):
    lab.land_one("2025-12-01.csv", HEADER + "1,2025-11-30,sale,1\n")
    keep_judgement(lab.home, "orders", DAY, [MET])
    promote(lab.home, "orders", DAY)
    lab.land_one("2025-12-01.csv", HEADER + "1,2025-11-30,sale,2\n")
    keep_judgement(lab.home, "orders", DAY, [{**MET, "is_met": False}])
    assert [outcome["is_met"] for _, _, outcome in kept_judgements(lab.home, DAY)] == [True, False]


def test_refusals_are_listed_with_reasons_until_the_day_is_accepted(lab):
    assert refusals(lab.home, "orders") == {}
    lab.land_one("2025-12-01.csv", HEADER + "1,2025-11-30,sale,1\n")
    assert refusals(lab.home, "orders") == {}
    refuse(lab.home, "orders", DAY, ["too few rows"])
    assert refusals(lab.home, "orders") == {DAY: ["too few rows"]}
    promote(lab.home, "orders", DAY)
    assert refusals(lab.home, "orders") == {}
