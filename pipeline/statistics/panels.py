"""Many daily series as one panel, and their baselines kept from day to day.

Belongs here: the matrices tests stand on, and fitting each baseline once. Does not belong here: fitting itself
(``baselines``), testing (``charts``).
"""

from dataclasses import dataclass, field, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.statistics.baselines import BASELINE_DAYS, Baseline, fit_baseline

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """Daily series, one row each; a column is a day, all series aligned.

    Attributes:
        x: numerators, shape (series, days).
        n: denominators; for totals what is expected of the day relative to other times of year (1 without a season),
            0 on days that were not delivered.
        clean: days that may be part of a baseline.
        chart: kind per series, shape (series,).
        group: number of the KPI, shape (series,).
        minimum_n: units below which a window is not tested, shape (series,).
        counted: units behind the denominators (answers behind amounts), for ``minimum_n``, shape (series, days).
        index_error: relative variance of that season, shape (series, days); 0 where there is none.
        strain: factor by which variances are larger than the past says, see ``strain``, shape (series, days).
    """

    x: Floats
    n: Floats
    clean: Flags
    chart: Integers
    group: Integers
    minimum_n: Floats
    counted: Floats
    index_error: Floats
    strain: Floats


@dataclass
class _Fitted:
    """Baselines that end before one column, the days they were made from, and which of them are made."""

    baseline: Baseline
    clean: Flags
    is_made: Flags


@dataclass
class KeptBaselines:
    """Baselines of a panel by the column they end before.

    Only KPIs that are asked for are fitted, each once as long as the same days are clean.
    """

    by_end: dict[int, _Fitted] = field(default_factory=dict)

    def fitted(self, panel: Panel, end: int, rows: Integers) -> Baseline:
        """Baselines of some series.

        Args:
            panel: all series; those of one KPI learn from each other, so they are fitted together.
            end: the column they end before.
            rows: the series asked for.
        """
        past, series = slice(end - BASELINE_DAYS, end), len(panel.x)
        clean = panel.clean[:, past]
        if end not in self.by_end:
            self.by_end[end] = _Fitted(_blank(series), clean.copy(), np.zeros(series, dtype=np.bool_))
        kept = self.by_end[end]
        changed = np.flatnonzero((kept.clean != clean).any(axis=1))
        if len(changed):
            kept.is_made[np.isin(panel.group, panel.group[changed])] = False
            kept.clean[changed] = clean[changed]
        missing = np.flatnonzero(np.isin(panel.group, panel.group[rows[~kept.is_made[rows]]]))
        if len(missing):
            found = fit_baseline(
                panel.x[missing, past],
                panel.n[missing, past],
                clean[missing],
                chart=panel.chart[missing],
                group=panel.group[missing],
            )
            for part in fields(Baseline):
                getattr(kept.baseline, part.name)[missing] = getattr(found, part.name)
            kept.is_made[missing] = True
        return kept.baseline.take(rows)

    def forget_before(self, end: int) -> None:
        """Let go of baselines that end before a column."""
        for old in [each for each in self.by_end if each < end]:
            del self.by_end[old]


def _blank(series: int) -> Baseline:
    by_weekday, one = np.zeros((series, 7)), np.zeros(series)
    return Baseline(
        by_weekday=by_weekday,
        unit_variance=by_weekday.copy(),
        dispersion=one,
        weekday_units=by_weekday.copy(),
        weekday_share=one.copy(),
        degrees=one.copy(),
        clean_days=np.zeros(series, dtype=np.int64),
        blocks=np.zeros((series, 4)),
        skewness=np.zeros((series, 2)),
    )
