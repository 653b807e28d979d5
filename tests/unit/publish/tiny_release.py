"""Releases of one table with one number, made in milliseconds; also a process that publishes them until it is killed.

Belongs here: what the tests of concurrency and of kills publish. Does not belong here: assertions.
"""

import sys
from pathlib import Path

import duckdb

from pipeline import publish
from pipeline.publish.fingerprints import table_fingerprint
from pipeline.warehouse import file_literal, literal


def tiny(releases: Path, number: int) -> Path:
    """Publish a release that says its number in the Parquet file, the database, the report and the manifest."""
    made_of = publish.Ingredients(str(number), "seeds", "code", "key")
    as_of = f"{2000 + number // 372:04d}-{number // 31 % 12 + 1:02d}-{number % 31 + 1:02d}"
    folder = releases / f".staging-{publish.release_id(as_of, made_of)}"
    if folder.is_dir():
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()
    (folder / "tables").mkdir(parents=True)
    parquet = folder / "tables" / "kpi_latest.parquet"
    # Not through `warehouse`, whose settings cost more than the release does.
    with duckdb.connect(folder / "parcours.duckdb", config={"threads": 1}) as database:
        database.execute(f"create table kpi_latest as select {number} as value")
        database.execute(f"copy kpi_latest to {file_literal(parquet)} (format parquet)")
        facts = publish.TableFacts(1, table_fingerprint(database, "kpi_latest"))
    (folder / "report").mkdir()
    (folder / "report" / "index.html").write_text(str(number), encoding="utf-8")
    staged = publish.StagedRelease(folder, {"kpi_latest": facts})
    manifest = publish.Manifest(
        publish.release_id(as_of, made_of), as_of, f"{as_of}T05:30:00Z", "0", "EUR", "UTC", made_of, staged.tables
    )
    return publish.seal(staged, manifest, releases)[0]


def told(release: Path) -> set[int]:
    """The numbers a release says of itself; one, unless it is mixed."""
    parquet, database = release / "tables" / "kpi_latest.parquet", release / "parcours.duckdb"
    with duckdb.connect(config={"threads": 1}) as memory:
        memory.execute(f"attach {literal(str(database))} as release (read_only)")
        both = f"from read_parquet({literal(str(parquet))}) union all from release.kpi_latest"
        numbers = {int(row[0]) for row in memory.execute(both).fetchall()}
    numbers.add(int((release / "report" / "index.html").read_text(encoding="utf-8")))
    numbers.add(int(publish.read_manifest(release).ingredients.inputs))
    return numbers


if __name__ == "__main__":
    folder, first = Path(sys.argv[1]), int(sys.argv[2])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for each in range(first, first + 10_000):
        tiny(folder, each)
