"""The course of a run, as plain functions: land and judge, write facts, stage and judge, seal.

Belongs here: which stage hands what to which. Does not belong here: Dagster, and rules of any stage.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd

import pipeline
from pipeline import checks, landing, publish
from pipeline.contracts import CONTRACTS
from pipeline.defs.descriptions import table_comments
from pipeline.defs.session import Session
from pipeline.extract import FileReader, discover
from pipeline.landing.judgements import keep_judgement, kept_judgements, refusals
from pipeline.report import ReleaseFacts, write_report
from pipeline.warehouse import connection, literal


class GateClosedError(RuntimeError):
    """A gate is closed, so nothing is published and the release served stays; the message says what to do."""


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

    Raises:
        KeyMismatchError, ConservationError, UnsafePathError, UndatedFileError: see their stages.
    """
    home = session.settings.paths
    mapping = session.sources.mappings.get(table)
    if mapping is None:
        return LandedTable([], checks.Verdict(()), [], {})
    contract = CONTRACTS[table]
    files = discover(home.drop, mapping)
    outcomes = landing.land_table(
        home,
        mapping,
        contract,
        [day for day in files if first <= day <= last],
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
    keep_judgement(home, day.table, day.extract_date, [_plain(outcome) for outcome in own.outcomes])
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


def _plain(outcome: checks.CheckOutcome) -> dict[str, object]:
    return {key: value for key, value in asdict(outcome).items() if key != "failing_index"}


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


def require_open_gate(session: Session) -> None:
    """Stop before publishing if door 1 refused extract days of required tables.

    Raises:
        GateClosedError: naming the days, the reasons and the remedy.
    """
    home = session.settings.paths
    lines = [
        f"  - {table}, extract day {day}: {'; '.join(reasons)}"
        for table, contract in CONTRACTS.items()
        if contract.is_required
        for day, reasons in sorted(refusals(home, table).items())
    ]
    if lines:
        raise GateClosedError(
            "door 1 refused extract days of tables that no release can do without:\n"
            + "\n".join(lines)
            + f"\nNothing was published; {_served(session)} stays in place. "
            "Put a corrected file in the drop (same name, or `.r2` before the suffix) and run again."
        )


def _served(session: Session) -> str:
    served = publish.current_release(session.settings.paths.releases)
    return f"release {served.name}" if served else "no release"


def run_day(session: Session) -> date:
    """The as-of day that was written into this run's parameters."""
    parameters = literal(str(session.settings.paths.landing_facts / "run_parameters.parquet"))
    with connection(threads=1) as memory:
        row = memory.execute(f"select cast(as_of_date as varchar) from read_parquet({parameters})").fetchone()
    if row is None:
        raise RuntimeError("landing has no run parameters")
    return date.fromisoformat(row[0])


def ingredients(session: Session) -> publish.Ingredients:
    """Hashes of everything the numbers of a release depend on."""
    settings = session.settings
    with connection(threads=1) as memory:
        outcomes = literal(str(settings.paths.landing_facts / "extract_outcomes.parquet"))
        rows = memory.execute(
            f"select table_name, cast(extract_date as varchar), content_hash from read_parquet({outcomes}) "
            "where status = 'accepted' order by all"
        ).fetchall()
    company = session.company
    inputs = [part for row in rows for part in row]
    project = settings.dbt_project
    code = [settings.expectations, *(project / part for part in ("models", "macros"))]
    return publish.Ingredients(
        inputs=publish.text_fingerprint([*inputs, company.business_time_zone, company.reporting_currency]),
        seeds=publish.folder_fingerprint([settings.paths.root / "dbt" / "project" / "seeds"]),
        code=publish.text_fingerprint(
            [publish.folder_fingerprint([*code, Path(pipeline.__file__).parent]), pipeline.__version__]
        ),
        key_fingerprint=session.key.fingerprint,
    )


@dataclass(frozen=True)
class JudgedRelease:
    """A staged release and what door 2 says of each of its tables."""

    staged: publish.StagedRelease
    verdicts: dict[str, checks.Verdict]

    @property
    def is_blocked(self) -> bool:
        """Whether door 2 is closed."""
        return any(verdict.is_blocked for verdict in self.verdicts.values())

    @property
    def unmet(self) -> list[str]:
        """What is unmet, one line each, critical ones first."""
        found = [(table, outcome) for table, verdict in self.verdicts.items() for outcome in verdict.unmet]
        found.sort(key=lambda entry: (not entry[1].blocks, entry[0]))
        return [
            f"{outcome.severity}: {table}{'.' * bool(outcome.column_name)}{outcome.column_name}: {outcome.why} "
            f"({outcome.observed_value})"
            for table, outcome in found
        ]


def stage_and_judge(session: Session) -> JudgedRelease:
    """Copy the published tables into a hidden folder, judge them (door 2), and write down what both doors said.

    Raises:
        GateClosedError: door 1 refused what no release can do without.
    """
    require_open_gate(session)
    home = session.settings.paths
    as_of = run_day(session)
    release = publish.release_id(str(as_of), ingredients(session))
    staged = publish.stage_tables(home.build_file, home.landing_facts, home.releases, release)
    rows: list[dict[str, object]] = [
        {"door": "landing", "table_name": table, "extract_date": day, **outcome}
        for table, day, outcome in kept_judgements(home, as_of)
    ]
    verdicts: dict[str, checks.Verdict] = {}
    for name in sorted(staged.tables):
        suite = session.settings.expectations / "published" / f"{name}.json"
        frame = checks.with_identities(name, checks.frame_of(staged.tables_folder / f"{name}.parquet"))
        judged = checks.judge(frame, suite)
        verdicts[name] = checks.Verdict(tuple(judged))
        rows += [{"door": "published", "table_name": name, "extract_date": None, **_plain(o)} for o in judged]
    return JudgedRelease(publish.add_quality(staged, pd.DataFrame(rows)), verdicts)


def seal_staged(session: Session, published_at: datetime) -> tuple[Path, bool]:
    """Write database, report and manifest into the staged release and rename it into place.

    Args:
        session: the run's configuration.
        published_at: now, naive UTC; for the manifest only.

    Returns:
        The release's folder, and whether it is new.
    """
    home = session.settings.paths
    as_of = run_day(session)
    made_of = ingredients(session)
    staged = publish.reopen_staged(home.releases, publish.release_id(str(as_of), made_of))
    served = publish.current_release(home.releases)
    met, unmet, has_goods_cost = _staged_facts(staged)
    manifest = publish.Manifest(
        release_id=publish.release_id(str(as_of), made_of),
        as_of_date=str(as_of),
        published_at=published_at.isoformat(timespec="seconds") + "Z",
        code_version=pipeline.__version__,
        reporting_currency=session.company.reporting_currency,
        business_time_zone=session.company.business_time_zone,
        ingredients=made_of,
        tables=staged.tables,
        checks_met=met,
        checks_unmet=unmet,
        previous_release_id=served.name if served else None,
    )
    publish.write_database(staged, table_comments(home.dbt_target / "manifest.json"))
    facts = ReleaseFacts(
        release_id=manifest.release_id,
        as_of_date=as_of,
        company=session.company.name,
        reporting_currency=manifest.reporting_currency,
        business_time_zone=manifest.business_time_zone,
        code_version=manifest.code_version,
        checks_passed=met,
        checks_failed_warnings=unmet,
        previous_release_id=manifest.previous_release_id,
        has_goods_cost=has_goods_cost,
    )
    write_report(staged.tables_folder, facts, staged.folder / "report")
    return publish.seal(staged, manifest, home.releases)


def _staged_facts(staged: publish.StagedRelease) -> tuple[int, int, bool]:
    quality = literal(str(staged.tables_folder / "data_quality.parquet"))
    clv = literal(str(staged.tables_folder / "segment_clv.parquet"))
    with connection(threads=1) as memory:
        row = memory.execute(
            f"select count(*) filter (where is_met), count(*) filter (where not is_met), "
            f"(select coalesce(bool_or(method = 'observed'), false) from read_parquet({clv})) "
            f"from read_parquet({quality})"
        ).fetchone()
    return (int(row[0]), int(row[1]), bool(row[2])) if row else (0, 0, False)
