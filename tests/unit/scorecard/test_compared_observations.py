"""Durations, differences and states: large samples come to the parameters coverage is measured against."""

import numpy as np
import pandas as pd
import pytest

from pipeline.scorecard import observations
from pipeline.scorecard.observations import STUDY_DAYS, Process
from pipeline.scorecard.studied_kpis import COMPARED, PEOPLE
from pipeline.scorecard.superpopulation import draw_people, segment_strata

BY_KPI = {process.kpi_id: process for process in COMPARED}
SEGMENTS = [("all", "all"), ("customer_type", "B2B")]
CROWD = 60_000


def _drawn(process: Process, segment: tuple[str, str]) -> pd.DataFrame:
    chance = np.random.default_rng([8, len(process.kpi_id)])
    people = draw_people(chance, CROWD)
    drawn = process.draw(chance, people)
    return drawn[segment_strata()[segment][people.stratum[drawn["person"]]]]


def _parameter(process: Process, segment: tuple[str, str]) -> float:
    truth = observations.parameters([process], [1]).set_index(["segment_dimension", "segment"])
    return float(truth.loc[segment, "parameter"])


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda segment: segment[1])
@pytest.mark.parametrize(("kpi_id", "quantile"), [("first_response", 0.5), ("first_response_p90", 0.9)])
def test_a_duration_has_the_quantile_of_the_mixture_of_strata(
    kpi_id: str, quantile: float, segment: tuple[str, str]
) -> None:
    drawn = _drawn(BY_KPI[kpi_id], segment)
    closed_long_ago = drawn[drawn["day"] < STUDY_DAYS - 40]
    assert (closed_long_ago["numerator"] < _parameter(BY_KPI[kpi_id], segment)).mean() == pytest.approx(
        quantile, abs=0.01
    )
    assert drawn["is_open"].any()


def _mean(drawn: pd.DataFrame) -> tuple[float, float]:
    """Mean over units and its standard error, clustered by person."""
    mean = drawn["numerator"].mean()
    residuals = (drawn["numerator"] - mean).groupby(drawn["person"]).sum()
    return float(mean), float(np.sqrt((residuals**2).sum()) / len(drawn))


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda segment: segment[1])
@pytest.mark.parametrize(("kpi_id", "scale"), [("mobile_gap", 100), ("member_spend_gap", 1)])
def test_a_difference_is_that_of_its_arms(kpi_id: str, scale: float, segment: tuple[str, str]) -> None:
    drawn = _drawn(BY_KPI[kpi_id], segment)
    treated, treated_error = _mean(drawn[drawn["arm"] == "treated"])
    baseline, baseline_error = _mean(drawn[drawn["arm"] == "baseline"])
    error = float(np.hypot(treated_error, baseline_error))
    assert abs(treated - baseline - _parameter(BY_KPI[kpi_id], segment) / scale) < 4 * error
    assert error < 0.05 * max(baseline, 0.1)


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda segment: segment[1])
def test_a_state_is_what_there_is_at_the_end_of_a_day(segment: tuple[str, str]) -> None:
    daily = _drawn(BY_KPI["case_backlog"], segment).groupby("day")["numerator"].sum()
    assert daily.mean() * PEOPLE / CROWD == pytest.approx(_parameter(BY_KPI["case_backlog"], segment), rel=0.03)
