"""What the drop holds against what was landed before: files that are gone, that change, that replace a day.

Belongs here: questions about files of a day. Does not belong here: their rows.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from pipeline.contracts import Contract
from pipeline.landing import store
from pipeline.landing.chronology import HAPPENED
from pipeline.landing.model import DoorSettings, DroppedFile, TableMapping
from pipeline.settings import Home

_VERSION = "4"  # of the rules at the door: raising it lands everything again
_GONE = (
    "it is part of the accepted day and no longer in the drop, so its rows would be lost. "
    "Put it back, or deliver the whole day again under a name with .rN before the suffix."
)
_CHANGED = "it changed while it was read. Run again once its upload has ended."


def missing_parts(home: Home, table: str, day: date, files: Sequence[DroppedFile]) -> list[dict[str, Any]]:
    """Problems of a day whose accepted version has files that are gone, unless all of it is replaced.

    Args:
        home: the home.
        table: the table.
        day: the extract day.
        files: what the drop holds for it.
    """
    accepted = store.read_outcome(store.accepted_folder(home, table, day)) or {"files": []}
    names = {file.name for file in files}
    gone = [known for known in accepted["files"] if known["name"] not in names]
    if not gone:
        return []
    before = max(known.get("replacement", 0) for known in accepted["files"])
    if files and min(file.replacement for file in files) > before:
        return []
    renamed = {file.sha256 for file in files}
    return [{"file": known["name"], "message": _GONE} for known in gone if known["sha256"] not in renamed]


def only_remains(accepted: dict[str, Any], files: Sequence[DroppedFile]) -> bool:
    """Whether a day is delivered as it was accepted but for files archived since: then nothing is new."""
    known = {(each["name"], each["sha256"]) for each in accepted["files"]}
    return len(files) < len(known) and all((file.name, file.sha256) in known for file in files)


def input_fingerprint(
    files: Sequence[DroppedFile], mapping: TableMapping, contract: Contract, settings: DoorSettings
) -> str:
    """Hash of all that the rows of a day are made from."""
    parts: list[Any] = [
        _VERSION,
        [[file.name, file.sha256] for file in files],
        mapping.fingerprint,
        repr(contract),
        settings.key_fingerprint,
    ]
    if contract.table in HAPPENED:
        parts.append(settings.future_tolerance_hours)
    if contract.scored_by:
        parts.append(sorted((key, *map(str, scale)) for key, scale in settings.scales.items()))
    if contract.amount_columns or contract.table in HAPPENED:
        parts += [settings.reporting_currency, settings.business_time_zone]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def changed_files(files: Sequence[DroppedFile]) -> list[dict[str, Any]]:
    """Problems of files that are not what they were when their hash was taken."""
    return [{"file": file.name, "message": _CHANGED} for file in files if not file.is_as_hashed()]
