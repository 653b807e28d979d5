"""Reading releases: verification and queries that can neither write nor look elsewhere.

Belongs here: what a reader does with a sealed release. Does not belong here: making one.
"""

from pathlib import Path

import duckdb
import pandas as pd

from pipeline.publish.fingerprints import file_fingerprints, table_fingerprint
from pipeline.publish.manifest import MANIFEST, Manifest, read_manifest
from pipeline.warehouse import connection, identifier, literal


class QueryError(ValueError):
    """The query cannot be answered from a release; the message says why."""


def verify_release(folder: Path) -> list[str]:
    """Compare a release with its manifest: every file byte by byte, every table row by row.

    Returns:
        What differs, in words; empty if nothing does.
    """
    manifest = read_manifest(folder)
    found = {name: digest for name, digest in file_fingerprints(folder).items() if name != MANIFEST}
    problems = [f"{name} is missing" for name in sorted(set(manifest.files) - set(found))]
    problems += [f"{name} is not in the manifest" for name in sorted(set(found) - set(manifest.files))]
    problems += [f"{name} was changed" for name, digest in manifest.files.items() if found.get(name, digest) != digest]
    return problems + _differing_tables(folder, manifest)


def _differing_tables(folder: Path, manifest: Manifest) -> list[str]:
    problems = []
    with connection() as memory:
        try:
            memory.execute(f"attach {literal(str(folder / 'parcours.duckdb'))} as release (read_only)")
        except duckdb.Error:
            return ["parcours.duckdb cannot be read"]
        for name, facts in sorted(manifest.tables.items()):
            path = folder / "tables" / f"{name}.parquet"
            sources = {f"tables/{name}.parquet": f"read_parquet({literal(str(path))})"}
            sources[f"{name} in parcours.duckdb"] = f"release.main.{identifier(name)}"
            for label, relation in sources.items():
                try:
                    found = table_fingerprint(memory, relation)
                except duckdb.Error:
                    problems.append(f"{label} cannot be read")
                    continue
                if found != facts.sha256:
                    problems.append(f"{label} differs from the manifest")
    return problems


def query_release(folder: Path, sql: str) -> pd.DataFrame:
    """Answer one SELECT from a release.

    The connection is read-only, cannot reach other files or load extensions, and its settings are locked.

    Args:
        folder: the release.
        sql: one statement over the release's tables.

    Raises:
        QueryError: not one statement, not a reading one, or wrong SQL.
    """
    # Attached to a database of its own: a file opened twice in a process shares its settings, locked ones too.
    with connection() as release:
        release.execute(f"attach {literal(str(folder / 'parcours.duckdb'))} as release (read_only)")
        release.execute("use release")
        release.execute("set enable_external_access = false")
        # The file that is open stays readable as a file otherwise; what is open already needs no file system.
        release.execute("set disabled_filesystems = 'LocalFileSystem'")
        release.execute("set lock_configuration = true")
        try:
            statements = release.extract_statements(sql)
            if len(statements) != 1:
                raise QueryError("give exactly one SQL statement")
            if statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
                raise QueryError("releases are read-only: only SELECT and EXPLAIN are answered")
            return release.execute(statements[0]).df()
        except duckdb.Error as error:
            raise QueryError(f"{error} (tables: {', '.join(table_names(folder))})") from None


def table_names(folder: Path) -> list[str]:
    """Names of the tables of a release."""
    return sorted(path.stem for path in (folder / "tables").glob("*.parquet"))
