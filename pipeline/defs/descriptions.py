"""What tables and columns mean, from the dbt manifest and the contracts, for the comments in a release.

Belongs here: looking descriptions up. Does not belong here: writing any.
"""

import json
from pathlib import Path

RUN_TABLES = {
    "data_coverage": "One row per table of the contracts, with what was delivered, refused and quarantined",
    "data_coverage_daily": "One row per table and accepted extract day: rows against what is usual, and lateness",
    "kpi_restatements": "One row per KPI, closed day and segment whose value the release before gave otherwise",
    "data_quality": "One row per expectation judged at either door",
    "data_quality_trend": "One row per door, table and day or release judged: expectations met and unmet",
}


def table_comments(manifest: Path) -> dict[str, dict[str, str]]:
    """Comments per published table: the table's own under the empty name, then per column."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    comments = {name: {"": text} for name, text in RUN_TABLES.items()}
    for node in nodes:
        if node["resource_type"] == "model" and node["schema"] == "published":
            columns = {name: column["description"] for name, column in node["columns"].items()}
            comments[node["name"]] = {"": node["description"], **columns}
    return comments
