"""The table ``alerts`` of a release: every alert up to its as-of day.

Belongs here: its columns, and what is hidden in it. Does not belong here: the alerts.
"""

from collections.abc import Callable, Iterable
from datetime import date

import pandas as pd

from pipeline.alerts.failures import tells_of_few
from pipeline.alerts.kpi import FRICTION
from pipeline.alerts.model import Alert, Subject

COLUMNS = {
    "alert_id": "VARCHAR",
    "kind": "VARCHAR",
    "rule": "VARCHAR",
    "kpi_id": "VARCHAR",
    "table_name": "VARCHAR",
    "friction_type": "VARCHAR",
    "segment_dimension": "VARCHAR",
    "segment": "VARCHAR",
    "severity": "VARCHAR",
    "state": "VARCHAR",
    "alerted_on": "DATE",
    "opened_on": "DATE",
    "last_seen_on": "DATE",
    "resolved_on": "DATE",
    "resolution": "VARCHAR",
    "window_name": "VARCHAR",
    "window_start": "DATE",
    "value": "DOUBLE",
    "expected_value": "DOUBLE",
    "n": "BIGINT",
    "standard_errors": "DOUBLE",
    "is_suppressed": "BOOLEAN",
    "owner": "VARCHAR",
    "what_en": "VARCHAR",
    "what_fr": "VARCHAR",
    "why_en": "VARCHAR",
    "why_fr": "VARCHAR",
}
"""Columns and types of the table."""


def alerts_table(
    alerts: Iterable[Alert], as_of: date, *, is_hidden: Callable[[str, str, str, date], bool]
) -> pd.DataFrame:
    """One row per alert opened up to the as-of day.

    Args:
        alerts: all alerts.
        as_of: the day of the release.
        is_hidden: whether the cell of (kpi, dimension, segment, day) is suppressed on publication.
    """
    rows = [_row(alert, is_hidden) for alert in alerts if alert.opened_on <= as_of]
    rows.sort(key=lambda row: (str(row["opened_on"]), str(row["alert_id"])))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(alert: Alert, is_hidden: Callable[[str, str, str, date], bool]) -> dict[str, object]:
    finding, subject, measure = alert.finding, alert.finding.subject, alert.finding.measure
    is_kpi = subject.kind == "kpi" and not subject.name.startswith(FRICTION)
    hidden = tells_of_few(finding) or (
        is_kpi and is_hidden(subject.name, subject.segment_dimension, subject.segment, finding.last_day)
    )
    numbers = {
        "value": measure.value,
        "expected_value": measure.expected,
        "n": measure.n,
        "standard_errors": None if measure.score is None else round(measure.score, 2),
        "what_en": finding.text_en,
        "what_fr": finding.text_fr,
        "why_en": alert.explanation_en or None,
        "why_fr": alert.explanation_fr or None,
    }
    if hidden:
        words = {"what_en": "The numbers of this segment are suppressed.", "what_fr": "Chiffres du segment masqués."}
        numbers = {**dict.fromkeys(numbers), **words}
    return {
        "alert_id": alert.alert_id,
        **_about(subject),
        "rule": subject.rule,
        "segment_dimension": subject.segment_dimension,
        "segment": subject.segment,
        "severity": finding.severity.value,
        "state": alert.state.value,
        "alerted_on": finding.last_day,
        "opened_on": alert.opened_on,
        "last_seen_on": alert.seen_on,
        "resolved_on": alert.resolved_on,
        "resolution": alert.resolution or None,
        "window_name": measure.window or None,
        "window_start": finding.first_day,
        "is_suppressed": hidden,
        "owner": finding.owner,
        **numbers,
    }


def _about(subject: Subject) -> dict[str, object]:
    """The kind of an alert, and the KPI, the table or the friction it is about."""
    is_friction = subject.name.startswith(FRICTION)
    kind = "friction" if is_friction else subject.kind
    return {
        "kind": kind,
        "kpi_id": subject.name if kind == "kpi" else None,
        "table_name": subject.name if kind == "data" else None,
        "friction_type": subject.name.removeprefix(FRICTION) if is_friction else None,
    }
