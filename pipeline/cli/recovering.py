"""One sample company through the whole pipeline, scored against its truth.

Belongs here: writing the company, running it, reading truth and tables side by side. Does not belong here: how a score
is computed (``pipeline.scorecard``), or showing it (``benching``).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline import scorecard
from pipeline.cli import starting
from pipeline.cli.running import run_daily
from pipeline.cli.studies.coverage import run_coverage_study
from pipeline.landing.personal import hmac_sql, normalised_email, normalised_phone, set_pads
from pipeline.privacy import load_or_create_key
from pipeline.scorecard import Card, Score, not_applicable, not_built
from pipeline.settings import Settings
from pipeline.warehouse import connection, file_literal

COVERAGE_SEEDS = 20
PROCESS_SCENARIO = "clv_clean"
"""The only scenario made by one process throughout, and so the only one whose parameters are scored."""
_PREDICTIONS_SQL = """
    select
        predictions.fit_group as customer_type,
        predictions.is_fallback,
        coalesce(
            cast(predictions.expected_order_count * predictions.expected_spend_amount as double),
            cast(predictions.expected_margin_amount as double) / nullif(customers.margin_rate, 0)
        ) as predicted_value_12m
    from analysis.clv_predictions as predictions
    left join intermediate.int_customer_transactions__aggregated as customers
        on predictions.customer_key = customers.customer_key
    where predictions.horizon_months = 12
"""
"""Net value per customer; a run rate knows margins only, which are taken back to net value."""


class RecoveryError(RuntimeError):
    """The pipeline did not get through; there is nothing to score."""


@dataclass(frozen=True)
class Evidence:
    """Truth and product of one company, open for reading.

    Attributes:
        folder: the truth's folder, ``truth/`` beside the extracts.
        facts: content of ``truth.json``.
        product: the build file, read-only.
        identifiers: the truth's identifiers, e-mail addresses and phone numbers hashed with the home's key.
        resolved: the product's identifiers.
    """

    folder: Path
    facts: dict[str, Any]
    product: duckdb.DuckDBPyConnection
    identifiers: pd.DataFrame
    resolved: pd.DataFrame

    def truth(self, name: str) -> pd.DataFrame:
        """A table of the truth."""
        return _read(self.folder / f"{name}.parquet")

    def has(self, relation: str) -> bool:
        """Whether the product has a table, given as ``schema.table``."""
        schema, table = relation.split(".")
        found = self.product.execute(
            "select count(*) from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
        ).fetchone()
        return bool(found and found[0])

    def query(self, sql: str) -> pd.DataFrame:
        """Rows of the product."""
        return self.product.execute(sql).df()


def run_company(settings: Settings, *, scenario: str, seed: int, customers: int) -> None:
    """Write the sample company into a home and run the pipeline on it, as ``parcours run`` does.

    Args:
        settings: a scratch home; one that holds this very company already is run as it is.
        scenario: name of the scenario.
        seed: seed of the company.
        customers: customers of the company.

    Raises:
        RecoveryError: there is no such scenario, the home holds something else, or no release came out.
    """
    from pipeline.sample import load_scenarios, write_sample  # noqa: PLC0415

    wanted = {"scenario": scenario, "seed": seed, "customer_count": customers}
    if scenario not in (known := load_scenarios()):
        raise RecoveryError(f"there is no scenario {scenario}; there are {', '.join(sorted(known))}")
    if not settings.sources_file.exists():
        write_sample(settings.paths.root, scenario=scenario, seed=seed, customer_count=customers)
    elif not _holds(settings, wanted):
        raise RecoveryError(f"{settings.paths.root} holds something else; nothing was touched. Give another folder.")
    starting.write_demo_key(settings)
    report = run_daily(settings, first=None, last=None, as_of=None)
    if report.release is None:
        raise RecoveryError("no release was published: " + "; ".join(report.failures))


def _holds(settings: Settings, wanted: Mapping[str, object]) -> bool:
    truth = settings.paths.root / "truth.json"
    facts = json.loads(truth.read_text(encoding="utf-8")) if truth.exists() else {}
    return all(facts.get(name) == value for name, value in wanted.items())


def score_company(settings: Settings) -> Card:
    """Score a home whose sample company was run; the coverage of intervals is studied on generated facts.

    Args:
        settings: the home; its truth lies in ``truth`` below it.

    Raises:
        FileNotFoundError: the home has no truth, or was not run.
    """
    folder = settings.paths.root / "truth"
    facts = json.loads((settings.paths.root / "truth.json").read_text(encoding="utf-8"))
    with connection(settings.paths.build_file, read_only=True) as product:
        evidence = Evidence(
            folder=folder,
            facts=facts,
            product=product,
            identifiers=_hashed_identifiers(folder / "identifiers.parquet", settings),
            resolved=product.execute(
                "select identifier_type, identifier, customer_key from intermediate.int_identifiers__resolved"
            ).df(),
        )
        scores = [
            *scorecard.score_identity(evidence.identifiers, evidence.resolved),
            _funnels(evidence),
            _coverage(settings, int(facts["seed"])),
            _parameters(evidence),
            _values(evidence),
            *_frictions(evidence),
            *_alerts(evidence),
            *_themes(evidence),
        ]
    return scorecard.make_card(str(facts["scenario"]), int(facts["seed"]), scores)


def _read(path: Path) -> pd.DataFrame:
    with connection(threads=1) as memory:
        return memory.execute(f"select * from read_parquet({file_literal(path)})").df()


def _hashed_identifiers(path: Path, settings: Settings) -> pd.DataFrame:
    """The truth's identifiers by the product's names: what the door hashes is hashed by the door's own SQL."""
    with connection(threads=1) as memory:
        set_pads(memory, load_or_create_key(settings.paths.pseudonym_key).secret)
        return memory.execute(
            "select * replace (case identifier_type when 'web_user' then 'user' else identifier_type end as "
            "identifier_type, case identifier_type "
            f"when 'email' then coalesce({hmac_sql(normalised_email('identifier'))}, identifier) "
            f"when 'phone' then coalesce({hmac_sql(normalised_phone('identifier'))}, identifier) "
            f"else identifier end as identifier) from read_parquet({file_literal(path)})"
        ).df()


def _funnels(evidence: Evidence) -> Score:
    steps = evidence.query("select funnel_id, customer_key, entry_step, step, step_outcome from marts.fct_funnel_steps")
    return scorecard.score_funnels(
        evidence.truth("journeys"),
        steps,
        identifiers=evidence.identifiers,
        product_identifiers=evidence.resolved,
    )


def _coverage(settings: Settings, seed: int) -> Score:
    study = Settings(home=settings.paths.root / "coverage_study", dbt_threads=settings.dbt_threads)
    return scorecard.score_coverage(run_coverage_study(study, range(seed, seed + COVERAGE_SEEDS)))


def _parameters(evidence: Evidence) -> Score:
    name = "clv_parameter_error"
    if not evidence.has("analysis.clv_fits"):
        return not_built(name, "the product fits no purchase process yet")
    if evidence.facts["scenario"] != PROCESS_SCENARIO:
        return not_applicable(name, f"only {PROCESS_SCENARIO} is made by one process without season and friction")
    fits = evidence.query("select fit_group, model, parameter, estimate from analysis.clv_fits")
    return scorecard.score_parameters(evidence.facts["processes"], fits)


def _values(evidence: Evidence) -> Score:
    name = "clv_value_error"
    if not evidence.has("analysis.clv_predictions"):
        return not_built(name, "the product predicts no value yet")
    predictions = evidence.query(_PREDICTIONS_SQL)
    if predictions.empty:
        return not_built(name, "no value was predicted in this run")
    registered = evidence.identifiers.query("identifier_type == 'crm'")["person_id"]
    persons = evidence.truth("persons")
    return scorecard.score_values(persons[persons["person_id"].isin(registered)], predictions)


def _frictions(evidence: Evidence) -> Sequence[Score]:
    ranking = evidence.query(
        "select friction_type, friction_rank, value_at_stake_amount from published.segment_friction_ranking "
        "where segment_dimension = 'all'"
    )
    return scorecard.score_frictions(scorecard.true_costs(evidence.truth("frictions")), ranking)


def _alerts(evidence: Evidence) -> Sequence[Score]:
    if not evidence.has("published.alerts"):
        return [not_built(name, "the product raises no alerts yet") for name in scorecard.ALERT_SCORES]
    columns = ["kpi_id", "segment_dimension", "segment", "first_day", "last_day"]
    alerts = evidence.query("select kpi_id, segment_dimension, segment, alerted_on from published.alerts")
    days = (pd.Timestamp(evidence.facts["last_day"]) - pd.Timestamp(evidence.facts["first_day"])).days + 1
    planted = pd.DataFrame(evidence.facts["degradations"], columns=columns)
    return scorecard.score_alerts(planted, alerts, observed_days=days)


def _themes(evidence: Evidence) -> Sequence[Score]:
    if not evidence.has("published.verbatim_themes"):
        return [not_built(name, "the product reads no verbatims yet") for name in scorecard.THEME_SCORES]
    given = evidence.query("select source_table, row_id, theme from published.verbatim_themes")
    return scorecard.score_themes(evidence.truth("verbatims"), given)
