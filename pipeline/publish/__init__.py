"""Assembly of releases, their manifest, the pointer to the served one, and reading them."""

from pipeline.publish.assembly import (
    NotReproducibleError,
    StagedRelease,
    add_quality,
    add_restatements,
    add_table,
    reopen_staged,
    seal,
    stage_tables,
    write_database,
)
from pipeline.publish.exporting import as_csv
from pipeline.publish.fingerprints import folder_fingerprint, text_fingerprint
from pipeline.publish.manifest import Ingredients, Manifest, TableFacts, read_manifest, release_id
from pipeline.publish.pointer import current_release, point_current_at, release_folders
from pipeline.publish.reading import QueryError, query_release, table_names, verify_release

__all__ = [
    "Ingredients",
    "Manifest",
    "NotReproducibleError",
    "QueryError",
    "StagedRelease",
    "TableFacts",
    "add_quality",
    "add_restatements",
    "add_table",
    "as_csv",
    "current_release",
    "folder_fingerprint",
    "point_current_at",
    "query_release",
    "read_manifest",
    "release_folders",
    "release_id",
    "reopen_staged",
    "seal",
    "stage_tables",
    "table_names",
    "text_fingerprint",
    "verify_release",
    "write_database",
]
