"""Profiles at both doors: extract days against accepted days, a release to be against accepted releases.

Belongs here: handing files to the profiler and its answers to whoever keeps them. Does not belong here: SQL of a
profile, comparing, limits (``checks``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

from pipeline import checks, landing, publish
from pipeline.contracts import Contract
from pipeline.landing.store import DATA, accepted_folder
from pipeline.settings import Home
from pipeline.statistics.drift import count_deviation
from pipeline.warehouse import connection, file_literal

_BASE_DAYS = timedelta(days=28)
_BASE_RELEASES = 8
_UNLISTED = ("_en", "_fr", "_text", "_reason", "reason", "why")
Profiles = Mapping[str, Sequence[checks.ColumnProfile]]


def day_columns(home: Home, contract: Contract) -> pd.DataFrame:
    """A row per waiting extract day and column, against the accepted days of the four weeks before it.

    Each day's profile is kept beside it, so that it can be the past of later days.
    """
    files = landing.waiting_files(home, contract.table)
    if not files:
        return checks.column_frame([])
    columns, listed = landing.profiled_columns(contract)
    relation = f"read_parquet([{', '.join(map(file_literal, files))}], hive_partitioning = false)"
    with connection() as duck:
        found = checks.profile(duck, relation, columns, listed=listed, by="_extract_date")
    days = {date.fromisoformat(day): profile for day, profile in found.items()}
    past = landing.kept_profiles(home, contract.table, min(days, default=date.min + _BASE_DAYS) - _BASE_DAYS)
    rows: list[dict[str, object]] = []
    for day, profile in days.items():
        landing.keep_profile(home, contract.table, day, [asdict(column) for column in profile])
        before = [_profile(kept) for _, kept in landing.usual_days(day, past)]
        rows += [{"extract_date": day.isoformat(), **row} for row in checks.column_rows(profile, before)]
    return checks.column_frame(rows)


def remake_profile(home: Home, contract: Contract, day: date) -> None:
    """Profile an accepted day anew, after rows were taken out of it; without rows it has no profile."""
    file = accepted_folder(home, contract.table, day) / DATA
    if not file.is_file():
        return
    columns, listed = landing.profiled_columns(contract)
    relation = f"read_parquet({file_literal(file)}, hive_partitioning = false)"
    with connection() as duck:
        found = checks.profile(duck, relation, columns, listed=listed, by="_extract_date")
    for profile in found.values():
        kept = [asdict(column) for column in profile]
        landing.keep_profile(home, contract.table, day, kept, is_accepted=True)


def _profile(kept: Sequence[Mapping[str, Any]]) -> list[checks.ColumnProfile]:
    return [checks.ColumnProfile(**column) for column in kept]


def release_profiles(tables: Path) -> dict[str, list[checks.ColumnProfile]]:
    """The profile of every table of a release."""
    found = {}
    with connection() as duck:
        for path in sorted(tables.glob("*.parquet")):
            relation = f"read_parquet({file_literal(path)})"
            columns = [(str(row[0]), str(row[1])) for row in duck.execute(f"describe from {relation}").fetchall()]
            listed = frozenset(name for name, kind in columns if kind == "VARCHAR" and not name.endswith(_UNLISTED))
            groups = checks.profile(duck, relation, columns, listed=listed)
            found[path.stem] = groups.get("", [checks.ColumnProfile(name, 0, 0, 0) for name, _ in columns])
    return found


def past_profiles(releases: Path, *, as_of: str, besides: str) -> list[tuple[publish.Manifest, Profiles]]:
    """Profiles of the newest releases up to an as-of day, newest first; a release without them is passed over.

    Args:
        releases: folder of all releases.
        as_of: ISO day.
        besides: id of the release to be, which is not its own past.
    """
    manifests = [publish.read_manifest(folder) for folder in publish.release_folders(releases)]
    found = [each for each in manifests if each.as_of_date <= as_of and each.release_id != besides]
    found.sort(key=lambda each: (each.as_of_date, each.published_at), reverse=True)
    kept = [(each, publish.read_profiles(releases / each.release_id)) for each in found[:_BASE_RELEASES]]
    return [
        (each, {table: _profile(columns) for table, columns in profiles.items()}) for each, profiles in kept if profiles
    ]


def release_columns(now: Profiles, past: Sequence[tuple[publish.Manifest, Profiles]], *, is_same: bool) -> pd.DataFrame:
    """A row per table and column of a release to be, against accepted releases.

    Args:
        now: its profiles.
        past: those of releases before, newest first.
        is_same: whether code, seeds and key are those of the newest of them.
    """
    rows: list[dict[str, object]] = []
    names: list[str] = []
    for table, profile in now.items():
        before = [profiles[table] for _, profiles in past if table in profiles]
        rows += checks.column_rows(profile, before)
        names += [table] * len(profile)
    return checks.column_frame(rows).assign(table_name=names, is_same_definition=is_same)


def release_tables(now: Profiles, past: Sequence[tuple[publish.Manifest, Profiles]], *, is_same: bool) -> pd.DataFrame:
    """A row per table of a release to be: its volume and what is hidden of it, against accepted releases."""
    rows = []
    for table, profile in now.items():
        before = [profiles[table] for _, profiles in past if table in profiles]
        counts = [_rows(each) for each in before]
        deviation = count_deviation(_rows(profile), counts)
        row: dict[str, object] = {
            "table_name": table,
            "row_count": float(_rows(profile)),
            "previous_row_count": float(counts[0]) if counts else None,
            "row_count_ratio": _rows(profile) / counts[0] if counts and counts[0] else None,
            "usual_row_count": float(median(counts)) if counts else None,
            "row_count_deviation": deviation,
            "suppressed_share_change": _change(profile, before, "is_suppressed"),
            "small_share_change": _change(profile, before, "is_small_n"),
            "lost_column_count": float(len(_names(before[0]) - _names(profile))) if before else None,
        }
        rows.append(row)
    frame = pd.DataFrame(rows)
    numbers = frame.drop(columns=["table_name"]).astype(float)
    return numbers.assign(table_name=frame["table_name"], is_same_definition=is_same)


def _rows(profile: Sequence[checks.ColumnProfile]) -> int:
    return profile[0].row_count if profile else 0


def _names(profile: Sequence[checks.ColumnProfile]) -> set[str]:
    return {column.column_name for column in profile}


def _change(
    now: Sequence[checks.ColumnProfile], before: Sequence[Sequence[checks.ColumnProfile]], flag: str
) -> float | None:
    """By how much the share of flagged rows differs from the release before; ``None`` without a flag or a past."""
    shares = [_share(profile, flag) for profile in (now, *before[:1])]
    if len(shares) < 2 or shares[0] is None or shares[1] is None:
        return None
    return shares[0] - shares[1]


def _share(profile: Sequence[checks.ColumnProfile], flag: str) -> float | None:
    for column in profile:
        if column.column_name == flag and column.histogram:
            return column.histogram.get("true", 0) / sum(column.histogram.values())
    return None
