"""Daily KPI cells as matrices: one row per KPI and segment, one column per as-of day.

Belongs here: arranging, and which days may be part of a baseline. Does not belong here: testing. A column holds what
was mature on that as-of day: each KPI is shifted by its own lag, so that all are judged on the same column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.alerts.kpi import Kpi
from pipeline.alerts.rules import ANY, RuleBook
from pipeline.statistics.baselines import BASELINE_DAYS, FEWEST_CLEAN_DAYS, Chart
from pipeline.statistics.odd_days import odd_days
from pipeline.statistics.panels import Panel
from pipeline.statistics.seasonality import yearly_index
from pipeline.statistics.strain import strain

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_CHARTS = {"proportion": Chart.PROPORTION, "count": Chart.COUNT, "money_total": Chart.MONEY}
_TOTALS = ("count", "money_total")
_DAYS_BEFORE = BASELINE_DAYS - FEWEST_CLEAN_DAYS
"""Empty columns before the first day: eight weeks of a young company are a baseline, if a short one."""
_DAYS_OF_A_STOCK = 14
"""A stock counts its units every day, so its windows need as many times the units."""
_DIFFERENCES = ("difference", "mean_difference")
_VALUED = ("quantile", "difference", "mean_difference")
"""Kinds whose value is no numerator over denominator: the value weighs with its n."""


@dataclass(frozen=True)
class Series:
    """All watched series of a home up to an as-of day.

    Attributes:
        keys: kpi_id, segment_dimension, segment of each row.
        kpis: the KPI of each row.
        as_of_days: the as-of day of each column.
        panel: the matrices.
    """

    keys: tuple[tuple[str, str, str], ...]
    kpis: tuple[Kpi, ...]
    as_of_days: tuple[date, ...]
    panel: Panel

    @cached_property
    def is_whole(self) -> Flags:
        """Rows of all customers."""
        return np.array([dimension == "all" for _, dimension, _ in self.keys], dtype=np.bool_)

    @cached_property
    def bad_signs(self) -> npt.NDArray[np.int64]:
        """The bad direction of each row, see ``Kpi.bad_sign``."""
        return np.array([kpi.bad_sign for kpi in self.kpis], dtype=np.int64)

    @cached_property
    def rows(self) -> dict[tuple[str, str, str], int]:
        """The row of each key."""
        return {key: row for row, key in enumerate(self.keys)}

    def metric_day(self, row: int, column: int) -> date:
        """The business day whose cell stands in a column."""
        return self.as_of_days[column] - timedelta(days=self.kpis[row].lag_days)

    def column_of(self, row: int, metric_day: date) -> int:
        """The column that holds a business day; may lie outside."""
        return (metric_day - self.as_of_days[0]).days + self.kpis[row].lag_days


def arrange(cells: pd.DataFrame, book: RuleBook, as_of: date, *, has_seasons: bool = True) -> Series:
    """Arrange the exact daily cells of all watched KPIs.

    Args:
        cells: kpi_id, metric_date, segment_dimension, segment, numerator, denominator, n, value; mature cells of days
            that were delivered, one row each.
        book: the rules of the home.
        as_of: the last column.
        has_seasons: whether totals are held against the same weeks a year before, and not tested without.
    """
    watched = {kpi_id: kpi for kpi_id, kpi in book.kpis.items() if kpi.is_watched}
    cells = cells[cells["kpi_id"].isin(list(watched))]
    days = pd.to_datetime(cells["metric_date"]).to_numpy().astype("datetime64[D]")
    first = (days.min() if len(days) else np.datetime64(as_of, "D")) - _DAYS_BEFORE
    rows, keys = _rows_of(cells)
    kpis = tuple(watched[key[0]] for key in keys)
    lag = np.array([kpi.lag_days for kpi in kpis], dtype=np.int64)
    count = int((np.datetime64(as_of, "D") - first).astype(np.int64)) + 1
    columns = (days - first).astype(np.int64) + lag[rows] if keys else np.zeros(0, dtype=np.int64)
    inside = (columns >= 0) & (columns < count)
    shape = (len(keys), count)

    def matrix(name: str) -> Floats:
        found = np.zeros(shape)
        found[rows[inside], columns[inside]] = np.nan_to_num(cells[name].to_numpy("float64"))[inside]
        return found

    as_of_days = tuple(as_of - timedelta(days=count - 1 - back) for back in range(count))
    raw = {name: matrix(name) for name in ("numerator", "denominator", "n", "value")}
    return Series(keys, kpis, as_of_days, _panel(raw, keys, kpis, as_of_days, book, has_seasons))


def _rows_of(cells: pd.DataFrame) -> tuple[npt.NDArray[np.int64], tuple[tuple[str, str, str], ...]]:
    """The row of each cell, and the key of each row, in order; one column at a time, as tuples cost seconds."""
    code, names = np.zeros(len(cells), dtype=np.int64), []
    for column in ("kpi_id", "segment_dimension", "segment"):
        codes, unique = pd.factorize(cells[column], sort=True)
        code = code * max(len(unique), 1) + codes
        names.append([str(name) for name in unique])
    places, rows = np.unique(code, return_inverse=True)
    rest, segment = np.divmod(places, max(len(names[2]), 1))
    kpi, dimension = np.divmod(rest, max(len(names[1]), 1))
    keys = zip(kpi.tolist(), dimension.tolist(), segment.tolist(), strict=True)
    return rows, tuple((names[0][k], names[1][d], names[2][s]) for k, d, s in keys)


def _panel(
    raw: Mapping[str, Floats],
    keys: Sequence[tuple[str, str, str]],
    kpis: Sequence[Kpi],
    as_of_days: Sequence[date],
    book: RuleBook,
    has_seasons: bool,  # noqa: FBT001
) -> Panel:
    # Days like no others are as if they had not been.
    usual = ~_occasions(kpis, as_of_days, book)
    x, n, counted = raw["numerator"] * usual, raw["denominator"] * usual, raw["n"] * usual
    error = np.zeros(x.shape)
    kinds = np.array([kpi.interval_kind for kpi in kpis], dtype=object)
    valued, differing = np.isin(kinds, _VALUED), np.isin(kinds, _DIFFERENCES)
    n[differing] = _harmonic(n[differing], counted[differing])
    n[valued & ~differing] = counted[valued & ~differing]
    n[counted < np.array([kpi.least_units for kpi in kpis], dtype=np.float64)[:, None]] = 0.0
    x[valued] = raw["value"][valued] * n[valued]
    totals, delivered = np.isin(kinds, _TOTALS), _delivered(raw["n"], keys) & usual
    if totals.any():
        n[totals] = 1.0
        if has_seasons:
            n[totals], error[totals] = yearly_index(x[totals], _delivered(raw["n"], keys)[totals])
        n[totals] *= delivered[totals]
    chart = np.array([_CHARTS.get(kind, Chart.MEAN) for kind in kinds], dtype=np.int64)
    group = np.unique(np.array([key[0] for key in keys], dtype=object).astype("U"), return_inverse=True)[1]
    # A day without a unit is a day of the past all the same, except of totals and quantiles.
    clean = (n > 0) | (delivered & ~totals[:, None] & (counted == 0))
    phase = as_of_days[0].weekday() if as_of_days else 0
    clean &= ~odd_days(x, n, counted=counted, chart=chart, first_phase=phase)
    minimum = np.array([kpi.minimum_n * (_DAYS_OF_A_STOCK if kpi.is_stock else 1) for kpi in kpis], dtype=np.float64)
    return Panel(x, n, clean, chart, group.astype(np.int64), minimum, counted, error, _strain(raw["n"], keys, kpis))


def _strain(n: Floats, keys: Sequence[tuple[str, str, str]], kpis: Sequence[Kpi]) -> Floats:
    """Strain of each row and column, by all that is counted on the day itself.

    A KPI that matures late is struck by what its day saw, and by what came until it was mature.
    """
    known = [key[1] == "all" and kpi.lag_days == 0 and not kpi.is_stock for key, kpi in zip(keys, kpis, strict=True)]
    on_day = strain(n[np.array(known, dtype=np.bool_)])
    lags = np.array([kpi.lag_days for kpi in kpis], dtype=np.int64)
    found = np.tile(on_day, (len(kpis), 1))
    for lag in np.unique(lags[lags > 0]):
        before = np.concatenate([np.ones(min(lag, n.shape[1])), on_day])[: n.shape[1]]
        found[lags == lag] = np.maximum(on_day, before)
    return found


def _harmonic(one: Floats, both: Floats) -> Floats:
    """Weight of a difference between two groups: the inverse of 1/one + 1/other, which its variance follows."""
    return np.divide(one * np.maximum(both - one, 0.0), both, out=np.zeros_like(both), where=both > 0)


def _delivered(n: Floats, keys: Sequence[tuple[str, str, str]]) -> Flags:
    """Days between the first and the last on which a KPI has any cell: without one, a total is 0, not missing."""
    found = np.zeros(n.shape, dtype=np.bool_)
    names = np.array([key[0] for key in keys], dtype=object)
    for name in sorted(set(names)):
        rows = names == name
        seen = np.flatnonzero(n[rows].any(axis=0))
        if len(seen):
            found[np.flatnonzero(rows)[:, None], np.arange(seen[0], seen[-1] + 1)[None, :]] = True
    return found


def _occasions(kpis: Sequence[Kpi], as_of_days: Sequence[date], book: RuleBook) -> Flags:
    """Days of the calendar that are like no others, per row and column."""
    found = np.zeros((len(kpis), len(as_of_days)), dtype=np.bool_)
    for occasion in book.calendar:
        for row, kpi in enumerate(kpis):
            if occasion.kpi_id in (ANY, kpi.kpi_id):
                begin = (occasion.first_day - as_of_days[0]).days + kpi.lag_days
                end = (occasion.last_day - as_of_days[0]).days + kpi.lag_days
                found[row, max(begin, 0) : max(end + 1, 0)] = True
    return found
