"""Days, parts, corrections and resends: the same drop folder makes the same landing, in whatever order."""

import itertools
import shutil
from dataclasses import replace
from datetime import date

import pytest

from pipeline.landing import KeyMismatchError, is_refused, pending_days, promote, refuse

HEADER = "order_id,ordered_at,order_type,net_amount\n"
EVENTS = "event_id,occurred_at,anonymous_id,event_name\n"
D1, D2, D3 = date(2025, 12, 1), date(2025, 12, 2), date(2025, 12, 3)


def order(key, amount=1):
    return f"{key},2025-11-30 10:00,sale,{amount}\n"


def event(key, name="search"):
    return f"{key},2025-11-30 10:00,a,{name}\n"


def test_the_same_files_again_change_nothing(lab, files_of):
    lab.land_one("2025-12-01.csv", HEADER + order(1) + "2,x,sale,1\n")
    before = files_of(lab.home.root)
    assert [outcome.status for outcome in lab.land()] == ["unchanged"]
    assert files_of(lab.home.root) == before
    lab.accept()
    accepted = files_of(lab.home.root)
    outcome = lab.land()[0]
    assert (outcome.status, outcome.is_pending) == ("unchanged", False)
    assert files_of(lab.home.root) == accepted


def test_landing_anew_makes_the_same_bytes(lab, files_of):
    lab.land_one("2025-12-01.csv", HEADER + "".join(order(key) for key in range(500)) + "x,x,sale,1\n")
    before = files_of(lab.home.root)
    shutil.rmtree(lab.home.root)
    lab.settings = replace(lab.settings, threads=1)
    lab.land()
    assert files_of(lab.home.root) == before


def test_a_corrected_file_waits_and_then_replaces(lab):
    lab.land_one("2025-12-01.csv", HEADER + order(1, 10))
    lab.accept()
    outcome = lab.land_one("2025-12-01.csv", HEADER + order(1, 20))
    assert (outcome.status, outcome.is_pending) == ("landed", True)
    assert lab.rows("net_amount::int", accepted=True) == [(10,)]
    promote(lab.home, "orders", D1)
    assert lab.rows("net_amount::int", accepted=True) == [(20,)]
    assert pending_days(lab.home, "orders") == []
    assert [path.name for path in (lab.home.landing / "orders").iterdir()] == ["extract_date=2025-12-01"]


def test_a_correction_taken_back_leaves_nothing_pending(lab):
    lab.land_one("2025-12-01.csv", HEADER + order(1, 10))
    lab.accept()
    lab.land_one("2025-12-01.csv", HEADER + order(1, 20))
    assert not lab.land_one("2025-12-01.csv", HEADER + order(1, 10)).is_pending
    assert pending_days(lab.home, "orders") == []


def test_quarantine_goes_when_the_file_is_mended(lab):
    lab.land_one("2025-12-01.csv", HEADER + "1,x,sale,1\n")
    folder = lab.home.quarantine / "_pending" / "orders" / "extract_date=2025-12-01"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "rows.parquet").stat().st_mode & 0o777 == 0o600
    lab.land_one("2025-12-01.csv", HEADER + order(1))
    assert not folder.exists()


def test_parts_of_a_day_are_one_day(lab):
    lab.drop("2025-12-01.part1.csv", HEADER + order(1) + order(2))
    outcome = lab.land_one("2025-12-01.part2.csv", HEADER + order(2) + order(3))
    assert lab.rows("order_id, _source_file") == [
        ("1", "crm/orders/2025-12-01.part1.csv"),
        ("2", "crm/orders/2025-12-01.part1.csv"),
        ("3", "crm/orders/2025-12-01.part2.csv"),
    ]
    assert [file["duplicate"] for file in outcome.content["files"]] == [0, 1]


def test_the_greatest_replacement_is_the_day(lab):
    lab.drop("2025-12-01.csv", HEADER + order(1))
    lab.drop("2025-12-01.r2.csv", HEADER + order(2))
    outcome = lab.land_one("2025-12-01.r10.csv", HEADER + order(3))
    assert lab.rows("order_id") == [("3",)]
    assert [file["name"] for file in outcome.content["files"]] == ["crm/orders/2025-12-01.r10.csv"]


def test_a_key_that_is_the_row(make_lab):
    lab = make_lab("order_items", key="row")
    line = "1,2,3\n"
    lab.drop("2025-12-01.csv", "order_id,quantity,unit_price\n" + line + line)
    lab.drop("2025-12-01.resent.csv", "order_id,quantity,unit_price\n" + line + line)
    outcomes = [lab.land()[0], lab.land_one("2025-12-02.csv", "order_id,quantity,unit_price\n" + line * 3)]
    assert outcomes[0].content["row_count_loaded"] == 2
    assert outcomes[0].content["row_count_duplicate"] == 2
    assert outcomes[1].content["row_count_loaded"] == 1
    assert outcomes[1].content["row_count_duplicate"] == 2


def test_an_update_of_an_upserted_table_is_a_version(lab):
    lab.drop("2025-12-01.csv", HEADER + order(1, 10))
    lab.land_one("2025-12-02.csv", HEADER + order(1, 20))
    assert lab.rows("net_amount::int", day=D2) == [(20,)]


@pytest.mark.parametrize("sequence", list(itertools.permutations([D1, D2, D3])))
def test_events_land_alike_in_every_order(make_lab, files_of, sequence):
    lab = make_lab("web_events")
    lab.drop("2025-12-01.csv", EVENTS + event(1) + event(2))
    lab.drop("2025-12-02.csv", EVENTS + event(2) + event(3) + event(1, "purchase"))
    lab.drop("2025-12-03.csv", EVENTS + event(3, "purchase") + event(1) + event(4))
    for day in sequence:
        lab.land([day])
    assert lab.rows("event_id", D1) == [("1",), ("2",)]
    assert lab.rows("event_id", D2) == [("3",)]
    assert lab.rows("event_id", D3) == [("4",)]
    reason = "key: delivered on an earlier day with different content"
    assert lab.quarantined(day=D2) == [(3, [reason])]
    assert lab.quarantined(day=D3) == [(1, [reason])]
    stepwise = files_of(lab.home.root)
    shutil.rmtree(lab.home.root)
    lab.land()
    assert files_of(lab.home.root) == stepwise


def test_a_corrected_early_day_gives_a_later_day_its_row_back(make_lab):
    lab = make_lab("web_events")
    lab.drop("2025-12-01.csv", EVENTS + event(1))
    lab.land_one("2025-12-02.csv", EVENTS + event(1) + event(2))
    lab.accept()
    assert lab.rows("event_id", D2, accepted=True) == [("2",)]
    lab.drop("2025-12-01.csv", EVENTS + event(7))
    assert {outcome.extract_date: outcome.status for outcome in lab.land([D1])} == {
        D1: "landed",
        D2: "landed",
    }
    assert lab.rows("event_id", D2) == [("1",), ("2",)]


def test_a_refused_day_stays_pending_with_its_reasons(lab):
    lab.land_one("2025-12-01.csv", HEADER + order(1))
    refuse(lab.home, "orders", D1, ["too few rows"])
    assert is_refused(lab.home, "orders", D1)
    assert pending_days(lab.home, "orders") == [D1]
    assert not (lab.home.landing / "orders" / "extract_date=2025-12-01").exists()
    lab.land_one("2025-12-01.csv", HEADER + order(1) + order(2))
    assert not is_refused(lab.home, "orders", D1)


def test_an_unreadable_day_cannot_be_promoted_until_mended(lab):
    lab.land_one("2025-12-01.csv", "")
    with pytest.raises(ValueError, match="cannot be read"):
        promote(lab.home, "orders", D1)
    lab.land_one("2025-12-01.csv", HEADER + order(1))
    promote(lab.home, "orders", D1)
    assert lab.rows("order_id", accepted=True) == [("1",)]


def test_another_key_stops_before_anything_is_touched(lab, files_of):
    lab.land_one("2025-12-01.csv", HEADER + order(1))
    before = files_of(lab.home.root)
    lab.settings = replace(lab.settings, key=b"x" * 32, key_fingerprint="other")
    lab.drop("2025-12-02.csv", HEADER + order(2))
    with pytest.raises(KeyMismatchError, match="Nothing was touched"):
        lab.land()
    assert files_of(lab.home.root) == before


@pytest.mark.parametrize("most", [0, 1, 2_000])
def test_keys_of_other_days_are_found_however_many_there_are(make_lab, monkeypatch, most):
    monkeypatch.setattr("pipeline.landing.judge._MOST_NUMBERS", most)
    lab = make_lab("web_events")
    line = '{{"event_id": "{}", "occurred_at": "2025-11-30 10:00", "anonymous_id": "a", "event_name": "{}"}}\n'
    lab.land_one("2025-12-01.jsonl", "".join(line.format(key, "search") for key in range(9)))
    again = "".join(line.format(key, "search") for key in (20, 3, 4, 21)) + line.format(5, "purchase")
    outcome = lab.land_one("2025-12-02.jsonl", again)
    counts = [outcome.content[f"row_count_{status}"] for status in ("loaded", "duplicate", "quarantined")]
    assert counts == [2, 2, 1]
    assert outcome.content["quarantine_reasons"] == {"key: delivered on an earlier day with different content": 1}
    assert list(outcome.content["depends_on"]) == ["2025-12-01"]


def test_a_key_is_found_in_two_days_whichever_file_is_the_greater(make_lab):
    lab = make_lab("web_events")
    lab.land_one("2025-12-02.csv", EVENTS + "".join(event(f"key-{n}") for n in range(3000)))
    lab.land_one("2025-12-03.csv", EVENTS + event("other") + event("late"))
    lab.drop("2025-12-01.csv", EVENTS + event("key-7") + event("late"))
    assert [len(lab.rows("event_id", day)) for day in (D2, D3)] == [3000, 2]
    lab.land()
    assert [len(lab.rows("event_id", day)) for day in (D1, D2, D3)] == [2, 2999, 1]
