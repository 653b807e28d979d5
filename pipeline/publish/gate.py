"""Why nothing was published: the state of the gate, kept as a file, a table and a page in the home.

Belongs here: what a closed gate tells, and who opened it by hand. Does not belong here: judging (checks, landing),
how the page looks (``gate_page``).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.publish.manifest import Manifest, Override
from pipeline.warehouse import connection, identifier, literal

STATE, TABLE, PAGE = "gate.json", "closed_checks.parquet", "index.html"
_LEAST_REASON = 10


class GateClosedError(RuntimeError):
    """A gate is closed, so nothing is published and the release served stays; the message says what to do."""


class OverrideError(ValueError):
    """A check cannot be overridden like this; the message says why."""


@dataclass(frozen=True)
class ClosedCheck:
    """One check that keeps the gate closed.

    Attributes:
        check: its name, as `parcours publish --override` takes it.
        door: ``landing`` or ``published``.
        table: the table judged.
        extract_date: the refused extract day, ISO; ``None`` at door 2.
        column: column or columns judged, may be empty.
        observed: counts, rates and bounds, or the reasons of a refused day; never a cell.
        why: why the check exists.
        remedy: what helps.
        is_final: whether nobody may override it, because it guards people.
    """

    check: str
    door: str
    table: str
    extract_date: str | None
    column: str
    observed: str
    why: str
    remedy: str
    is_final: bool = False


@dataclass(frozen=True)
class Gate:
    """What the gate said last.

    Attributes:
        judged_at: ISO instant (UTC).
        as_of_date: as-of day of the release to be.
        release_id: its id.
        closed_since: ISO instant since when no run has passed; ``None`` while the gate is open.
        checks: what keeps it closed.
        served_release_id: the release readers see, if any.
        served_as_of_date: its as-of day.
        served_published_at: when it was published.
    """

    judged_at: str
    as_of_date: str
    release_id: str
    closed_since: str | None = None
    checks: tuple[ClosedCheck, ...] = field(default=())
    served_release_id: str | None = None
    served_as_of_date: str | None = None
    served_published_at: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing keeps a release back."""
        return not self.checks


def read_gate(folder: Path) -> Gate | None:
    """What the gate said last, or ``None`` before it said anything."""
    file = folder / STATE
    if not file.is_file():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    return Gate(**{**content, "checks": tuple(ClosedCheck(**check) for check in content["checks"])})


def gate_now(
    before: Gate | None,
    checks: Sequence[ClosedCheck],
    *,
    release_id: str,
    as_of_date: str,
    served: Manifest | None,
    at: datetime,
) -> Gate:
    """The state of the gate after a judgement.

    Args:
        before: its state until now.
        checks: what keeps it closed.
        release_id: id of the release to be.
        as_of_date: its as-of day.
        served: manifest of the release readers see.
        at: now, naive UTC.
    """
    now = at.isoformat(timespec="seconds") + "Z"
    since = (before.closed_since if before and not before.is_open else None) or now
    return Gate(
        now,
        as_of_date,
        release_id,
        closed_since=since if checks else None,
        checks=tuple(checks),
        served_release_id=served.release_id if served else None,
        served_as_of_date=served.as_of_date if served else None,
        served_published_at=served.published_at if served else None,
    )


def write_gate(folder: Path, gate: Gate, page: str) -> None:
    """Write the state, the table of closed checks and the page; each file is replaced as a whole."""
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / STATE, json.dumps(asdict(gate), indent=1, ensure_ascii=False) + "\n")
    _replace(folder / PAGE, page)
    columns = tuple(ClosedCheck.__dataclass_fields__)
    kinds = (f"{identifier(name)} {'boolean' if name == 'is_final' else 'varchar'}" for name in columns)
    marks = ", ".join("?" for _ in columns)
    partial = folder / f"_{TABLE}"
    with connection(threads=1) as memory:
        memory.execute(f"create table closed_checks ({', '.join(kinds)})")
        for check in gate.checks:
            memory.execute(f"insert into closed_checks values ({marks})", list(vars(check).values()))
        memory.execute(f"copy closed_checks to {literal(str(partial))} (format parquet)")
    partial.replace(folder / TABLE)


def _replace(file: Path, text: str) -> None:
    partial = file.with_name(f"_{file.name}")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(file)


def overridden(
    checks: Iterable[ClosedCheck], names: Iterable[str], *, reason: str, by: str, at: datetime
) -> tuple[Override, ...]:
    """Overrides of closed checks by a named human.

    Args:
        checks: what keeps the gate closed.
        names: the checks to override.
        reason: why the figures are right although the check says otherwise.
        by: who answers for it.
        at: now, naive UTC.

    Raises:
        OverrideError: no such closed check, one that nobody may override, no name, no reason to speak of, or
            another check that would stay closed.
    """
    closed = {check.check: check for check in checks}
    wanted = list(dict.fromkeys(names))
    if unknown := [name for name in wanted if name not in closed]:
        there = ", ".join(closed) or "none"
        raise OverrideError(f"no closed check is named {', '.join(unknown)}; closed are: {there}")
    if final := [name for name in wanted if closed[name].is_final]:
        raise OverrideError(f"{', '.join(final)} guards people and cannot be overridden; mend what it found")
    if not by.strip():
        raise OverrideError("say who overrides with --by; the name is kept in the manifest and shown on the report")
    if len(reason.strip()) < _LEAST_REASON:
        raise OverrideError("say with --reason, in a sentence, why the figures are right; readers of the report see it")
    if rest := [name for name in closed if name not in wanted]:
        raise OverrideError(f"the gate would stay closed because of {', '.join(rest)}; name every closed check")
    instant = at.isoformat(timespec="seconds") + "Z"
    return tuple(Override(name, reason.strip(), by.strip(), instant) for name in wanted)
