"""Published Parquet tables, read for the page through DuckDB.

Belongs here: which columns the report needs and in which order rows come. Does not belong here: formats.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.warehouse import connection, identifier, literal

Row = Mapping[str, Any]
Rows = Sequence[Row]

TILE_WINDOW_DAYS: Final = 28
SPARKLINE_DAYS: Final = 90

_SEGMENT = "segment_dimension segment"
_FLAGS = "is_small_n is_suppressed"
# The columns named first are the order of the rows, so equal input gives an equal page.
_COLUMNS: Final[Mapping[str, str]] = {
    "funnel_steps": (
        f"funnel_id {_SEGMENT} entry_step step step_id funnel_label step_label subject window_days "
        "entrant_count converted_count dropped_count pending_count mature_entrant_count "
        "conversion_rate conversion_rate_low conversion_rate_high tie_share order_violation_rate "
        f"is_mature {_FLAGS}"
    ),
    "kpi_daily": (f"kpi_id {_SEGMENT} metric_date value is_mature is_suppressed"),
    "kpi_latest": (
        f"kpi_group kpi_id {_SEGMENT} window_days label unit direction window_end numerator denominator n value "
        "value_low value_high previous_value previous_value_low previous_value_high previous_n "
        f"is_mature is_available unavailable_reason {_FLAGS}"
    ),
    "segment_retention": (
        f"{_SEGMENT} activity_window_days period_start start_customer_count retained_customer_count "
        "new_customer_count reactivated_customer_count retention_rate retention_rate_low "
        f"retention_rate_high is_mature {_FLAGS}"
    ),
    "segment_cohorts": (
        f"{_SEGMENT} cohort_start periods_since_first_order cohort_customer_count active_customer_count "
        f"active_rate active_rate_low active_rate_high is_mature {_FLAGS}"
    ),
    "segment_clv": (
        f"{_SEGMENT} method horizon model currency customer_count costs_amount costs_included relationship_years "
        "annual_net_revenue_amount clv_amount clv_mean_amount clv_mean_low_amount clv_mean_high_amount p_alive_mean "
        "p_alive_mean_low p_alive_mean_high value_at_risk_amount value_at_risk_low_amount value_at_risk_high_amount "
        "cac_amount cac_low_amount cac_high_amount clv_to_cac clv_to_cac_low clv_to_cac_high payback_months "
        f"is_fallback {_FLAGS}"
    ),
    "segment_friction_ranking": (
        f"{_SEGMENT} friction_rank friction_type outcome label owner effort_days action "
        "journey_count affected_count unmatched_count affected_outcome_rate comparable_outcome_rate "
        "effect effect_low effect_high value_at_stake_amount value_at_stake_low_amount "
        f"value_at_stake_high_amount currency q_value is_shown_to_matter quadrant {_FLAGS}"
    ),
    "data_coverage": (
        "table_name source is_required is_available extract_day_count refused_day_count "
        "first_extract_date last_extract_date first_event_at last_event_at received_count "
        "loaded_count quarantined_count duplicate_count set_aside_count"
    ),
    "data_quality": ("door table_name extract_date expectation column_name severity is_met observed_value why"),
}
_TRANSLATED: Final = frozenset({"label", "action", "funnel_label", "step_label"})


class ReportInputError(ValueError):
    """A published table cannot be read as the report expects it."""


@dataclass(frozen=True, kw_only=True)
class PublishedTables:
    """The rows the page is drawn from; ``None`` where a table is not in the release."""

    funnel_steps: Rows | None
    kpi_daily: Rows | None
    kpi_latest: Rows | None
    segment_retention: Rows | None
    segment_cohorts: Rows | None
    segment_clv: Rows | None
    segment_friction_ranking: Rows | None
    data_coverage: Rows | None
    data_quality: Rows | None


def load_tables(folder: Path, as_of_date: date, language: str) -> PublishedTables:
    """Read what the page shows.

    Args:
        folder: holds ``<table>.parquet`` for each published table; any may be absent.
        as_of_date: last day of the sparklines.
        language: suffix of the label columns, ``en`` or ``fr``.

    Raises:
        ReportInputError: a table is there but is no Parquet file or lacks a column.
    """
    first_day = as_of_date - timedelta(days=SPARKLINE_DAYS - 1)
    conditions = {
        "kpi_latest": f"window_days >= {TILE_WINDOW_DAYS} or window_days = 1",  # a day alone: as of it
        "kpi_daily": f"metric_date between date '{first_day}' and date '{as_of_date}'",
        "segment_cohorts": "cohort_grain = 'month'",
    }
    with connection() as opened:
        found = {
            name: _read(opened, folder / f"{name}.parquet", language, conditions.get(name, "true")) for name in _COLUMNS
        }
    return PublishedTables(**found)


def _read(opened: duckdb.DuckDBPyConnection, file: Path, language: str, condition: str) -> Rows | None:
    if not file.is_file():
        return None
    names = _COLUMNS[file.stem].split()
    columns = ", ".join(
        f"{identifier(f'{name}_{language}')} as {identifier(name)}" if name in _TRANSLATED else identifier(name)
        for name in names
    )
    query = f"select {columns} from read_parquet({literal(str(file))}) where {condition} order by all nulls last"
    try:
        rows = opened.execute(query).fetchall()
    except (duckdb.BinderException, duckdb.InvalidInputException, duckdb.IOException) as error:
        reason = str(error).splitlines()[0]
        raise ReportInputError(
            f"published table {file.stem} ({file.name}) cannot be read for the report: {reason}. "
            "Build the release again with this version of the product."
        ) from error
    return [dict(zip(names, map(_known, row), strict=True)) for row in rows]


def _known(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """A value, or None where a division by zero left no number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
