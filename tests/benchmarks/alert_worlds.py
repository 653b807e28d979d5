"""Invented worlds of 2,000 series for studies of alerts: 50 KPIs, each for all customers and in 39 segments.

Belongs here: drawing and breaking series. Run as a script it prints what a study of many seeds finds:
``python -m tests.benchmarks.alert_worlds 20``.
"""

import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pipeline.alerts.model import Happening, Kpi
from pipeline.alerts.replay import Watched, replay
from pipeline.alerts.rules import Rule, RuleBook
from pipeline.alerts.series import Series
from pipeline.statistics.baselines import Chart, odd_days
from pipeline.statistics.charts import HISTORY_DAYS, Panel

DIMENSIONS = {"all": 1, "type": 3, "region": 13, "channel": 6, "device": 4, "rfm": 8, "tier": 5}
ROWS = sum(DIMENSIONS.values())
KINDS = [Chart.PROPORTION] * 25 + [Chart.MEAN] * 20 + [Chart.COUNT] * 5
_NAMES = {Chart.PROPORTION: "proportion", Chart.MEAN: "mean", Chart.COUNT: "count"}
_FIRST = date(2025, 1, 1)


@dataclass(frozen=True)
class Drop:
    """A drop of one row of one KPI, in standard errors of a day."""

    kpi: int
    row: int
    first: int
    errors: float


def world(seed: int, *, days: int, drop: Drop | None = None) -> Watched:
    """Over-dispersed, weekly series; segments of a dimension add up to all customers' units."""
    chance = np.random.default_rng(seed)
    blocks = [_kpi(chance, number, kind, days, drop) for number, kind in enumerate(KINDS)]
    x, n, counted = (np.concatenate([block[part] for block in blocks]) for part in range(3))
    chart = np.repeat([int(kind) for kind in KINDS], ROWS)
    clean = (n > 0) & ~odd_days(x, n, counted=counted, chart=chart)
    group = np.repeat(np.arange(len(KINDS)), ROWS)
    panel = Panel(x, n, clean, chart, group, np.full(len(x), 30.0), counted, np.zeros(x.shape))
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
    if drop is not None and drop.kpi == number:
        x[drop.row, drop.first :] -= drop.errors * error[drop.row, drop.first :]
    x = np.maximum(x, 0) if kind is Chart.MEAN else np.round(np.maximum(x, 0))
    return x, (np.ones(n.shape) if kind is Chart.COUNT else n), (x if kind is Chart.COUNT else n)


def openings(seed: int, *, days: int = 180) -> int:
    """Alerts opened in a calm world, after 112 days of warm-up: all of them false."""
    watched = world(seed, days=HISTORY_DAYS + days)
    as_of = watched.kpis.as_of_days
    found = replay(watched, {}, first=as_of[HISTORY_DAYS], last=as_of[-1])
    return sum(event.happening is Happening.OPENED for event in found.life.events)


def days_to_find(seed: int, *, errors: float, is_whole: bool) -> int | None:
    """Days to the first alert about a drop, 8 if none came within a week; ``None`` if the row is too small for it."""
    chance = np.random.default_rng([seed, 7])
    row = 0 if is_whole else int(chance.integers(1, ROWS))
    drop = Drop(int(chance.integers(0, len(KINDS))), row, HISTORY_DAYS + 2, errors)
    watched = world(seed, days=HISTORY_DAYS + 9, drop=drop)
    place, as_of = drop.kpi * ROWS + row, watched.kpis.as_of_days
    before = watched.kpis.panel.x[place, : drop.first]
    is_small = watched.kpis.panel.counted[place, : drop.first].mean() < 30
    if is_small or before.mean() < (errors + 0.5) * before.std():  # nothing can fall that far below 0
        return None
    key = watched.kpis.keys[place]
    found = replay(watched, {}, first=as_of[drop.first], last=as_of[drop.first + 6])
    days = [
        (event.as_of - as_of[drop.first]).days + 1
        for event in found.life.events
        if event.alert.finding.subject.name == key[0]
        and (event.alert.finding.subject.is_whole or event.alert.finding.subject.segment == key[2])
    ]
    return min(days, default=8)


def study(seeds: int) -> None:
    """Print what many seeds find."""
    started = time.process_time()
    calm = [openings(seed) for seed in range(seeds)]
    seconds = (time.process_time() - started) / seeds
    sys.stdout.write(f"calm: {28 * sum(calm) / 180 / seeds:.2f} openings in 28 days, {seconds:.1f} CPU s a world\n")
    for errors, is_whole in ((3.5, True), (4.0, False), (3.0, True)):
        tried = [days_to_find(seed, errors=errors, is_whole=is_whole) for seed in range(10 * seeds)]
        known = np.array([each for each in tried if each is not None])
        where = "all" if is_whole else "a segment"
        within = f"{(known <= 3).mean():.3f} within 3 days, {(known <= 7).mean():.3f} within 7"
        sys.stdout.write(f"{errors} standard errors on {where}: {within} ({len(known)} drops)\n")


if __name__ == "__main__":
    study(int(sys.argv[1]))
