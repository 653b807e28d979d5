"""Alerts of many sample companies, straight from their frames into the KPI models and through a replay.

Belongs here: making companies, running the models alerts stand on, replaying. Does not belong here: judging what came
out (``pipeline.scorecard``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pandas as pd

from pipeline.alerts.backtest import backtest
from pipeline.alerts.data_rules import DataFacts
from pipeline.alerts.evaluating import Inputs, watch
from pipeline.alerts.model import Event, Happening
from pipeline.alerts.rules import RuleBook
from pipeline.cli.studies.models import Project, build_models, compile_models, laboratory
from pipeline.contracts import CONTRACTS
from pipeline.defs import alert_inputs, alerting
from pipeline.sample import (
    ToldTable,
    make_books,
    make_world,
    scenario_named,
    teach_names,
    told_tables,
)
from pipeline.settings import Settings
from pipeline.warehouse import identifier

AS_OF = date(2025, 12, 31)
CUSTOMERS = 3000
REPLAYED_DAYS = 180
WANTED = ("fct_kpi_windows", "fct_event_days", "fct_failure_days", "stg_reference__initiatives", "survey_polarities")
"""Models alerts read."""
_FACTS = (
    ("table_name", "is_required", "lateness_p99_days"),
    ("table_name", "extract_date"),
    ("table_name", "extract_date", "status"),
)


@dataclass(frozen=True)
class AlertStudy:
    """What replays of companies of one scenario found.

    Attributes:
        scenario: its name.
        seeds: the companies.
        days: as-of days replayed of each.
        openings: one row per alert opened: seed, as_of, kind, rule, kpi_id, segment_dimension, segment, alerted_on,
            standard_errors, window_name, what_en, why_en.
    """

    scenario: str
    seeds: tuple[int, ...]
    days: int
    openings: pd.DataFrame


def run_alert_study(
    settings: Settings,
    *,
    scenario: str,
    seeds: Sequence[int],
    customers: int = CUSTOMERS,
    days: int = REPLAYED_DAYS,
) -> AlertStudy:
    """Replay the last days of many companies of one scenario, each from an empty ledger.

    Args:
        settings: a scratch home.
        scenario: the scenario.
        seeds: one company each.
        customers: customers per company.
        days: as-of days replayed, at the end of the two years of the sample.
    """
    book = alerting.rule_book(settings)
    companies = [(scenario, seed) for seed in seeds]
    found = [
        openings(inputs, book, days=days).assign(seed=seed)
        for (_, seed), inputs in company_inputs(settings, companies, customers=customers)
    ]
    return AlertStudy(scenario, tuple(seeds), days, pd.concat(found, ignore_index=True))


def company_inputs(
    settings: Settings, companies: Sequence[tuple[str, int]], *, customers: int = CUSTOMERS
) -> Iterator[tuple[tuple[str, int], Inputs]]:
    """What a release's alerts are made from, for one company after another; the models are compiled once.

    Args:
        settings: a scratch home.
        companies: scenario and seed of each.
        customers: customers per company.
    """
    project = compile_models(settings, WANTED)
    with laboratory(project, as_of=AS_OF, threads=settings.dbt_threads) as opened:
        teach_names(opened)
        for name, seed in companies:
            scenario = scenario_named(name)
            world = make_world(scenario=scenario, seed=seed, customer_count=customers)
            books = make_books(seed=seed, customer_count=customers)
            whole = replace(world, others=world.others | books)
            for told in told_tables(whole, scenario, seed=seed):
                _land(opened, told)
            yield (name, seed), inputs_of_models(opened, project, as_of=AS_OF)


def _land(opened: duckdb.DuckDBPyConnection, told: ToldTable) -> None:
    kinds = dict((*CONTRACTS[told.table].landed_columns, ("_key_hash", "varchar"), ("_event_at", "timestamp")))
    selected = ", ".join(f"cast({sql} as {kinds[name]}) as {identifier(name)}" for name, sql in told.columns.items())
    opened.register("shown", told.shown)
    opened.execute(f"delete from landing.{told.table}")
    opened.execute(f"insert into landing.{told.table} by name select {selected} from shown")
    opened.unregister("shown")


def inputs_of_models(opened: duckdb.DuckDBPyConnection, project: Project, *, as_of: date) -> Inputs:
    """Build the models on what is landed, and read what alerts are made from; nothing is known of extracts.

    Args:
        opened: a laboratory.
        project: with the models ``WANTED``.
        as_of: the day.
    """
    build_models(opened, project)
    blocked = opened.execute(alert_inputs.blocked_sql("published.survey_polarities")).fetchall()
    tables, daily, outcomes = (pd.DataFrame(columns=list(columns)) for columns in _FACTS)
    return alert_inputs.inputs_of(
        opened, as_of=as_of, facts=DataFacts(as_of, tables, daily, outcomes, blocked_kpis=blocked)
    )


def openings(inputs: Inputs, book: RuleBook, *, days: int) -> pd.DataFrame:
    """Alerts a replay of the last days opens, see ``AlertStudy``.

    Args:
        inputs: of a company.
        book: rules of the home.
        days: as-of days replayed.
    """
    found = backtest(watch(inputs, book), days=days, last=inputs.as_of)
    rows = [_row(event) for event in found.replayed.life.events if event.happening is Happening.OPENED]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


_COLUMNS = (
    "as_of", "kind", "rule", "kpi_id", "segment_dimension", "segment", "alerted_on", "standard_errors", "window_name",
    "what_en", "why_en",
)  # fmt: skip


def _row(event: Event) -> tuple[object, ...]:
    finding = event.alert.finding
    subject, measure = finding.subject, finding.measure
    return (
        event.as_of, subject.kind, subject.rule, subject.name, subject.segment_dimension, subject.segment,
        finding.last_day, measure.score, measure.window, finding.text_en, event.alert.explanation_en,
    )  # fmt: skip
