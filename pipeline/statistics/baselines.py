"""What many daily series were like before the tested days: level, weekdays, dispersion.

Belongs here: estimating an expectation with its error from clean days. Does not belong here: testing (``charts``),
which days are clean (``odd_days``). All arrays hold one row per series and one column per day; a sum of x over n units
stands behind every value.
"""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.statistics.lasting import variance_of_sums

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]

BASELINE_DAYS = 84
FEWEST_CLEAN_DAYS = 56
WEEK = 7
BLOCK_DAYS = (3, 7, 14, 28)
"""Lengths of sums whose variance is held against that of single days."""


class Chart(IntEnum):
    """How the variance of a sum over n units depends on n and on the level."""

    PROPORTION = 0
    COUNT = 1
    MEAN = 2
    MONEY = 3


@dataclass(frozen=True)
class Baseline:
    """Expectation of the days to come, per series.

    Attributes:
        by_weekday: expected value per unit and phase of the week, shape (series, 7); phase 0 is the first day.
        unit_variance: variance of one unit without over-dispersion, shape (series, 7).
        dispersion: variance over that, Laney's σ_z squared: at least 1 for shares and counts, shape (series,).
        weekday_units: n behind each weekday's value, shape (series, 7).
        weekday_share: how far weekdays are believed, 0 (one level) to 1, shape (series,).
        degrees: of freedom of the dispersion, shape (series,).
        clean_days: days the baseline stands on, those without a unit too, shape (series,).
        blocks: what sums over the days of ``BLOCK_DAYS`` vary more than single days say, at least 1, shape
            (series, 4).
        skewness: of one unit towards low and towards high values, at least 0, shape (series, 2).
    """

    by_weekday: Floats
    unit_variance: Floats
    dispersion: Floats
    weekday_units: Floats
    weekday_share: Floats
    degrees: Floats
    clean_days: Integers
    blocks: Floats
    skewness: Floats

    @property
    def is_usable(self) -> Flags:
        """Whether there are enough clean days with some variation, shape (series,)."""
        return (self.clean_days >= FEWEST_CLEAN_DAYS) & (self.dispersion > 0) & np.isfinite(self.dispersion)

    def block(self, length: int) -> Floats:
        """What a sum over so many days varies more than its days say, shape (series,); 1 for a single day."""
        if length == 1:
            return np.ones(len(self.blocks))
        return np.asarray(self.blocks[:, BLOCK_DAYS.index(length)])

    def surge(self, by_phase: Floats, days: Floats) -> Floats:
        """How many times its usual units a window has, at least 1, shape (series,).

        Args:
            by_phase: units by phase of the week, shape (series, 7).
            days: days of the window by phase, weighted alike, shape (7,).
        """
        usual = self.weekday_units @ days * WEEK / np.maximum(self.clean_days, 1)
        found = np.divide(by_phase.sum(axis=1), usual, out=np.ones(len(usual)), where=usual > 0)
        return np.maximum(found, 1.0)

    def variance(self, chance: Floats, by_phase: Floats, length: int, surge: Floats) -> Floats:
        """Predictive variance of a sum: chance, the baseline's error, and what sums of days vary more than days.

        What lies beyond chance grows with the square of the units, as it strikes all of a day alike; so a day with
        twice the usual units varies more than twice as much. Of means it is not known apart from chance.

        Args:
            chance: variance of its units without over-dispersion, shape (series,).
            by_phase: units by phase of the week, shape (series, 7).
            length: its days.
            surge: how many times the usual units it has, 1 for means.
        """
        units = np.maximum(self.weekday_units, 1e-9)
        of_weekdays = np.where(by_phase > 0, by_phase**2 * self.unit_variance / units, 0.0).sum(axis=1)
        level = self.unit_variance.mean(axis=1)
        of_level = by_phase.sum(axis=1) ** 2 * level / np.maximum(self.weekday_units.sum(axis=1), 1e-9)
        error = self.weekday_share * of_weekdays + (1 - self.weekday_share) * of_level
        beyond = np.maximum(self.dispersion - 1, 0.0) * (surge - 1)
        return np.asarray((chance * (self.dispersion + beyond) + error * self.dispersion) * self.block(length))

    def take(self, rows: Integers) -> "Baseline":
        """The baseline of some series."""
        return Baseline(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def unit_variance(level: Floats, chart: Integers) -> Floats:
    """Variance of one unit by the kind of chart, shape as ``level`` (series first)."""
    kinds = chart.reshape((-1,) + (1,) * (level.ndim - 1))
    inside = np.clip(level, 1e-6, 1 - 1e-6)
    found = np.where(kinds == Chart.PROPORTION, inside * (1 - inside), 1.0)
    total = (kinds == Chart.COUNT) | (kinds == Chart.MONEY)
    return np.where(total, np.maximum(level, 1e-9), found)


def has_floor(chart: Integers) -> Flags:
    """Charts whose variance cannot lie below that of independent units."""
    return np.asarray((chart == Chart.PROPORTION) | (chart == Chart.COUNT))


def fit_baseline(x: Floats, n: Floats, clean: Flags, *, chart: Integers, group: Integers) -> Baseline:
    """Level, weekday index and dispersion of the days before the tested ones.

    The weekday index is drawn towards 1 by how far it could be chance (the share of its chi-square that six degrees
    of freedom do not explain), so that series without weekdays do not pay for them. What sums over 3 and 7 days vary
    more than days is taken from sums that do not overlap, pooled with the other series of the group.

    Args:
        x: numerators, shape (series, days); days a multiple of 7, ending before the first tested day.
        n: denominators (1 for totals).
        clean: days that count.
        chart: kind per series.
        group: series of one KPI share a number.
    """
    series, days = x.shape
    shape = (series, days // WEEK, WEEK)
    x_clean, n_clean = np.where(clean, x, 0.0).reshape(shape), np.where(clean, n, 0.0).reshape(shape)
    known = n_clean > 0
    day_count, clean_count = known.sum(axis=(1, 2)), clean.sum(axis=1)
    x_week, n_week = x_clean.sum(axis=1), n_clean.sum(axis=1)
    # Half an event more: what was never seen is not impossible.
    half = np.where(has_floor(chart), 0.5, 0.0)
    other_half = np.where(chart == Chart.PROPORTION, 1.0, 0.0)
    level = ratio(x_week.sum(axis=1) + half, n_week.sum(axis=1) + other_half)
    raw = np.where(n_week > 0, ratio(x_week, n_week), level[:, None])
    inverse = np.divide(1.0, n_clean, out=np.zeros(shape), where=known)
    # Σ (x - n e)² / n, for any e per weekday, from sums that are made once.
    squares = np.einsum("swd,swd,swd->sd", x_clean, x_clean, inverse)

    def deviations(e: Floats) -> Floats:
        return np.asarray(squares - 2 * e * x_week + e * e * n_week)

    variance = unit_variance(level, chart)
    raw_degrees = np.maximum(day_count - (n_week > 0).sum(axis=1), 1)
    noise = deviations(raw).sum(axis=1) / raw_degrees
    deviance = ratio((n_week * (raw - level[:, None]) ** 2).sum(axis=1), noise)
    share = np.clip(1 - 6 / np.maximum(deviance, 1e-9), 0.0, 1.0)
    by_weekday = level[:, None] + share[:, None] * (raw - level[:, None])
    by_variance = unit_variance(by_weekday, chart)
    degrees = np.maximum(day_count - 1 - 6 * share, 1.0)
    found = np.maximum((deviations(by_weekday) / by_variance).sum(axis=1), 0.0) / degrees
    # Rounding leaves a trace where nothing varies.
    found = np.where(found < 1e-12 * np.maximum(level**2, 1e-12), 0.0, found)
    dispersion = _not_below_usual(np.where(has_floor(chart), np.maximum(found, 1.0), found), chart, group)
    residual = (x_clean - n_clean * by_weekday[:, None, :]).reshape(series, days)
    own = (n_clean * (by_variance * dispersion[:, None])[:, None, :]).reshape(series, days)
    common = np.where(has_floor(chart), 1 - 1 / np.maximum(dispersion, 1.0), 0.0)
    blocks = variance_of_sums(residual, own, common, group=group, lengths=BLOCK_DAYS)
    skewness = _skewness(residual, n_clean.sum(axis=(1, 2)), variance * dispersion, level, chart=chart, group=group)
    return Baseline(by_weekday, by_variance, dispersion, n_week, share, degrees, clean_count, blocks, skewness)


def ratio(x: Floats, n: Floats) -> Floats:
    """X over n, 0 where there is no n."""
    return np.divide(x, n, out=np.zeros(np.broadcast_shapes(x.shape, n.shape)), where=n > 0)


def _not_below_usual(dispersion: Floats, chart: Integers, group: Integers) -> Floats:
    """Variance of one unit of a mean, at least half-way to the median of its KPI's series.

    A segment in whose twelve weeks nothing large happened looks steadier than it is.
    """
    usual = dispersion.copy()
    for number in np.unique(group[chart == Chart.MEAN]):
        rows = (group == number) & (dispersion > 0)
        if rows.any():
            usual[rows] = np.median(dispersion[rows])
    return np.where(chart == Chart.MEAN, np.maximum(dispersion, (dispersion + usual) / 2), dispersion)


def _skewness(
    residual: Floats, units: Floats, variance: Floats, level: Floats, *, chart: Integers, group: Integers
) -> Floats:
    """Skewness of one unit to either side: known of shares and counts, else the worse of own and pooled."""
    cubes = np.einsum("sd,sd,sd->s", residual, residual, residual)
    scale = np.where(variance > 0, variance, 1.0) ** 1.5
    own = np.divide(cubes / scale, units, out=np.zeros_like(units), where=units > 0)
    pooled = (np.bincount(group, own * units) / np.maximum(np.bincount(group, units), 1e-9))[group]
    inside = np.clip(level, 1e-6, 1 - 1e-6)
    known = np.where(chart == Chart.PROPORTION, (1 - 2 * inside) / np.sqrt(inside * (1 - inside)), 0.0)
    known = np.where(chart == Chart.COUNT, 1 / np.sqrt(np.maximum(level, 1e-9)), known)
    high = np.where(has_floor(chart), known, np.maximum(own, pooled))
    low = np.where(has_floor(chart), -known, np.maximum(-own, -pooled))
    return np.maximum(np.stack([low, high], axis=1), 0.0)
