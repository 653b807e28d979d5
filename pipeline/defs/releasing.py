"""The second half of a run, as plain functions: stage and judge a release, then seal it.

Belongs here: which stage hands what to which. Does not belong here: Dagster, and rules of any stage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

import pipeline
from pipeline import checks, privacy, publish
from pipeline.defs import alerting, door_2, gating
from pipeline.defs.descriptions import table_comments
from pipeline.defs.erasing import retire_due
from pipeline.defs.ingredients import ingredients, run_day
from pipeline.defs.session import Session
from pipeline.landing.judgements import kept_judgements
from pipeline.publish import GateClosedError
from pipeline.report import ReleaseFacts, write_dictionary, write_report
from pipeline.settings import Home
from pipeline.warehouse import connection, literal

__all__ = [
    "GateClosedError",
    "JudgedRelease",
    "ingredients",
    "require_open_gate",
    "run_day",
    "seal_staged",
    "stage_and_judge",
]


@dataclass(frozen=True)
class JudgedRelease:
    """A staged release and what door 2 says of each of its tables.

    Attributes:
        staged: the release under assembly.
        verdicts: verdict by table.
        closed: unmet critical checks that nobody overrode.
        overrides: checks a named human overrode.
    """

    staged: publish.StagedRelease
    verdicts: dict[str, checks.Verdict]
    closed: Sequence[publish.ClosedCheck] = ()
    overrides: Sequence[publish.Override] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether door 2 is closed."""
        return bool(self.closed)

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


def require_open_gate(session: Session, overrides: Sequence[publish.Override] = ()) -> None:
    """Stop before publishing if door 1 refused extract days of required tables and nobody overrode that.

    Raises:
        GateClosedError: naming the days, the reasons and the remedy.
    """
    refused = gating.refused_days(session.settings.paths)
    if gating.still_closed(refused, overrides):
        raise GateClosedError(gating.closed_message(gating.note(session, gating.judgement_now(session), refused)))


def stage_and_judge(session: Session, overrides: Sequence[publish.Override] = ()) -> JudgedRelease:
    """Copy the published tables into a hidden folder, judge them (door 2), and write down what both doors said.

    Args:
        session: the run's configuration.
        overrides: closed checks that a named human answers for.

    Raises:
        GateClosedError: door 1 refused what no release can do without.
    """
    home = session.settings.paths
    judgement = gating.judgement_now(session)
    overrides = overrides or gating.earlier_overrides(home, judgement.release_id)
    require_open_gate(session, overrides)
    made_of = ingredients(session)
    staged = publish.stage_tables(home.build_file, home.landing_facts, home.releases, judgement.release_id)
    # what an erasure moved is told to nobody
    served = None if privacy.releases_due(home) else publish.current_release(home.releases)
    staged = publish.add_restatements(staged, build_file=home.build_file, served=served, now=made_of)
    verdicts = door_2.judge_release(session, staged, judgement, made_of)
    closed = gating.still_closed(gating.unmet_checks(verdicts), overrides)
    gating.keep_history(home, judgement, verdicts)
    gating.write_data_docs(session, judgement, verdicts)
    if closed:
        gating.note(session, judgement, [*gating.refused_days(home), *gating.unmet_checks(verdicts)])
    staged = publish.add_quality(staged, _quality(home, judgement.as_of, verdicts))
    staged = publish.add_table(staged, gating.TREND, gating.trend(home, judgement.as_of), gating.TREND_COLUMNS)
    return JudgedRelease(staged, verdicts, closed, overrides)


def _quality(home: Home, as_of: date, verdicts: Mapping[str, checks.Verdict]) -> pd.DataFrame:
    """One row per expectation judged at either door."""
    rows: list[dict[str, object]] = [
        {"door": "landing", "table_name": table, "extract_date": day, **outcome}
        for table, day, outcome in kept_judgements(home, as_of)
    ]
    rows += [
        {"door": "published", "table_name": name, "extract_date": None, **outcome.as_row()}
        for name, verdict in verdicts.items()
        for outcome in verdict.outcomes
    ]
    return pd.DataFrame(rows)


def seal_staged(
    session: Session, published_at: datetime, overrides: Sequence[publish.Override] = ()
) -> tuple[Path, bool]:
    """Write database, report and manifest into the staged release, rename it into place, let old releases go.

    Where that very release was made before, it stays: nothing is written for readers, the tables must be the same.

    Args:
        session: the run's configuration.
        published_at: now, naive UTC; for the manifest only.
        overrides: checks a named human overrode, for manifest and report.

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
        overrides=tuple(overrides),
    )
    staged, evaluated = alerting.evaluate_release(session, staged, as_of, overrides)
    if not publish.is_sealed(home.releases, manifest.release_id):  # else its tables are compared and thrown away
        _write_for_readers(session, staged, _report_facts(session, manifest, has_goods_cost=has_goods_cost))
    release, is_new = publish.seal(staged, replace(manifest, tables=staged.tables), home.releases)
    alerting.take_in(session, evaluated, release, published_at)
    gating.note(session, gating.Judgement(release.name, as_of, published_at), [])
    retire_due(home, published_at)
    gating.retire_old(session.settings, published_at)
    return release, is_new


def _write_for_readers(session: Session, staged: publish.StagedRelease, facts: ReleaseFacts) -> None:
    home = session.settings.paths
    publish.write_database(staged, table_comments(home.dbt_target / "manifest.json"))
    write_report(staged.tables_folder, facts, staged.folder / "report")
    write_dictionary(staged.folder / "parcours.duckdb", home.build_file, staged.folder / "report")


def _report_facts(session: Session, manifest: publish.Manifest, *, has_goods_cost: bool) -> ReleaseFacts:
    return ReleaseFacts(
        release_id=manifest.release_id,
        as_of_date=date.fromisoformat(manifest.as_of_date),
        company=session.company.name,
        reporting_currency=manifest.reporting_currency,
        business_time_zone=manifest.business_time_zone,
        code_version=manifest.code_version,
        checks_passed=manifest.checks_met,
        checks_failed_warnings=manifest.checks_unmet,
        previous_release_id=manifest.previous_release_id,
        has_goods_cost=has_goods_cost,
        overrides=tuple(each.text for each in manifest.overrides),
    )


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
