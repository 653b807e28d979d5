"""Quarantine tried again under the present mapping and value lists: from the files, else from what was kept.

Belongs here: which way a day goes, and judging it after. Does not belong here: reading or judging rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import landing
from pipeline.contracts import CONTRACTS
from pipeline.defs import course
from pipeline.defs.session import Session
from pipeline.extract import FileReader, Mapping, SourceFile, discover
from pipeline.landing.judgements import refusals
from pipeline.landing.model import Reader


@dataclass(frozen=True)
class Retried:
    """What became of one day.

    Attributes:
        table: the table.
        day: the extract day.
        before: quarantined rows before.
        after: quarantined rows now.
        way: ``files``, ``kept rows``, or why nothing could be tried.
        refusal: why door 1 refuses the day now; empty if it does not.
    """

    table: str
    day: date
    before: int
    after: int
    way: str
    refusal: tuple[str, ...] = ()


def retry(session: Session, *, table: str | None = None, day: date | None = None) -> Iterator[Retried]:
    """Try every day with quarantined rows again; to be called by the one writer of the home.

    Args:
        session: the run's configuration, with the mended mapping.
        table: only this table.
        day: only this extract day.
    """
    home = session.settings.paths
    wanted = sorted({(name, found) for name, found, _ in landing.quarantined_days(home, table, day)}, key=_order)
    for name, found in wanted:
        before = _count(session, name, found)
        way = _retry_day(session, name, found)
        refusal = tuple(refusals(home, name).get(found, ()))
        yield Retried(name, found, before, _count(session, name, found), way, refusal)


def _order(entry: tuple[str, date]) -> tuple[int, date]:
    return list(CONTRACTS).index(entry[0]), entry[1]


def _count(session: Session, table: str, day: date) -> int:
    """Rows in quarantine: those of the newest version of the day."""
    home = session.settings.paths
    states: dict[str, int] = {}
    for row in landing.quarantined_rows(home, table=table, day=day):
        states[row.state] = states.get(row.state, 0) + 1
    return states.get("waiting", states.get("accepted", 0))


def _retry_day(session: Session, table: str, day: date) -> str:
    home, mapping = session.settings.paths, session.sources.mappings.get(table)
    if mapping is None:
        return "not in the source mapping"
    if day in discover(home.drop, mapping):
        course.land_and_judge(session, table, day, day)
        return "files"
    if day not in landing.accepted_days(home, table):
        return "its file is gone and the day was never accepted: deliver it again"
    if mapping.select:
        return "its file is gone, and its rows were reshaped by a `select`: put the file back"
    contract = CONTRACTS[table]

    def read_kept(name: str, file: Path, found: date) -> tuple[Reader, Any]:
        return _reader(session, mapping, name), SourceFile(path=file, name=name, day=found)

    if landing.replay_day(home, mapping, contract, day, read_kept=read_kept, settings=session.door):
        course.judge_waiting(session, table)
    return "kept rows"


def _reader(session: Session, mapping: Mapping, name: str) -> FileReader:
    """Reads kept rows, which are JSON Lines whatever they came as; typed columns were kept canonically."""
    changed = replace(mapping, format="jsonl", encoding="utf-8")
    if ".parquet" in name.lower():
        changed = replace(changed, decimal_mark=".", date_format=None, timestamp_format=None)
    return FileReader(changed, CONTRACTS[mapping.table], session.limits)
