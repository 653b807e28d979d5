"""Landing and judging a table: days that lean on each other, days that are withdrawn, a key that is lost."""

import shutil
from datetime import date

import pytest

from pipeline import checks
from pipeline.defs import course
from pipeline.defs.session import open_session, require_tables
from pipeline.landing import KeyMismatchError, MissingTableError, accepted_days, pending_days
from pipeline.settings import Settings

SOURCES = """\
version: 1
company: {name: Here, business_time_zone: Europe/Paris, reporting_currency: EUR}
sources: {crm: {tables: {loyalty_events: {}, orders: {}, customers: {}}}, web: {tables: {web_events: {}}}}
"""
TABLE = "loyalty_events"
HEADER = "loyalty_event_id,customer_id,occurred_at,event_type,points\n"
BAD = "".join(f"bad{key},c,never,earned,5\n" for key in range(5))
D1, D2, D3 = date(2025, 12, 1), date(2025, 12, 2), date(2025, 12, 3)


def judge_quarantine(frame, _suite, *, index_column, kind=checks.Frame.ROWS, **_):
    """A door that refuses a day of which most rows are quarantined."""
    if kind is not checks.Frame.ROWS:
        return []
    failing = tuple(frame.loc[frame["quarantine_rate"] > 0.5, index_column])
    words = ("expect_rate", "quarantine_rate", checks.Severity.CRITICAL, not failing, "a rate", "rows must fit")
    return [checks.CheckOutcome(*words, failing_index=failing)]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.settings.os.environ", {})
    monkeypatch.setattr("pipeline.defs.course.checks.judge", judge_quarantine)
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return Settings(home=tmp_path)


@pytest.fixture
def drop(settings):
    def put(day, *keys, more="", table=TABLE):
        file = settings.paths.drop / "crm" / table / f"{day}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEADER + "".join(f"{key},c,2025-11-30,earned,5\n" for key in keys) + more, encoding="utf-8")
        return file

    return put


def loaded(landed):
    return {outcome.extract_date: outcome.content["row_count_loaded"] for outcome in landed.outcomes}


def test_a_refused_day_takes_no_row_from_the_days_that_are_accepted(settings, drop):
    drop(D1, 1, 2, more=BAD)
    drop(D2, 1, 3)
    drop(D3, 1, 2, 4)
    session = open_session(settings)
    landed = course.land_and_judge(session, TABLE, D1, D3)
    assert (list(landed.refused), landed.promoted) == ([D1], [D2, D3])
    assert (loaded(landed)[D2], loaded(landed)[D3]) == (2, 2), "day 2 has row 1, day 3 row 2"
    again = course.land_and_judge(session, TABLE, D1, D3)
    assert [outcome.status for outcome in again.outcomes] == ["unchanged"] * 3
    drop(D1, 1, 2)
    mended = course.land_and_judge(session, TABLE, D1, D1)
    assert (mended.refused, mended.promoted) == ({}, [D1, D2, D3])
    assert loaded(mended) == {D1: 2, D2: 1, D3: 1}


def test_a_refused_day_is_withdrawn_with_its_file(settings, drop):
    drop(D1, 1)
    file = drop(D2, 2, more=BAD)
    session = open_session(settings)
    assert list(course.land_and_judge(session, TABLE, D1, D2).refused) == [D2]
    file.unlink()
    landed = course.land_and_judge(session, TABLE, D1, D1)
    assert (landed.refused, list(landed.withdrawn)) == ({}, [D2])
    assert pending_days(settings.paths, TABLE) == []
    assert accepted_days(settings.paths, TABLE) == [D1]
    assert list(settings.paths.quarantine.rglob("extract_date=2025-12-02/rows.parquet")), "quarantine is kept"


def test_a_drop_that_is_not_there_withdraws_nothing(settings, drop):
    drop(D1, 1, more=BAD)
    session = open_session(settings)
    course.land_and_judge(session, TABLE, D1, D1)
    shutil.rmtree(settings.paths.drop)
    assert list(course.land_and_judge(session, TABLE, D1, D1).refused) == [D1]


def test_a_lost_key_stops_before_a_new_one_is_made(settings, drop):
    drop(D1, 1)
    course.land_and_judge(open_session(settings), TABLE, D1, D1)
    key = settings.paths.pseudonym_key
    key.unlink()
    with pytest.raises(KeyMismatchError, match="no key at hand"):
        open_session(settings)
    assert not key.exists()
    key.write_text("ab" * 32, encoding="ascii")
    with pytest.raises(KeyMismatchError, match="Nothing was touched"):
        open_session(settings)


def test_a_file_nobody_reads_does_not_stand_for_a_required_table(settings):
    for source, table in (("crm", "orders"), ("crm", "customers"), ("web", "web_events")):
        folder = settings.paths.drop / source / table
        folder.mkdir(parents=True)
        (folder / ".2025-12-01.csv").write_text("x", encoding="utf-8")
        (folder / "2025-12-01.csv.part").write_text("x", encoding="utf-8")
    session = open_session(settings)
    with pytest.raises(MissingTableError, match="orders: no file"):
        require_tables(session)


def test_the_profile_of_a_day_is_kept_and_is_the_past_of_later_days(settings, drop, monkeypatch):
    judged = []
    real = judge_quarantine

    def judge(frame, suite, *, index_column, kind=checks.Frame.ROWS, **more):
        if kind is checks.Frame.COLUMNS:
            judged.append(frame.set_index(["extract_date", "column_name"]))
        return real(frame, suite, index_column=index_column, kind=kind, **more)

    monkeypatch.setattr("pipeline.defs.course.checks.judge", judge)
    session = open_session(settings)
    for day, rows in ((D1, 1), (D2, 2), (D3, 3)):
        drop(day, *(f"{day}-{row}" for row in range(rows)))
        course.land_and_judge(session, TABLE, day, day)
    last = judged[-1].loc[(str(D3), "points")]
    assert (last["row_count"], last["null_rate"], last["usual_null_rate"]) == (3, 0, 0)
    assert last["drift"] == 0
    first = judged[0].loc[(str(D1), "points")]
    assert first["usual_null_rate"] != first["usual_null_rate"], "nothing is usual yet"
    assert (settings.paths.landing / TABLE / f"extract_date={D3}" / "profile.json").is_file()
