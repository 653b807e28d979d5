"""`parcours alerts`: what is shown, and what a person can do."""

from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.alerts import Ledger
from pipeline.alerts.channels import received
from pipeline.alerts.ledger import Message
from pipeline.cli.alerting import read_incidents
from pipeline.cli.main import app
from tests.unit.alerts.home import alert, finding

NOW = datetime(2025, 7, 20, 5, 30)  # noqa: DTZ001
RUNNER = CliRunner()


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv("PARCOURS_HOME", str(tmp_path))
    made = Ledger(tmp_path / "alerts")
    made.record(alert(explanation_en="By device: mobile."), [], NOW)
    return made


def run(*words: str) -> tuple[int, str]:
    result = RUNNER.invoke(app, ["alerts", *words])
    return result.exit_code, result.output


def test_a_calm_home_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOURS_HOME", str(tmp_path))
    assert "Nothing is wrong" in run("list")[1]
    assert "never was" in run("list", "--all")[1]
    assert not (tmp_path / "alerts").exists()


def test_an_alert_is_listed_shown_acknowledged_muted_and_resolved(ledger: Ledger) -> None:
    (alert_id,) = ledger.alerts()
    assert alert_id in run("list")[1]
    assert "By device: mobile." in run("show", alert_id[:8])[1]
    assert run("ack", alert_id, "--by", "Ana", "--note", "looking")[0] == 0
    assert "Ana: looking" in run("show", alert_id)[1]
    assert "acknowledged" in run("list")[1]
    assert run("mute", alert_id, "--until", "2025-08-01")[0] == 0
    assert "muted to 2025-08-01" in run("list")[1]
    assert run("resolve", alert_id)[0] == 0
    assert alert_id not in run("list")[1]
    assert "by hand" in run("show", alert_id)[1]
    assert run("resolve", alert_id)[0] == run("ack", alert_id)[0] == 2


def test_an_unknown_id_is_said_to_be_unknown(ledger: Ledger) -> None:
    code, output = run("show", "zzz")
    assert code == 2
    assert "no alert with the id zzz" in output


def test_what_waits_is_sent_and_what_cannot_be_is_said(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record(
        alert(finding=finding("other")), [Message("k1", "file", "t", "b"), Message("k2", "no", "t", "b")], NOW
    )
    assert "queued: t to no" in run("list")[1]
    code, output = run("send")
    assert (code, output.strip()) == (1, "1 sent, 0 wait for another try, 1 given up")
    assert {"k1", "k2"} <= set(received(tmp_path / "alerts"))


def test_a_channel_can_be_tried(ledger: Ledger, tmp_path: Path) -> None:
    assert run("test-channel", "file")[0] == 0
    assert any(key.startswith("test-") for key in received(tmp_path / "alerts"))
    code, output = run("test-channel", "pager")
    assert code == 2
    assert "PARCOURS_CHANNEL_PAGER" in output


def test_a_back_test_needs_a_release(ledger: Ledger) -> None:
    code, output = run("backtest", "--days", "30")
    assert code == 2
    assert "no release is served yet" in output


def test_incidents_are_read_and_a_wrong_line_named(tmp_path: Path) -> None:
    file = tmp_path / "incidents.csv"
    header = "kpi_id,segment_dimension,segment,first_day,last_day\n"
    file.write_text(f"{header}nps,all,all,2025-01-01,2025-01-05\n", encoding="utf-8")
    assert read_incidents(file)[0].kpi_id == "nps"
    file.write_text(f"{header}nps,all,all,yesterday,2025-01-05\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_incidents(file)
