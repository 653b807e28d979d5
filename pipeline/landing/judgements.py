"""What door 1 said about each extract day, and the profile it judged, kept beside the day they are about.

Belongs here: keeping and reading judgements and profiles. Does not belong here: judging, profiling.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.contracts import CONTRACTS, Contract, PersonalData
from pipeline.landing import store
from pipeline.settings import Home

JUDGEMENT, PROFILE = "judgement.json", "profile.json"


def keep_judgement(home: Home, table: str, day: date, outcomes: Sequence[Mapping[str, Any]]) -> None:
    """Write what door 1 said beside a pending day; it moves with the day when that is promoted."""
    file = store.pending_folder(home, table, day) / JUDGEMENT
    store.write_json(file, {"outcomes": [dict(outcome) for outcome in outcomes]})


def kept_judgements(home: Home, as_of: date) -> Iterator[tuple[str, date, dict[str, Any]]]:
    """(table, extract day, outcome) of every judgement on extract days up to a day, in a fixed order."""
    for table in sorted(CONTRACTS):
        days = sorted({*store.accepted_days(home, table), *store.pending_days(home, table)})
        for day in (day for day in days if day <= as_of):
            for folder in (store.accepted_folder(home, table, day), store.pending_folder(home, table, day)):
                file = folder / JUDGEMENT
                if file.is_file():
                    for outcome in json.loads(file.read_text(encoding="utf-8"))["outcomes"]:
                        yield table, day, outcome


def refusals(home: Home, table: str) -> dict[date, list[str]]:
    """Refused extract days of a table with the reasons."""
    found: dict[date, list[str]] = {}
    for day in store.pending_days(home, table):
        file = store.pending_folder(home, table, day) / store.VERDICT
        if file.is_file():
            found[day] = list(json.loads(file.read_text(encoding="utf-8"))["reasons"])
    return found


def profiled_columns(contract: Contract) -> tuple[list[tuple[str, str]], frozenset[str]]:
    """Columns to profile as (name, SQL type), and those whose values come from a closed list.

    Keys, hashes and free text are ``TEXT``: only counted, since every value differs, or is somebody's.
    """
    kinds = dict(contract.landed_columns)
    columns, listed = [], set()
    for column in contract.columns:
        name = column.landed_name
        if name is None:
            continue
        is_own = column.name in contract.key or column.personal_data is not PersonalData.NONE
        kind = "TEXT" if is_own and kinds[name] == "VARCHAR" else kinds[name]
        # Only of the event itself does the hour of day say something: half a day may be missing.
        columns.append((name, "DATE" if kind == "TIMESTAMP" else kind))
        if column.allowed and not is_own:
            listed.add(name)
    return [*columns, ("_event_at", "TIMESTAMP")], frozenset(listed)


def waiting_files(home: Home, table: str) -> list[Path]:
    """Data of the extract days that wait for door 1."""
    files = [store.pending_folder(home, table, day) / store.DATA for day in store.pending_days(home, table)]
    return [file for file in files if file.is_file()]


def keep_profile(
    home: Home, table: str, day: date, columns: Sequence[Mapping[str, Any]], *, is_accepted: bool = False
) -> None:
    """Write the profile of a day beside it, a pending one's moves with the day when that is promoted."""
    folder = (store.accepted_folder if is_accepted else store.pending_folder)(home, table, day)
    store.write_json(folder / PROFILE, {"columns": [dict(each) for each in columns]})


def kept_profiles(home: Home, table: str, since: date) -> list[tuple[date, list[dict[str, Any]]]]:
    """Profiles of the accepted days from a day on, and of the first accepted day, ascending."""
    days = store.accepted_days(home, table)
    found = []
    for day in (day for day in days if day >= since or day == days[0]):
        file = store.accepted_folder(home, table, day) / PROFILE
        if file.is_file():
            found.append((day, json.loads(file.read_text(encoding="utf-8"))["columns"]))
    return found
