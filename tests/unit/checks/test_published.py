"""Identities of published tables, and the frames they are judged on."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline.checks import frame_of, with_identities
from tests.unit.checks.good_frames import good_release


def test_identities_hold_on_good_tables() -> None:
    funnel = with_identities("funnel_steps", good_release("funnel_steps"))
    assert funnel["count_gap"].tolist()[0] == 0
    assert funnel["count_gap"].isna().tolist() == [False, True]
    retention = with_identities("segment_retention", good_release("segment_retention"))
    assert retention.loc[0, ["end_count_gap", "churn_gap"]].tolist() == [0, 0]


def test_a_lost_journey_is_a_gap() -> None:
    frame = good_release("funnel_steps")
    frame.loc[0, "dropped_count"] = 49
    assert with_identities("funnel_steps", frame).loc[0, "count_gap"] == 1


def test_the_last_step_has_entrants_only_and_no_gap() -> None:
    frame = good_release("funnel_steps").iloc[[0]].assign(converted_count=None, dropped_count=None, pending_count=None)
    assert with_identities("funnel_steps", frame)["count_gap"].isna().all()


def test_suppressed_rows_must_be_empty_and_shown_rows_need_not() -> None:
    frame = good_release("kpi_daily")
    assert with_identities("kpi_daily", frame)["suppressed_measure_count"].tolist() == [0, 0]
    frame.loc[1, "n"] = 3
    assert with_identities("kpi_daily", frame)["suppressed_measure_count"].tolist() == [0, 1]


def test_lifetime_value_is_revenue_less_costs() -> None:
    frame = good_release("segment_clv")
    frame.loc[0, "costs_amount"] = 29.0
    judged = with_identities("segment_clv", frame)
    assert judged.loc[0, "value_gap"] == pytest.approx(0.985)
    revenue_only = good_release("segment_clv").assign(costs_amount=None, clv_amount=130.0, method="observed_revenue")
    assert with_identities("segment_clv", revenue_only).loc[0, "value_gap"] == 0


def test_a_mean_rounded_to_the_cent_is_no_gap() -> None:
    judged = with_identities("segment_clv", good_release("segment_clv"))
    assert judged.loc[0, "mean_gap"] == 0


def test_a_table_without_its_columns_gets_no_identity() -> None:
    frame = pd.DataFrame({"entrant_count": [1]})
    assert list(with_identities("funnel_steps", frame).columns) == ["entrant_count"]


def test_frames_are_numpy_backed(tmp_path: Path) -> None:
    file = tmp_path / "table's.parquet"
    duckdb.sql(
        "select 1::bigint as n, 2.50::decimal(18,2) as clv_amount, 'all' as segment, true as is_mature, "
        "date '2024-03-01' as period_start union all select null, null, null, null, null"
    ).write_parquet(str(file))
    frame = frame_of(file)
    assert not any(pd.api.types.is_extension_array_dtype(dtype) for dtype in frame.dtypes)
    assert frame["clv_amount"].dropna().tolist() == [2.5]
    assert frame["is_mature"].dropna().tolist() == [True]
    assert frame.isna().sum().tolist() == [1] * 5
