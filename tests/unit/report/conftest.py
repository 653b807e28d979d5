"""A small release to draw: one row per case the page must handle."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.report import ReleaseFacts
from pipeline.warehouse import connection, identifier, literal
from tests.unit.report.published_rows import (
    ALL,
    AS_OF,
    clv_row,
    cohort_row,
    friction_row,
    funnel_row,
    kpi_row,
    retention_row,
)

Writer = Callable[[str, Sequence[Mapping[str, Any]]], None]


@pytest.fixture
def facts() -> ReleaseFacts:
    return facts_of(company="Sample company")


def facts_of(*, company: str) -> ReleaseFacts:
    """What the tables of the small release do not hold."""
    return ReleaseFacts(
        release_id="2024-03-31-0a1b2c3d",
        as_of_date=AS_OF,
        company=company,
        reporting_currency="EUR",
        business_time_zone="Europe/Paris",
        code_version="0.1.0",
        checks_passed=42,
        checks_failed_warnings=1,
        previous_release_id=None,
        has_goods_cost=False,
    )


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write rows as a published table below ``tmp_path``; all rows have the same columns."""
    return writer_to(tmp_path)


def writer_to(folder: Path) -> Writer:
    """A writer of published tables into a folder."""

    def writer(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        query = " union all ".join(
            "select " + ", ".join(f"{_value(value)} as {identifier(name)}" for name, value in row.items())
            for row in rows
        )
        with connection() as opened:
            opened.execute(f"copy ({query}) to {literal(str(folder / f'{table}.parquet'))} (format parquet)")

    return writer


def _value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, date):
        return f"{'timestamp' if isinstance(value, datetime) else 'date'} '{value}'"
    if isinstance(value, float):
        return f"cast('{value}' as double)"
    if isinstance(value, Decimal):
        return f"cast({value} as decimal(18, 2))"
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture
def release(tmp_path: Path, small_release: Path) -> Path:
    """A copy of the small release that a test may change."""
    return Path(shutil.copytree(small_release, tmp_path, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of a small release, but for those about the data itself."""
    folder = tmp_path_factory.mktemp("small_release")
    write = writer_to(folder)
    north = {"segment_dimension": "region", "segment": "north"}
    write("kpi_latest", [kpi_row(), kpi_row(**north)])
    write(
        "kpi_daily",
        [
            {
                **ALL,
                "kpi_id": "repeat_rate",
                "metric_date": AS_OF - timedelta(days=back),
                "value": 0.3 + back / 1000,
                "is_mature": back > 2,
                "is_suppressed": False,
            }
            for back in range(20)
        ],
    )
    nothing = dict.fromkeys(
        (
            "converted_count",
            "dropped_count",
            "pending_count",
            "mature_entrant_count",
            "conversion_rate",
            "conversion_rate_low",
            "conversion_rate_high",
            "tie_share",
            "order_violation_rate",
        )
    )
    middle = {"step": 2, "step_id": "decision", "step_label_en": "Decision", "entrant_count": 700}
    last = {"step": 3, "step_id": "advocacy", "step_label_en": "Advocacy", "entrant_count": 500, **nothing}
    write(
        "funnel_steps",
        [
            funnel_row(),
            funnel_row(**middle),
            funnel_row(**last),
            funnel_row(**middle | {"entry_step": 2, "entrant_count": 33}),
        ],
    )
    write("segment_retention", [retention_row(), retention_row(period_start=date(2024, 2, 1), is_mature=False)])
    write(
        "segment_cohorts",
        [cohort_row(), cohort_row(periods_since_first_order=2, is_mature=False, active_rate=0.1)],
    )
    write("segment_clv", [clv_row(), clv_row(**north, clv_mean_amount=Decimal("90.00"))])
    write("segment_friction_ranking", [friction_row()])
    return folder
