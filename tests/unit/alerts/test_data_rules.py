"""Rules on data: each finds its fault, and a quiet day finds nothing."""

from datetime import date, timedelta

import pandas as pd
import pytest

from pipeline.alerts.data_rules import DataFacts, data_findings
from pipeline.alerts.model import Severity

AS_OF = date(2025, 6, 30)


def facts(**changes: object) -> DataFacts:
    days = [AS_OF - timedelta(days=back) for back in range(19, -1, -1)]
    daily = pd.DataFrame(
        {
            "table_name": "orders",
            "extract_date": pd.to_datetime(days),
            "received_count": 400,
            "loaded_count": 400,
            "expected_count": 400.0,
            "is_unusual": False,
            "late_share": 0.01,
        }
    )
    outcomes = pd.DataFrame(
        {
            "table_name": "orders",
            "extract_date": pd.to_datetime(days),
            "status": "accepted",
            "received_count": 400,
            "quarantined_count": 2,
        }
    )
    tables = pd.DataFrame({"table_name": ["orders"], "is_required": [True], "lateness_p99_days": [1]})
    known: dict[str, object] = {"as_of": AS_OF, "tables": tables, "daily": daily, "outcomes": outcomes}
    return DataFacts(**{**known, **changes})  # type: ignore[arg-type]


def rules(found: DataFacts) -> list[str]:
    return [finding.subject.rule for finding in data_findings(found)]


def test_a_quiet_day_finds_nothing() -> None:
    assert rules(facts()) == []


def test_the_last_day_stands_out() -> None:
    for column, value, rule in (("is_unusual", True, "extract_volume"), ("late_share", 0.4, "late_rows")):
        daily = facts().daily.astype({"is_unusual": object})
        daily.loc[daily.index[-1], column] = value
        assert rules(facts(daily=daily)) == [rule]
        daily = facts().daily.astype({"is_unusual": object})
        daily.loc[daily.index[-2], column] = value
        assert rules(facts(daily=daily)) == []


def test_quarantine_is_a_matter_of_rate_and_of_being_sure() -> None:
    outcomes = facts().outcomes
    outcomes.loc[outcomes.index[-1], "quarantined_count"] = 40
    assert rules(facts(outcomes=outcomes)) == ["quarantine_rate"]
    outcomes.loc[outcomes.index[-1], ["quarantined_count", "received_count"]] = [2, 40]
    assert rules(facts(outcomes=outcomes)) == []


@pytest.mark.parametrize(("silent", "found"), [(2, []), (3, ["stale_extract"])])
def test_silence_is_measured_by_the_usual_gap(silent: int, found: list[str]) -> None:
    base = facts()
    late = facts(as_of=AS_OF + timedelta(days=silent), daily=base.daily, outcomes=base.outcomes)
    assert rules(late) == found
    if found:
        assert data_findings(late)[0].severity is Severity.CRITICAL


def test_refused_days_gates_drift_and_blocked_kpis_are_told() -> None:
    outcomes = facts().outcomes
    outcomes.loc[outcomes.index[-1], "status"] = "refused"
    said = facts(
        outcomes=outcomes,
        drifts=[("orders", "column net is new"), ("orders", "column net is new")],
        gates=[("kpi_daily", "rows fell by half")],
        blocked_kpis=[("effort_score", "effort and satisfaction agree in sign: the scale is upside down")],
    )
    found = {finding.subject.rule: finding for finding in data_findings(said)}
    assert set(found) == {"refused_extract", "schema_drift", "gate_closed", "kpi_blocked"}
    assert found["schema_drift"].text_en == "orders: Columns changed: column net is new."
    assert found["kpi_blocked"].subject.name == "effort_score"
    assert all(finding.text_fr for finding in found.values())
