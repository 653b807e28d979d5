"""The receipt of an erasure: what was removed where, with hashes before and after, and whose it was left out.

Belongs here: the shape of the receipt, writing and reading it; releases that must go once there is a new one. Does not
belong here: removing anything.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.privacy.tombstones import write_private
from pipeline.settings import Home


@dataclass(frozen=True)
class Removed:
    """What was removed from one place.

    Attributes:
        place: ``drop``, ``landing``, ``quarantine``, ``warehouse`` or ``analysis``.
        name: file, or table and extract day.
        row_count: rows removed; ``None`` where the whole file went, to be built anew.
        hash_before: SHA-256 of the file, or content hash of the day, before; empty where none is kept.
        hash_after: the same after.
    """

    place: str
    name: str
    row_count: int | None
    hash_before: str = ""
    hash_after: str = ""


@dataclass(frozen=True)
class Left:
    """A place that is not under our control, or could not be rewritten: somebody must see to it.

    Attributes:
        name: file or place.
        why: what it is, and what to do.
    """

    name: str
    why: str


@dataclass(frozen=True)
class Receipt:
    """One erasure; it holds no identifier and no hash of one.

    Attributes:
        receipt_id: instant and number of people.
        erased_at: ISO instant (UTC).
        people_count: how many people were asked for.
        tombstone_count: hashes that keep them out from now on.
        removed: what went, by place.
        left: what somebody must see to.
        retired_releases: releases that were taken away, or are as soon as there is a new one.
        release_after: the release made without them; ``None`` until there is one.
    """

    receipt_id: str
    erased_at: str
    people_count: int
    tombstone_count: int
    removed: tuple[Removed, ...] = ()
    left: tuple[Left, ...] = ()
    retired_releases: tuple[str, ...] = ()
    release_after: str | None = None
    is_retirement_due: bool = field(default=False)


def receipt_id(at: datetime, home: Home) -> str:
    """An id no receipt of the home has yet."""
    base = at.strftime("%Y%m%dT%H%M%SZ")
    taken = {file.stem for file in _folder(home).glob("*.json")}
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if name not in taken)


def write_receipt(home: Home, receipt: Receipt) -> Path:
    """Write a receipt, owner-readable; a later state of it replaces the earlier one."""
    file = _folder(home) / f"{receipt.receipt_id}.json"
    write_private(file, json.dumps(asdict(receipt), sort_keys=True, indent=1, ensure_ascii=False) + "\n")
    return file


def read_receipts(home: Home) -> list[Receipt]:
    """All receipts of a home, oldest first."""
    return [_read(file) for file in sorted(_folder(home).glob("*.json"))]


def releases_due(home: Home) -> list[str]:
    """Releases from before an erasure that are still there: they go as soon as there is one from after it."""
    return sorted({name for each in read_receipts(home) if each.is_retirement_due for name in each.retired_releases})


def settle(home: Home, release: str) -> Sequence[Receipt]:
    """Say of every receipt whose releases were due that they went, and which release came after."""
    settled = [
        replace(each, is_retirement_due=False, release_after=release)
        for each in read_receipts(home)
        if each.is_retirement_due
    ]
    for each in settled:
        write_receipt(home, each)
    return settled


def _folder(home: Home) -> Path:
    return home.pseudonym_key.parent / "receipts"


def _read(file: Path) -> Receipt:
    content = json.loads(file.read_text(encoding="utf-8"))
    content["removed"] = tuple(Removed(**each) for each in content["removed"])
    content["left"] = tuple(Left(**each) for each in content["left"])
    content["retired_releases"] = tuple(content["retired_releases"])
    return Receipt(**content)
