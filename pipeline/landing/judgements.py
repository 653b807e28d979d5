"""What door 1 said about each extract day, kept beside the day it is about.

Belongs here: keeping and reading judgements. Does not belong here: judging.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.contracts import CONTRACTS
from pipeline.landing import store
from pipeline.settings import Home

JUDGEMENT = "judgement.json"


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
