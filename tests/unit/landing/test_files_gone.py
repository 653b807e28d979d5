"""Files that are archived, replaced or still on their way: nothing landed is lost, nothing counts twice."""

from datetime import date

import duckdb

from pipeline.landing import refuse

HEADER = "order_id,ordered_at,order_type,currency,net_amount\n"
EVENTS = "event_id,occurred_at,anonymous_id,event_name\n"
D1, D2 = date(2025, 12, 1), date(2025, 12, 2)


def order(key, currency="EUR"):
    return f"{key},2025-11-30 10:00,sale,{currency},1\n"


def event(key, name="search"):
    return f"{key},2025-11-30 10:00,a,{name}\n"


def test_a_file_that_grows_while_it_is_read_is_read_again(lab):
    file = lab.drop("2025-12-01.csv", HEADER + order(1))
    reader = lab.reader()

    def growing(connection, source, *, prefix, scratch):
        staged = reader(connection, source, prefix=prefix, scratch=scratch)
        file.write_text(file.read_text() + order(2))
        return staged

    outcome = lab.land(read=growing)[0]
    assert "changed while it was read" in outcome.problems[0]
    assert lab.land()[0].is_readable
    assert lab.rows("order_id") == [("1",), ("2",)]


def test_a_new_part_does_not_replace_an_archived_one(lab):
    first = lab.drop("2025-12-01-a.csv", HEADER + order(1))
    lab.accept()
    first.unlink()
    outcome = lab.land_one("2025-12-01-b.csv", HEADER + order(2))
    assert outcome.problems[0].startswith("crm/orders/2025-12-01-a.csv: it is part of the accepted day")
    assert lab.rows("order_id", accepted=True) == [("1",)]
    lab.drop("2025-12-01-a.csv", HEADER + order(1))
    assert lab.land()[0].is_readable
    assert lab.rows("order_id") == [("1",), ("2",)]


def test_a_replacement_needs_no_archived_part(lab):
    lab.drop("2025-12-01-a.csv", HEADER + order(1)).rename(lab.home.drop / "crm" / "orders" / "2025-12-01-c.csv")
    lab.accept()
    (lab.home.drop / "crm" / "orders" / "2025-12-01-c.csv").unlink()
    assert lab.land_one("2025-12-01.r2.csv", HEADER + order(9)).is_readable
    assert lab.rows("order_id") == [("9",)]


def test_archiving_one_part_changes_nothing(lab):
    first = lab.drop("2025-12-01-a.csv", HEADER + order(1))
    lab.drop("2025-12-01-b.csv", HEADER + order(2))
    lab.accept()
    first.unlink()
    outcome = lab.land()[0]
    assert (outcome.status, outcome.is_pending) == ("unchanged", False)


def test_a_renamed_part_is_not_gone(lab):
    first = lab.drop("2025-12-01-a.csv", HEADER + order(1))
    lab.accept()
    first.rename(first.with_name("2025-12-01-z.csv"))
    assert lab.land()[0].is_readable


def test_a_late_early_day_yields_to_a_later_one_that_cannot_be_landed_anew(make_lab):
    lab = make_lab("web_events")
    later = lab.drop("2025-12-02.csv", EVENTS + event(1) + event(2))
    lab.accept()
    later.unlink()
    outcome = lab.land_one("2025-12-01.csv", EVENTS + event(1) + event(2, "purchase") + event(3))
    assert lab.rows("event_id") == [("3",)]
    assert outcome.content["row_count_duplicate"] == 1
    reason = "key: landed before from a later day whose file is gone, with different content"
    assert outcome.content["quarantine_reasons"] == {reason: 1}
    assert [each.status for each in lab.land()] == ["unchanged"]


def test_a_late_rate_reaches_days_landed_before_whatever_days_are_asked_for(make_lab):
    lab, rates = make_lab(), make_lab("fx_rates")
    lab.drop("2025-12-01.csv", HEADER + order(1, "USD") + order(2))
    lab.land()
    rates.land_one("2025-12-02.csv", "currency,rate_date,rate\nUSD,2025-11-01,0.9\n")
    lab.drop("2025-12-02.csv", HEADER + order(3))
    assert [outcome.extract_date for outcome in lab.land([D2])] == [D1, D2]
    assert lab.rows("order_id") == [("1",), ("2",)]
    rates.land_one("2025-12-03.csv", "currency,rate_date,rate\nUSD,2025-12-01,0.8\n")
    assert [outcome.status for outcome in lab.land()] == ["unchanged"] * 2, "no rate is known from another day on"


def test_a_promotion_cut_short_shows_no_row_twice(lab, monkeypatch):
    lab.drop("2025-12-01.csv", HEADER + order(1))
    lab.accept()
    lab.drop("2025-12-01.csv", HEADER + order(1, "eur"))
    lab.drop("2025-12-01.csv", HEADER + order(1) + order(2))
    lab.land()
    with monkeypatch.context() as killed:
        killed.setattr("pipeline.landing.store.shutil.rmtree", lambda *_, **__: None)
        lab.accept()
    glob = f"{lab.home.landing}/orders/*/data.parquet"
    assert duckdb.sql(f"select order_id from read_parquet('{glob}') order by 1").fetchall() == [("1",), ("2",)]
    lab.land()
    assert not (lab.home.landing / "_trash").exists()


def test_quarantine_stays_that_of_the_accepted_version_until_promotion(lab):
    good = HEADER + order(1) + "2,x,sale,EUR,1\n"
    lab.drop("2025-12-01.csv", good)
    lab.accept()
    accepted = lab.home.quarantine / "orders" / "extract_date=2025-12-01" / "rows.parquet"
    assert accepted.stat().st_mode & 0o777 == 0o600
    before = accepted.read_bytes()
    lab.land_one("2025-12-01.csv", HEADER + "1,x,sale,EUR,1\n2,x,sale,EUR,1\n")
    refuse(lab.home, "orders", D1, ["too many"])
    assert accepted.read_bytes() == before
    lab.land_one("2025-12-01.csv", HEADER + order(1) + order(2))
    lab.accept()
    assert not accepted.exists(), "the day accepted now has no quarantined row"
