"""The life of alerts: open, acknowledged, resolved; what each day does to it, as a pure function.

Belongs here: hysteresis, cool-down, escalation, new levels, who speaks for whom. Does not belong here: storing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from pipeline.alerts.model import Alert, Event, Finding, Happening, Health, Life, Severity, State, Subject

OWN_PAST = "own_past"
FACTS_OF_A_DAY = frozenset(
    {
        "refused_extract",
        "stale_extract",
        "extract_volume",
        "late_rows",
        "quarantine_rate",
        "schema_drift",
        "gate_closed",
        "gate_overridden",
        "kpi_blocked",
        "failed_run",
        "stale_release",
        "undelivered",
    }
)
"""Rules on data that need no patience: what is not there any more is over."""
WHAT_TRACKING_SAW = frozenset({"tracking", "checkout_steps"})
"""Rules on data that see one and the same loss."""
NEW_LEVEL = "new level"
GOOD_DAYS_TO_RESOLVE = 3
COOL_DOWN_DAYS = 7
UNANSWERED_DAYS = 7
"""What is still bad after so many days, and nobody acknowledged, is critical."""
NEW_LEVEL_DAYS = 28
"""After so many days what is bad is how it is now: the alert ends, and the past is learned anew."""


def live_a_day(
    alerts: Mapping[str, Alert], findings: Iterable[Finding], health: Mapping[str, Health], as_of: date
) -> Life:
    """Take one as-of day into the lives of all alerts.

    Args:
        alerts: as they were, by alert id.
        findings: what is wrong that day.
        health: per fingerprint what the day says of something not found wrong; what is missing is unclear.
        as_of: the day; not before any earlier one.

    Returns:
        The alerts after the day and what happened on it.
    """
    found = {finding.subject.fingerprint: finding for finding in findings}
    after, events = dict(alerts), list[Event]()
    newest = _newest_by_fingerprint(alerts.values())
    for fingerprint, alert in sorted(newest.items()):
        if alert.is_open:
            changed, event = _go_on(alert, found.pop(fingerprint, None), health.get(fingerprint), as_of)
            after[changed.alert_id] = changed
            events += [event] if event else []
    known = _newest_by_fingerprint(after.values()).values()
    standing = [
        alert.finding.subject
        for alert in known
        if alert.is_open or (alert.resolved_on == as_of and alert.resolution == NEW_LEVEL)
    ]
    for finding in sorted(found.values(), key=_loudest_first):
        over = [alert.finding.subject for alert in known if _is_just_over(alert, finding, as_of)]
        if any(speaks_for(subject, finding.subject) for subject in (*standing, *over)):
            continue
        standing.append(finding.subject)
        alert, event = _open(finding, newest.get(finding.subject.fingerprint), as_of)
        after[alert.alert_id] = alert
        events += [event] if event else []
    return Life(after, tuple(events))


def speaks_for(standing: Subject, subject: Subject) -> bool:
    """Whether an open alert already tells of a subject: a drop of the whole explains its parts.

    Segments of one dimension share no customer, so each speaks for itself; those of two dimensions overlap.
    """
    if (standing.kind, standing.name) != (subject.kind, subject.name) or standing == subject:
        return False
    if standing.kind == "data":
        is_same = standing.rule == subject.rule or {standing.rule, subject.rule} <= WHAT_TRACKING_SAW
        return is_same and standing.is_whole
    return standing.is_whole or (not subject.is_whole and standing.segment_dimension != subject.segment_dimension)


def _is_just_over(alert: Alert, finding: Finding, as_of: date) -> bool:
    """Whether an alert ended of late, and a finding's window still holds days on which it was seen."""
    if alert.resolved_on is None or (as_of - alert.resolved_on).days >= COOL_DOWN_DAYS:
        return False
    return finding.first_day <= alert.seen_on - (as_of - finding.last_day)


def _loudest_first(finding: Finding) -> tuple[bool, float, str]:
    return not finding.subject.is_whole, -abs(finding.measure.score or 0.0), finding.subject.fingerprint


def _newest_by_fingerprint(alerts: Iterable[Alert]) -> dict[str, Alert]:
    newest: dict[str, Alert] = {}
    for alert in sorted(alerts, key=lambda each: (each.opened_on, each.alert_id)):
        newest[alert.finding.subject.fingerprint] = alert
    return newest


def _go_on(alert: Alert, finding: Finding | None, health: Health | None, as_of: date) -> tuple[Alert, Event | None]:
    """A day of an open alert."""
    age = (as_of - alert.opened_on).days
    if age >= NEW_LEVEL_DAYS and alert.finding.subject.rule == OWN_PAST:
        return _resolve(alert, as_of, NEW_LEVEL)
    if finding is None:
        good = alert.good_days + 1 if health is Health.GOOD else 0 if health is Health.BAD else alert.good_days
        if good >= (1 if alert.finding.subject.rule in FACTS_OF_A_DAY else GOOD_DAYS_TO_RESOLVE):
            return _resolve(replace(alert, good_days=good), as_of, "recovered")
        return replace(alert, good_days=good), None
    if alert.state is State.OPEN and age >= UNANSWERED_DAYS:
        finding = replace(finding, severity=Severity.CRITICAL)
    is_worse = finding.severity.rank > alert.finding.severity.rank
    seen = replace(alert, seen_on=as_of, good_days=0)
    if not is_worse:
        return seen, None
    kept = replace(finding, first_day=alert.finding.first_day, last_day=alert.finding.last_day)
    seen = replace(seen, finding=kept)
    return seen, Event(seen, Happening.ESCALATED, as_of)


def _resolve(alert: Alert, as_of: date, resolution: str) -> tuple[Alert, Event]:
    done = replace(alert, state=State.RESOLVED, resolved_on=as_of, resolution=resolution)
    return done, Event(done, Happening.RESOLVED, as_of)


def _open(finding: Finding, before: Alert | None, as_of: date) -> tuple[Alert, Event | None]:
    """A new alert; soon after its end, the old one goes on without a word unless it is worse now."""
    cool = before is not None and before.resolved_on is not None
    if before is not None and cool and as_of - (before.resolved_on or as_of) <= timedelta(days=COOL_DOWN_DAYS):
        is_worse = finding.severity.rank > before.finding.severity.rank
        again = replace(
            before,
            finding=replace(before.finding, severity=max(before.finding.severity, finding.severity, key=_rank)),
            state=State.OPEN,
            seen_on=as_of,
            good_days=0,
            resolved_on=None,
            resolution="",
        )
        return again, Event(again, Happening.ESCALATED, as_of) if is_worse else None
    alert = Alert(finding=finding, state=State.OPEN, opened_on=as_of, seen_on=as_of)
    return alert, Event(alert, Happening.OPENED, as_of)


def _rank(severity: object) -> int:
    return getattr(severity, "rank", 0)


def told(events: Sequence[Event], *, muted: Mapping[str, date], today: date, fresh_days: int) -> list[Event]:
    """The events a message is due for: not muted, and about days near today. A backfill tells nothing.

    Args:
        events: what happened.
        muted: last muted day by fingerprint.
        today: the day in the business time zone.
        fresh_days: how old an as-of day may be.
    """
    return [
        event
        for event in events
        if event.is_told
        and (today - event.as_of).days <= fresh_days
        and muted.get(event.alert.finding.subject.fingerprint, date.min) < event.as_of
    ]
