"""What tables and columns mean, from the dbt manifest and from `run_tables.yml`, for the comments in a release.

Belongs here: looking descriptions up. Does not belong here: writing any.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

_RUN_TABLES: Final = Path(__file__).with_name("run_tables.yml")


@dataclass(frozen=True)
class RunTable:
    """A table that no model makes.

    Attributes:
        description: what a row is.
        columns: type (DuckDB, lower case) and meaning by column.
    """

    description: str
    columns: Mapping[str, tuple[str, str]]


@cache
def run_tables() -> Mapping[str, RunTable]:
    """Tables written when a release is assembled, by name."""
    found: dict[str, Any] = yaml.safe_load(_RUN_TABLES.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: RunTable(
                description=str(entry["description"]),
                columns={column: (str(kind), str(meaning)) for column, (kind, meaning) in entry["columns"].items()},
            )
            for name, entry in found.items()
        }
    )


def table_comments(manifest: Path) -> dict[str, dict[str, str]]:
    """Comments per published table: the table's own under the empty name, then per column."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    comments = {
        name: {"": table.description, **{column: meaning for column, (_, meaning) in table.columns.items()}}
        for name, table in run_tables().items()
    }
    for node in nodes:
        if node["resource_type"] == "model" and node["schema"] == "published":
            columns = {name: column["description"] for name, column in node["columns"].items()}
            comments[node["name"]] = {"": node["description"], **columns}
    return comments
