"""What alerts of a release are made from: cells, counts and facts, read from build, release and landing.

Belongs here: the queries. Does not belong here: evaluating, storing, sending (``alerting``).
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from pipeline import landing, publish
from pipeline.alerts.data_rules import DataFacts
from pipeline.alerts.evaluating import Inputs
from pipeline.contracts import CONTRACTS
from pipeline.settings import Settings
from pipeline.warehouse import connection, file_literal

_CELLS = """
    select
        kpi_id, window_end as metric_date, segment_dimension, segment, cast(numerator as double) as numerator,
        cast(denominator as double) as denominator, n, value
    from marts.fct_kpi_windows
    where window_days = 1 and is_mature and is_complete
"""
_COUNTS = """
    select measure, table_name, event_date as metric_date, part_dimension, part, row_count, whole_count
    from marts.fct_event_days
"""
_FAILURES = """
    select
        days.friction_type, days.event_date as metric_date, days.segment_dimension, days.segment, days.visit_count,
        days.whole_count, types.label_en, types.label_fr, types.owner
    from marts.fct_failure_days as days
    inner join seeds.friction_types as types on days.friction_type = types.friction_type
"""
_INITIATIVES = "select starts_on, name from staging.stg_reference__initiatives where starts_on is not null order by all"
_BLOCKED = """
    select
        question_id,
        'its answers in survey ' || survey_id || ' (' || coalesce(language, '?') || ') from ' || wave_start
        || ' on look upside down against satisfaction, and are kept out'
    from {relation}
    where polarity = 'contradicted'
    order by all
"""
_HIDDEN = "select kpi_id, segment_dimension, segment, metric_date from read_parquet({file}) where is_suppressed"


def read_inputs(settings: Settings, as_of: date, tables: Path, overrides: Sequence[publish.Override] = ()) -> Inputs:
    """Read what a release's alerts are made from.

    Args:
        settings: the home.
        as_of: day of the release.
        tables: folder with the release's tables.
        overrides: closed checks that a named human answers for.
    """
    home = settings.paths
    with connection(threads=1) as memory:
        tables_known, daily, outcomes = (
            memory.execute(f"from read_parquet({file_literal(file)})").df()
            for file in (
                tables / "data_coverage.parquet",
                tables / "data_coverage_daily.parquet",
                home.landing_facts / "extract_outcomes.parquet",
            )
        )
        polarities = f"read_parquet({file_literal(tables / 'survey_polarities.parquet')})"
        blocked = memory.execute(blocked_sql(polarities)).fetchall()
        hidden = memory.execute(_HIDDEN.format(file=file_literal(tables / "kpi_daily.parquet"))).fetchall()
    facts = DataFacts(
        as_of,
        tables_known,
        daily,
        outcomes,
        drifts=_drifts(settings, as_of),
        blocked_kpis=blocked,
        overridden=[(each.check, each.text) for each in overrides],
    )
    with connection(home.build_file, read_only=True) as build:
        return inputs_of(build, as_of=as_of, facts=facts, hidden=frozenset(hidden))


def inputs_of(
    build: duckdb.DuckDBPyConnection,
    *,
    as_of: date,
    facts: DataFacts,
    hidden: frozenset[tuple[str, str, str, date]] = frozenset(),
) -> Inputs:
    """What the marts give to alerts, beside facts known already.

    Args:
        build: has the marts.
        as_of: day of the release.
        facts: what is known of the data.
        hidden: cells suppressed on publication.
    """
    cells, counts = build.execute(_CELLS).df(), build.execute(_COUNTS).df()
    initiatives = build.execute(_INITIATIVES).fetchall()
    context = [(day, f"initiative “{name}” began", f"l'initiative « {name} » a commencé") for day, name in initiatives]
    return Inputs(as_of, cells, counts, facts, context, build.execute(_FAILURES).df(), hidden)


def blocked_sql(polarities: str) -> str:
    """(question, reason) of the surveys kept out, from the relation that holds the published polarities."""
    return _BLOCKED.format(relation=polarities)


def _drifts(settings: Settings, as_of: date) -> list[tuple[str, str]]:
    """What changed in the columns of the extracts of the as-of day."""
    return [
        (table, drift.text) for table in CONTRACTS for drift in landing.drifts(settings.paths, table).get(as_of, ())
    ]
