"""A copy of what is held about one person: landing, quarantine, models at the level of a customer.

Belongs here: which rows go into it. Does not belong here: writing (privacy), finding (landing).
"""

from pathlib import Path

from pipeline import landing, privacy
from pipeline.contracts import CONTRACTS
from pipeline.defs.erasing import find_person
from pipeline.defs.session import Session
from pipeline.settings import Home
from pipeline.warehouse import connection, identifier, literals

_KEYED = (
    "select table_name from duckdb_columns() where schema_name = 'marts' and column_name = 'customer_key' order by 1"
)


def export(session: Session, crm_id: str, folder: Path) -> dict[str, int]:
    """Write what is held about one person into a new folder that only its owner may read.

    Args:
        session: the run's configuration.
        crm_id: their number in the CRM.
        folder: the folder.

    Returns:
        Rows by ``<part>/<table>``, those without a row left out.

    Raises:
        FileExistsError: the folder is there.
        UnknownPersonError: the number is nowhere in landing.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} exists; nothing was written. Give another folder.")
    home = session.settings.paths
    person = find_person(session, frozenset({crm_id}))
    folder.mkdir(parents=True, mode=0o700)
    found = _landed(home, person, folder) | _models(home, crm_id, folder)
    is_theirs = landing.word_test(person, session.key.secret)
    raw = [row for row in landing.quarantined_rows(home) if landing.holds_word(row.raw, is_theirs)]
    if raw:
        lines = "\n".join(f"{row.table}\t{row.day}\t{row.file}\t{row.line}\t{row.raw}" for row in raw)
        privacy.write_private(folder / "quarantine" / "rows.txt", lines + "\n")
        found["quarantine/rows"] = len(raw)
    privacy.write_readme(folder)
    return found


def _landed(home: Home, person: landing.Person, folder: Path) -> dict[str, int]:
    found = {}
    for table, contract in CONTRACTS.items():
        test, relation = person.rows_of(contract), landing.rows_relation(home, contract)
        if test and relation:
            query = f"select * exclude (_key_hash, _row_hash) from {relation} where {test}"
            found[f"landing/{table}"] = privacy.export_rows(query, folder / "landing", table)
    return {name: count for name, count in found.items() if count}


def _models(home: Home, crm_id: str, folder: Path) -> dict[str, int]:
    keys = privacy.Identities.of(home).keys_of({crm_id})
    if not keys:
        return {}
    with connection(home.build_file, read_only=True) as build:
        tables = [str(name) for (name,) in build.execute(_KEYED).fetchall()]
    found = {}
    for table in tables:
        query = f"select * from marts.{identifier(table)} where customer_key in ({literals(keys)})"
        found[f"models/{table}"] = privacy.export_rows(query, folder / "models", table, database=home.build_file)
    return {name: count for name, count in found.items() if count}
