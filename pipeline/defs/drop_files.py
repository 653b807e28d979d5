"""Taking forgotten people out of the files of the drop folder, proven file by file.

Belongs here: which lines are theirs, and that nothing else went. Does not belong here: writing a file (extract), rules
of the door (landing).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipeline import landing
from pipeline.contracts import CONTRACTS, Contract
from pipeline.defs.session import Session
from pipeline.extract import FileReader, Mapping, NotRemovableError, SourceFile, every_file, write_without
from pipeline.landing import store
from pipeline.warehouse import connection, identifier


@dataclass(frozen=True)
class Rewritten:
    """A file of the drop with rows of somebody who was forgotten.

    Attributes:
        name: path below the drop folder.
        row_count: records taken out, or to be.
        hash_before: SHA-256 before.
        hash_after: SHA-256 after.
        problem: why it was left as it is, and what to do; empty if it was rewritten.
    """

    name: str
    row_count: int
    hash_before: str = ""
    hash_after: str = ""
    problem: str = ""


def foreign_places(session: Session) -> list[tuple[str, str]]:
    """(place, what to do) of everything that is read and is not ours to rewrite."""
    found = []
    for table, mapping in sorted(session.sources.mappings.items()):
        if mapping.location is not None:
            found.append((f"object store of {table}", "not ours to rewrite: have the person removed there"))
        if mapping.query is not None:
            found.append((f"database of {table}", "not ours to rewrite: have the person removed there"))
    return found


def forget_dropped(session: Session, is_theirs: Callable[[str], bool]) -> Iterator[Rewritten]:
    """Rewrite every file of the drop folder without the people the door turns away; each file with a row of them.

    A drop folder that lies outside the home is somebody else's: its files are named, not rewritten.

    Args:
        session: the run's configuration, with the tombstones.
        is_theirs: whether a word of a line that cannot be read is one of their identifiers.
    """
    home = session.settings.paths
    is_ours = home.drop.is_relative_to(home.root)
    for table, mapping in sorted(session.sources.mappings.items()):
        for file in every_file(home.drop, mapping):
            with store.scratch(home) as scratch:
                found = _Dropped(session, mapping, CONTRACTS[table], file, scratch).forget(is_theirs, is_ours=is_ours)
            if found is not None:
                yield found


@dataclass(frozen=True)
class _Dropped:
    """One file of the drop."""

    session: Session
    mapping: Mapping
    contract: Contract
    file: SourceFile
    scratch: Path

    def forget(self, is_theirs: Callable[[str], bool], *, is_ours: bool) -> Rewritten | None:
        """Rewrite the file if somebody who was forgotten is in it."""
        before = self.file.sha256
        with connection(threads=self.session.settings.dbt_threads) as opened:
            lines, kept, problem = self._look(opened, self.file, "before", is_theirs)
            if problem:
                return Rewritten(self.file.name, 0, problem=f"cannot be read, so it was not looked into: {problem}")
            if not lines:
                return None
            if not is_ours:
                return Rewritten(self.file.name, len(lines), before, problem="outside the home: remove them there")
            try:
                copy = write_without(self.file, self.mapping, lines=lines, scratch=self.scratch)
            except NotRemovableError as error:
                return Rewritten(self.file.name, len(lines), before, problem=f"{error}; remove them by hand")
            again = replace(self.file, path=copy)
            rest, left, problem = self._look(opened, again, "after", is_theirs)
        if problem or rest or left != kept:
            return Rewritten(self.file.name, len(lines), before, problem="could not be rewritten safely; do it by hand")
        copy.chmod(self.file.path.stat().st_mode & 0o777)
        partial = self.file.path.with_name(f"_{self.file.path.name}")  # on the same disk, and passed over by every run
        partial.write_bytes(copy.read_bytes())
        partial.chmod(copy.stat().st_mode & 0o777)
        partial.replace(self.file.path)
        self._remember(before, again.sha256)
        return Rewritten(self.file.name, len(lines), before, again.sha256)

    def _look(
        self, opened: duckdb.DuckDBPyConnection, file: SourceFile, prefix: str, is_theirs: Callable[[str], bool]
    ) -> tuple[set[int], tuple[object, ...], str]:
        """Lines of forgotten people, a fingerprint of all other rows, and why the file cannot be read."""
        reader = FileReader(self.mapping, self.contract, self.session.limits)
        (own := self.scratch / prefix).mkdir(exist_ok=True)
        staged = reader(opened, file, prefix=prefix, scratch=own)
        if staged.problem:
            return set(), (), staged.problem
        tombstones = self.session.door.tombstones
        landing.create_tombstones(opened, tombstones)
        test = landing.is_forgotten(self.contract, tombstones) or "false"
        theirs = f"select _line from {staged.rows_table} where {test}"
        found = opened.execute(f"select distinct _line from {prefix}_lines where _owner in ({theirs})").fetchall()
        broken = opened.execute(f"select _line, _raw from {prefix}_malformed").fetchall()
        unreadable = {int(line) for line, raw in broken if landing.holds_word(raw or "", is_theirs)}
        columns = ", ".join(identifier(column.name) for column in self.contract.columns)
        kept = opened.execute(
            f"select count(*), sum(hash({columns})::hugeint) from {staged.rows_table} "
            f"where _line not in ({theirs}) and not starts_with(coalesce(_reasons, ''), 'row: ')"
        ).fetchall()[0]
        lines = {int(line) for (line,) in found} | unreadable
        return lines, (*kept, len(broken) - len(unreadable)), ""

    def _remember(self, before: str, after: str) -> None:
        """A file that was pulled from a database is known by its hash: it is the same pull still."""
        state = self.session.settings.paths.landing / "_state" / f"{self.mapping.table}.json"
        if state.is_file():
            state.write_text(state.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
