"""The first half of a run, as plain functions: land and judge, write the facts dbt reads.

Belongs here: which stage hands what to which. Does not belong here: Dagster, and rules of any stage.
"""

from collections.abc import Sequence
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
    """

    outcomes: Sequence[landing.DayOutcome]
    verdict: checks.Verdict
    promoted: Sequence[date]
    refused: dict[date, list[str]]

    def total(self, name: str) -> int:
        """Sum of a row count (``received``, ``loaded``, …) over the days looked at."""
        return sum(int(outcome.content[f"row_count_{name}"]) for outcome in self.outcomes)


def land_and_judge(session: Session, table: str, first: date, last: date) -> LandedTable:
    """Land a table's extract days of a range, judge all days that wait, promote or refuse them.

    Refused days are looked at again whatever the range, so that a corrected file is taken up by the next run.

    Raises:
        KeyMismatchError, ConservationError, UnsafePathError, UndatedFileError: see their stages.
    """
    home = session.settings.paths
    mapping = session.sources.mappings.get(table)
    if mapping is None:
        return LandedTable([], checks.Verdict(()), [], {})
    contract = CONTRACTS[table]
    files = discover(home.drop, mapping)
    refused = refusals(home, table)
    outcomes = landing.land_table(
        home,
        mapping,
        contract,
        [day for day in files if first <= day <= last or day in refused],
        files=files,
        read=FileReader(mapping, contract),
        settings=session.door,
    )
    waiting = landing.pending_outcomes(home, table)
    if not waiting:
        return LandedTable(outcomes, checks.Verdict(()), [], {})
    suite = session.settings.expectations / "landing" / f"{table}.json"
    judged = checks.judge(landing.day_metrics(waiting), suite, index_column="extract_date")
    verdict = checks.Verdict(tuple(judged))
    promoted = [day.extract_date for day in waiting if _let_in(session, day, verdict)]
    return LandedTable(outcomes, verdict, promoted, refusals(home, table))


def _let_in(session: Session, day: landing.DayOutcome, verdict: checks.Verdict) -> bool:
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
        return False
    landing.promote(home, day.table, day.extract_date)
    return True


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
