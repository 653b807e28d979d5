"""Figures of the past that differ from what the release before said, and why: `kpi_restatements`.

Belongs here: the comparison of two releases and what is known about its cause. Does not belong here: any KPI; counting
what was delivered, which models do (``int_event_days__delivered``).
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.publish.manifest import Ingredients
from pipeline.warehouse import connection, file_literal, literal

RESTATEMENTS = "kpi_restatements"
RESTATEMENT_BOUND = 0.005
"""Share of the old value by which a value of a closed day may move without being told of."""

RESTATEMENT_COLUMNS = {
    "kpi_id": "VARCHAR",
    "metric_date": "DATE",
    "segment_dimension": "VARCHAR",
    "segment": "VARCHAR",
    "previous_release_id": "VARCHAR",
    "previous_n": "BIGINT",
    "n": "BIGINT",
    "previous_value": "DOUBLE",
    "value": "DOUBLE",
    "change": "DOUBLE",
    "cause": "VARCHAR",
    "late_row_count": "BIGINT",
    "corrected_row_count": "BIGINT",
    "is_code_changed": "BOOLEAN",
    "is_definition_changed": "BOOLEAN",
}


@dataclass(frozen=True)
class Changed:
    """What a release was made of, against the one before.

    Attributes:
        release_id: id of the release before.
        inputs: whether what was delivered differs.
        seeds: whether a definition differs.
        code: whether the product differs.
        key: whether people were told apart by another key, as after an erasure that re-keys.
    """

    release_id: str
    inputs: bool
    seeds: bool
    code: bool
    key: bool

    @classmethod
    def between(cls, release_id: str, before: Ingredients, now: Ingredients) -> "Changed":
        """What differs between the ingredients of two releases."""
        return cls(
            release_id,
            inputs=before.inputs != now.inputs,
            seeds=before.seeds != now.seeds,
            code=before.code != now.code,
            key=before.key_fingerprint != now.key_fingerprint,
        )


@dataclass(frozen=True)
class Compared:
    """Relations of both releases, as SQL; each is a table name or a table function.

    Attributes:
        before: ``kpi_daily`` of the release before.
        now: ``kpi_daily`` of this one.
        extracts_before: ``data_coverage_daily`` of the release before.
        extracts_now: ``data_coverage_daily`` of this one.
        event_days: ``int_event_days__delivered`` of the build.
        catalogue: the KPI catalogue of the build.
    """

    before: str
    now: str
    extracts_before: str
    extracts_now: str
    event_days: str
    catalogue: str


def write_restatements(
    target: Path, *, build_file: Path, tables: Path, served: Path | None, changed: Changed | None
) -> None:
    """Write ``kpi_restatements.parquet``; without a release before, or a comparable one, it has no row.

    Args:
        target: the file to write.
        build_file: the DuckDB file dbt built.
        tables: folder of the staged tables of this release.
        served: folder of the release before, if any.
        changed: what differs from it.
    """
    with connection() as memory:
        compared = None if served is None else _relations(memory, build_file, tables, served / "tables")
        if compared is None or changed is None:
            columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in RESTATEMENT_COLUMNS.items())
            query = f"select {columns} where false"
        else:
            query = f"select * from ({restatements_sql(compared, changed)})"
        memory.execute(f"copy ({query} order by all) to {literal(str(target))} (format parquet, compression zstd)")


def restatements_sql(compared: Compared, changed: Changed) -> str:
    """The rows of ``kpi_restatements`` as a query.

    A day is closed once the release before called it mature; it is compared where neither release hides it. Late are
    rows on extract days that are new or whose rows changed, about the day itself or the days until it matured;
    corrected those of them that replace an earlier version. What moved without either and without other code or
    definitions moved because customers merged, split or became known, for nothing else is left.

    Args:
        compared: both releases.
        changed: what differs between them.
    """
    flags = {name: str(getattr(changed, name)).lower() for name in ("inputs", "seeds", "code", "key")}
    return _EVIDENCE.format(**vars(compared), bound=RESTATEMENT_BOUND) + _CAUSES.format(
        release_id=literal(changed.release_id), **flags
    )


def _relations(memory: duckdb.DuckDBPyConnection, build_file: Path, tables: Path, before: Path) -> Compared | None:
    """Both releases, if the one before and the build have what the comparison needs."""
    needed = [tables / "kpi_daily.parquet", before / "kpi_daily.parquet", before / "data_coverage_daily.parquet"]
    if not all(path.is_file() for path in needed):
        return None
    memory.execute(f"attach {literal(str(build_file))} as build (read_only)")
    return Compared(
        before=f"read_parquet({file_literal(before / 'kpi_daily.parquet')})",
        now=f"read_parquet({file_literal(tables / 'kpi_daily.parquet')})",
        extracts_before=f"read_parquet({file_literal(before / 'data_coverage_daily.parquet')})",
        extracts_now=f"read_parquet({file_literal(tables / 'data_coverage_daily.parquet')})",
        event_days="build.intermediate.int_event_days__delivered",
        catalogue="build.seeds.kpi_catalogue",
    )


_EVIDENCE = """
    with extracts as (
        select extracts_now.table_name, extracts_now.extract_date
        from {extracts_now} as extracts_now
        left join {extracts_before} as extracts_before
            on extracts_now.table_name = extracts_before.table_name
            and extracts_now.extract_date = extracts_before.extract_date
        where extracts_before.table_name is null or extracts_now.loaded_count <> extracts_before.loaded_count
    ),
    arrived as (
        select days.table_name, days.event_on, sum(days.row_count - days.replaced_count) as late_count,
            sum(days.replaced_count) as corrected_count
        from {event_days} as days
        semi join extracts on days.table_name = extracts.table_name and days.extract_date = extracts.extract_date
        group by all
    ),
    moved as (
        select now.kpi_id, now.metric_date, now.segment_dimension, now.segment, before.n as previous_n, now.n,
            before.value as previous_value, now.value, round(now.value - before.value, 6) as change
        from {now} as now
        inner join {before} as before
            on now.kpi_id = before.kpi_id and now.metric_date = before.metric_date
            and now.segment_dimension = before.segment_dimension and now.segment = before.segment
        where before.is_mature and not now.is_suppressed and not before.is_suppressed
            and abs(now.value - before.value) > greatest(0.000001, {bound} * abs(before.value))
    ),
    needed as (
        select kpi_id, maturity_days, unnest(string_split(required_tables, '|')) as table_name
        from {catalogue}
    ),
    evidence as (
        select days.kpi_id, days.metric_date, coalesce(sum(arrived.late_count), 0) as late_row_count,
            coalesce(sum(arrived.corrected_count), 0) as corrected_row_count
        from (select distinct kpi_id, metric_date from moved) as days
        inner join needed on days.kpi_id = needed.kpi_id
        left join arrived on needed.table_name = arrived.table_name
            and arrived.event_on between days.metric_date and days.metric_date + needed.maturity_days
        group by all
    )
"""
_CAUSES = """
    select
        moved.kpi_id, moved.metric_date, moved.segment_dimension, moved.segment,
        {release_id} as previous_release_id,
        moved.previous_n, moved.n, moved.previous_value, moved.value, moved.change,
        coalesce(nullif(concat_ws('|',
            case when evidence.late_row_count > 0 then 'late_data' end,
            case when evidence.corrected_row_count > 0 then 'correction' end,
            case when {key} then 'erasure' end,
            case when {code} then 'code' end,
            case when {seeds} then 'definition' end
        ), ''), case when {inputs} then 'identity' else 'unknown' end) as cause,
        cast(coalesce(evidence.late_row_count, 0) as bigint) as late_row_count,
        cast(coalesce(evidence.corrected_row_count, 0) as bigint) as corrected_row_count,
        {code} as is_code_changed,
        {seeds} as is_definition_changed
    from moved
    left join evidence on moved.kpi_id = evidence.kpi_id and moved.metric_date = evidence.metric_date
"""
