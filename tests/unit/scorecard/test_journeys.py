"""Journeys with known parameters: large samples come close to them."""

import numpy as np
import pytest

from pipeline.scorecard import journeys
from pipeline.scorecard.superpopulation import People, draw_people


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(np.random.default_rng(12), 80_000)


def test_steps_convert_as_they_should(people: People) -> None:
    drawn = journeys.draw_funnel(np.random.default_rng(1), people)
    rates = drawn.groupby("step")["is_converted"].mean()
    assert rates.iloc[:4].to_list() == pytest.approx(journeys.STEP_RATES, abs=0.012)
    assert rates.iloc[4] == 0  # nothing comes after the last step
    counts = drawn.groupby("step").size()
    converted = drawn.groupby("step")["is_converted"].sum()
    assert counts.iloc[1:].to_list() == converted.iloc[:4].to_list()


@pytest.mark.parametrize(("name", "effect"), journeys.EFFECTS.items())
def test_an_effect_is_the_same_in_every_stratum(people: People, name: str, effect: float) -> None:
    drawn = journeys.draw_opportunities(np.random.default_rng(2), people).query("friction_type == @name")
    rates = drawn.groupby(["stratum", "is_affected"])["has_outcome"].agg(["mean", "size"]).unstack()
    large = rates[(rates["size"] > 20).all(axis=1)]
    differences = large[("mean", True)] - large[("mean", False)]
    weights = large[("size", True)]
    assert np.average(differences, weights=weights) == pytest.approx(effect, abs=0.025)


def test_strata_confound(people: People) -> None:
    drawn = journeys.draw_opportunities(np.random.default_rng(3), people).query("friction_type == 'failed_search'")
    crude = drawn.groupby("is_affected")["has_outcome"].mean()
    assert crude[True] < crude[False] - 0.01  # without any effect


def test_retention_by_segment(people: People) -> None:
    drawn = journeys.draw_months(np.random.default_rng(4), people)
    truth = journeys.retention_parameters().set_index(["segment_dimension", "segment"])["parameter"]
    assert drawn["is_retained"].mean() == pytest.approx(truth[("all", "all")], abs=0.005)
    assert truth[("customer_type", "B2B")] > truth[("customer_type", "B2C")]
