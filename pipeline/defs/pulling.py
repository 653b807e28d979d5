"""Pulling what is due from the databases of a home, before its files are looked at.

Belongs here: what a pull must know of landing and of the home. Does not belong here: the pull itself.
"""

from datetime import date

from pipeline.defs.session import Session
from pipeline.extract import Mapping, pull_day
from pipeline.landing.store import accepted_days, accepted_folder, read_outcome
from pipeline.settings import Home


def pull_due(session: Session, mapping: Mapping, day: date) -> None:
    """Write what a database has for an extract day into the drop folder; nothing for a table of files.

    Raises:
        SourceUnavailableError, SourceAccessError, MissingSecretError: see `pipeline.extract.pull_day`.
    """
    if mapping.query is None:
        return
    home = session.settings.paths
    pull_day(
        mapping,
        day,
        drop=home.drop,
        state=home.landing / "_state" / f"{mapping.table}.json",
        accepted=accepted_hashes(home, mapping.table),
        time_zone=session.company.business_time_zone,
    )


def accepted_hashes(home: Home, table: str) -> frozenset[str]:
    """Hashes of the files that accepted days of a table were made from."""
    outcomes = (read_outcome(accepted_folder(home, table, day)) or {} for day in accepted_days(home, table))
    return frozenset(str(file["sha256"]) for outcome in outcomes for file in outcome.get("files", ()))
