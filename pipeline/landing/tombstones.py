"""People who were forgotten stay forgotten: their rows do not land again, whoever sends them.

Belongs here: SQL that tells their rows, by hashes. Does not belong here: taking rows away that landed before
(``forgetting``), the file of tombstones. Where nobody was forgotten no row is looked at.
"""

from collections.abc import Callable, Sequence

import duckdb

from pipeline.contracts import Column, Contract, Subject, subject_of
from pipeline.landing.model import Tombstones
from pipeline.landing.personal import hmac_sql, landed_value, set_pads
from pipeline.warehouse import identifier, literal

Test = Callable[[Column, str], str]
"""SQL that is true where a column holds an identifier, of a kind, of the person."""


def person_sql(subject: Subject, test: Test, name_of: Callable[[Column], str]) -> str | None:
    """SQL that is true for rows of a person.

    An owner that is filled decides; hints count where none is; whoever is named beside counts always.

    Args:
        subject: the columns of the table that tell whose row it is.
        test: what a column must hold.
        name_of: SQL of a column, null where it is empty.

    Returns:
        The test; ``None`` where no column could say.
    """
    owned = [test(column, kind) for column, kind in (*subject.owners, *subject.named)]
    hinted = [test(column, kind) for column, kind in subject.hints]
    if hinted:
        nobody = " and ".join(f"{name_of(column)} is null" for column, _ in subject.owners) or "true"
        owned.append(f"({nobody} and ({' or '.join(hinted)}))")
    return f"coalesce({' or '.join(owned)}, false)" if owned else None


def create_tombstones(connection: duckdb.DuckDBPyConnection, kept: Sequence[Tombstones]) -> None:
    """Make table ``tombstones`` (``place``, ``kind``, ``hash``) and give the connection the pads of each key."""
    if not kept:
        return
    rows = []
    for place, each in enumerate(kept):
        set_pads(connection, each.key, prefix=_prefix(place))
        rows += [(place, kind, value) for kind, values in sorted(each.hashes.items()) for value in sorted(values)]
    connection.execute(
        "create or replace temp table tombstones as select unnest($1::integer[]) as place, "
        "unnest($2::varchar[]) as kind, unnest($3::varchar[]) as hash",
        [[row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]],
    )


def is_forgotten(contract: Contract, kept: Sequence[Tombstones]) -> str | None:
    """SQL that is true for typed rows of a file whose person was forgotten; ``None`` where that cannot be.

    The connection needs what `create_tombstones` makes.
    """
    subject = subject_of(contract)
    if not any(each.hashes.get(kind) for each in kept for _, kind in subject.columns):
        return None

    def test(column: Column, kind: str) -> str:
        tests = [_is_kept(column, kind, place) for place, each in enumerate(kept) if each.hashes.get(kind)]
        return " or ".join(tests) or "false"

    return person_sql(subject, test, lambda column: identifier(column.name))


def _is_kept(column: Column, kind: str, place: int) -> str:
    """SQL that is true where a column holds an identifier with a tombstone under the key of a place."""
    prefix = _prefix(place)
    hashed = hmac_sql(f"{literal(kind + ':')} || {landed_value(column, prefix=prefix)}", prefix=prefix)
    known = f"select hash from tombstones where place = {place} and kind = {literal(kind)}"
    return f"coalesce({hashed} in ({known}), false)"


def _prefix(place: int) -> str:
    return f"tombstone_{place}_"
