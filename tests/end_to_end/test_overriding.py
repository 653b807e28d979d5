"""A closed second door, and a named human who publishes all the same."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import publish
from pipeline.cli import publishing
from pipeline.defs import course, releasing
from pipeline.defs.overriding import publish_by_override
from pipeline.defs.session import open_session
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.warehouse import one_writer
from tests.end_to_end.laboratory import NEXT_DAY

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]
CHECK = "published/kpi_latest/kpi_id/column_values_to_be_in_set"
REASON, BY = "what <b>is new</b> is right", "Ada Lovelace"
NOW = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - naive UTC, as everywhere


class StricterSettings(Settings):
    """A home whose suites are its own."""

    @property
    def expectations(self) -> Path:
        return self.paths.root / "expectations"


@pytest.fixture
def stricter(lab):
    """Settings of a home that no table of KPIs can please, as of a day that nothing was published for."""
    settings = StricterSettings(home=lab.root)
    shutil.copytree(PROJECT_ROOT / "expectations", settings.expectations)
    suite = settings.expectations / "published" / "kpi_latest.json"
    content = json.loads(suite.read_text(encoding="utf-8"))
    entry = {
        "type": "expect_column_values_to_be_in_set",
        "severity": "critical",
        "kwargs": {"column": "kpi_id", "value_set": ["nothing"]},
        "meta": {"why": "A suite that nothing meets"},
    }
    suite.write_text(json.dumps(content | {"expectations": [*content["expectations"], entry]}), encoding="utf-8")
    return settings


def judge(settings):
    with one_writer(settings.paths.lock_file):
        return releasing.stage_and_judge(open_session(settings))


def test_what_a_closed_door_keeps_back_is_published_on_a_named_humans_word(lab, stricter, command, monkeypatch):
    served, releases = lab.served, lab.settings.paths.releases
    course.write_facts(open_session(stricter), NEXT_DAY)
    assert [check.check for check in judge(stricter).closed] == [CHECK]
    assert not publish.read_gate(stricter.paths.gate).is_open
    with pytest.raises(publish.OverrideError):
        publish_by_override(stricter, ["published/kpi_latest/n/nothing"], reason=REASON, by=BY, at=NOW)
    assert lab.served == served, "what names no closed check publishes nothing"

    monkeypatch.setattr(publishing, "read_settings", lambda: stricter)
    done = command(lab, "publish", "--override", CHECK, "--reason", REASON, "--by", BY)
    assert done.exit_code == 0, done.output
    assert lab.served.startswith(str(NEXT_DAY))
    folder = releases / lab.served
    (override,) = publish.read_manifest(folder).overrides
    assert (override.check, override.reason, override.by) == (CHECK, REASON, BY)
    assert publish.verify_release(folder) == []
    assert publish.read_manifest(folder).previous_release_id == served
    assert publish.read_gate(stricter.paths.gate).is_open
    page = (folder / "report" / "index.html").read_text(encoding="utf-8")
    assert BY in page
    assert "what &lt;b&gt;is new&lt;/b&gt; is right" in page
    assert REASON not in page
    unmet = lab.ask("select table_name, why from data_quality where not is_met and severity = 'critical'")
    assert [(row["table_name"], row["why"]) for row in unmet] == [("kpi_latest", "A suite that nothing meets")]
    assert not judge(stricter).is_blocked, "the same release stays as it was judged"
