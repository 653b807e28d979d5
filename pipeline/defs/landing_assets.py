"""One asset per landing table, partitioned by calendar day, with door 1 as its check; then the facts about landing.

Belongs here: the Dagster side of landing. Does not belong here: landing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg

from pipeline import landing
from pipeline.contracts import CONTRACTS, Contract
from pipeline.defs import course
from pipeline.defs.resources import OWNERS
from pipeline.defs.session import Session

FIRST_DAY = "2005-01-01"
FACTS = (
    "run_parameters", "table_availability", "extract_outcomes", "table_deliveries", "blocked_identifiers",
    "identity_decisions",
)  # fmt: skip


class AsOf(dg.Config):
    """Config of the facts.

    Attributes:
        as_of: the as-of day, or nothing for the later of the day landed and the latest accepted one.
        rebuild: whether models are made anew that would be refreshed only where the run touches them.
    """

    as_of: str | None = None
    rebuild: bool = False


class ExtractDays(dg.Config):
    """Config of a landing asset: look at all extract days from this one to the run's partition.

    Dagster plans and records every partition of a range for every asset, so a history of years is landed as one run
    of its last day with an earlier first day; each day that was really landed is recorded on its own.
    """

    first: str | None = None


def day_partitions(time_zone: str) -> dg.DailyPartitionsDefinition:
    """Calendar days in the business time zone, today included."""
    return dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone=time_zone, end_offset=1)


def day_range(context: dg.AssetExecutionContext) -> tuple[date, date]:
    """First and last partition of the run."""
    keys = context.partition_key_range
    return date.fromisoformat(keys.start), date.fromisoformat(keys.end)


def landing_asset(contract: Contract, partitions: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """The asset of one landing table."""
    key = dg.AssetKey(["landing", contract.table])
    # amounts are held against the rates, a delivery against its order: those land first
    before = sorted(({"fx_rates"} if contract.amount_columns else set()) | landing.referred_tables(contract.table))

    @dg.asset(
        key=key,
        deps=[dg.AssetKey(["landing", name]) for name in before],
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="landing",
        owners=list(OWNERS),
        kinds={"parquet"},
        description=f"{contract.description}. From {contract.source}, delivered as {contract.delivery.value}.",
        required_resource_keys={"home"},
        pool="home",
        check_specs=_check_specs(key),
    )
    def landed(context: dg.AssetExecutionContext, config: ExtractDays) -> Iterator[dg.MaterializeResult]:
        session: Session = context.resources.home
        first, last = day_range(context)
        earliest = min(first, date.fromisoformat(config.first)) if config.first else first
        try:
            result = course.land_and_judge(session, contract.table, earliest, last)
        except OSError as error:
            raise dg.RetryRequested(max_retries=2, seconds_to_wait=1) from error
        _record_earlier_days(context.instance, key, result, before=first)
        yield dg.MaterializeResult(metadata=_metadata(result), check_results=[_check(result), _drift(result)])

    return landed


def _check_specs(key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            "door_1",
            asset=key,
            description="Great Expectations on volumes, rates and shape of the days that wait. A day that fails "
            "stays out of every build; if the table is required, nothing is published.",
        ),
        dg.AssetCheckSpec(
            "schema_drift",
            asset=key,
            description="Columns that are new, missing, renamed, retyped or reordered against the files before.",
        ),
    ]


def _record_earlier_days(
    instance: dg.DagsterInstance, key: dg.AssetKey, result: course.LandedTable, *, before: date
) -> None:
    for outcome in result.outcomes:
        if outcome.status == "landed" and outcome.extract_date < before:
            instance.report_runless_asset_event(
                dg.AssetMaterialization(
                    asset_key=key,
                    partition=str(outcome.extract_date),
                    metadata={"dagster/row_count": int(outcome.content["row_count_loaded"])},
                )
            )


def _metadata(result: course.LandedTable) -> dict[str, Any]:
    counts = {
        f"{name}_rows": result.total(name) for name in ("received", "loaded", "quarantined", "duplicate", "set_aside")
    }
    hashes = {str(outcome.extract_date): outcome.content["content_hash"] for outcome in result.outcomes}
    return {
        "dagster/row_count": counts["loaded_rows"],
        **counts,
        "days_landed": sum(outcome.status == "landed" for outcome in result.outcomes),
        "days_unchanged": sum(outcome.status == "unchanged" for outcome in result.outcomes),
        "days_promoted": [str(day) for day in result.promoted],
        "days_withdrawn": [str(day) for day in result.withdrawn],
        "content_hashes": dg.MetadataValue.json(hashes),
    }


def _check(result: course.LandedTable) -> dg.AssetCheckResult:
    unmet = [f"{o.column_name}: {o.why} ({o.observed_value})" for o in result.verdict.unmet]
    refused = {str(day): reasons for day, reasons in result.refused.items()}
    is_error = result.verdict.is_blocked or bool(refused)
    return dg.AssetCheckResult(
        check_name="door_1",
        passed=not unmet and not refused,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        metadata={
            "expectations": len(result.verdict.outcomes),
            "unmet": dg.MetadataValue.json(unmet),
            "refused_days": dg.MetadataValue.json(refused),
        },
    )


def _drift(result: course.LandedTable) -> dg.AssetCheckResult:
    found = {str(day): [drift.text for drift in drifts] for day, drifts in sorted(result.drifts.items())}
    return dg.AssetCheckResult(
        check_name="schema_drift",
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"days_judged": len(result.promoted) + len(result.refused), "drift": dg.MetadataValue.json(found)},
    )


def landing_assets(time_zone: str) -> list[dg.AssetsDefinition]:
    """Every landing asset, and the facts that close landing."""
    partitions = day_partitions(time_zone)
    return [*(landing_asset(contract, partitions) for contract in CONTRACTS.values()), landing_facts]


@dg.multi_asset(
    name="landing_facts",
    specs=[
        dg.AssetSpec(
            ["landing", name],
            deps=[
                # what was landed last says nothing of the other days, but asking for all of them costs seconds
                dg.AssetDep(dg.AssetKey(["landing", table]), partition_mapping=dg.LastPartitionMapping())
                for table in CONTRACTS
            ],
            group_name="landing",
            owners=list(OWNERS),
            kinds={"parquet"},
            description=text,
        )
        for name, text in zip(
            FACTS,
            (
                "One row: the as-of day and instant of this run, time zone and currency.",
                "One row per table of the contracts: whether, and from when to when, it was delivered.",
                "One row per table and extract day: what became of its rows.",
                "One row per table: what its deliveries were like, how late rows come.",
                "One row per value that identifies nobody, as it lands.",
                "One row per decision by hand on two identifiers, as they land.",
            ),
            strict=True,
        )
    ],
    required_resource_keys={"home"},
    pool="home",
)
def landing_facts(context: dg.AssetExecutionContext, config: AsOf) -> Iterator[dg.MaterializeResult]:
    """Write what dbt is told about this run."""
    session: Session = context.resources.home
    tags = context.run.tags
    day = tags.get("dagster/asset_partition_range_end") or tags.get("dagster/partition")
    last = date.fromisoformat(day) if day else date.min
    as_of = course.as_of_day(session, last, date.fromisoformat(config.as_of) if config.as_of else None)
    course.write_facts(session, as_of, is_rebuild=config.rebuild)
    for name in FACTS:
        yield dg.MaterializeResult(asset_key=dg.AssetKey(["landing", name]), metadata={"as_of_date": str(as_of)})
