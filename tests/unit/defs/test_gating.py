"""What closes the gate, what opens it, and what both doors said over time."""

from datetime import date, datetime

import pytest

from pipeline import checks, publish
from pipeline.defs import gating
from pipeline.settings import Home

NOW = datetime(2026, 1, 2, 5, 30)  # noqa: DTZ001  naive UTC, as everywhere
JUDGEMENT = gating.Judgement("2026-01-01-aaaa", date(2026, 1, 1), NOW)


def _outcome(column="value", *, is_met=False, severity=checks.Severity.CRITICAL):
    kind = "expect_column_values_to_be_between"
    return checks.CheckOutcome(kind, column, severity, is_met, "3 of 9 rows fail", "because")


def _verdicts(*outcomes):
    return {"kpi_daily": checks.Verdict(outcomes)}


def test_only_unmet_critical_checks_close_and_each_has_a_name_of_its_own():
    found = gating.unmet_checks(
        _verdicts(_outcome(), _outcome(is_met=True), _outcome(), _outcome("n", severity=checks.Severity.WARNING))
    )
    name = "published/kpi_daily/value/column_values_to_be_between"
    assert [check.check for check in found] == [name, f"{name}/3"]


def test_an_override_opens_what_it_names_and_never_what_guards_people():
    shown, other = gating.unmet_checks(_verdicts(_outcome("suppressed_measure_count"), _outcome()))
    assert shown.is_final
    overrides = [publish.Override(check.check, "r", "b", "a") for check in (shown, other)]
    assert gating.still_closed([shown, other], overrides) == [shown]
    assert gating.still_closed([other], overrides) == []
    assert gating.still_closed([other], []) == [other]


def test_refused_days_of_required_tables_close_the_gate(monkeypatch, tmp_path):
    refused = {date(2026, 1, 1): ["half of it is missing"]}
    monkeypatch.setattr(gating, "refusals", lambda _, table: refused if table in ("orders", "feedback") else {})
    (check,) = gating.refused_days(Home(tmp_path, tmp_path))
    assert (check.check, check.observed) == ("landing/orders/2026-01-01", "half of it is missing")


def test_how_tables_fared_is_kept_over_time(monkeypatch, tmp_path):
    home = Home(tmp_path, tmp_path)
    kept = [("orders", date(2025, 12, 31), {"is_met": is_met, "severity": "warning"}) for is_met in (True, False)]
    monkeypatch.setattr(gating, "kept_judgements", lambda *_: kept)
    gating.keep_history(home, JUDGEMENT, _verdicts(_outcome()))
    gating.keep_history(home, JUDGEMENT, _verdicts(_outcome(is_met=True), _outcome()))
    rows = gating.trend(home, date(2026, 1, 1)).to_dict("records")
    assert [(row["door"], row["expectation_count"], row["met_count"]) for row in rows] == [
        ("landing", 2, 1), ("published", 2, 1),
    ]  # fmt: skip
    assert rows[1]["critical_count"] == 1
    assert len(gating.trend(home, date(2025, 12, 31))) == 1


@pytest.mark.parametrize("is_there", [True, False])
def test_a_release_published_by_override_stays_as_it_was_judged(monkeypatch, tmp_path, is_there):
    home = Home(tmp_path, tmp_path)
    override = publish.Override("c", "r", "b", "a")
    if is_there:
        (home.releases / "x").mkdir(parents=True)
    made_of = publish.Ingredients(*"isck")
    manifest = publish.Manifest("x", "2026-01-01", "t", "0", "EUR", "UTC", made_of, overrides=(override,))
    monkeypatch.setattr(publish, "read_manifest", lambda _: manifest)
    assert gating.earlier_overrides(home, "x") == ((override,) if is_there else ())
