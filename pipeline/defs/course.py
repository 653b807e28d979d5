"""The first half of a run, as plain functions: land and judge, write the facts dbt reads.

Belongs here: which stage hands what to which. Does not belong here: Dagster, and rules of any stage.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline import checks, landing
from pipeline.contracts import CONTRACTS
from pipeline.defs.session import Session
from pipeline.extract import FileReader, discover
from pipeline.landing.judgements import keep_judgement, refusals


@dataclass(frozen=True)
class LandedTable:
    """What became of one table in this run.

    Attributes:
        outcomes: one per extract day looked at.
        verdict: what door 1 said of the days that waited.
        promoted: days accepted now.
        refused: days that stay out of every build, with reasons.
        withdrawn: refused days forgotten, because the drop no longer holds a file of them.
    """

    outcomes: Sequence[landing.DayOutcome]
    verdict: checks.Verdict
    promoted: Sequence[date]
    refused: dict[date, list[str]]
    withdrawn: Sequence[date] = ()

    def total(self, name: str) -> int:
        """Sum of a row count (``received``, ``loaded``, …) over the days looked at."""
        return sum(int(outcome.content[f"row_count_{name}"]) for outcome in self.outcomes)


def land_and_judge(session: Session, table: str, first: date, last: date) -> LandedTable:
    """Land a table's extract days of a range, judge all days that wait, promote or refuse them.

    Refused days are looked at again whatever the range, so that a corrected file is taken up by the next run. Days
    that leaned on rows of a day refused now are landed and judged again, until nothing leans on what is not there.

    Raises:
        KeyMismatchError, ConservationError, UnsafePathError, UndatedFileError: see their stages.
    """
    home = session.settings.paths
    mapping = session.sources.mappings.get(table)
    if mapping is None:
        return LandedTable([], checks.Verdict(()), [], {})
    contract = CONTRACTS[table]
    files = discover(home.drop, mapping)
    withdrawn = _withdraw(session, table, files)
    refused = refusals(home, table)
    outcomes: dict[date, landing.DayOutcome] = {}
    judged: set[date] = set()
    said: list[checks.CheckOutcome] = []
    wanted = [day for day in files if first <= day <= last or day in refused]
    for _ in range(len(files) + 1):  # a day leans on other days, so this many passes always settle it
        for outcome in landing.land_table(
            home, mapping, contract, wanted, files=files, read=FileReader(mapping, contract), settings=session.door
        ):
            if outcome.status == "landed" or outcome.extract_date not in outcomes:
                outcomes[outcome.extract_date] = outcome
        verdict = _judge(session, table, judged)
        said += [each for each in verdict.outcomes if not said or (not each.is_met and each not in said)]
        wanted = [day for day in landing.leaning_days(home, table) if day in files]
        if not wanted:
            break
    refused = refusals(home, table)
    promoted = sorted(judged - set(refused))
    looked_at = [outcomes[day] for day in sorted(outcomes)]
    return LandedTable(looked_at, checks.Verdict(tuple(said)), promoted, refused, withdrawn)


def _withdraw(session: Session, table: str, files: Container[date]) -> list[date]:
    home = session.settings.paths
    if not home.drop.is_dir():  # a drop that is not mounted withdraws nothing
        return []
    withdrawn = [day for day in refusals(home, table) if day not in files]
    for day in withdrawn:
        landing.withdraw(home, table, day)
    return withdrawn


def _judge(session: Session, table: str, judged: set[date]) -> checks.Verdict:
    """Judge the days that wait, note which they were, and promote or refuse each."""
    waiting = landing.pending_outcomes(session.settings.paths, table)
    if not waiting:
        return checks.Verdict(())
    suite = session.settings.expectations / "landing" / f"{table}.json"
    verdict = checks.Verdict(tuple(checks.judge(landing.day_metrics(waiting), suite, index_column="extract_date")))
    for day in waiting:
        _let_in(session, day, verdict)
        judged.add(day.extract_date)
    return verdict


def _let_in(session: Session, day: landing.DayOutcome, verdict: checks.Verdict) -> None:
    home = session.settings.paths
    own = verdict.for_index(day.extract_date.isoformat())
    keep_judgement(home, day.table, day.extract_date, [outcome.as_row() for outcome in own.outcomes])
    reasons = list(day.problems) + [
        f"{outcome.column_name or 'the day'}: {outcome.why} ({outcome.observed_value})"
        for outcome in own.unmet
        if outcome.blocks and not (day.problems and outcome.column_name == "is_readable")
    ]
    if reasons:
        landing.refuse(home, day.table, day.extract_date, reasons)
    else:
        landing.promote(home, day.table, day.extract_date)


def as_of_day(session: Session, last: date, wanted: date | None) -> date:
    """The as-of day: as wanted, else the later of the day landed and the latest accepted one."""
    if wanted is not None:
        return wanted
    home = session.settings.paths
    accepted = [day for table in CONTRACTS for day in landing.accepted_days(home, table)]
    return max([last, *accepted])


def write_facts(session: Session, as_of: date) -> None:
    """Write what dbt is told about this run, and the empty file of every contract."""
    home = session.settings.paths
    landing.write_contract_files(home)
    landing.write_facts(
        home,
        as_of,
        session.company.business_time_zone,
        reporting_currency=session.company.reporting_currency,
    )
