"""Observations of KPIs with known parameters: what coverage studies feed to the KPI models.

Belongs here: processes, one per shape of KPI, and the value each estimates. Does not belong here: running models.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.scorecard.superpopulation import (
    ACTIVITY_SHAPE,
    STRATUM_ACTIVITY,
    STRATUM_REGION,
    STRATUM_SHARES,
    STRATUM_TYPE,
    People,
    segment_strata,
)

STUDY_DAYS = 56
"""Days of observations; two windows of 28 days."""
_VALUE_SHAPE, _SPREAD_SHAPE, _VALUE_SCALE = 6.0, 4.0, 15.0  # Gamma-Gamma p, q, v
_TYPE_VALUE = np.where(STRATUM_TYPE == 0, 1.0, 3.0)
_STRATUM_TILT = np.array([1.0, 0.9, 1.1, 1.25])[STRATUM_REGION] * np.where(STRATUM_TYPE == 0, 1.0, 0.8)
_MEAN_VALUE = _VALUE_SHAPE * _VALUE_SCALE * _TYPE_VALUE / (_SPREAD_SHAPE - 1)

Sums = tuple[np.ndarray, np.ndarray]
Draw = Callable[[np.random.Generator, People], pd.DataFrame]


@dataclass(frozen=True)
class Process:
    """How one KPI's observations come about.

    Attributes:
        kpi_id: the KPI of the catalogue.
        family: kind of interval it stands for.
        draw: observations: person (row of ``People``), day (from 0), numerator, denominator.
        expected: window length in days → expected numerator and denominator of one person per stratum.
        scale: unit of the KPI's value, 100 for NPS.
        is_total: whether the KPI is the total of numerators.
        last_answer_group: group of which only a person's last observation of a window counts, or ``None``.
        parameter: the true value of a cell from the weights of its strata, where it is no ratio of sums.
    """

    kpi_id: str
    family: str
    draw: Draw
    expected: Callable[[int], Sums]
    scale: float = 1.0
    is_total: bool = False
    last_answer_group: str | None = None
    parameter: Callable[[np.ndarray], float] | None = None


def proportion(kpi_id: str, *, level: float, rate: float, concentration: float, bout: float = 1.0) -> Process:
    """Units in bouts; each person has a probability of their own, more even the higher the concentration.

    Args:
        kpi_id: the KPI.
        level: mean probability of an average stratum.
        rate: bouts per average person and day.
        concentration: Beta(level × concentration, …) is the distribution of a person's probability.
        bout: mean units of a bout.
    """
    levels = tilted(level)

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        own = levels[people.stratum]
        own = chance.beta(own * concentration, (1 - own) * concentration)
        bouts = moments(chance, people, rate)
        units = bouts.loc[bouts.index.repeat(1 + chance.poisson(bout - 1, len(bouts)))].reset_index(drop=True)
        return units.assign(numerator=(chance.random(len(units)) < own[units["person"]]) * 1.0, denominator=1.0)

    return Process(kpi_id, "proportion, clustered", draw, lambda _: (STRATUM_ACTIVITY * levels, STRATUM_ACTIVITY))


def informative_proportion(kpi_id: str, *, level: float, rate: float) -> Process:
    """The more active a person, the likelier each unit: the ratio of sums is not the mean of persons."""
    levels = level * _STRATUM_TILT

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        relative = people.activity / STRATUM_ACTIVITY[people.stratum]
        own = np.minimum(1.0, levels[people.stratum] * (1 + relative) / 2)
        units = moments(chance, people, rate)
        return units.assign(numerator=(chance.random(len(units)) < own[units["person"]]) * 1.0, denominator=1.0)

    weighted = levels * (1 + (1 + 1 / ACTIVITY_SHAPE)) / 2  # E[g (1 + g)] / 2 with E[g] = 1, E[g²] = 1 + 1 / shape
    return Process(kpi_id, "proportion, clustered", draw, lambda _: (STRATUM_ACTIVITY * weighted, STRATUM_ACTIVITY))


def once_each(kpi_id: str, *, level: float) -> Process:
    """One unit per person, on a random day."""
    levels = level * _STRATUM_TILT

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        came = (chance.random(len(people)) < levels[people.stratum]) * 1.0
        days = chance.integers(0, STUDY_DAYS, len(people))
        return pd.DataFrame({"person": np.arange(len(people)), "day": days, "numerator": came, "denominator": 1.0})

    return Process(kpi_id, "proportion, independent", draw, lambda _: (levels, np.ones_like(levels)))


def score(
    kpi_id: str, *, rate: float, scores: Sequence[float], shares: Sequence[float], concentration: float
) -> Process:
    """Answers on a scale; each person has a distribution of answers of their own (Dirichlet)."""
    scale, mean_shares = np.array(scores), np.array(shares)

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        cumulated = chance.dirichlet(mean_shares * concentration, len(people)).cumsum(axis=1)
        units = moments(chance, people, rate)
        drawn = (chance.random(len(units))[:, None] > cumulated[units["person"]]).sum(axis=1)
        return units.assign(numerator=scale[np.minimum(drawn, len(scale) - 1)], denominator=1.0)

    mean = float(scale @ mean_shares)
    if kpi_id == "nps":

        def heard(days: int) -> Sums:
            share = 1 - (1 + rate * days * STRATUM_ACTIVITY / ACTIVITY_SHAPE) ** -ACTIVITY_SHAPE
            return share * mean, share

        return Process(kpi_id, "NPS", draw, heard, scale=100.0, last_answer_group="study")
    return Process(kpi_id, "mean", draw, lambda _: (STRATUM_ACTIVITY * mean, STRATUM_ACTIVITY))


def traffic(kpi_id: str, *, rate: float, base_rate: float) -> Process:
    """How many of one thing come to 100 of another, of the same persons."""

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        counted = moments(chance, people, rate).assign(numerator=1.0, denominator=0.0)
        base = moments(chance, people, base_rate).assign(numerator=0.0, denominator=1.0)
        return pd.concat([counted, base], ignore_index=True)

    sums = (rate * STRATUM_ACTIVITY, base_rate * STRATUM_ACTIVITY)
    return Process(kpi_id, "ratio of counts", draw, lambda _: sums, scale=100.0)


def order_value(kpi_id: str, *, rate: float) -> Process:
    """Value of an order, Gamma-Gamma."""

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        units = moments(chance, people, rate)
        return units.assign(numerator=values(chance, people, units), denominator=1.0)

    return Process(kpi_id, "mean", draw, lambda _: (STRATUM_ACTIVITY * _MEAN_VALUE, STRATUM_ACTIVITY))


def refunds(kpi_id: str, *, rate: float, refund_rate: float) -> Process:
    """Refunded over sold: an order goes back whole or by half, independent of its value."""

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        units = moments(chance, people, rate)
        sold = values(chance, people, units)
        returned = (chance.random(len(units)) < refund_rate) * chance.choice([0.5, 1.0], len(units))
        return units.assign(numerator=np.round(sold * returned, 2), denominator=sold)

    spent = STRATUM_ACTIVITY * _MEAN_VALUE
    return Process(kpi_id, "share of an amount", draw, lambda _: (spent * refund_rate * 0.75, spent))


def revenue(kpi_id: str, *, rate: float, refund_rate: float, people_count: int) -> Process:
    """Total of orders, with refunds as negative ones on days of their own."""

    def draw(chance: np.random.Generator, people: People) -> pd.DataFrame:
        sales, returns = moments(chance, people, rate), moments(chance, people, rate * refund_rate)
        sold = sales.assign(numerator=values(chance, people, sales))
        back = returns.assign(numerator=-values(chance, people, returns))
        return pd.concat([sold, back], ignore_index=True).assign(denominator=1.0)

    def expected(days: int) -> Sums:
        net = people_count * rate * days * (1 - refund_rate) * STRATUM_ACTIVITY * _MEAN_VALUE
        return net, np.ones_like(net)

    return Process(kpi_id, "money total", draw, expected, is_total=True)


def observe(chance: np.random.Generator, people: People, processes: Sequence[Process]) -> pd.DataFrame:
    """Observations of every process: kpi_id, person, day, last_answer_group, unit, numerator, denominator.

    Where a process has them, also arm (``treated`` or ``baseline``) and is_open; else they are missing.
    """
    frames = [
        process.draw(chance, people).assign(kpi_id=process.kpi_id, last_answer_group=process.last_answer_group)
        for process in processes
    ]
    drawn = pd.concat(frames, ignore_index=True)
    return drawn.assign(unit=np.arange(len(drawn)))


def parameters(processes: Sequence[Process], windows: Sequence[int]) -> pd.DataFrame:
    """The true value of every cell: kpi_id, family, window_days, segment_dimension, segment, parameter."""
    rows = []
    for process in processes:
        for days in windows:
            numerator, denominator = process.expected(days)
            for (dimension, segment), inside in segment_strata().items():
                shares = STRATUM_SHARES * inside
                above, below = float(shares @ numerator), float(shares @ denominator)
                value = above if process.is_total else process.scale * above / below
                if process.parameter:
                    value = process.parameter(shares)
                rows.append((process.kpi_id, process.family, days, dimension, segment, value))
    names = ["kpi_id", "family", "window_days", "segment_dimension", "segment", "parameter"]
    return pd.DataFrame(rows, columns=names)


def tilted(level: float) -> np.ndarray:
    """A probability of the average stratum, per stratum."""
    return np.clip(level * _STRATUM_TILT, 0.01, 0.97)


def values_expected() -> np.ndarray:
    """Mean value of an order per stratum, money."""
    return _MEAN_VALUE


def moments(chance: np.random.Generator, people: People, rate: float) -> pd.DataFrame:
    """What people do, Poisson with their activity, evenly over the days."""
    counts = chance.poisson(rate * STUDY_DAYS * people.activity)
    persons = np.repeat(np.arange(len(people)), counts)
    return pd.DataFrame({"person": persons, "day": chance.integers(0, STUDY_DAYS, len(persons))})


def values(chance: np.random.Generator, people: People, units: pd.DataFrame) -> np.ndarray:
    """Order values in cents' precision: Gamma with a rate per person, itself Gamma over persons."""
    own = chance.gamma(_SPREAD_SHAPE, 1 / (_VALUE_SCALE * _TYPE_VALUE[people.stratum]))
    return np.round(chance.gamma(_VALUE_SHAPE, 1 / own[units["person"]]), 2)
