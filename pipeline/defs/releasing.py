"""The second half of a run, as plain functions: stage and judge a release, then seal it.

Belongs here: which stage hands what to which. Does not belong here: Dagster, and rules of any stage.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

import pipeline
from pipeline import checks, publish
from pipeline.contracts import CONTRACTS
from pipeline.defs import alerting
from pipeline.defs.descriptions import table_comments
from pipeline.defs.session import Session
from pipeline.landing.judgements import kept_judgements, refusals
from pipeline.report import ReleaseFacts, write_report
from pipeline.warehouse import connection, literal


class GateClosedError(RuntimeError):
    """A gate is closed, so nothing is published and the release served stays; the message says what to do."""


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
        for fact in ("blocked_identifiers", "identity_decisions"):
            file = literal(str(settings.paths.landing_facts / f"{fact}.parquet"))
            declared = memory.execute(f"select cast(columns(*) as varchar) from read_parquet({file}) order by all")
            rows += [tuple(part or "" for part in row) for row in declared.fetchall()]
    company = session.company
    inputs = [part for row in rows for part in row]
    return publish.Ingredients(
        inputs=publish.text_fingerprint([*inputs, company.business_time_zone, company.reporting_currency]),
        seeds=publish.folder_fingerprint([settings.paths.root / "dbt" / "project" / "seeds"]),
        code=session.code,
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
    made_of = ingredients(session)
    staged = publish.stage_tables(
        home.build_file, home.landing_facts, home.releases, publish.release_id(str(as_of), made_of)
    )
    served = publish.current_release(home.releases)
    staged = publish.add_restatements(staged, build_file=home.build_file, served=served, now=made_of)
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
        rows += [{"door": "published", "table_name": name, "extract_date": None, **o.as_row()} for o in judged]
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
    staged, evaluated = alerting.evaluate_release(session, staged, as_of)
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
    release, is_new = publish.seal(staged, replace(manifest, tables=staged.tables), home.releases)
    alerting.take_in(session, evaluated, release, published_at)
    return release, is_new


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
