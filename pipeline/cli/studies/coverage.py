"""Coverage of published intervals: facts with known parameters through the models, many seeds.

Belongs here: feeding the models and reading what they publish. Does not belong here: the facts, the scoring.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd

from pipeline.cli.studies import journeys
from pipeline.cli.studies.models import Project, build_models, compile_models, laboratory
from pipeline.scorecard import observations
from pipeline.scorecard.studied_kpis import COMPARED, PEOPLE, PROCESSES
from pipeline.scorecard.superpopulation import People, draw_people
from pipeline.settings import Settings

AS_OF = date(2025, 12, 31)
SMALLEST_N = 30
_GIVEN = ("int_kpi_observations__unioned", "int_segments__dated")
_WANTED = ("kpi_daily", "kpi_latest")


def run_coverage_study(settings: Settings, seeds: Sequence[int]) -> pd.DataFrame:
    """Published intervals of many generated sets of facts beside the parameters they should hold.

    Args:
        settings: a scratch home.
        seeds: seeds of chance, one set of facts each.

    Returns:
        seed, family, kpi_id, window_days, window_end (of KPIs), segment_dimension, segment, n, value, low, high,
        parameter; complete, mature cells of at least 30 units that are not suppressed.
    """
    project = compile_models(settings, (*_WANTED, *journeys.WANTED), given=(*_GIVEN, *journeys.GIVEN))
    truth = observations.parameters((*PROCESSES, *COMPARED), [1, 7, 28])
    with laboratory(project, as_of=AS_OF, threads=settings.dbt_threads) as opened:
        opened.execute(
            "delete from seeds.segment_dimensions where segment_dimension not in ('all', 'customer_type', 'region')"
        )
        # what is drawn is final, and no column of an extract is needed for it
        opened.execute("update seeds.kpi_catalogue set maturity_days = 0, required_columns = null")
        found = [_published(opened, project, seed, truth) for seed in seeds]
    return pd.concat(found, ignore_index=True)


def _published(opened: duckdb.DuckDBPyConnection, project: Project, seed: int, truth: pd.DataFrame) -> pd.DataFrame:
    """One set of facts through the models."""
    chance = np.random.default_rng([seed, 31])
    people = draw_people(chance, PEOPLE)
    _feed(opened, people, observations.observe(chance, people, (*PROCESSES, *COMPARED)))
    journeys.feed_journeys(opened, chance, people)
    build_models(opened, project)
    cells = opened.execute(
        "select kpi_id, 1 as window_days, metric_date as window_end, segment_dimension, segment, n, value, "
        "value_low as low, value_high as high from published.kpi_daily "
        f"where is_mature and n >= {SMALLEST_N} and value_low is not null "
        "union all select kpi_id, window_days, window_end, segment_dimension, segment, n, value, "
        "value_low as low, value_high as high from published.kpi_latest "
        f"where is_mature and n >= {SMALLEST_N} and value_low is not null and window_days in (7, 28) "
        "union all select kpi_id, window_days, window_end - window_days, segment_dimension, segment, previous_n, "
        "previous_value, previous_value_low, previous_value_high from published.kpi_latest "
        f"where previous_n >= {SMALLEST_N} and previous_value_low is not null and window_days in (7, 28)"
    ).df()
    known = cells.merge(truth, on=["kpi_id", "window_days", "segment_dimension", "segment"])
    return pd.concat([known, journeys.published_journeys(opened)], ignore_index=True).assign(seed=seed)


def _feed(opened: duckdb.DuckDBPyConnection, people: People, drawn: pd.DataFrame) -> None:
    """Facts in the shape of the models that the study takes the place of."""
    segments, keys = people.segments(), pd.DataFrame({"person": np.arange(len(people)), "customer_key": people.keys})
    first_day = AS_OF - timedelta(days=observations.STUDY_DAYS - 1)
    opened.register("drawn", drawn)
    opened.register("keys", keys)
    opened.register("segments", segments)
    opened.execute(
        "create or replace table intermediate.int_segments__dated as select customer_key, segment_dimension, segment, "
        "cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to from segments"
    )
    opened.execute(
        "create or replace table intermediate.int_kpi_observations__unioned as select drawn.kpi_id, "
        "cast(drawn.unit as varchar) as unit_key, keys.customer_key, keys.customer_key as person_key, "
        "cast(cast(? as date) + cast(drawn.day as integer) as timestamp) as observed_at, "
        "cast(cast(? as date) + cast(drawn.day as integer) as date) as observed_on, cast(null as varchar) as device, "
        "drawn.last_answer_group, cast(drawn.numerator as decimal(18, 4)) as numerator, "
        "cast(drawn.denominator as decimal(18, 4)) as denominator, cast(drawn.arm as varchar) as arm, "
        "cast(drawn.is_open as boolean) as is_open, cast(null as bigint) as unit_count "
        "from drawn inner join keys on drawn.person = keys.person",
        [first_day, first_day],
    )
    for name in ("drawn", "keys", "segments"):
        opened.unregister(name)
