"""The first half of a run, as plain functions: land and judge, write the facts dbt reads.

Belongs here: which stage hands what to which. Does not belong here: Dagster, and rules of any stage.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pipeline import checks, landing
from pipeline.contracts import CONTRACTS
from pipeline.defs import profiles
from pipeline.defs.pulling import pull_due
from pipeline.defs.session import Session, build_code
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
        drifts: how the columns of the days judged now differ from those before.
    """

    outcomes: Sequence[landing.DayOutcome]
    verdict: checks.Verdict
    promoted: Sequence[date]
    refused: dict[date, list[str]]
    withdrawn: Sequence[date] = ()
    drifts: Mapping[date, Sequence[landing.Drift]] = field(default_factory=dict)

    def total(self, name: str) -> int:
        """Sum of a row count (``received``, ``loaded``, …) over the days looked at."""
        return sum(int(outcome.content[f"row_count_{name}"]) for outcome in self.outcomes)


def land_and_judge(session: Session, table: str, first: date, last: date) -> LandedTable:
    """Land a table's extract days of a range, judge all days that wait, promote or refuse them.

    Refused days are looked at again whatever the range, so that a corrected file is taken up by the next run. Days
    that leaned on rows of a day refused now are landed and judged again, until nothing leans on what is not there.
    If an earlier day arrives late and a later one does not pass with it, the later one's old version goes too: two
    days never hold one key.

    Raises:
        KeyMismatchError, ConservationError, UnsafePathError, UndatedFileError, SourceUnavailableError,
        SourceAccessError: see their stages.
    """
    home = session.settings.paths
    mapping = session.sources.mappings.get(table)
    if mapping is None:
        return LandedTable([], checks.Verdict(()), [], {})
    contract = CONTRACTS[table]
    pull_due(session, mapping, last)
    files = discover(home.drop, mapping)
    withdrawn = _withdraw(session, table, files)
    refused = refusals(home, table)
    outcomes: dict[date, landing.DayOutcome] = {}
    judged: set[date] = set()
    said: list[checks.CheckOutcome] = []
    wanted = [day for day in files if first <= day <= last or day in refused]
    reader = FileReader(mapping, contract, session.limits)
    for _ in range(len(files) + 1):  # a day leans on other days, so this many passes always settle it
        landed = landing.land_table(home, mapping, contract, wanted, files=files, read=reader, settings=session.door)
        for outcome in landed:
            if outcome.status == "landed" or outcome.extract_date not in outcomes:
                outcomes[outcome.extract_date] = outcome
        verdict = _judge(session, table, judged)
        landing.retract_displaced(home, contract)
        said += [each for each in verdict.outcomes if not said or (not each.is_met and each not in said)]
        wanted = [day for day in landing.leaning_days(home, table) if day in files]
        if not wanted:
            break
    refused = refusals(home, table)
    promoted = sorted(judged - set(refused))
    looked_at = [outcomes[day] for day in sorted(outcomes)]
    drifts = {day: found for day, found in landing.drifts(home, table).items() if day in judged}
    return LandedTable(looked_at, checks.Verdict(tuple(said)), promoted, refused, withdrawn, drifts)


def judge_waiting(session: Session, table: str) -> None:
    """Judge the days of a table that wait, promote or refuse each."""
    _judge(session, table, set())


def _withdraw(session: Session, table: str, files: Container[date]) -> list[date]:
    home = session.settings.paths
    if session.sources.mappings[table].location is None and not home.drop.is_dir():
        return []  # a drop that is not mounted withdraws nothing; a store that does not answer never comes this far
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
    home = session.settings.paths
    metrics = landing.day_metrics(waiting, landing.accepted_outcomes(home, table))
    columns = profiles.day_columns(home, CONTRACTS[table])
    said = checks.judge(metrics, suite, index_column="extract_date")
    said += checks.judge(
        columns, suite, index_column="extract_date", label_column="column_name", kind=checks.Frame.COLUMNS
    )
    verdict = checks.Verdict(tuple(said))
    drifts = landing.drifts(home, table)
    for day in waiting:
        _let_in(session, day, verdict, drifts.get(day.extract_date, []))
        judged.add(day.extract_date)
    return verdict


def _let_in(
    session: Session, day: landing.DayOutcome, verdict: checks.Verdict, drifts: Sequence[landing.Drift]
) -> None:
    home = session.settings.paths
    own = verdict.for_index(day.extract_date.isoformat())
    rows = [outcome.as_row() for outcome in own.outcomes] + landing.remarks(day, drifts)
    keep_judgement(home, day.table, day.extract_date, rows)
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


def write_facts(session: Session, as_of: date, *, is_rebuild: bool = False) -> None:
    """Write what dbt is told about this run, and the empty file of every contract.

    Args:
        session: configuration of the run.
        as_of: the day the build is made for.
        is_rebuild: whether every model is to be made anew, whatever was touched.
    """
    home = session.settings.paths
    landing.expire(home, days=session.settings.quarantine_days, now=datetime.now(UTC).replace(tzinfo=None))
    landing.write_contract_files(home)
    landing.write_facts(
        home,
        as_of,
        session.company.business_time_zone,
        reporting_currency=session.company.reporting_currency,
    )
    settings = session.settings
    seeds = (settings.seeds_folder, settings.dbt_project / "seeds")
    landing.write_declared(home, landing.read_declared(*seeds, key=session.key.secret))
    landing.write_build_code(home, build_code(session), is_rebuild=is_rebuild)
