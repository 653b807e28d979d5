"""Forgetting people: which place is asked for what, in which order, and the receipt.

Belongs here: the course of an erasure. Does not belong here: finding and removing rows of any place (their stages).
Tombstones come first and files of the drop second: a run that is killed after either brings nobody back.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline import landing, privacy, publish
from pipeline.contracts import CONTRACTS
from pipeline.defs.drop_files import foreign_places, forget_dropped
from pipeline.defs.profiles import remake_profile
from pipeline.defs.session import Session, door_tombstones
from pipeline.settings import Home


@dataclass(frozen=True)
class Erased:
    """What an erasure did.

    Attributes:
        receipt: what is written down of it.
        file: where.
    """

    receipt: privacy.Receipt
    file: Path


def find_person(session: Session, crm_ids: frozenset[str]) -> landing.Person:
    """The people of some numbers of the CRM, with everything that is tied to them.

    Raises:
        UnknownPersonError: one of the numbers is nowhere in landing.
    """
    home = session.settings.paths
    identities = privacy.Identities.of(home)
    together = identities.together(crm_ids)
    person = landing.find_person(home, crm_ids, together=together, elsewhere=identities.elsewhere)
    unknown = sorted(number for number in crm_ids if not landing.is_landed(home, number))
    if unknown:
        raise landing.UnknownPersonError(
            f"{len(unknown)} of {len(crm_ids)} numbers are on no row of landing. Nothing was "
            "touched. Give numbers as the CRM writes them; whoever was forgotten before is known no more."
        )
    return person


def erase(session: Session, crm_ids: frozenset[str], *, at: datetime, keeps_releases: bool = False) -> Erased:
    """Remove people from every place of a home; to be called by its one writer, and a run makes the rest anew.

    Args:
        session: the run's configuration.
        crm_ids: their numbers in the CRM.
        at: now, naive UTC.
        keeps_releases: leave older releases, though their difference to the next may tell of the person.

    Raises:
        UnknownPersonError: nothing was touched.
    """
    home = session.settings.paths
    person = find_person(session, crm_ids)
    tombstone_count = privacy.add_tombstones(home, person.identifiers, session.key)
    session = replace(session, tombstones=door_tombstones(home))
    is_theirs = landing.word_test(person, session.key.secret)
    removed, left = _from_drop(session, is_theirs)
    removed += list(_from_landing(home, person, is_theirs))
    removed += list(_from_build(home))
    old = [] if keeps_releases else [folder.name for folder in publish.release_folders(home.releases)]
    receipt = privacy.Receipt(
        receipt_id=privacy.receipt_id(at, home),
        erased_at=at.isoformat(timespec="seconds") + "Z",
        people_count=len(crm_ids),
        tombstone_count=tombstone_count,
        removed=tuple(removed),
        left=tuple(left),
        retired_releases=tuple(old),
        is_retirement_due=not keeps_releases,
    )
    return Erased(receipt, privacy.write_receipt(home, receipt))


def retire_due(home: Home, at: datetime) -> list[str]:
    """Take away releases from before an erasure, once one from after it is served.

    Returns:
        The ids taken away.
    """
    due = privacy.releases_due(home)
    served = publish.current_release(home.releases)
    if served is None or served.name in due:
        return []
    gone = list(publish.retire(home.releases, due, reason="erasure", at=at)) if due else []
    privacy.settle(home, served.name)
    return gone


def _from_drop(session: Session, is_theirs: Callable[[str], bool]) -> tuple[list[privacy.Removed], list[privacy.Left]]:
    removed, left = [], [privacy.Left(name, why) for name, why in foreign_places(session)]
    for each in forget_dropped(session, is_theirs):
        if each.problem:
            left.append(privacy.Left(each.name, f"{each.row_count} rows: {each.problem}"))
        else:
            removed.append(privacy.Removed("drop", each.name, each.row_count, each.hash_before, each.hash_after))
    return removed, left


def _from_landing(home: Home, person: landing.Person, is_theirs: Callable[[str], bool]) -> Iterator[privacy.Removed]:
    for found in (landing.forget_landed(home, person), landing.forget_quarantined(home, is_theirs)):
        for each in found:
            if each.place == "landing":
                remake_profile(home, CONTRACTS[each.table], each.day)
            name = f"{each.table}, extract day {each.day}"
            yield privacy.Removed(each.place, name, each.row_count, each.hash_before or "", each.hash_after or "")
    shutil.rmtree(home.quarantine / "_scratch", ignore_errors=True)


def _from_build(home: Home) -> Iterator[privacy.Removed]:
    """The build and the tables of the analysis hold a row per customer: they go whole, and the next run makes them."""
    files = [("warehouse", file) for file in sorted(home.build_file.parent.glob(f"{home.build_file.name}*"))]
    files += [("analysis", file) for file in sorted(home.analysis.rglob("*.parquet"))]
    for place, file in files:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        file.unlink()
        yield privacy.Removed(place, file.relative_to(home.root).as_posix(), None, digest)
