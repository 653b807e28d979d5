"""Whether difference in differences finds what an initiative was made to change, over many drawn companies.

Belongs here: regions with a KPI that moves together, one of them improved by a known amount, through the models that
publish initiatives. Does not belong here: how the KPI is observed.
"""

import os
from collections.abc import Iterator
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.cli.studies.models import Project, build_models, compile_models, laboratory
from pipeline.settings import Settings

GIVEN = (
    "stg_reference__initiatives", "int_kpis__judged", "int_kpi_days__summed", "int_kpi_observations__condensed",
    "int_segment_profiles__described", "fct_outcome_values",
)  # fmt: skip
AS_OF, STARTS_ON = date(2025, 12, 31), date(2025, 6, 2)
SEEDS = range(1, 41)
REGIONS, DAYS, DAILY = 10, 700, 60
PLANTED = {"cart_abandonment": -0.06, "visit_to_purchase": 0.0}
"""Change of the KPI in the region where something was improved: one initiative helps, the other does nothing."""
_TOUCHPOINTS = {"cart_abandonment": "cart", "visit_to_purchase": "live_chat"}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    before = dict(os.environ)
    settings = Settings(home=tmp_path_factory.mktemp("initiatives") / "home")
    yield compile_models(settings, ["initiative_results"], given=GIVEN)
    os.environ.clear()
    os.environ.update(before)


def _register(opened: duckdb.DuckDBPyConnection) -> None:
    """What is the same in every company: two initiatives, each in a region of its own, and whom they touch."""
    names = list(PLANTED)
    touchpoints = [_TOUCHPOINTS[name] for name in names]
    register = pd.DataFrame({"kpi_id": names, "kpi_number": [1, 2], "touchpoint": touchpoints})
    opened.register("register", register)
    for name, query in {
        "staging.stg_reference__initiatives": f"""
            select kpi_id as initiative_id, kpi_id as name, 'nowhere' as stage, touchpoint,
                'region' as segment_dimension, 'r' || (kpi_number - 1) as segment,
                date '{STARTS_ON}' as starts_on, 'EUR' as currency, cast(100 as decimal(18, 2)) as cost_amount
            from register""",
        "intermediate.int_kpis__judged": f"""
            select kpi_id, cast(kpi_number as smallint) as kpi_number, cast(1 as decimal(4, 1)) as value_factor,
                date '{AS_OF}' as mature_until, cast(null as varchar) as unavailable_reason
            from register""",
        "intermediate.int_segment_profiles__described": f"""
            select cast(range + 1 as ubigint) as profile, 'region' as segment_dimension, 'r' || range as segment
            from range({REGIONS})""",
        "intermediate.int_kpi_observations__condensed": f"""
            select cast(register.kpi_number as smallint) as kpi_number, cast(people.range as ubigint) as person_number,
                date '{STARTS_ON}' + side as observed_on, cast(register.kpi_number as ubigint) as profile,
                cast(null as varchar) as device
            from register, range(100) as people, unnest([-1, 1]) as sides(side)""",
        "marts.fct_outcome_values": """
            select 'all' as segment_dimension, cast(50 as decimal(18, 4)) as outcome_value_amount""",
    }.items():
        opened.execute(f"create or replace table {name} as {query}")


def _draw_days(opened: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Days of every region: a level of its own, a season and a drift all share, and weeks of its own."""
    chance = np.random.default_rng(seed)
    days = pd.date_range(end=AS_OF, periods=DAYS)
    week = np.arange(DAYS) // 7
    parts = []
    for number, planted in enumerate(PLANTED.values(), start=1):
        shared = 0.03 * np.sin(np.arange(DAYS) / 58) + chance.normal(0, 0.02, week[-1] + 1).cumsum()[week] * 0.2
        for region in range(REGIONS):
            own = chance.normal(0, 0.02, week[-1] + 1)[week]
            improved = planted * ((days >= pd.Timestamp(STARTS_ON)) & (region == number - 1))
            rate = np.clip(0.4 + 0.02 * region + shared + own + improved, 0.02, 0.98)
            reached = chance.binomial(DAILY, rate)
            columns = {"kpi_number": number, "observed_on": days, "region": region, "reached": reached}
            parts.append(pd.DataFrame(columns))
    opened.register("drawn", pd.concat(parts, ignore_index=True))
    opened.execute(
        "create or replace table intermediate.int_kpi_days__summed as select "
        "cast(kpi_number as smallint) as kpi_number, cast(observed_on as date) as observed_on, 'all' as arm, "
        "'region' as segment_dimension, 'r' || region as segment, "
        f"cast(reached as decimal(38, 4)) as sum_x, cast({DAILY} as decimal(38, 4)) as sum_n, "
        "cast(reached as decimal(38, 8)) as sum_xx, cast(reached as decimal(38, 8)) as sum_xn, "
        f"cast({DAILY} as decimal(38, 8)) as sum_nn, {DAILY} as person_count from drawn"
    )
    opened.unregister("drawn")


@pytest.fixture(scope="module")
def found(project: Project) -> pd.DataFrame:
    """Published results of every company beside what was planted."""
    with laboratory(project, as_of=AS_OF) as opened:
        _register(opened)
        results = []
        for seed in SEEDS:
            _draw_days(opened, seed)
            build_models(opened, project)
            results.append(opened.execute("select * from published.initiative_results").df())
    whole = pd.concat(results, ignore_index=True)
    return whole.assign(planted=whole["kpi_id"].map(PLANTED))


def test_every_initiative_is_measured(found: pd.DataFrame) -> None:
    assert len(found) == len(SEEDS) * len(PLANTED)
    assert set(found["status"]) == {"measured"}
    assert set(found["control_count"]) == {REGIONS - 2}  # where the other one began is no control


def test_the_planted_effect_is_found(found: pd.DataFrame) -> None:
    missed = (found["effect"] - found["planted"]).groupby(found["kpi_id"])
    assert (missed.mean().abs() <= 3 * missed.std() / np.sqrt(len(SEEDS))).all(), missed.mean()
    assert (missed.mean().abs() <= 0.005).all(), missed.mean()


def test_intervals_hold_the_planted_effect(found: pd.DataFrame) -> None:
    held = (found["effect_low"] <= found["planted"]) & (found["planted"] <= found["effect_high"])
    assert held.mean() >= 0.9, held.groupby(found["kpi_id"]).mean()


def test_the_improvement_shows_and_the_idle_one_does_not(found: pd.DataFrame) -> None:
    shows = (found["effect_low"] > 0) | (found["effect_high"] < 0)
    assert shows[found["planted"] != 0].mean() >= 0.9
    assert shows[found["planted"] == 0].mean() <= 0.1


def test_before_and_after_alone_would_be_wrong(found: pd.DataFrame) -> None:
    alone = found["after_value"] - found["before_value"] - found["planted"]
    assert alone.abs().mean() > 2 * (found["effect"] - found["planted"]).abs().mean()
