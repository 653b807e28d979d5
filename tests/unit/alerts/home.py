"""Invented cells, alerts and rules for the tests of alerts."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pipeline.alerts.kpi import Kpi
from pipeline.alerts.model import Alert, Finding, Measure, Severity, State, Subject
from pipeline.alerts.rules import Route, Rule, RuleBook

FIRST = date(2025, 1, 1)
LAST = date(2025, 7, 19)
DAYS = (LAST - FIRST).days + 1
SEGMENTS = {"device": {"desktop": 0.45, "mobile": 0.55}, "region": {"north": 0.3, "south": 0.7}}


def kpi(kpi_id: str = "conversion", **changes: object) -> Kpi:
    """A watched share of which less is worse."""
    known: dict[str, object] = {
        "kpi_id": kpi_id,
        "kpi_group": "conversion",
        "label_en": "Conversion",
        "label_fr": "Conversion",
        "unit": "ratio",
        "direction": "higher_is_better",
        "interval_kind": "proportion",
        "tables": ("web_events",),
        "minimum_n": 30,
        "lag_days": 0,
        "bound": None,
        "owner": "ecommerce",
    }
    return Kpi(**{**known, **changes})  # type: ignore[arg-type]


def book(*kpis: Kpi, routes: tuple[Route, ...] = (Route("*", "*", "*", "file"),)) -> RuleBook:
    """Rules of some KPIs."""
    return RuleBook({each.kpi_id: each for each in kpis or (kpi(),)}, {"*": Rule()}, routes, ())


def cells(
    *, seed: int = 1, rate: float = 0.3, n: int = 400, drops: Mapping[tuple[str, date, date], float] | None = None
) -> pd.DataFrame:
    """Daily cells of ``conversion``: everybody, by device and by region; a drop is a factor on a device's rate."""
    chance = np.random.default_rng(seed)
    rows = []
    for back in range(DAYS):
        day = FIRST + timedelta(days=back)
        sums: dict[tuple[str, str], np.ndarray] = {}
        for device, device_share in SEGMENTS["device"].items():
            for region, region_share in SEGMENTS["region"].items():
                units = int(chance.poisson(n * device_share * region_share))
                factor = 1.0
                for (where, first, last), size in (drops or {}).items():
                    if where in ("all", device) and first <= day <= last:
                        factor *= size
                found = np.array([chance.binomial(units, rate * factor), units], dtype=np.float64)
                for cell in (("all", "all"), ("device", device), ("region", region)):
                    sums[cell] = sums.get(cell, np.zeros(2)) + found
        for (dimension, segment), (x, units_of) in sums.items():
            rows.append(("conversion", day, dimension, segment, x, units_of, units_of, x / max(units_of, 1)))
    columns = ["kpi_id", "metric_date", "segment_dimension", "segment", "numerator", "denominator", "n", "value"]
    return pd.DataFrame(rows, columns=columns)


def finding(
    name: str = "conversion",
    dimension: str = "all",
    segment: str = "all",
    *,
    day: date = LAST,
    severity: Severity = Severity.WARNING,
    kind: str = "kpi",
    rule: str = "own_past",
    score: float = -5.0,
) -> Finding:
    """A finding of one day."""
    return Finding(
        subject=Subject(kind, rule, name, dimension, segment),
        severity=severity,
        first_day=day,
        last_day=day,
        measure=Measure(0.2, 0.3, 400, score, "1"),
        text_en=f"{name} ({segment}) fell.",
        text_fr=f"{name} ({segment}) a baissé.",
        owner="ecommerce",
        group="conversion",
    )


def alert(**changes: object) -> Alert:
    """An open alert, opened on ``LAST``."""
    known: dict[str, object] = {
        "finding": finding(),
        "state": State.OPEN,
        "opened_on": LAST,
        "seen_on": LAST,
    }
    return Alert(**{**known, **changes})  # type: ignore[arg-type]
