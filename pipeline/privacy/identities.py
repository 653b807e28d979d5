"""What the models say of identifiers: which belong together, and which belong to somebody else or to nobody.

Belongs here: asking the build. Does not belong here: rules of identity, which are models; rows of a person (landing).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.settings import Home
from pipeline.warehouse import connection, file_literal

_RESOLVED = "intermediate.int_identifiers__resolved"
_KINDS = {"user": "crm"}  # a web user is the CRM customer of that number


@dataclass(frozen=True)
class Identities:
    """The identifiers of a home, as its last build resolved them; nothing where there is no build.

    Attributes:
        build_file: the build.
        blocked_file: identifiers that are nobody's, written at the landing door.
    """

    build_file: Path
    blocked_file: Path

    @classmethod
    def of(cls, home: Home) -> "Identities":
        """The identities of a home."""
        return cls(home.build_file, home.landing_facts / "blocked_identifiers.parquet")

    def keys_of(self, crm_ids: Collection[str]) -> list[str]:
        """Customer keys of numbers of the CRM, ascending."""
        sql = f"select distinct customer_key from {_RESOLVED} where identifier_type = 'crm' and identifier in "
        return sorted(str(key) for (key,) in self._ask(sql + "(select unnest($1::varchar[]))", [sorted(crm_ids)]))

    def together(self, crm_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """Every identifier of the customers that bear one of some numbers, by kind."""
        found: dict[str, set[str]] = {}
        sql = (
            f"select identifier_type, identifier from {_RESOLVED} where customer_key in (select unnest($1::varchar[]))"
        )
        for kind, value in self._ask(sql, [self.keys_of(crm_ids)]):
            found.setdefault(_KINDS.get(str(kind), str(kind)), set()).add(str(value))
        return {kind: frozenset(values) for kind, values in sorted(found.items())}

    def elsewhere(self, kind: str, values: Collection[str]) -> set[str]:
        """Those of some identifiers that the build has resolved, or that are blocked: none is anybody's by accident."""
        wanted = [kind, sorted(values)]
        known = f"select identifier from {_RESOLVED} where identifier_type = $1 and identifier in "
        found = {str(value) for (value,) in self._ask(known + "(select unnest($2::varchar[]))", wanted)}
        if self.blocked_file.is_file():
            sql = f"select identifier from read_parquet({file_literal(self.blocked_file)}) where identifier_type = $1"
            with connection(threads=1) as opened:
                blocked = {str(value) for (value,) in opened.execute(sql, [kind]).fetchall()}
            found |= blocked & set(values)
        return found

    def _ask(self, sql: str, wanted: Sequence[object]) -> list[tuple[object, ...]]:
        if not self.build_file.is_file():
            return []
        with connection(self.build_file, read_only=True) as build:
            try:
                return build.execute(sql, list(wanted)).fetchall()
            except duckdb.CatalogException:  # a build that never came that far
                return []
