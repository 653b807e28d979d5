"""A new pseudonym key: everything that was landed with the old one goes, and the next run lands it again.

Belongs here: what must be in the drop before that is possible, and the order of removal. Does not belong here: keys
(privacy), landing. Landing goes first and the key last, so that a killed re-key leaves the old key with less landed:
the next run, or the next re-key, makes up for it from the drop.
"""

import shutil
from datetime import date

from pipeline import landing, privacy
from pipeline.contracts import CONTRACTS
from pipeline.defs.session import Session
from pipeline.extract import discover
from pipeline.landing.delivered import missing_parts


def lost_days(session: Session) -> list[tuple[str, date]]:
    """(table, extract day) of accepted days that the drop cannot give again, in order.

    Raises:
        UnsafePathError, UndatedFileError, SourceUnavailableError, SourceAccessError: see `pipeline.extract.discover`.
    """
    home = session.settings.paths
    found: list[tuple[str, date]] = []
    for table in CONTRACTS:
        mapping = session.sources.mappings.get(table)
        files = discover(home.drop, mapping) if mapping is not None else {}
        found += [
            (table, day)
            for day in landing.accepted_days(home, table)
            if not files.get(day) or missing_parts(home, table, day, files[day])
        ]
    return found


def rekey_home(session: Session) -> privacy.PseudonymKey:
    """Throw away all that bears pseudonyms of the old key, then make a new one.

    Tombstones stay: they keep the key of their day. Releases stay: they hold no pseudonym. Memory of pulls from
    databases stays: their files are in the drop.
    """
    home = session.settings.paths
    for folder in (
        *(home.pending / table for table in CONTRACTS),
        *(home.landing / table for table in CONTRACTS),
        home.quarantine,
        home.build_file,
        home.analysis,
    ):
        if folder.is_dir():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
    return privacy.replace_key(home.pseudonym_key)
