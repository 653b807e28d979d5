"""A release is assembled in a hidden folder and then renamed; nothing is added after the rename.

Belongs here: staging the published tables, the tables about data itself, the DuckDB file, the final rename. Does not
belong here: checking them (door 2) or drawing them (report); those happen to a staged release before it is sealed.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline.publish.coverage import COVERAGE_TABLES, register_coverage
from pipeline.publish.fingerprints import file_fingerprints, sorted_copy, table_fingerprint
from pipeline.publish.manifest import Ingredients, Manifest, TableFacts, read_manifest, write_manifest
from pipeline.publish.pointer import announce, current_release, is_announced, point_current_at, withdraw
from pipeline.publish.restatement import RESTATEMENTS, Changed, write_restatements
from pipeline.warehouse import connection, file_literal, identifier, literal

RUN_DEPENDENT_TABLES = frozenset({*COVERAGE_TABLES, RESTATEMENTS, "data_quality", "data_quality_trend", "alerts"})
"""Tables that tell about runs; all others are bit-identical for the same input."""

QUALITY_COLUMNS = {
    "door": "VARCHAR",
    "table_name": "VARCHAR",
    "extract_date": "DATE",
    "expectation": "VARCHAR",
    "column_name": "VARCHAR",
    "severity": "VARCHAR",
    "is_met": "BOOLEAN",
    "observed_value": "VARCHAR",
    "why": "VARCHAR",
}


class NotReproducibleError(RuntimeError):
    """The same ingredients gave other tables than the release that exists; never published over it."""


@dataclass(frozen=True)
class StagedRelease:
    """A release under assembly.

    Attributes:
        folder: the hidden folder.
        tables: rows and hash per table staged so far.
    """

    folder: Path
    tables: dict[str, TableFacts]

    @property
    def tables_folder(self) -> Path:
        """Where the Parquet files of the release are."""
        return self.folder / "tables"


def staging_folder(releases: Path, release: str) -> Path:
    """The hidden folder a release is assembled in."""
    return releases / f".staging-{release}"


def reopen_staged(releases: Path, release: str) -> StagedRelease:
    """A release staged by an earlier step, with its facts read off its files.

    Raises:
        FileNotFoundError: nothing is staged under that id.
    """
    folder = staging_folder(releases, release)
    if not folder.is_dir():
        raise FileNotFoundError(f"nothing is staged for release {release}; run again")
    facts: dict[str, TableFacts] = {}
    with connection() as warehouse:
        for path in sorted((folder / "tables").glob("*.parquet")):
            relation = f"read_parquet({literal(str(path))})"
            row = warehouse.execute(f"select count(*) from {relation}").fetchone()
            facts[path.stem] = TableFacts(int(row[0]) if row else 0, table_fingerprint(warehouse, relation))
    return StagedRelease(folder=folder, tables=facts)


def stage_tables(build_file: Path, landing_facts: Path, releases: Path, release: str) -> StagedRelease:
    """Copy the published tables out of the build, unchanged, and add the coverage tables.

    Args:
        build_file: the DuckDB file dbt built.
        landing_facts: folder with the facts landing wrote.
        releases: folder of all releases.
        release: id of the release to be.

    Returns:
        The staged release; a leftover of an earlier attempt is thrown away first.
    """
    for leftover in releases.glob(".staging-*"):
        shutil.rmtree(leftover)
    folder = staging_folder(releases, release)
    (folder / "tables").mkdir(parents=True)
    facts: dict[str, TableFacts] = {}
    with connection(build_file, read_only=True) as warehouse:
        names = warehouse.execute(
            "select table_name from information_schema.tables where table_schema = 'published' order by table_name"
        ).fetchall()
        for (name,) in names:
            relation = f"published.{identifier(name)}"
            row_count = sorted_copy(warehouse, relation, folder / "tables" / f"{name}.parquet")
            facts[name] = TableFacts(row_count=row_count, sha256=table_fingerprint(warehouse, relation))
    with connection() as warehouse:
        register_coverage(warehouse, landing_facts)
        for name in COVERAGE_TABLES:
            row_count = sorted_copy(warehouse, name, folder / "tables" / f"{name}.parquet")
            facts[name] = TableFacts(row_count, table_fingerprint(warehouse, name))
    return StagedRelease(folder=folder, tables=facts)


def add_restatements(
    staged: StagedRelease, *, build_file: Path, served: Path | None, now: Ingredients
) -> StagedRelease:
    """Add ``kpi_restatements``: values of closed days that the release served says otherwise, with the cause.

    Args:
        staged: the release under assembly.
        build_file: the DuckDB file dbt built.
        served: folder of the release served before, if any.
        now: what this release is made of.
    """
    target = staged.tables_folder / f"{RESTATEMENTS}.parquet"
    before = None if served is None else read_manifest(served)
    changed = None if before is None else Changed.between(before.release_id, before.ingredients, now)
    write_restatements(target, build_file=build_file, tables=staged.tables_folder, served=served, changed=changed)
    relation = f"read_parquet({file_literal(target)})"
    with connection() as warehouse:
        row = warehouse.execute(f"select count(*) from {relation}").fetchone()
        facts = TableFacts(int(row[0]) if row else 0, table_fingerprint(warehouse, relation))
    return StagedRelease(staged.folder, {**staged.tables, RESTATEMENTS: facts})


def add_quality(staged: StagedRelease, outcomes: pd.DataFrame) -> StagedRelease:
    """Add ``data_quality``: one row per expectation judged at either door.

    Args:
        staged: the release under assembly.
        outcomes: columns as in ``QUALITY_COLUMNS``.
    """
    return add_table(staged, "data_quality", outcomes, QUALITY_COLUMNS)


def add_table(staged: StagedRelease, name: str, rows: pd.DataFrame, columns: Mapping[str, str]) -> StagedRelease:
    """Add a table that is made while the release is assembled.

    Args:
        staged: the release under assembly.
        name: the table.
        rows: at least its columns.
        columns: its columns with their DuckDB types.
    """
    selected = ", ".join(f"cast({identifier(column)} as {kind}) as {column}" for column, kind in columns.items())
    with connection() as warehouse:
        frame = rows.reindex(columns=list(columns)).astype(object)
        warehouse.register("given_rows", frame.where(frame.notna(), None))
        warehouse.execute(f"create table {identifier(name)} as select {selected} from given_rows")
        row_count = sorted_copy(warehouse, name, staged.tables_folder / f"{name}.parquet")
        facts = TableFacts(row_count, table_fingerprint(warehouse, name))
    return StagedRelease(staged.folder, {**staged.tables, name: facts})


def write_database(staged: StagedRelease, comments: dict[str, dict[str, str]]) -> None:
    """Write ``parcours.duckdb``: the same tables in schema ``main``, with comments.

    Args:
        staged: the release under assembly, all tables in place.
        comments: per table, comment per column; the table's own under the empty name.
    """
    with connection(staged.folder / "parcours.duckdb") as database:
        paths = sorted(staged.tables_folder.glob("*.parquet"))
        for path in paths:
            database.execute(
                f"create table {identifier(path.stem)} as select * from read_parquet({literal(str(path))})"
            )
        database.execute("begin")  # a thousand comments, synced to disk once
        for path in paths:
            name = identifier(path.stem)
            for column, comment in sorted(comments.get(path.stem, {}).items()):
                target = f"column {name}.{identifier(column)}" if column else f"table {name}"
                database.execute(f"comment on {target} is {literal(comment)}")
        database.execute("commit")


def is_sealed(releases: Path, release: str) -> bool:
    """Whether there is a release of this id, which ``seal`` leaves as it is."""
    return (releases / release).exists()


def seal(staged: StagedRelease, manifest: Manifest, releases: Path) -> tuple[Path, bool]:
    """Write the manifest, rename the folder to its id and switch ``current``.

    A release of the same id is left as it is, and served if the run that made it was killed before it could;
    ``current`` never moves to an older as-of date.

    Returns:
        The release's folder, and whether it is new.

    Raises:
        NotReproducibleError: a release of that id exists and its tables differ.
    """
    target = releases / manifest.release_id
    if is_sealed(releases, manifest.release_id):
        existing = read_manifest(target)
        differing = sorted(
            name
            for name in set(existing.tables) | set(staged.tables)
            if name not in RUN_DEPENDENT_TABLES and existing.tables.get(name) != staged.tables.get(name)
        )
        shutil.rmtree(staged.folder)
        if differing:
            raise NotReproducibleError(
                f"release {manifest.release_id} exists and its tables {', '.join(differing)} come out differently "
                "from the same inputs, seeds and code. Nothing was changed; please report this."
            )
        if is_announced(releases, manifest.release_id):
            point_current_at(releases, manifest.release_id)
        return target, False
    write_manifest(replace(manifest, files=file_fingerprints(staged.folder)), staged.folder)
    _make_read_only(staged.folder)
    served = current_release(releases)
    is_newest = served is None or read_manifest(served).as_of_date <= manifest.as_of_date
    if is_newest:
        announce(releases, manifest.release_id)
    else:
        withdraw(releases)
    staged.folder.rename(target)
    if is_newest:
        point_current_at(releases, manifest.release_id)
    return target, True


def _make_read_only(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
            path.chmod(0o444)
