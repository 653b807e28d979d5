"""Friction rankings of many sample companies, straight from what they deliver into the friction models.

Belongs here: making companies and running the models on them. Does not belong here: scoring.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import duckdb
import pandas as pd

from pipeline.cli.studies.models import Project, build_models, compile_models, laboratory
from pipeline.cli.studies.worlds import in_words, land_told
from pipeline.sample import (
    Scenario,
    World,
    make_books,
    make_world,
    scenario_named,
    teach_names,
    told_tables,
    vocabulary,
)
from pipeline.scorecard.friction_study import FrictionStudy, Ranking, judge_ranking
from pipeline.scorecard.frictions import true_costs
from pipeline.settings import Settings

AS_OF = date(2025, 12, 31)
MIXED, CALM = "mixed", "calm"
CUSTOMERS = 3000
_RANKING = "segment_friction_ranking"


def run_friction_study(
    settings: Settings, *, scenario: str, seeds: Sequence[int], customers: int = CUSTOMERS
) -> FrictionStudy:
    """Rank the frictions of many companies of one scenario and judge every ranking.

    Args:
        settings: a scratch home.
        scenario: the scenario.
        seeds: one company each.
        customers: customers per company.
    """
    project = compile_models(settings, [_RANKING])
    company = scenario_named(scenario)
    with laboratory(project, as_of=AS_OF, threads=settings.dbt_threads) as opened:
        teach_names(opened)
        found = [_judged(opened, project, company, seed=seed, customers=customers) for seed in seeds]
    return FrictionStudy(scenario, tuple(found))


def _judged(
    opened: duckdb.DuckDBPyConnection, project: Project, scenario: Scenario, *, seed: int, customers: int
) -> Ranking:
    world = make_world(scenario=scenario, seed=seed, customer_count=customers)
    whole = replace(world, others=world.others | make_books(seed=seed, customer_count=customers))
    for told in told_tables(whole, scenario, seed=seed):
        land_told(opened, told)
    build_models(opened, project)
    ranking = opened.execute(
        "select friction_type, friction_rank, value_at_stake_amount, value_if_alone_low_amount, "
        "value_if_alone_high_amount, q_value "
        f"from published.{_RANKING} where segment_dimension = 'all' and is_available"
    ).df()
    return judge_ranking(seed, true_costs(world_frictions(world)), ranking)


def world_frictions(world: World) -> pd.DataFrame:
    """Exposures of a block as the truth has them: friction_type, cost_amount (EUR), is_effective, is_measurable."""
    lived = world.exposures
    cost = (lived["probability_without"] - lived["probability_with"]) * lived["value"] / 100
    return pd.DataFrame(
        {
            "friction_type": in_words(lived["friction"], vocabulary.FRICTIONS).astype(str),
            "cost_amount": cost,
            "is_effective": lived["is_effective"],
            "is_measurable": lived["is_measurable"],
        }
    )
