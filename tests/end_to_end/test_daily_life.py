"""Days as they come: the same day twice, a bad day, a corrected one, the next one, a release nobody may make."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipeline import landing, publish
from pipeline.cli.running import failures_of
from pipeline.defs import course, releasing
from pipeline.defs.build import DAILY_JOB, build_definitions
from pipeline.defs.release_assets import CURRENT, STAGED
from pipeline.settings import PROJECT_ROOT, Settings
from tests.end_to_end.laboratory import LAST_DAY, NEXT_DAY, SERVED_DAY, Laboratory, copy_home, state, without_column
from tests.end_to_end.revisions import expect_restatements, open_rates, revise

pytestmark = pytest.mark.end_to_end


def _kept(lab: Laboratory) -> dict[str, str]:
    paths = lab.settings.paths
    return state(paths.releases, paths.landing, paths.quarantine)


def test_the_first_run_publishes_a_release_that_holds_what_it_says(origin):
    folder = publish.current_release(origin.settings.paths.releases)
    assert publish.verify_release(folder) == []
    manifest = publish.read_manifest(folder)
    assert manifest.as_of_date == str(SERVED_DAY)
    assert manifest.previous_release_id is None
    coverage = {row["table_name"]: row for row in origin.ask("from data_coverage")}
    assert len(coverage) == 16
    assert coverage["orders"]["extract_day_count"] == 13
    assert coverage["web_events"]["last_extract_date"].date() == SERVED_DAY
    gaps = [
        name
        for name, row in coverage.items()
        if row["received_count"]
        != row["loaded_count"] + row["quarantined_count"] + row["duplicate_count"] + row["set_aside_count"]
    ]
    assert gaps == []
    kpis = origin.ask("select kpi_id from kpi_latest where segment = 'all' and is_available and value is not null")
    assert len({row["kpi_id"] for row in kpis}) >= 10


def test_the_second_run_of_a_day_makes_no_release_and_changes_nothing(origin, lab, command):
    before = _kept(lab)
    result = command(lab, "run", "--to", str(SERVED_DAY))
    assert result.exit_code == 0, result.output
    assert f"Release unchanged: {origin.served}" in result.output
    assert _kept(lab) == before


def test_a_bad_day_a_corrected_day_and_the_day_after(lab, command):
    served, releases = lab.served, state(lab.settings.paths.releases)
    file = lab.dropped("web_events", NEXT_DAY)
    good = file.read_bytes()
    file.write_bytes(without_column(file, "ts"))
    result = command(lab, "run", "--date", str(NEXT_DAY))
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    for words in ("web_events, extract day 2025-12-30", file.name, "`ts`", f"release {served} stays in place", ".r2"):
        assert words in said
    assert state(lab.settings.paths.releases) == releases
    since = f"select count(*) from staging.stg_{{}} where {{}} >= timestamp '{NEXT_DAY} 01:00'"
    assert lab.query(since.format("web__events", "occurred_at")) == [(0,)], "a refused day is in no build"
    assert lab.query(since.format("crm__orders", "ordered_at")) != [(0,)]
    assert "refused: web_events, extract day 2025-12-30" in " ".join(command(lab, "status").output.split())

    file.write_bytes(good)
    revised, said_before = revise(lab), open_rates(lab)
    accepted = _kept(lab)
    result = command(lab, "run", "--date", str(LAST_DAY))
    assert result.exit_code == 0, "the next run takes up the corrected file, whichever day it is for"
    assert lab.query(since.format("web__events", "occurred_at")) != [(0,)]
    assert lab.served.startswith(str(LAST_DAY))
    assert publish.read_manifest(lab.settings.paths.releases / lab.served).previous_release_id == served
    after = _kept(lab)
    touched = {path for path in {*accepted, *after} if accepted.get(path) != after.get(path)}
    days = {part for path in touched for part in Path(path).parts if part.startswith("extract_date=")}
    assert days == {f"extract_date={NEXT_DAY}", f"extract_date={LAST_DAY}"}, "days landed before stay as they are"
    assert not any(served in Path(path).parts for path in touched)
    expect_restatements(lab, served, revised, said_before)


BAD_FILES = {
    "no_column": lambda file: without_column(file, "ts"),
    "truncated": lambda file: file.read_bytes()[: file.stat().st_size // 2],
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_of_a_required_table_closes_the_gate_until_it_is_mended(lab, kind):
    file = lab.dropped("web_events", NEXT_DAY)
    good = file.read_bytes()
    file.write_bytes(BAD_FILES[kind](file))
    session = lab.session()
    landed = course.land_and_judge(session, "web_events", NEXT_DAY, NEXT_DAY)
    assert list(landed.refused) == [NEXT_DAY]
    with pytest.raises(releasing.GateClosedError) as caught:
        releasing.require_open_gate(session)
    assert file.name in str(caught.value)
    file.rename(file.with_name("kept_for_later"))
    file.with_name("2025-12-30.r2.jsonl.gz").write_bytes(good)
    assert course.land_and_judge(session, "web_events", NEXT_DAY, NEXT_DAY).promoted == [NEXT_DAY]
    releasing.require_open_gate(session)


def test_a_header_without_rows_is_no_day_of_a_site(lab):
    lab.dropped("web_events", NEXT_DAY).unlink()
    folder = lab.settings.paths.drop / "web" / "web_events"
    (folder / f"{NEXT_DAY}.csv").write_text("event_id,visitor_id,ts,event\n", encoding="utf-8")
    landed = course.land_and_judge(lab.session(), "web_events", NEXT_DAY, NEXT_DAY)
    assert "A site without a single event means the export failed" in " ".join(landed.refused[NEXT_DAY])


class _StricterSettings(Settings):
    """A home whose suites are its own."""

    @property
    def expectations(self) -> Path:
        return self.paths.root / "expectations"


def test_a_closed_second_door_leaves_the_served_release_in_place(lab):
    settings = _StricterSettings(home=lab.root)
    shutil.copytree(PROJECT_ROOT / "expectations", settings.expectations)
    suite = settings.expectations / "published" / "kpi_latest.json"
    content = json.loads(suite.read_text(encoding="utf-8"))
    content["expectations"].append(
        {
            "type": "expect_column_values_to_be_in_set",
            "severity": "critical",
            "kwargs": {"column": "kpi_id", "value_set": ["nothing"]},
            "meta": {"why": "A suite that nothing meets"},
        }
    )
    suite.write_text(json.dumps(content), encoding="utf-8")
    before = {path: entry for path, entry in state(lab.settings.paths.releases).items() if ".staging" not in path}
    with dg.DagsterInstance.ephemeral() as instance:
        result = (
            build_definitions(settings)
            .resolve_job_def(DAILY_JOB)
            .execute_in_process(
                instance=instance,
                asset_selection=[STAGED, CURRENT],
                partition_key=str(SERVED_DAY),
                raise_on_error=False,
            )
        )
    (message,) = failures_of(result)
    assert "door 2 is closed; nothing was published" in message
    assert "kpi_latest.kpi_id: A suite that nothing meets" in message
    after = {path: entry for path, entry in state(lab.settings.paths.releases).items() if ".staging" not in path}
    assert after == before


def test_a_missing_required_table_stops_a_run_before_anything_is_touched(lab, command):
    shutil.rmtree(lab.settings.paths.drop / "crm" / "orders")
    shutil.rmtree(lab.settings.paths.landing / "orders")
    before = state(lab.root)
    result = command(lab, "run")
    assert result.exit_code == 2
    assert "orders: no file. Expected as" in result.output
    assert {path for path, entry in state(lab.root).items() if before.get(path) != entry} <= {
        str(lab.settings.paths.lock_file)
    }


HOLD = """
import sys
from pathlib import Path
from pipeline.warehouse import one_writer
with one_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_while_one_is_running_is_told_so(lab, command):
    lock = lab.settings.paths.lock_file
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout.readline() == "held\n"
        before = state(lab.root)
        result = command(lab, "run")
        assert result.exit_code == 2
        assert f"another run is writing to this home (process {other.pid}" in " ".join(result.output.split())
        assert state(lab.root) == before
        assert f"A run is writing: process {other.pid}" in command(lab, "status").output
        other.stdin.close()


def test_days_landed_one_by_one_and_out_of_order_give_the_tables_of_one_run(origin, tmp_path):
    lab = copy_home(origin.root, tmp_path / "home")
    shutil.rmtree(lab.settings.paths.landing)
    shutil.rmtree(lab.settings.paths.releases)
    lab.land(date.min, date(2025, 12, 26))
    for day in (27, 29, 28):
        lab.land(date(2025, 12, day), date(2025, 12, day))
    lab.build()
    folder, _ = lab.publish()
    assert folder.name == origin.served
    one_run = publish.read_manifest(origin.settings.paths.releases / origin.served).tables
    one_by_one = publish.read_manifest(folder).tables
    differing = {name for name in {*one_run, *one_by_one} if one_run.get(name) != one_by_one.get(name)}
    assert differing <= {"data_quality", "data_quality_trend"}, "only these tell which days were judged together"
    assert landing.accepted_days(lab.settings.paths, "orders") == landing.accepted_days(origin.settings.paths, "orders")
