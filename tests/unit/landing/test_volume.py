"""Volume against the same weekday before, lateness in business days, and the days that arrive too late."""

from datetime import date, timedelta

import duckdb
import pytest

from pipeline.contracts import CONTRACTS
from pipeline.landing import promote, refuse, retract_displaced, write_facts
from pipeline.landing.store import accepted_days
from pipeline.landing.volume import expected_count, usual_count
from tests.unit.landing.laboratory import DAY

EVENTS = "event_id,occurred_at,anonymous_id,event_name\n"
MONDAY = date(2025, 12, 1)


def weeks(*counts):
    return [(MONDAY - timedelta(weeks=len(counts) - place), count) for place, count in enumerate(counts)]


def test_a_day_is_held_against_the_median_of_its_weekday():
    counts = [*weeks(100, 104, 96, 100, 500), (MONDAY - timedelta(days=1), 9000), (MONDAY, 7)]
    middle, low, high = expected_count(MONDAY, counts)
    assert (middle, low, high) == (100.0, 70.0, 130.0), "the root of the median is wider than the deviation of 4"


def test_a_wide_past_gives_wide_bounds_and_a_short_one_none():
    middle, low, high = expected_count(MONDAY, weeks(100, 200, 300, 400, 500))
    assert middle == 300
    assert low == 0
    assert high == pytest.approx(300 + 3 * 1.4826 * 100, abs=0.1)
    assert expected_count(MONDAY, weeks(1, 2, 3)) is None
    assert expected_count(MONDAY, weeks(*[10] * 20)) == expected_count(MONDAY, weeks(*[10] * 8)), "eight weeks count"


def test_what_is_usual_leaves_the_history_out():
    days = [(MONDAY - timedelta(days=n), 10 + n) for n in (1, 2, 3)]
    assert usual_count(MONDAY, [*days, (MONDAY - timedelta(days=9), 100_000)]) == 12
    assert usual_count(MONDAY, []) == 0


def facts(lab, name):
    write_facts(lab.home, date(2025, 12, 31), "Europe/Paris", reporting_currency="EUR")
    return duckdb.sql(
        f"select * from '{lab.home.landing_facts}/{name}.parquet' where table_name = '{lab.table}'"
    ).fetchall()


def test_lateness_is_counted_in_business_days_without_the_history(make_lab):
    lab = make_lab("web_events")
    lab.drop("2025-12-01.csv", EVENTS + "1,2020-01-01 10:00,a,search\n")
    lines = ["2,2025-12-02 10:00", "3,2025-12-01 22:59", "4,2025-12-01 10:00", "5,2025-11-29 10:00"]
    lab.drop("2025-12-02.csv", EVENTS + "".join(f"{line},a,search\n" for line in lines))
    lab.accept()
    volumes = facts(lab, "extract_volumes")
    assert [row[1:4] for row in volumes] == [(DAY, 1, 1), (date(2025, 12, 2), 4, 4)]
    # 22:59 UTC is 23:59 in Paris, still the day before; only three days are late
    assert [row[8:] for row in volumes] == [(0, 0, None, None), (4, 1, 1, 3)]
    assert facts(lab, "table_deliveries")[0][1:5] == (4, 1, 1, 3)


def test_an_update_is_no_late_row(make_lab):
    lab = make_lab("orders")
    header = "order_id,ordered_at,order_type,net_amount\n"
    lab.drop("2025-12-01.csv", header + "1,2025-11-30,sale,1\n")
    lab.drop("2025-12-20.csv", header + "1,2025-11-30,sale,2\n2,2025-12-19 12:00,sale,2\n")
    lab.accept()
    assert facts(lab, "table_deliveries")[0][1:5] == (1, 0, 1, 1)


def test_an_old_version_goes_when_a_late_day_holds_its_rows_and_the_new_one_is_refused(make_lab):
    lab = make_lab("web_events")
    lab.drop("2025-12-02.csv", EVENTS + "".join(f"{n},2025-11-30 10:00,a,search\n" for n in range(5)))
    lab.accept()
    lab.drop("2025-12-01.csv", EVENTS + "".join(f"{n},2025-11-30 10:00,a,purchase\n" for n in range(4)))
    lab.land()
    later = date(2025, 12, 2)
    promote(lab.home, "web_events", DAY)
    refuse(lab.home, "web_events", later, ["too many rows in quarantine"])
    assert retract_displaced(lab.home, CONTRACTS["web_events"]) == [later]
    assert accepted_days(lab.home, "web_events") == [DAY]
    assert retract_displaced(lab.home, CONTRACTS["web_events"]) == []
    keys = duckdb.sql(f"select _key_hash from '{lab.home.landing}/web_events/extract_date=*/data.parquet'").fetchall()
    assert len(keys) == len(set(keys)) == 4


def test_an_old_version_stays_where_its_correction_alone_is_refused(make_lab):
    lab = make_lab("web_events")
    lab.drop("2025-12-01.csv", EVENTS + "1,2025-11-30 10:00,a,search\n")
    lab.accept()
    lab.drop("2025-12-01.csv", EVENTS)
    lab.land()
    refuse(lab.home, "web_events", DAY, ["empty"])
    assert retract_displaced(lab.home, CONTRACTS["web_events"]) == []
    assert accepted_days(lab.home, "web_events") == [DAY]
