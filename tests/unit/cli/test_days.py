"""Days that cannot be are refused; what today is depends on where the company is."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.cli.days import UnknownDayError, require_past

TODAY = datetime.now(UTC).date()


def test_an_as_of_day_may_not_lie_in_the_future():
    require_past(TODAY - timedelta(days=1), "Europe/Paris", what="as-of day")
    with pytest.raises(UnknownDayError, match=r"as-of day .* lies in the future"):
        require_past(TODAY + timedelta(days=2), "Europe/Paris", what="as-of day")


def test_run_refuses_it_with_exit_code_2(home, parcours, monkeypatch):
    monkeypatch.setattr("pipeline.cli.running.require_tables", lambda _: None)
    home.mkdir()
    (home / "sources.yaml").write_text("version: 1\nsources: {crm: {tables: {orders: {}}}}\n", encoding="utf-8")
    result = parcours("run", "--date", "2025-01-01", "--as-of", str(TODAY + timedelta(days=2)))
    assert result.exit_code == 2, result.output
    assert "as-of day" in result.output
    assert not (home / "landing").exists()
