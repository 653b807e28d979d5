"""Funnels, frictions and retention with known parameters through the models that publish their intervals.

Belongs here: feeding these models and reading what they publish. Does not belong here: the facts, the scoring.
"""

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from pipeline.scorecard import journeys
from pipeline.scorecard.superpopulation import People

GIVEN = (
    "fct_funnel_steps",
    "int_friction_opportunities__compared",
    "int_friction_outcomes__valued",
    "int_friction_evidence__counted",
    "fct_retention_periods",
)
WANTED = ("funnel_steps", "segment_friction_ranking", "segment_retention")
_FUNNEL = "checkout"
_DAY = date(2025, 6, 1)
_SEGMENT = ["segment_dimension", "segment"]


def feed_journeys(opened: duckdb.DuckDBPyConnection, chance: np.random.Generator, people: People) -> None:
    """Fill the models of ``GIVEN`` with facts drawn for these people."""
    opened.register("people", pd.DataFrame({"person": np.arange(len(people)), "customer_key": people.keys}))
    for name, drawn, sql in (
        ("marts.fct_funnel_steps", journeys.draw_funnel(chance, people), _FUNNEL_SQL),
        ("intermediate.int_friction_opportunities__compared", journeys.draw_opportunities(chance, people), _VISIT_SQL),
        ("marts.fct_retention_periods", journeys.draw_months(chance, people), _MONTH_SQL),
    ):
        opened.register("drawn", drawn)
        opened.execute(f"create or replace table {name} as {sql}")
        opened.unregister("drawn")
    opened.unregister("people")
    opened.execute(
        "create or replace table intermediate.int_friction_outcomes__valued as select 'purchase_30d' as outcome, "
        "'all' as segment_dimension, 'all' as segment, "
        "cast(50 as decimal(18, 4)) as outcome_value_amount, cast(1 as decimal(18, 4)) as outcome_value_standard_error"
    )
    opened.execute(
        "create or replace table intermediate.int_friction_evidence__counted as select '' as friction_type, "
        "'' as segment_dimension, '' as segment, cast(0 as bigint) as evidence_count, "
        "cast(null as date) as first_seen_on where false"
    )


def published_journeys(opened: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Published intervals beside their parameters: family, kpi_id, segment_dimension, segment, n, value, low, high."""
    return pd.concat([_funnels(opened), _frictions(opened), _losses(opened), _retention(opened)], ignore_index=True)


def _funnels(opened: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    cells = opened.execute(
        "select 'funnel step, clustered' as family, 'conversion_rate' as kpi_id, step, segment_dimension, segment, "
        "mature_entrant_count as n, conversion_rate as value, conversion_rate_low as low, "
        "conversion_rate_high as high from published.funnel_steps where not is_small_n and conversion_rate is not null "
        # no channel and no device is drawn: what is unknown of them is everybody once more
        "and segment_dimension not in ('channel', 'device', 'traffic_channel')"
    ).df()
    return cells.merge(journeys.funnel_parameters(), on="step").drop(columns="step")


def _frictions(opened: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    cells = opened.execute(
        "select 'friction effect' as family, friction_type as kpi_id, segment_dimension, segment, "
        "affected_count - unmatched_count as n, effect as value, effect_low as low, effect_high as high "
        "from published.segment_friction_ranking where not is_small_n and effect is not null"
    ).df()
    return cells.assign(parameter=cells["kpi_id"].map(journeys.EFFECTS))


def _losses(opened: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Lost outcomes are those of the affected visits at hand, so their parameter goes with their number."""
    cells = opened.execute(
        "select 'friction loss' as family, friction_type as kpi_id, segment_dimension, segment, "
        "affected_count - unmatched_count as n, lost_outcomes as value, lost_outcomes_low as low, "
        "lost_outcomes_high as high from published.segment_friction_ranking "
        "where not is_small_n and lost_outcomes is not null"
    ).df()
    return cells.assign(parameter=-cells["kpi_id"].map(journeys.EFFECTS) * cells["n"].astype("float64"))


def _retention(opened: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    cells = opened.execute(
        "select 'retention' as family, 'retention_rate' as kpi_id, segment_dimension, segment, "
        "start_customer_count as n, retention_rate as value, retention_rate_low as low, retention_rate_high as high "
        "from published.segment_retention where not is_small_n and retention_rate is not null"
    ).df()
    return cells.merge(journeys.retention_parameters(), on=_SEGMENT)


_FUNNEL_SQL = f"""
    select
        'entry ' || drawn.entry as entry_key, '{_FUNNEL}' as funnel_id, cast(drawn.step as integer) as step,
        'step ' || drawn.step as step_id, 'entry ' || drawn.entry as subject_key, people.customer_key,
        cast(1 as bigint) as entry_number, cast(1 as integer) as entry_step, date '{_DAY}' as entered_on,
        cast(date_trunc('week', date '{_DAY}') as date) as entry_week, cast(null as varchar) as channel,
        cast(null as varchar) as device, cast(null as varchar) as traffic_channel, timestamp '{_DAY}' as reached_at,
        case
            when drawn.step = {len(journeys.STEP_RATES) + 1} then 'completed'
            when drawn.is_converted then 'converted'
            else 'dropped'
        end as step_outcome,
        cast(null as bigint) as seconds_to_next, cast(0 as bigint) as seconds_observed,
        false as is_tie, false as has_order_violation, true as is_mature
    from drawn inner join people on drawn.person = people.person
"""
_VISIT_SQL = f"""
    select
        drawn.friction_type, 'visit ' || row_number() over () as opportunity_key,
        hash(people.customer_key) as customer_number, 'visit ' || row_number() over () as journey_unit,
        'purchase_30d' as outcome, cast(null as varchar) as touchpoint, cast(null as varchar) as device,
        date '{_DAY}' as started_on, timestamp '{_DAY}' as risk_at, drawn.is_affected, drawn.has_outcome,
        cast(drawn.stratum as varchar) as stratum
    from drawn inner join people on drawn.person = people.person
"""
_MONTH_SQL = f"""
    select
        cast(date '{_DAY}' + to_months(cast(drawn.month as integer)) as date) as period_start,
        cast(365 as integer) as activity_window_days, people.customer_key, true as is_active_at_start,
        drawn.is_retained as is_active_at_end, drawn.is_retained, false as is_new, false as is_reactivated,
        true as is_mature
    from drawn inner join people on drawn.person = people.person
"""
