"""What is looked up about a time zone is what the engine works out, and a row near a change is not looked up."""

import duckdb
import pytest

from pipeline.extract.parsing import prepare
from pipeline.extract.zones import calm_days, calm_offset

ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Europe/Moscow", "Pacific/Apia", "Asia/Kathmandu"]
RANGES = ["timestamp '1999-12-25', timestamp '2002-01-10'", "timestamp '2010-01-01', timestamp '2015-01-01'"]


@pytest.fixture
def opened():
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("span", RANGES)
def test_looking_up_and_working_out_give_the_same(opened, zone, span):
    prepare(opened, zone)
    ahead = calm_offset("lt", zone)
    wrong, calm, every = opened.execute(
        f"with times as (select lt, {ahead} as ahead from range({span}, interval 97 minute) as t (lt)) "
        "select count(*) filter (where ahead is not null and ("
        f"make_timestamp(epoch_us(lt) - ahead) is distinct from utc_of(lt, '{zone}') or is_twice(lt, '{zone}'))), "
        "count(ahead), count(*) from times"
    ).fetchall()[0]
    assert wrong == 0
    assert every >= calm > 0.4 * every  # in Apia, which crossed the date line, two of four pairs are worked out


def test_times_near_a_change_or_far_away_are_not_looked_up(opened):
    prepare(opened, "Europe/Paris")
    ahead = calm_offset("lt", "Europe/Paris")
    times = ["2025-10-25 12:00", "2025-10-26 02:30", "2025-10-27 00:00", "1950-07-01", "2101-01-01", "infinity"]
    listed = ", ".join(f"(timestamp '{time}')" for time in times)
    rows = opened.execute(f"select {ahead} from (values {listed}) as t (lt)").fetchall()
    assert rows == [(None,)] * len(times)
    assert opened.execute(f"select {ahead} from (select timestamp '2025-07-01' as lt)").fetchall() == [(7_200_000_000,)]


def test_a_connection_is_taught_once_and_learns_another_zone(opened):
    prepare(opened, "Europe/Paris")
    prepare(opened, "Asia/Tokyo")
    for zone, hours in (("Asia/Tokyo", 9), ("Europe/Paris", 2)):
        ahead = opened.execute(
            f"select {calm_offset('lt', zone)} from (select timestamp '2025-07-01' as lt)"
        ).fetchall()
        assert ahead == [(hours * 3_600_000_000,)]


def test_a_zone_without_changes_is_calm_throughout():
    assert set(calm_days("Asia/Tokyo").days) == {"1"}
