"""Schema drift: how the columns of a file differ from those of the files before it. Nothing here stops a day.

Belongs here: comparing what earlier outcomes say of columns. Does not belong here: reading files, judging days.
Columns are always read by name, so none of this can shift a value into another column.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from pipeline.landing import store
from pipeline.settings import Home

_BASE_DAYS = 7
_ENOUGH = 20  # filled cells in both files, before kinds are compared
_ALIKE = 0.75
_HALF_ALIKE = 0.5

Columns = dict[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Drift:
    """One difference.

    Attributes:
        file: the file it was found in.
        kind: ``new``, ``missing``, ``renamed``, ``retyped`` or ``reordered``.
        column: the column, as the file names it (for a missing one: as earlier files did); empty for the order.
        text: what was found, ready to show; a guess says so.
    """

    file: str
    kind: str
    column: str
    text: str


def drifts(home: Home, table: str) -> dict[date, list[Drift]]:
    """What drifted on each landed day of a table, refused days among them; days without drift are left out.

    A file is compared with the files of the same format of up to seven days before it that counted.
    """
    base: dict[str, list[list[Columns]]] = {}
    found: dict[date, list[Drift]] = {}
    for day in sorted({*store.accepted_days(home, table), *store.pending_days(home, table)}):
        newest = store.read_outcome(store.pending_folder(home, table, day)) or store.read_outcome(
            store.accepted_folder(home, table, day)
        )
        days: dict[str, list[Columns]] = {}
        for file in (newest or {}).get("files", ()):
            columns: Columns = {column["name"]: column for column in file.get("columns", ())}
            if not columns:
                continue
            form = _form(file["name"])
            if seen := list(_compare(file["name"], columns, base.get(form, []), is_sparse=form == "jsonl")):
                found.setdefault(day, []).extend(seen)
            days.setdefault(form, []).append(columns)
        if not store.is_refused(home, table, day):
            for form, files in days.items():
                base[form] = [*base.get(form, []), files][-_BASE_DAYS:]
    return found


def _form(name: str) -> str:
    suffixes = [suffix for suffix in PurePosixPath(name.lower()).suffixes if suffix not in (".gz", ".zst")]
    last = suffixes[-1].removeprefix(".") if suffixes else ""
    return "jsonl" if last in ("ndjson", "json") else last


def _compare(name: str, columns: Columns, base: Sequence[list[Columns]], *, is_sparse: bool) -> Iterator[Drift]:
    if not base:
        return
    files = [file for day in base for file in day]
    known: Columns = {key: column for file in files for key, column in file.items()}
    new = [key for key in columns if key not in known]
    # Objects leave empty keys out, so only a key that most objects had is missed.
    missing = [
        key
        for key, column in known.items()
        if key not in columns
        and all(any(key in file for file in day) for day in base)
        and (not is_sparse or column["filled_share"] >= _HALF_ALIKE)
    ]
    renamed = dict(_renamed(missing, new, known, columns))
    for now, (before, why) in renamed.items():
        yield Drift(name, "renamed", now, f"`{now}` may be `{before}` renamed ({why}; a guess)")
    for key in new:
        if key not in renamed:
            yield Drift(name, "new", key, f"`{key}` is new")
    for key in missing:
        if key not in {before for before, _ in renamed.values()}:
            yield Drift(name, "missing", key, f"`{key}` is missing")
    for key in (key for key in columns if key in known):
        if (was := known[key]["kind"]) != (now := columns[key]["kind"]) and _is_retyped(known[key], columns[key]):
            yield Drift(name, "retyped", key, f"`{key}` holds {now}, and held {was} before")
    common = [key for key in columns if key in files[-1]]
    if not is_sparse and common != [key for key in files[-1] if key in columns]:
        yield Drift(name, "reordered", "", "the columns come in another order; they are read by name")


def _is_retyped(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    kinds = {before["kind"], now["kind"]}
    is_enough = min(before["filled_count"], now["filled_count"]) >= _ENOUGH
    return is_enough and "empty" not in kinds and kinds != {"number", "yes or no"}


def _renamed(
    missing: Sequence[str], new: Sequence[str], known: Columns, columns: Columns
) -> Iterator[tuple[str, tuple[str, str]]]:
    """(new name, (old name, why)), the most alike first; each name at most once."""
    scored = sorted(
        (
            (difflib.SequenceMatcher(None, before.lower(), now.lower()).ratio(), before, now)
            for before in missing
            for now in new
        ),
        key=lambda entry: (-entry[0], entry[1], entry[2]),
    )
    done: set[str] = set()
    for score, before, now in scored:
        if before in done or now in done:
            continue
        is_like = _looks_like(known[before], columns[now])
        if score >= _ALIKE or (is_like and (score >= _HALF_ALIKE or len(missing) == len(new) == 1)):
            done |= {before, now}
            named = "similar name" if score >= _HALF_ALIKE else ""
            yield now, (before, " and ".join(filter(None, (named, "similar content" if is_like else ""))))


def _looks_like(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    if before["kind"] != now["kind"] or now["kind"] == "empty":
        return False
    length = max(before["mean_length"], now["mean_length"])
    return (
        abs(before["filled_share"] - now["filled_share"]) <= 0.1
        and abs(before["mean_length"] - now["mean_length"]) <= 0.1 * length
    )
