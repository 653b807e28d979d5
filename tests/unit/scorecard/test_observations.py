"""The parameters coverage is measured against: large samples come close to them."""

import numpy as np
import pytest

from pipeline.scorecard import observations
from pipeline.scorecard.observations import Process
from pipeline.scorecard.studied_kpis import PROCESSES
from pipeline.scorecard.superpopulation import STRATUM_ACTIVITY, STRATUM_SHARES, draw_people, segment_strata


def test_the_average_person_is_as_active_as_the_rates_say() -> None:
    people = draw_people(np.random.default_rng(3), 200_000)
    assert pytest.approx(1.0) == STRATUM_SHARES @ STRATUM_ACTIVITY
    assert people.activity.mean() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.kpi_id)
@pytest.mark.parametrize("segment", [("all", "all"), ("customer_type", "B2B")], ids=lambda segment: segment[1])
def test_parameters_are_what_large_samples_come_to(process: Process, segment: tuple[str, str]) -> None:
    chance = np.random.default_rng([8, len(process.kpi_id)])
    people = draw_people(chance, 60_000)
    drawn = process.draw(chance, people)
    drawn = drawn[segment_strata()[segment][people.stratum[drawn["person"]]]]
    if process.last_answer_group:
        drawn = drawn.sample(frac=1.0, random_state=1).drop_duplicates("person")
    truth = observations.parameters([process], [observations.STUDY_DAYS]).set_index(["segment_dimension", "segment"])
    parameter = float(truth.loc[segment, "parameter"])
    totals = np.bincount(drawn["person"], drawn["numerator"], len(people))
    sizes = np.bincount(drawn["person"], drawn["denominator"], len(people))
    if process.is_total:
        estimate, error = totals.sum() / len(people) * 4000, np.sqrt((totals**2).sum()) / len(people) * 4000
    else:
        ratio = totals.sum() / sizes.sum()
        estimate = process.scale * ratio
        error = process.scale * np.sqrt(((totals - ratio * sizes) ** 2).sum()) / sizes.sum()
    assert abs(estimate - parameter) < 4 * error
    assert error < 0.05 * max(abs(parameter), process.scale)
