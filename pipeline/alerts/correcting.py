"""A day evaluated again, because its data were corrected: what a person did stays, what is no longer so is taken back.

Belongs here: merging the lives before and after, as pure functions. Does not belong here: storing them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pipeline.alerts.model import Alert, Event, Happening, Life, State

CORRECTED = "corrected"
"""Resolution of an alert that the corrected data do not show."""
_BY_HAND = "by hand"
RAISED_BETWEEN = frozenset({"failed_run", "stale_release", "undelivered"})
"""Rules whose alerts come from outside of an evaluation."""


def on_the_eve(eve: Mapping[str, Alert], known: Mapping[str, Alert]) -> dict[str, Alert]:
    """The alerts a day starts from when it is lived through again.

    Args:
        eve: all alerts before the day was evaluated first.
        known: all alerts of the ledger now.

    Returns:
        Those of the eve, with what people did since, and those raised outside of an evaluation.
    """
    found = {alert_id: _as_people_left_it(alert, known.get(alert_id)) for alert_id, alert in eve.items()}
    between = {key: alert for key, alert in known.items() if alert.finding.subject.rule in RAISED_BETWEEN}
    return {**found, **between}


def _as_people_left_it(alert: Alert, now: Alert | None) -> Alert:
    if now is None:
        return alert
    if now.resolution == _BY_HAND:
        return now
    if now.state is State.ACKNOWLEDGED and alert.is_open:
        return replace(alert, state=State.ACKNOWLEDGED, acknowledged_by=now.acknowledged_by, note=now.note)
    return alert


def with_corrections(known: Mapping[str, Alert], again: Life, as_of: date) -> Life:
    """The life of a day lived through again, with what it takes back.

    Args:
        known: all alerts of the ledger, from the first evaluation of the day.
        again: the life after the second.
        as_of: the day.

    Returns:
        All alerts, and the events of the second evaluation; an alert only the first one raised ends as ``corrected``.
    """
    after, events = dict(again.alerts), list(again.events)
    for alert_id, alert in sorted(known.items()):
        if alert_id in again.alerts:
            after[alert_id] = _as_people_left_it(again.alerts[alert_id], alert)
        elif alert.is_open:
            over = replace(alert, state=State.RESOLVED, resolved_on=as_of, resolution=CORRECTED)
            after[alert_id] = over
            events.append(Event(over, Happening.RESOLVED, as_of))
        else:
            after[alert_id] = alert
    return Life(after, tuple(events))
