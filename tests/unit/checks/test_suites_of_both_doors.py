"""Every shipped suite loads, lets a good frame through, and each critical expectation can fail."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.checks import Frame, Severity, Verdict, judge, read_suite, with_identities
from pipeline.contracts import CONTRACTS
from pipeline.settings import PROJECT_ROOT
from tests.unit.checks.conftest import as_entry, broken
from tests.unit.checks.good_days import good_columns, good_days, good_table
from tests.unit.checks.good_frames import good_release

SUITES = sorted((PROJECT_ROOT / "expectations").glob("*/*.json"))


def _good(suite_file: Path, kind: Frame) -> pd.DataFrame:
    if kind is Frame.COLUMNS:
        return good_columns()
    if kind is Frame.TABLE:
        return good_table(suite_file.stem)
    if suite_file.parent.name == "landing":
        return good_days(suite_file.stem)
    return with_identities(suite_file.stem, good_release(suite_file.stem))


@pytest.mark.parametrize("suite_file", SUITES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_good_frame_meets_everything(suite_file: Path) -> None:
    outcomes = [each for kind in Frame for each in judge(_good(suite_file, kind), suite_file, kind=kind)]
    assert len(outcomes) == len(read_suite(suite_file))
    assert [outcome for outcome in outcomes if not outcome.is_met] == []


@pytest.mark.parametrize("suite_file", SUITES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_each_critical_expectation_can_fail(suite_file: Path, suite: Callable[..., Path]) -> None:
    critical = [each for each in read_suite(suite_file) if each.severity is Severity.CRITICAL]
    assert critical, "a suite without a critical expectation guards nothing"
    for expectation in critical:
        frame = broken(_good(suite_file, expectation.frame), expectation)
        (outcome,) = judge(frame, suite(as_entry(expectation)), kind=expectation.frame)
        assert outcome.blocks, (expectation.type, expectation.column_name)
        assert "judged" not in outcome.observed_value, "it must fail by being judged, not by an accident"


HISTORY = {
    "landing": {
        "volume_deviation",
        "volume_ratio",
        "quarantine_deviation",
        "null_deviation",
        "default_deviation",
        "drift",
    },
    "published": {"row_count_ratio", "row_count_deviation", "suppressed_share_change", "null_deviation", "drift"},
}


@pytest.mark.parametrize("suite_file", SUITES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_suite_holds_its_table_against_the_past_and_says_how_wide(suite_file: Path) -> None:
    expectations = read_suite(suite_file)
    wanted = HISTORY[suite_file.parent.name]
    assert wanted <= {each.column_name for each in expectations}
    adaptive = [each for each in expectations if each.column_name.endswith("_deviation") and each.column_name in wanted]
    assert [each.column_name for each in adaptive if "spreads wide" not in each.why] == []


def test_there_is_a_suite_for_every_table_that_lands() -> None:
    assert {file.stem for file in SUITES if file.parent.name == "landing"} == set(CONTRACTS)


def test_there_is_a_suite_for_every_published_model() -> None:
    models = {file.stem for file in (PROJECT_ROOT / "dbt_project" / "models" / "published").glob("*.sql")}
    assert models - {file.stem for file in SUITES if file.parent.name == "published"} == set()


def _refused(table: str, **changes: object) -> frozenset[object]:
    frame = good_days(table)
    for column, value in changes.items():
        frame[column] = frame[column].astype(object)
        frame.loc[0, column] = value
    frame = frame.infer_objects()
    suite_file = PROJECT_ROOT / "expectations" / "landing" / f"{table}.json"
    return Verdict(tuple(judge(frame, suite_file, index_column="extract_date"))).blocked_index


def test_a_refused_day_is_named_and_the_other_day_is_not() -> None:
    assert _refused("orders", conservation_gap=2) == {"2024-03-01"}
    assert _refused("orders", is_readable=False) == {"2024-03-01"}
    assert _refused("orders", quarantine_rate=0.06) == {"2024-03-01"}


def test_one_bad_row_does_not_refuse_a_small_day() -> None:
    assert _refused("orders", received_count=10, quarantine_rate=0.1) == frozenset()
    assert _refused("orders", received_count=10, quarantine_rate=0.6) == {"2024-03-01"}


def test_a_day_without_web_events_is_refused_unless_it_only_repeats() -> None:
    assert _refused("web_events", loaded_count=0, duplicate_count=0) == {"2024-03-01"}
    assert _refused("web_events", loaded_count=0, duplicate_count=1000, duplicate_rate=1.0) == frozenset()
    assert _refused("orders", loaded_count=0, duplicate_count=0) == frozenset()


def test_a_collapse_of_a_required_table_is_refused_and_a_quiet_weekday_is_not() -> None:
    collapsed = {"usual_count": 400.0, "volume_ratio": 0.01}
    assert _refused("orders", **collapsed, volume_deviation=-9.0) == {"2024-03-01"}
    assert _refused("orders", **collapsed, volume_deviation=-0.5) == frozenset()
    assert _refused("feedback", **collapsed, volume_deviation=-9.0) == frozenset()


def test_a_fifth_of_guest_orders_is_no_cause_for_a_warning() -> None:
    frame = good_days("orders").assign(null_rate_customer_id=0.21)
    outcomes = judge(frame, PROJECT_ROOT / "expectations" / "landing" / "orders.json")
    assert Verdict(tuple(outcomes)).unmet == ()


def test_absent_optional_columns_of_a_survey_do_not_refuse_it() -> None:
    assert _refused("survey_responses", null_rate_invited_at=1.0, null_rate_customer_id=1.0) == frozenset()


@pytest.mark.parametrize("table", CONTRACTS)
def test_null_rates_are_of_landed_columns(table: str) -> None:
    landed = {f"null_rate_{name}" for name, _ in CONTRACTS[table].landed_columns}
    suite_file = PROJECT_ROOT / "expectations" / "landing" / f"{table}.json"
    judged = {name for each in read_suite(suite_file) for name in each.columns if name.startswith("null_rate_")}
    assert judged <= landed
