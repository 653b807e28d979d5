"""Bad days of the sample company, from the drop to the release."""

import gzip
import json

import duckdb
import pytest

from pipeline.defs import course
from pipeline.landing.judgements import refusals
from pipeline.sample import write_sample
from pipeline.settings import Settings
from tests.end_to_end.laboratory import LAST_DAY, NEXT_DAY, SERVED_DAY, Laboratory, copy_home

pytestmark = pytest.mark.end_to_end


def _events(lab, day):
    """The events of a day as JSON objects."""
    text = gzip.decompress(lab.dropped("web_events", day).read_bytes()).decode("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _drop(lab, name, rows):
    file = lab.settings.paths.drop / "web" / "web_events" / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_a_late_day_with_rows_of_an_accepted_one_does_not_stop_the_build(lab):
    lab.land(NEXT_DAY, LAST_DAY)
    rows = _events(lab, LAST_DAY)
    half = rows[: len(rows) // 2]
    _drop(lab, f"{NEXT_DAY}-late.jsonl", half)
    lab.land(NEXT_DAY, LAST_DAY)
    assert refusals(lab.settings.paths, "web_events") == {}
    lab.build_part("stg_web__events", LAST_DAY)  # its key test would fail on a row that two days hold


def test_a_late_day_that_contradicts_an_accepted_one_takes_its_old_version_out(lab):
    lab.land(NEXT_DAY, LAST_DAY)
    rows = _events(lab, LAST_DAY)
    _drop(lab, f"{NEXT_DAY}-late.jsonl", [{**row, "event": "checkout_error"} for row in rows])
    session = lab.session()
    landed = course.land_and_judge(session, "web_events", NEXT_DAY, LAST_DAY)
    assert list(landed.refused) == [LAST_DAY]
    assert any("taken out of every build" in reason for reason in landed.refused[LAST_DAY])
    files = f"{lab.settings.paths.landing}/web_events/extract_date=*/data.parquet"
    twice = duckdb.sql(f"select _key_hash from '{files}' group by 1 having count(*) > 1").fetchall()
    assert twice == []


def test_marks_of_patterns_in_the_path_of_a_home_are_only_marks(origin, tmp_path):
    lab = copy_home(origin.root, tmp_path / "home [a]* b")
    folder, is_new = lab.publish()
    assert (folder.name, is_new) == (origin.served, False)
    lab.land(NEXT_DAY, NEXT_DAY)
    lab.build_part("stg_web__events", NEXT_DAY)
    count = "select count(*) from staging.stg_web__events"
    assert lab.query(count) > origin.query(count)


def test_a_small_company_may_have_a_day_without_events(tmp_path):
    home = tmp_path / "small"
    write_sample(home, customer_count=60)
    small = Laboratory(Settings(home=home))
    folder = home / "drop" / "web" / "web_events"
    for file in folder.glob(f"{NEXT_DAY}*"):
        file.unlink()
    (folder / f"{NEXT_DAY}.jsonl.gz").write_bytes(gzip.compress(b"\n", mtime=0))
    landed = course.land_and_judge(small.session(), "web_events", SERVED_DAY.replace(year=2005), LAST_DAY)
    assert landed.refused == {}
    assert any("possible, but worth a look" in outcome.why for outcome in landed.verdict.unmet)
