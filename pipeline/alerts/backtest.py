"""What the rules would have done: history replayed from an empty ledger.

Belongs here: alerts per week and rule, delay on given incidents, bounds one might set. Does not belong here: the
replay, which is the same as every morning's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.alerts.lifecycle import OWN_PAST
from pipeline.alerts.model import Alert, Happening
from pipeline.alerts.replay import Replayed, Watched, replay
from pipeline.alerts.series import Series

Floats: TypeAlias = npt.NDArray[np.float64]

GRACE_DAYS = 7
_EXTREME = 0.005


@dataclass(frozen=True)
class Incident:
    """Something that is known to have gone wrong."""

    kpi_id: str
    segment_dimension: str
    segment: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class RuleHistory:
    """What one rule would have done.

    Attributes:
        rule: ``own_past``, ``fixed_bound``, or a rule on data.
        name: KPI or table.
        alerts: opened in the time replayed.
        per_week: the same per week.
        open_days: days on which one was open.
    """

    rule: str
    name: str
    alerts: int
    per_week: float
    open_days: int


@dataclass(frozen=True)
class Backtest:
    """A replay told.

    Attributes:
        days: as-of days replayed.
        rules: one per rule and KPI or table that alerted, most alerts first.
        delays: per incident the mature days to its first alert, 1 on its first day; ``None`` if it was not found.
        replayed: everything.
    """

    days: int
    rules: tuple[RuleHistory, ...]
    delays: tuple[tuple[Incident, int | None], ...]
    replayed: Replayed


def backtest(watched: Watched, *, days: int, last: date, incidents: Sequence[Incident] = ()) -> Backtest:
    """Replay the days before and including ``last``, from an empty ledger; nothing is stored or sent.

    Args:
        watched: series and rules.
        days: how many.
        last: last as-of day.
        incidents: known ones, for the delay.

    Raises:
        ValueError: fewer than one day.
    """
    if days < 1:
        raise ValueError("a back-test needs at least one day")
    found = replay(watched, {}, first=last - timedelta(days=days - 1), last=last)
    alerts = list(found.life.alerts.values())
    names = sorted({(alert.finding.subject.rule, alert.finding.subject.name) for alert in alerts})
    rules = [_history(rule, name, alerts, found, days, last) for rule, name in names]
    rules.sort(key=lambda each: (-each.alerts, each.rule, each.name))
    return Backtest(days, tuple(rules), tuple((each, delay(each, alerts)) for each in incidents), found)


def _history(rule: str, name: str, alerts: Sequence[Alert], found: Replayed, days: int, last: date) -> RuleHistory:
    own = [alert for alert in alerts if (alert.finding.subject.rule, alert.finding.subject.name) == (rule, name)]
    openings = sum(
        event.happening is Happening.OPENED
        for event in found.life.events
        if (event.alert.finding.subject.rule, event.alert.finding.subject.name) == (rule, name)
    )
    held = sum(((alert.resolved_on or last) - alert.opened_on).days + 1 for alert in own)
    return RuleHistory(rule, name, openings, round(7 * openings / days, 3), held)


def delay(incident: Incident, alerts: Sequence[Alert]) -> int | None:
    """Mature days from the first day of an incident to the first alert about it, or about everybody."""
    days = [
        (alert.finding.last_day - incident.first_day).days + 1
        for alert in alerts
        if alert.finding.subject.name == incident.kpi_id
        and incident.first_day <= alert.finding.last_day <= incident.last_day + timedelta(days=GRACE_DAYS)
        and _tells_of(alert, incident)
    ]
    return min(days, default=None)


def _tells_of(alert: Alert, incident: Incident) -> bool:
    subject = alert.finding.subject
    return subject.is_whole or (
        (subject.segment_dimension, subject.segment) == (incident.segment_dimension, incident.segment)
    )


def suggested_bounds(series: Series, *, days: int) -> dict[str, float]:
    """A fixed bound per KPI that its clean weeks would have crossed about once in 200: a start, not a rule.

    Args:
        series: all series.
        days: how many of the last days count.

    Returns:
        In the unit of the KPI, for KPIs with a bad direction and at least eight weeks with enough units.
    """
    found = {}
    panel = series.panel
    for row in np.flatnonzero(series.is_whole):
        kpi = series.kpis[row]
        clean = panel.clean[row, -days:]
        x, n = np.where(clean, panel.x[row, -days:], 0.0), np.where(clean, panel.n[row, -days:], 0.0)
        counted = np.where(clean, panel.counted[row, -days:], 0.0)
        x_week, n_week, units = (_weeks(values) for values in (x, n, counted))
        enough = (n_week > 0) & (units >= kpi.minimum_n)
        if kpi.bad_sign == 0 or enough.sum() < 56:
            continue
        values = x_week[enough] / n_week[enough] * kpi.factor
        found[kpi.kpi_id] = float(np.quantile(values, 1 - _EXTREME if kpi.bad_sign > 0 else _EXTREME))
    return found


def _weeks(values: Floats) -> Floats:
    return np.convolve(values, np.ones(7), mode="valid") if len(values) >= 7 else np.zeros(0)


def is_own_past(alert: Alert) -> bool:
    """Whether an alert is one of the statistical rules on KPIs, whose false alarms are budgeted."""
    return alert.finding.subject.kind == "kpi" and alert.finding.subject.rule == OWN_PAST
