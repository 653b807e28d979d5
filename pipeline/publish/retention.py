"""Which releases are kept, and taking the others away so that no reader meets half of one.

Belongs here: the policy and the removal. Does not belong here: why a person's data must go (privacy), serving.
"""

import json
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.publish.manifest import Manifest, read_manifest
from pipeline.publish.pointer import current_release, release_folders

RETIRED = ".retired.jsonl"
"""What was taken away, when and why: one JSON object per line, beside the releases."""
_LEAVING = ".retired-"


@dataclass(frozen=True)
class Policy:
    """What is kept of old releases.

    Attributes:
        newest: how many of the newest stay, by as-of day, then by instant.
        months: of how many of the latest months with a release the last one stays, however old.
    """

    newest: int
    months: int


def retirable(releases: Path, policy: Policy) -> list[str]:
    """Ids of the releases a policy lets go, oldest first.

    The served release stays, and so does the one it replaced, to which one rolls back.
    """
    found = sorted((read_manifest(folder) for folder in release_folders(releases)), key=_age)
    served = current_release(releases)
    kept = {each.release_id for each in found[-policy.newest :]} if policy.newest else set()
    last_of_month = {each.as_of_date[:7]: each.release_id for each in found}
    kept |= {last_of_month[month] for month in sorted(last_of_month)[-policy.months :]} if policy.months else set()
    if served is not None:
        kept |= {served.name, read_manifest(served).previous_release_id or served.name}
    return [each.release_id for each in found if each.release_id not in kept]


def _age(manifest: Manifest) -> tuple[str, str, str]:
    return manifest.as_of_date, manifest.published_at, manifest.release_id


def retire(releases: Path, names: Collection[str], *, reason: str, at: datetime) -> Sequence[str]:
    """Take releases away: out of sight by one rename each, then off the disk; a killed run's rest goes as well.

    Args:
        releases: folder of all releases.
        names: their ids; those that are not there are passed over.
        reason: why, for the record.
        at: now, naive UTC.

    Returns:
        The ids taken away, sorted.

    Raises:
        ValueError: one of them is served.
    """
    served = current_release(releases)
    if served is not None and served.name in names:
        raise ValueError(f"release {served.name} is served and cannot be taken away; serve another one first")
    gone = sorted(folder.name for folder in release_folders(releases) if folder.name in set(names))
    for name in gone:
        line = {"release_id": name, "reason": reason, "retired_at": at.isoformat(timespec="seconds") + "Z"}
        with (releases / RETIRED).open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
        (releases / name).rename(releases / f"{_LEAVING}{name}")
    for leftover in releases.glob(f"{_LEAVING}*"):
        shutil.rmtree(leftover)
    return gone
