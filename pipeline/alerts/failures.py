"""Visits in which something failed, as watched series: a broken step shows there before orders stay away.

Belongs here: turning counts of struck visits into series with rules of their own, and telling which of them go with
another alert. Does not belong here: testing them; what a friction costs.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.alerts.kpi import FRICTION, Kpi
from pipeline.alerts.model import Finding
from pipeline.alerts.rules import RuleBook
from pipeline.alerts.series import Series
from pipeline.statistics.baselines import BASELINE_DAYS

_FEWEST_VISITS = 30
FEWEST_STRUCK = 10
"""Visits struck, and not struck, from which their share is told: fewer would tell of a few visitors."""
_SURELY_MORE = 3.0
"""Standard errors from which a friction is told beside an alert."""
_CELL = ["kpi_id", "metric_date", "segment_dimension", "segment", "numerator", "denominator", "n", "value"]


def with_failures(cells: pd.DataFrame, book: RuleBook, failures: pd.DataFrame | None) -> tuple[pd.DataFrame, RuleBook]:
    """Cells and rules of KPIs, with those of failures beside them.

    Args:
        cells: see ``series.arrange``.
        book: rules of the home.
        failures: friction_type, metric_date, segment_dimension, segment, visit_count, whole_count, label_en, label_fr,
            owner; ``None`` or empty without web analytics.
    """
    if failures is None or failures.empty:
        return cells, book
    names = FRICTION + failures["friction_type"]
    more = pd.DataFrame(
        {
            "kpi_id": names,
            **{name: failures[name] for name in ("metric_date", "segment_dimension", "segment")},
            "numerator": failures["visit_count"].astype("float64"),
            "denominator": failures["whole_count"].astype("float64"),
            "n": failures["whole_count"].astype("float64"),
            "value": 0.0,
        }
    )
    said = failures.drop_duplicates("friction_type")[["friction_type", "label_en", "label_fr", "owner"]]
    watched = {each.kpi_id: each for each in (_watched(*map(str, row)) for row in said.itertuples(index=False))}
    return pd.concat([cells[_CELL], more], ignore_index=True), replace(book, kpis={**book.kpis, **watched})


def _watched(friction_type: str, label_en: str, label_fr: str, owner: str) -> Kpi:
    return Kpi(
        kpi_id=f"{FRICTION}{friction_type}",
        kpi_group="friction",
        label_en=f"Visits with “{label_en}”",
        label_fr=f"Visites avec « {label_fr} »",
        unit="ratio",
        direction="lower_is_better",
        interval_kind="proportion",
        tables=("web_events",),
        minimum_n=_FEWEST_VISITS,
        lag_days=0,
        bound=None,
        owner=owner,
    )


def tells_of_few(finding: Finding) -> bool:
    """Whether a finding is about a friction that struck, or spared, too few visits for its numbers to be told."""
    measure = finding.measure
    if not finding.subject.name.startswith(FRICTION):
        return False
    if measure.value is None or measure.n is None:
        return True
    struck = round(measure.value * measure.n)
    return min(struck, measure.n - struck) < FEWEST_STRUCK


def related(series: Series, finding: Finding) -> Iterator[tuple[Kpi, float, float]]:
    """Frictions that struck surely more visits in the window of a finding than in the twelve weeks before it.

    Args:
        series: all series, those of failures among them.
        finding: of a KPI; frictions of its device count if it is about one, else those of all visits.

    Yields:
        The friction, and the share of visits it struck before and now, the clearest first.
    """
    subject = finding.subject
    cell = (subject.segment_dimension, subject.segment) if subject.segment_dimension == "device" else ("all", "all")
    length = (finding.last_day - finding.first_day).days + 1
    found = []
    for row, key in enumerate(series.keys):
        if not key[0].startswith(FRICTION) or key[1:] != cell or key[0] == subject.name:
            continue
        end = series.column_of(row, finding.last_day) + 1
        begin = max(end - length, 0)
        before, now = (
            (float(series.panel.x[row, part].sum()), float(series.panel.n[row, part].sum()))
            for part in (slice(max(begin - BASELINE_DAYS, 0), begin), slice(begin, end))
        )
        if min(before[1], now[1]) < _FEWEST_VISITS or min(now[0], now[1] - now[0]) < FEWEST_STRUCK:
            continue
        pooled = (before[0] + now[0] + 1) / (before[1] + now[1] + 2)
        error = float(np.sqrt(pooled * (1 - pooled) * (1 / before[1] + 1 / now[1])))
        surely = (now[0] / now[1] - before[0] / before[1]) / error
        if surely > _SURELY_MORE:
            found.append((-surely, series.kpis[row], before[0] / before[1], now[0] / now[1]))
    for _, kpi, was, is_now in sorted(found, key=lambda each: (each[0], each[1].kpi_id)):
        yield kpi, was, is_now
