"""A person in landing: every identifier that is theirs, and the rows that are.

Belongs here: finding. Does not belong here: taking away (``forgetting``); who belongs together by rules of identity,
which the models say and is handed in.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from pipeline.contracts import CONTRACTS, RECORD_KINDS, Column, Contract, subject_of
from pipeline.landing import store
from pipeline.landing.tombstones import person_sql
from pipeline.settings import Home
from pipeline.warehouse import connection, file_literal, identifier, literal

_LINKING = frozenset({"crm", "loyalty", "email", "phone", "anonymous"})
_FEWEST_DIGITS = 6


Elsewhere = Callable[[str, Collection[str]], Collection[str]]


@dataclass(frozen=True)
class Person:
    """Identifiers of one person, as they land, by kind; never shown, for they are who it is."""

    identifiers: Mapping[str, frozenset[str]] = field(repr=False)

    def holds(self, column: Column, kind: str) -> str:
        """SQL that is true where a landed column holds one of them."""
        wanted = sorted(self.identifiers.get(kind, ()))
        if not wanted or column.landed_name is None:
            return "false"
        return f"coalesce({identifier(column.landed_name)} in ({', '.join(map(literal, wanted))}), false)"

    def rows_of(self, contract: Contract) -> str | None:
        """SQL that is true for landed rows of the person; ``None`` where no column could say."""
        return person_sql(subject_of(contract), self.holds, landed_name)


def landed_name(column: Column) -> str:
    """SQL of a column of landing."""
    return identifier(column.landed_name or column.name)


def landed_versions(home: Home, table: str) -> Iterator[tuple[date, Path]]:
    """Folder of every version of every extract day: accepted, waiting and refused."""
    for day in store.accepted_days(home, table):
        yield day, store.accepted_folder(home, table, day)
    for day in store.pending_days(home, table):
        yield day, store.pending_folder(home, table, day)


def find_person(
    home: Home, crm_ids: frozenset[str], *, together: Mapping[str, frozenset[str]], elsewhere: Elsewhere
) -> Person:
    """Every identifier of a person, and what they did: orders, cases, questionnaires.

    Args:
        home: the home.
        crm_ids: their numbers in the CRM.
        together: identifiers that the models tie to them, by kind.
        elsewhere: of identifiers of a kind, those that the models tie to somebody else, or to nobody.

    Returns:
        The person. An identifier the models have not seen counts as theirs if it stands beside one of their numbers
        and beside nobody else's.
    """
    found: dict[str, set[str]] = {kind: set(values) for kind, values in together.items()}
    found.setdefault("crm", set()).update(crm_ids)
    with connection(threads=2) as opened:
        for contract in CONTRACTS.values():
            for kind, values in _beside(opened, home, contract, frozenset(found["crm"])):
                found.setdefault(kind, set()).update(set(values) - set(elsewhere(kind, values)))
        for _ in range(2):  # a refund that names no customer is found by the order it takes back
            person = _person(found)
            for contract in CONTRACTS.values():
                for kind, value in _records(opened, home, contract, person):
                    found.setdefault(kind, set()).add(value)
    return _person(found)


def _person(found: Mapping[str, set[str]]) -> Person:
    return Person({kind: frozenset(values) for kind, values in sorted(found.items()) if values})


def is_landed(home: Home, crm_id: str) -> bool:
    """Whether some row in landing, or in quarantine, bears a number of the CRM."""
    person = Person({"crm": frozenset({crm_id})})
    with connection(threads=2) as opened:
        for contract in CONTRACTS.values():
            test, relation = person.rows_of(contract), rows_relation(home, contract)
            if test and relation and opened.execute(f"select 1 from {relation} where {test} limit 1").fetchall():
                return True
    return False


def rows_relation(home: Home, contract: Contract) -> str | None:
    """SQL relation of all rows of a table in landing, whatever their state."""
    files = [folder / store.DATA for _, folder in landed_versions(home, contract.table)]
    listed = ", ".join(file_literal(file) for file in files if file.is_file())
    return f"read_parquet([{listed}], hive_partitioning = false)" if listed else None


def _beside(
    opened: duckdb.DuckDBPyConnection, home: Home, contract: Contract, crm_ids: frozenset[str]
) -> Iterator[tuple[str, list[str]]]:
    """Identifiers on rows with one of the person's numbers that stand beside no other number in the table."""
    subject, relation = subject_of(contract), rows_relation(home, contract)
    hints = [(column, kind) for column, kind in subject.hints if kind in _LINKING]
    if relation is None or not subject.owners or not hints:
        return
    owner = landed_name(subject.owners[0][0])
    wanted = ", ".join(map(literal, sorted(crm_ids)))
    for column, kind in hints:
        name = landed_name(column)
        rows = opened.execute(
            f"select {name} from {relation} where {owner} is not null and {name} in "
            f"(select {name} from {relation} where {owner} in ({wanted})) "
            f"group by {name} having bool_and({owner} in ({wanted}))"
        ).fetchall()
        yield kind, [str(value) for (value,) in rows]


def _records(
    opened: duckdb.DuckDBPyConnection, home: Home, contract: Contract, person: Person
) -> Iterator[tuple[str, str]]:
    """Orders, cases and questionnaires on rows of the person."""
    test, relation = person.rows_of(contract), rows_relation(home, contract)
    if relation is None or test is None:
        return
    for column, kind in subject_of(contract).hints:
        # An order is whose who placed it, whatever page of a shared device speaks of it.
        if kind in RECORD_KINDS and contract.source != "web":
            name = landed_name(column)
            rows = opened.execute(f"select distinct {name} from {relation} where {test} and {name} is not null")
            yield from ((kind, str(value)) for (value,) in rows.fetchall())


def word_test(person: Person, key: bytes) -> Callable[[str], bool]:
    """A test whether a word of a raw row is an identifier of a person, hashed as the door does where it must be.

    Args:
        person: whose identifiers.
        key: the pseudonym key they were landed with.
    """
    plain = frozenset().union(*(person.identifiers.get(kind, frozenset()) for kind in ("crm", "loyalty", "anonymous")))
    plain |= person.identifiers.get("order", frozenset())
    hashed = person.identifiers.get("email", frozenset()) | plain
    numbers = person.identifiers.get("phone", frozenset())

    def is_theirs(word: str) -> bool:
        if word in plain:
            return True
        if "@" in word:
            return _pseudonym(word.strip().lower(), key) in hashed
        digits = _digits(word)
        return bool(numbers) and sum(map(str.isdigit, digits)) >= _FEWEST_DIGITS and _pseudonym(digits, key) in numbers

    return is_theirs


def _digits(text: str) -> str:
    """A phone number as it is compared; see `pipeline.landing.personal.normalised_phone`."""
    bare = re.sub(r"^00", "+", re.sub(r"[^0-9+]", "", text.strip().replace("(0)", "")))
    return ("+" if bare.startswith("+") else "") + bare.replace("+", "")


def _pseudonym(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
