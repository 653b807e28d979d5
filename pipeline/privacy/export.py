"""A copy of what is held about one person, for the person.

Belongs here: writing it where only its owner may read. Does not belong here: finding the rows (landing), models.
"""

from pathlib import Path

from pipeline.warehouse import connection, literal

_README = """\
What is held about one person, as of the moment this folder was written.

landing/     rows of the extracts as they landed; every version of every day. E-mail addresses and telephone numbers are
             pseudonyms here, names and postal addresses never landed.
quarantine/  rows that broke a rule and are kept for a while as they came.
models/      what was worked out from them at the level of one customer.

Each table is there twice, as CSV and as JSON Lines. Published tables hold no row of one person.
"""


def export_rows(query: str, folder: Path, name: str, *, database: Path | None = None) -> int:
    """Write the rows of a query as ``<name>.csv`` and ``<name>.jsonl``, owner-readable; nothing if there are none.

    Args:
        query: one SELECT.
        folder: where to write; made with mode 0700.
        name: stem of both files.
        database: DuckDB file the query reads, else none.

    Returns:
        Rows written.
    """
    with connection(database, read_only=database is not None) as opened:
        opened.execute(f"create temp table rows_of_person as {query}")
        count = int(opened.execute("select count(*) from rows_of_person").fetchall()[0][0])
        if count:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for suffix, how in (("csv", "format csv, header"), ("jsonl", "format json")):
                file = folder / f"{name}.{suffix}"
                file.touch(mode=0o600)
                opened.execute(f"copy (select * from rows_of_person order by all) to {literal(str(file))} ({how})")
                file.chmod(0o600)
    return count


def write_readme(folder: Path) -> None:
    """Say in the folder what is in it."""
    file = folder / "README.txt"
    file.write_text(_README, encoding="utf-8")
    file.chmod(0o600)
