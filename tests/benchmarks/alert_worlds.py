"""Invented worlds of 2,000 series for studies of alerts: 50 KPIs, each for all customers and in 39 segments.

Belongs here: drawing and breaking series. Run as a script it prints what a study of many seeds finds:
``python -m tests.benchmarks.alert_worlds 20``. Constants were tuned on seeds below 5000 only; what is reported comes
from seeds from there on.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pipeline.alerts.kpi import Kpi
from pipeline.alerts.model import Happening
from pipeline.alerts.replay import Replayed, Watched, replay
from pipeline.alerts.rules import Rule, RuleBook
from pipeline.alerts.series import Series
from pipeline.statistics.baselines import Chart
from pipeline.statistics.charts import HISTORY_DAYS
from pipeline.statistics.odd_days import odd_days
from pipeline.statistics.panels import Panel
from pipeline.statistics.strain import strain

DIMENSIONS = {"all": 1, "type": 3, "region": 13, "channel": 6, "device": 4, "rfm": 8, "tier": 5}
ROWS = sum(DIMENSIONS.values())
KINDS = [Chart.PROPORTION] * 25 + [Chart.MEAN] * 20 + [Chart.COUNT] * 5
_NAMES = {Chart.PROPORTION: "proportion", Chart.MEAN: "mean", Chart.COUNT: "count"}
_FIRST = date(2025, 1, 1)
REPORTED_FROM = 5000


@dataclass(frozen=True)
class Drop:
    """A drop of one row of one KPI, in standard errors of a day."""

    kpi: int
    row: int
    first: int
    errors: float


def world(seed: int, *, days: int, drops: Sequence[Drop] = ()) -> Watched:
    """Over-dispersed, weekly series; segments of a dimension add up to all customers' units."""
    chance, planted = np.random.default_rng(seed), {drop.kpi: drop for drop in drops}
    blocks = [_kpi(chance, number, kind, days, planted.get(number)) for number, kind in enumerate(KINDS)]
    x, n, counted = (np.concatenate([block[part] for block in blocks]) for part in range(3))
    chart = np.repeat([int(kind) for kind in KINDS], ROWS)
    clean = (n > 0) & ~odd_days(x, n, counted=counted, chart=chart)
    group = np.repeat(np.arange(len(KINDS)), ROWS)
    strained = np.tile(strain(counted[::ROWS]), (len(x), 1))
    panel = Panel(x, n, clean, chart, group, np.full(len(x), 30.0), counted, np.zeros(x.shape), strained)
    kpis = [_watched(number, kind) for number, kind in enumerate(KINDS)]
    keys = [
        (kpi.kpi_id, name, str(each)) for kpi in kpis for name, count in DIMENSIONS.items() for each in range(count)
    ]
    book = RuleBook({kpi.kpi_id: kpi for kpi in kpis}, {"*": Rule(minimum_change=0.0)}, (), ())
    rows = tuple(kpi for kpi in kpis for _ in range(ROWS))
    return Watched(Series(tuple(keys), rows, tuple(_FIRST + timedelta(days=day) for day in range(days)), panel), book)


def _watched(number: int, kind: Chart) -> Kpi:
    name = f"kpi_{number:02d}"
    return Kpi(name, "g", name, name, "rating", "higher_is_better", _NAMES[kind], ("t",), 30, 0, None, "cx")


def _kpi(
    chance: np.random.Generator, number: int, kind: Chart, days: int, drop: Drop | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weekly = 1 + 0.12 * np.sin(2 * np.pi * np.arange(days) / 7)
    base = chance.poisson(chance.choice([40, 120, 400, 1500]) * weekly)
    rate, spread = chance.uniform(0.05, 0.6), chance.uniform(0, 0.03)
    common = 1 + spread * chance.normal(size=days)
    shares = [chance.dirichlet(np.full(count, 4.0)) for count in DIMENSIONS.values()]
    units = np.concatenate([[chance.multinomial(day, share) for day in base] for share in shares], axis=1).T
    n = units.astype(np.float64)
    if kind is Chart.PROPORTION:
        x = chance.binomial(units, np.clip(rate * common, 0, 1)).astype(np.float64)
        error = np.sqrt(rate * (1 - rate) * n + (spread * rate * n) ** 2)
    elif kind is Chart.MEAN:
        x = n * 4 * common + chance.normal(size=n.shape) * np.sqrt(n) * 1.3
        error = np.sqrt(1.69 * n + (spread * 4 * n) ** 2)
    else:
        x, error = n.copy(), np.sqrt(np.repeat(n.mean(axis=1, keepdims=True), days, axis=1))
    if drop is not None:
        x[drop.row, drop.first :] -= drop.errors * error[drop.row, drop.first :]
    x = np.maximum(x, 0) if kind is Chart.MEAN else np.round(np.maximum(x, 0))
    return x, (np.ones(n.shape) if kind is Chart.COUNT else n), (x if kind is Chart.COUNT else n)


def openings(seed: int, *, days: int = 180) -> int:
    """Alerts opened in a calm world, after 112 days of warm-up: all of them false."""
    watched = world(seed, days=HISTORY_DAYS + days)
    as_of = watched.kpis.as_of_days
    found = replay(watched, {}, first=as_of[HISTORY_DAYS], last=as_of[-1])
    return sum(event.happening is Happening.OPENED for event in found.life.events)


def days_to_find(seed: int, *, errors: float, is_whole: bool) -> list[int]:
    """Days to the first alert about each drop of a world, one per KPI; 8 if none came within a week.

    Rows too small to fall that far are left out.
    """
    chance, first = np.random.default_rng([seed, 7]), HISTORY_DAYS + 2
    rows = [0 if is_whole else int(chance.integers(1, ROWS)) for _ in KINDS]
    drops = [Drop(kpi, row, first, errors) for kpi, row in enumerate(rows)]
    watched = world(seed, days=HISTORY_DAYS + 9, drops=drops)
    as_of = watched.kpis.as_of_days
    found = replay(watched, {}, first=as_of[first], last=as_of[first + 6])
    return [_days_to(watched, drop, found) for drop in drops if _is_large_enough(watched, drop)]


def _is_large_enough(watched: Watched, drop: Drop) -> bool:
    """Whether a row has units enough to be tested day by day, and can fall that far above 0."""
    place = drop.kpi * ROWS + drop.row
    before = watched.kpis.panel.x[place, : drop.first]
    is_small = watched.kpis.panel.counted[place, : drop.first].mean() < 30
    return bool(not is_small and before.mean() >= (drop.errors + 0.5) * before.std())


def _days_to(watched: Watched, drop: Drop, found: Replayed) -> int:
    key, begin = watched.kpis.keys[drop.kpi * ROWS + drop.row], watched.kpis.as_of_days[drop.first]
    days = [
        (event.as_of - begin).days + 1
        for event in found.life.events
        if event.alert.finding.subject.name == key[0]
        and (event.alert.finding.subject.is_whole or event.alert.finding.subject.segment == key[2])
    ]
    return min(days, default=8)


def study(seeds: Sequence[int]) -> None:
    """Print what many seeds find."""
    started = time.process_time()
    calm = [openings(seed) for seed in seeds]
    seconds = (time.process_time() - started) / len(calm)
    sys.stdout.write(f"calm: {28 * sum(calm) / 180 / len(calm):.2f} openings in 28 days, {seconds:.1f} CPU s a world\n")
    for errors, is_whole in ((3.5, True), (4.0, False), (3.0, True)):
        known = np.concatenate([days_to_find(seed, errors=errors, is_whole=is_whole) for seed in seeds])
        where = "all" if is_whole else "a segment"
        within = f"{(known <= 3).mean():.3f} within 3 days, {(known <= 7).mean():.3f} within 7"
        sys.stdout.write(f"{errors} standard errors on {where}: {within} ({len(known)} drops)\n")


if __name__ == "__main__":
    start = int(sys.argv[2]) if len(sys.argv) > 2 else REPORTED_FROM
    study(range(start, start + int(sys.argv[1])))
