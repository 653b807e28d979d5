"""Assembly of releases, their manifest, the pointer to the served one, and reading them."""

from pipeline.publish.assembly import (
    NotReproducibleError,
    StagedRelease,
    add_quality,
    add_restatements,
    add_table,
    is_sealed,
    reopen_staged,
    seal,
    stage_tables,
    write_database,
)
from pipeline.publish.difference import Difference, KpiDifference, TableDifference, differences
from pipeline.publish.exporting import as_csv
from pipeline.publish.fingerprints import folder_fingerprint, text_fingerprint
from pipeline.publish.gate import (
    ClosedCheck,
    Gate,
    GateClosedError,
    OverrideError,
    gate_now,
    overridden,
    read_gate,
    write_gate,
)
from pipeline.publish.gate_page import gate_page, override_command
from pipeline.publish.manifest import (
    Ingredients,
    Manifest,
    Override,
    TableFacts,
    read_manifest,
    read_profiles,
    release_id,
    write_profiles,
)
from pipeline.publish.pointer import current_release, point_current_at, release_folders
from pipeline.publish.reading import QueryError, query_release, table_names, verify_release
from pipeline.publish.retention import Policy, retirable, retire

__all__ = [
    "ClosedCheck",
    "Difference",
    "Gate",
    "GateClosedError",
    "Ingredients",
    "KpiDifference",
    "Manifest",
    "NotReproducibleError",
    "Override",
    "OverrideError",
    "Policy",
    "QueryError",
    "StagedRelease",
    "TableDifference",
    "TableFacts",
    "add_quality",
    "add_restatements",
    "add_table",
    "as_csv",
    "current_release",
    "differences",
    "folder_fingerprint",
    "gate_now",
    "gate_page",
    "is_sealed",
    "overridden",
    "override_command",
    "point_current_at",
    "query_release",
    "read_gate",
    "read_manifest",
    "read_profiles",
    "release_folders",
    "release_id",
    "reopen_staged",
    "retirable",
    "retire",
    "seal",
    "stage_tables",
    "table_names",
    "text_fingerprint",
    "verify_release",
    "write_database",
    "write_gate",
    "write_profiles",
]
