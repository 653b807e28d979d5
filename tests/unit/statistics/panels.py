"""Invented daily series for the tests of control charts."""

import numpy as np

from pipeline.statistics.baselines import Chart
from pipeline.statistics.panels import Panel


def shares(
    seed: int, *, series: int = 200, days: int = 130, n: int = 200, rate: float = 0.3, weekday: float = 0.0
) -> Panel:
    """Binomial shares whose rate swings over the week by ``weekday``."""
    chance = np.random.default_rng(seed)
    units = chance.poisson(n, (series, days)).astype(np.float64)
    swing = rate * (1 + weekday * np.sin(2 * np.pi * np.arange(days) / 7))
    x = chance.binomial(units.astype(np.int64), np.broadcast_to(swing, units.shape)).astype(np.float64)
    return panel(x, units, Chart.PROPORTION, minimum_n=30)


def totals(seed: int, *, series: int = 200, days: int = 130, mean: float = 100) -> Panel:
    """Poisson counts."""
    x = np.random.default_rng(seed).poisson(mean, (series, days)).astype(np.float64)
    return panel(x, np.ones_like(x), Chart.COUNT, minimum_n=0, counted=x)


def panel(
    x: np.ndarray, n: np.ndarray, chart: Chart, *, minimum_n: float = 30, counted: np.ndarray | None = None
) -> Panel:
    """A panel of one kind, all days clean, each series a KPI of its own."""
    return Panel(
        x=x,
        n=n,
        clean=np.ones(x.shape, dtype=np.bool_),
        chart=np.full(len(x), int(chart)),
        group=np.arange(len(x)) // 10,
        minimum_n=np.full(len(x), float(minimum_n)),
        counted=n if counted is None else counted,
        index_error=np.zeros(x.shape),
        strain=np.ones(x.shape),
    )
