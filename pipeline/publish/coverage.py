"""What a release rests on: `data_coverage` per table, `data_coverage_daily` per table and extract day.

Belongs here: the SQL over the facts landing wrote. Does not belong here: counting; landing does that.
"""

from pathlib import Path

import duckdb

from pipeline.warehouse import file_literal

COVERAGE_TABLES = ("data_coverage", "data_coverage_daily")
"""Tables made here; they tell about runs, so they may differ between releases of the same input."""


def register_coverage(warehouse: duckdb.DuckDBPyConnection, landing_facts: Path) -> None:
    """Make the coverage views.

    Args:
        warehouse: where the views are made.
        landing_facts: folder with ``table_availability``, ``extract_outcomes``, ``extract_volumes`` and
            ``table_deliveries`` as Parquet.
    """
    facts = {
        name: f"read_parquet({file_literal(landing_facts / f'{name}.parquet')})"
        for name in ("table_availability", "extract_outcomes", "extract_volumes", "table_deliveries")
    }
    warehouse.execute(_COVERAGE.format(**facts))
    warehouse.execute(_DAILY.format(**facts))


_COVERAGE = """
    create view data_coverage as
    with outcomes as (
        select
            table_name,
            min(first_event_at) filter (where status = 'accepted') as first_event_at,
            max(last_event_at) filter (where status = 'accepted') as last_event_at,
            cast(coalesce(sum(received_count), 0) as bigint) as received_count,
            cast(coalesce(sum(loaded_count), 0) as bigint) as loaded_count,
            cast(coalesce(sum(quarantined_count), 0) as bigint) as quarantined_count,
            cast(coalesce(sum(duplicate_count), 0) as bigint) as duplicate_count,
            cast(coalesce(sum(set_aside_count), 0) as bigint) as set_aside_count
        from {extract_outcomes}
        group by table_name
    ),
    volumes as (
        select
            table_name,
            count(*) filter (where is_unusual) as unusual_day_count,
            arg_max(received_count, extract_date) as last_received_count,
            arg_max_null(expected_count, extract_date) as last_expected_count,
            arg_max_null(expected_low, extract_date) as last_expected_low,
            arg_max_null(expected_high, extract_date) as last_expected_high
        from {extract_volumes}
        group by table_name
    )
    select
        availability.*,
        outcomes.* exclude (table_name) replace (
            coalesce(received_count, 0) as received_count,
            coalesce(loaded_count, 0) as loaded_count,
            coalesce(quarantined_count, 0) as quarantined_count,
            coalesce(duplicate_count, 0) as duplicate_count,
            coalesce(set_aside_count, 0) as set_aside_count
        ),
        case
            when deliveries.counted_row_count > 0
                then round(deliveries.late_row_count / deliveries.counted_row_count, 6)
        end as late_share,
        deliveries.lateness_p50_days,
        deliveries.lateness_p99_days,
        volumes.last_received_count,
        volumes.last_expected_count,
        volumes.last_expected_low,
        volumes.last_expected_high,
        coalesce(volumes.unusual_day_count, 0) as unusual_day_count,
        coalesce(deliveries.repaired_cell_count, 0) as repaired_cell_count,
        coalesce(deliveries.unrepaired_cell_count, 0) as unrepaired_cell_count,
        coalesce(deliveries.drifted_day_count, 0) as drifted_day_count,
        coalesce(deliveries.expired_row_count, 0) as expired_row_count
    from {table_availability} as availability
    left join outcomes on availability.table_name = outcomes.table_name
    left join volumes on availability.table_name = volumes.table_name
    left join {table_deliveries} as deliveries on availability.table_name = deliveries.table_name
"""
_DAILY = """
    create view data_coverage_daily as
    select
        table_name,
        extract_date,
        received_count,
        loaded_count,
        expected_count,
        expected_low,
        expected_high,
        is_unusual,
        case when counted_row_count > 0 then round(late_row_count / counted_row_count, 6) end as late_share,
        lateness_p50_days,
        lateness_p99_days
    from {extract_volumes}
"""
