"""The two steps of publishing: a staged release behind door 2, and the sealed release.

Belongs here: the Dagster side of publishing. Does not belong here: assembling a release.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipeline.defs import alerting, releasing
from pipeline.defs.resources import OWNERS
from pipeline.publish import NotReproducibleError

STAGED = dg.AssetKey(["releases", "staged"])
CURRENT = dg.AssetKey(["releases", "current"])
_COMMON: dict[str, Any] = {
    "group_name": "releases",
    "owners": list(OWNERS),
    "required_resource_keys": {"home"},
    "pool": "home",
}


def release_assets(published: Sequence[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """Both assets of publishing.

    Args:
        published: keys of the published models, which a release copies.
    """
    return [staged_release(published), current_release]


def staged_release(published: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The release to be, and door 2 as a check that stops what comes after."""

    @dg.asset(
        key=STAGED,
        deps=list(published),
        kinds={"parquet"},
        description="The release to be, in a hidden folder: published tables, coverage, and what both doors said.",
        check_specs=[
            dg.AssetCheckSpec(
                "door_2", asset=STAGED, blocking=True, description="Great Expectations on every table of the release"
            )
        ],
        **_COMMON,
    )
    def staged(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        try:
            judged = releasing.stage_and_judge(context.resources.home)
        except releasing.GateClosedError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        outcomes = [outcome for verdict in judged.verdicts.values() for outcome in verdict.outcomes]
        door = dg.AssetCheckResult(
            check_name="door_2",
            passed=not judged.is_blocked,
            metadata={
                "expectations": len(outcomes),
                "met": sum(outcome.is_met for outcome in outcomes),
                "unmet": dg.MetadataValue.json(judged.unmet),
            },
        )
        rows = {name: facts.row_count for name, facts in judged.staged.tables.items()}
        hashes = {name: facts.sha256 for name, facts in judged.staged.tables.items()}
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(rows.values()),
                "rows": dg.MetadataValue.json(rows),
                "sha256": dg.MetadataValue.json(hashes),
            },
            check_results=[door],
        )

    return staged


@dg.asset(
    key=CURRENT,
    deps=[STAGED],
    kinds={"duckdb", "parquet"},
    description="The sealed release: tables, one DuckDB file, report and manifest; `current` points at it.",
    check_specs=[dg.AssetCheckSpec("alerts", asset=CURRENT, description="No alert is open and critical")],
    **_COMMON,
)
def current_release(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Seal the staged release and serve it."""
    now = datetime.now(UTC).replace(tzinfo=None)
    try:
        folder, is_new = releasing.seal_staged(context.resources.home, now)
    except NotReproducibleError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
    is_calm, told = alerting.state(context.resources.home.settings)
    return dg.MaterializeResult(
        metadata={"release_id": folder.name, "is_new": is_new, "report": f"{folder.name}/report/index.html"},
        check_results=[
            dg.AssetCheckResult(
                check_name="alerts",
                passed=is_calm,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"open": dg.MetadataValue.json(told)},
            )
        ],
    )
