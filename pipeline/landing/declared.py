"""What a company declares about identities in its seeds, in the form identifiers land in.

Belongs here: hashing the addresses and numbers of two seeds as the door hashes those of extracts, so that dbt can
compare them. Does not belong here: what follows from them (the identity models).
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.contracts import Column, ColumnType, PersonalData
from pipeline.landing.model import LandingError
from pipeline.landing.personal import landed_value, set_pads

BLOCKED_SEED = "identity_blocked_values.csv"
OVERRIDES_SEED = "identity_overrides.csv"
DECLARED_SEEDS = (BLOCKED_SEED, OVERRIDES_SEED)
"""Seeds that may hold addresses and numbers of people: they are read here and go no further."""
_PERSONAL = {"email": PersonalData.EMAIL, "phone": PersonalData.PHONE}
_KINDS = ("crm", "loyalty", "user", "email", "phone", "anonymous")
_PSEUDONYM = "regexp_full_match(trim(value), '[0-9a-f]{32,64}')"
"""An address or number that somebody copied from a table of ours: it landed before."""

Blocked = tuple[str, str, str]
Decision = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Declared:
    """Identifiers of the seeds as they land.

    Attributes:
        blocked: identifier type, identifier, reason; values that can be no identifier are left out.
        decisions: ``merge`` or ``split``, type, identifier, other type, other identifier.
    """

    blocked: tuple[Blocked, ...] = ()
    decisions: tuple[Decision, ...] = ()


def read_declared(*folders: Path, key: bytes) -> Declared:
    """Read both seeds, each from the first folder that has it.

    Args:
        folders: seed folders, the company's own first.
        key: the pseudonym key of the home.

    Raises:
        LandingError: a seed lacks a column, or a row says what cannot be meant.
    """
    blocked = _rows(folders, BLOCKED_SEED, ("identifier_type", "identifier", "reason"))
    kinds = ", ".join(_KINDS)
    _demand(BLOCKED_SEED, f"identifier_type is one of {kinds}", is_met=all(row[0] in _KINDS for row in blocked))
    names = ("action", "identifier_type", "identifier", "other_identifier_type", "other_identifier")
    decided = _rows(folders, OVERRIDES_SEED, (*names, "reason", "decided_by"))
    is_known = all(row[1] in _KINDS and row[3] in _KINDS for row in decided)
    _demand(OVERRIDES_SEED, "action is merge or split", is_met=all(row[0] in ("merge", "split") for row in decided))
    _demand(OVERRIDES_SEED, f"identifier types are of {kinds}", is_met=is_known)
    _demand(OVERRIDES_SEED, "a decision has reason and decided_by", is_met=all(row[5] and row[6] for row in decided))
    decisions = [row[:5] for row in decided]
    with duckdb.connect(config={"threads": 1}) as opened:
        set_pads(opened, key)
        landed_blocked = [(kind, _landed(opened, kind, value), reason) for kind, value, reason in blocked]
        landed_decisions = [
            (action, kind, _landed(opened, kind, value), other_kind, _landed(opened, other_kind, other))
            for action, kind, value, other_kind, other in decisions
        ]
    return Declared(
        blocked=tuple((kind, value, reason) for kind, value, reason in landed_blocked if value is not None),
        decisions=tuple(
            (action, kind, value, other_kind, other)
            for action, kind, value, other_kind, other in landed_decisions
            if value is not None and other is not None
        ),
    )


def _demand(name: str, rule: str, *, is_met: bool) -> None:
    if not is_met:
        raise LandingError(f"{name}: {rule}; mend the row and run again")


def _rows(folders: tuple[Path, ...], name: str, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    file = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if file is None:
        return []
    with file.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise LandingError(f"{file} has no column {', '.join(missing)}; `parcours init` writes one that has")
        return [tuple((row[column] or "").strip() for column in columns) for row in reader]


def _landed(opened: duckdb.DuckDBPyConnection, kind: str, value: str) -> str | None:
    """The identifier as it lands; None for what would land as nothing."""
    column = Column("value", ColumnType.TEXT, "", personal_data=_PERSONAL.get(kind, PersonalData.PSEUDONYM))
    sql = f"case when {_PSEUDONYM} then trim(value) else {landed_value(column)} end"
    found = opened.execute(f"select {sql} from (select nullif(?::varchar, '') as value)", [value]).fetchone()
    return None if found is None or found[0] is None else str(found[0])
