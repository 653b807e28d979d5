"""What a release is made of, read off a landed home: its as-of day and the hashes of all its numbers depend on.

Belongs here: reading them. Does not belong here: making or judging a release.
"""

from datetime import date

from pipeline import publish
from pipeline.defs.session import Session
from pipeline.warehouse import connection, literal


def run_day(session: Session) -> date:
    """The as-of day that was written into this run's parameters."""
    parameters = literal(str(session.settings.paths.landing_facts / "run_parameters.parquet"))
    with connection(threads=1) as memory:
        row = memory.execute(f"select cast(as_of_date as varchar) from read_parquet({parameters})").fetchone()
    if row is None:
        raise RuntimeError("landing has no run parameters")
    return date.fromisoformat(row[0])


def ingredients(session: Session) -> publish.Ingredients:
    """Hashes of everything the numbers of a release depend on."""
    settings = session.settings
    with connection(threads=1) as memory:
        outcomes = literal(str(settings.paths.landing_facts / "extract_outcomes.parquet"))
        rows = memory.execute(
            f"select table_name, cast(extract_date as varchar), content_hash from read_parquet({outcomes}) "
            "where status = 'accepted' order by all"
        ).fetchall()
        for fact in ("blocked_identifiers", "identity_decisions"):
            file = literal(str(settings.paths.landing_facts / f"{fact}.parquet"))
            declared = memory.execute(f"select cast(columns(*) as varchar) from read_parquet({file}) order by all")
            rows += [tuple(part or "" for part in row) for row in declared.fetchall()]
    company = session.company
    inputs = [part for row in rows for part in row]
    return publish.Ingredients(
        inputs=publish.text_fingerprint([*inputs, company.business_time_zone, company.reporting_currency]),
        seeds=publish.folder_fingerprint([settings.paths.root / "dbt" / "project" / "seeds"]),
        code=session.code,
        key_fingerprint=session.key.fingerprint,
    )
