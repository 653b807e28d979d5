"""Observations of KPIs that are no ratio of sums: durations, differences between two arms, a state of the day.

Belongs here: their processes and the value each estimates. Does not belong here: running models, other processes
(``observations``).
"""

import math

import numpy as np
import pandas as pd

from pipeline.scorecard.observations import STUDY_DAYS, Process, Sums, moments, tilted, values, values_expected
from pipeline.scorecard.superpopulation import STRATUM_ACTIVITY, STRATUM_SHARES, STRATUM_TYPE, People

_ONES = (np.ones_like(STRATUM_SHARES), np.ones_like(STRATUM_SHARES))
_TYPE_FACTOR = np.where(STRATUM_TYPE == 0, 1.0, 0.6)


def duration(kpi_id: str, *, quantile: float, rate: float, median_hours: float, own: float, spread: float) -> Process:
    """Log-normal durations, those not over by the end of the study open; each person is quick or slow.

    Args:
        kpi_id: the KPI.
        quantile: which quantile it is, 0-1.
        rate: units per average person and day.
        median_hours: of B2C; B2B waits less.
        own: standard deviation of the logarithm between persons.
        spread: standard deviation of the logarithm between the units of a person.
    """

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        slowness = chance.normal(0, own, len(people)) + np.log(median_hours * _TYPE_FACTOR[people.stratum])
        units = moments(chance, people, rate)
        hours = np.exp(slowness[units["person"]] + chance.normal(0, spread, len(units)))
        seen = (STUDY_DAYS - units["day"].to_numpy()) * 24.0
        shown = np.round(np.minimum(hours, seen), 4)
        return units.assign(numerator=shown, denominator=1.0, is_open=hours > seen)

    def parameter(shares: np.ndarray) -> float:
        weights = shares * STRATUM_ACTIVITY / (shares @ STRATUM_ACTIVITY)
        low, high = 0.0, 1000.0 * median_hours
        for _ in range(80):
            middle = (low + high) / 2
            scores = np.log(middle / (median_hours * _TYPE_FACTOR)) / math.hypot(own, spread)
            below = weights @ np.array([0.5 * math.erfc(-score / math.sqrt(2)) for score in scores])
            low, high = (middle, high) if below < quantile else (low, middle)
        return low

    return Process(kpi_id, "quantile", draw, lambda _: _ONES, parameter=parameter)


def difference(kpi_id: str, *, levels: tuple[float, float], rate: float, concentration: float) -> Process:
    """Shares of two arms in points, treated minus baseline; persons are in both."""
    treated, baseline = (tilted(level) for level in levels)

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        parts = []
        for arm, strata in (("treated", treated), ("baseline", baseline)):
            own = chance.beta(strata[people.stratum] * concentration, (1 - strata[people.stratum]) * concentration)
            units = moments(chance, people, rate)
            parts.append(units.assign(numerator=(chance.random(len(units)) < own[units["person"]]) * 1.0, arm=arm))
        return pd.concat(parts, ignore_index=True).assign(denominator=1.0)

    def parameter(shares: np.ndarray) -> float:
        weights = shares * STRATUM_ACTIVITY / (shares @ STRATUM_ACTIVITY)
        return float(100 * weights @ (treated - baseline))

    return Process(kpi_id, "difference", draw, lambda _: _ONES, parameter=parameter)


def spend_difference(kpi_id: str, *, rate: float, member_share: float, uplift: float) -> Process:
    """Mean value of an order of members minus that of others, who spend alike but for the uplift."""

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        is_member = chance.random(len(people)) < member_share
        units = moments(chance, people, rate)
        joined = is_member[units["person"]]
        spent = np.round(values(chance, people, units) * np.where(joined, 1 + uplift, 1.0), 2)
        return units.assign(numerator=spent, denominator=1.0, arm=np.where(joined, "treated", "baseline"))

    def parameter(shares: np.ndarray) -> float:
        weights = shares * STRATUM_ACTIVITY / (shares @ STRATUM_ACTIVITY)
        return float(uplift * weights @ values_expected())

    return Process(kpi_id, "difference of means", draw, lambda _: _ONES, parameter=parameter)


def state(kpi_id: str, *, rate: float, bout: float, people_count: int) -> Process:
    """How many there are at the end of a day, in heaps of one person."""

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        heaps = moments(chance, people, rate / bout)
        sizes = 1 + chance.poisson(bout - 1, len(heaps))
        units = heaps.loc[heaps.index.repeat(sizes)].reset_index(drop=True)
        return units.assign(numerator=1.0, denominator=1.0)

    def expected(days: int) -> Sums:
        del days  # a window shows its last day
        return people_count * rate * STRATUM_ACTIVITY, np.ones_like(STRATUM_ACTIVITY)

    return Process(kpi_id, "count", draw, expected, is_total=True)
