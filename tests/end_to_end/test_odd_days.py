"""A day of which much is odd, and a release all the same: no surveys, feedback nobody can read, odd events."""

import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import publish
from pipeline.landing.judgements import refusals
from tests.end_to_end.laboratory import NEXT_DAY, Laboratory, copy_home

pytestmark = pytest.mark.end_to_end
DAMAGED = "réservé".encode().decode("iso-8859-1")


@dataclass(frozen=True)
class Odd:
    """The home after that day, its release, and how many events the day had."""

    lab: Laboratory
    folder: Path
    event_count: int


@pytest.fixture(scope="module")
def odd(origin: Laboratory, tmp_path_factory: pytest.TempPathFactory) -> Odd:
    lab = copy_home(origin.root, tmp_path_factory.mktemp("odd") / "home")
    shutil.rmtree(lab.settings.paths.drop / "surveys" / "survey_responses")
    shutil.rmtree(lab.settings.paths.landing / "survey_responses")
    (lab.settings.paths.drop / "surveys" / "feedback" / f"{NEXT_DAY}.jsonl.gz").write_bytes(b"no gzip")
    file = lab.dropped("web_events", NEXT_DAY)
    rows = [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines() if line]
    file.unlink()
    text = "".join(json.dumps({**row, "colour": "red", "item": DAMAGED}) + "\n" for row in rows)
    (file.parent / f"{NEXT_DAY}.jsonl").write_text(text, encoding="utf-8")
    lab.land(NEXT_DAY, NEXT_DAY)
    lab.build(NEXT_DAY)
    folder, is_new = lab.publish()
    assert is_new
    return Odd(lab, folder, len(rows))


def test_without_surveys_their_kpis_say_so_and_the_others_are_there(odd):
    assert odd.lab.served == odd.folder.name
    surveys = odd.lab.ask(
        "select kpi_id, is_available, value, unavailable_reason from kpi_latest "
        "where kpi_id in ('nps', 'csat', 'effort_score', 'low_effort_share', 'survey_response_rate')"
    )
    assert len({row["kpi_id"] for row in surveys}) == 5
    assert [row for row in surveys if row["is_available"] or row["value"] == row["value"] is not None] == []
    assert all(row["unavailable_reason"] for row in surveys)
    others = odd.lab.ask("select distinct kpi_id from kpi_latest where is_available and value is not null")
    assert {"net_revenue", "visit_to_purchase"} <= {row["kpi_id"] for row in others}
    assert "not available" in (odd.folder / "report" / "index.html").read_text(encoding="utf-8").lower()


def test_a_bad_day_of_an_optional_table_is_refused_and_told(odd, command):
    assert list(refusals(odd.lab.settings.paths, "feedback")) == [NEXT_DAY]
    coverage = {row["table_name"]: row for row in odd.lab.ask("from data_coverage")}
    assert (coverage["feedback"]["refused_day_count"], coverage["survey_responses"]["is_available"]) == (1, False)
    assert "refused: feedback, extract day 2025-12-30" in " ".join(command(odd.lab, "status").output.split())


def test_drift_repairs_volume_and_lateness_are_published(odd):
    quality = odd.lab.ask(
        "select expectation, observed_value from data_quality "
        "where table_name = 'web_events' and expectation in ('schema_drift', 'text_repair')"
    )
    said = {row["expectation"]: row["observed_value"] for row in quality if "2025-12-30" in row["observed_value"]}
    assert "`colour` is new" in said["schema_drift"] or len(quality) > 1
    assert f"{odd.event_count} cells repaired" in said["text_repair"]
    (coverage,) = odd.lab.ask("from data_coverage where table_name = 'web_events'")
    assert coverage["repaired_cell_count"] >= odd.event_count
    assert 0 <= coverage["late_share"] <= 1
    days = odd.lab.ask("from data_coverage_daily where table_name = 'web_events' order by extract_date")
    assert len(days) == coverage["extract_day_count"]
    assert days[-1]["received_count"] == coverage["last_received_count"] == odd.event_count
    assert publish.verify_release(odd.folder) == []
