"""The vocabulary of alerts: what is watched, what was found, and the alert with its life.

Belongs here: values. Does not belong here: judging, storing, sending.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters."""

    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Higher is worse."""
        return list(Severity).index(self)


class State(StrEnum):
    """Where an alert is in its life."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Happening(StrEnum):
    """What can happen in the life of an alert; each is told at most once."""

    OPENED = "opened"
    ESCALATED = "escalated"
    RESOLVED = "resolved"


class Health(StrEnum):
    """What a day says of something that was alerted on before."""

    BAD = "bad"
    UNCLEAR = "unclear"
    GOOD = "good"


@dataclass(frozen=True)
class Subject:
    """What an alert is about; equal subjects are one alert.

    Attributes:
        kind: ``kpi`` or ``data``.
        rule: ``own_past``, ``fixed_bound``, or the name of a rule on data.
        name: the KPI, or the table.
        segment_dimension: ``all``, or the dimension; for data what the part is (``device``).
        segment: ``all``, or the segment.
    """

    kind: str
    rule: str
    name: str
    segment_dimension: str = "all"
    segment: str = "all"

    @property
    def fingerprint(self) -> str:
        """Same subject, same fingerprint."""
        parts = (self.kind, self.rule, self.name, self.segment_dimension, self.segment)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    @property
    def is_whole(self) -> bool:
        """Whether it is about everybody."""
        return self.segment_dimension == "all"


@dataclass(frozen=True)
class Measure:
    """The numbers behind a finding; ``None`` where there is none.

    Attributes:
        value: of the window.
        expected: of the window, from what came before.
        n: units in the window.
        score: distance in standard errors.
        window: which window said so.
    """

    value: float | None = None
    expected: float | None = None
    n: int | None = None
    score: float | None = None
    window: str = ""


@dataclass(frozen=True)
class Finding:
    """Something is wrong on a day.

    Attributes:
        subject: what.
        severity: how much it matters.
        first_day: first day of the window that says so.
        last_day: its last day; the day alerted on.
        measure: the numbers.
        text_en: one sentence.
        text_fr: the same in French.
        owner: who is told.
        group: KPI group, or ``data``.
    """

    subject: Subject
    severity: Severity
    first_day: date
    last_day: date
    measure: Measure
    text_en: str
    text_fr: str
    owner: str
    group: str


@dataclass(frozen=True)
class Alert:
    """An alert and where it is in its life.

    Attributes:
        finding: what opened it; severity and numbers are those of the worst day since.
        state: open, acknowledged, resolved.
        opened_on: as-of day on which it was opened.
        seen_on: last as-of day on which it was bad.
        good_days: as-of days in a row that were good.
        resolved_on: as-of day of its end.
        resolution: ``recovered``, ``new level``, ``by hand``; empty before.
        acknowledged_by: who; empty if nobody.
        note: what was said on acknowledging, muting or resolving.
        explanation_en: why, as far as it can be told.
        explanation_fr: the same in French.
        history: values of the last days up to the one that opened it, ``None`` where there is none to show.
    """

    finding: Finding
    state: State
    opened_on: date
    seen_on: date
    good_days: int = 0
    resolved_on: date | None = None
    resolution: str = ""
    acknowledged_by: str = ""
    note: str = ""
    explanation_en: str = ""
    explanation_fr: str = ""
    history: tuple[float | None, ...] = ()

    @property
    def alert_id(self) -> str:
        """Stable over runs: the fingerprint and the day it was opened."""
        return f"{self.finding.subject.fingerprint}-{self.opened_on:%Y%m%d}"

    @property
    def is_open(self) -> bool:
        """Whether it has not ended; an acknowledged one has not."""
        return self.state is not State.RESOLVED


@dataclass(frozen=True)
class Event:
    """Something happened in the life of an alert.

    Attributes:
        alert: as it was after it.
        happening: what.
        as_of: the day it is told of.
        is_told: whether a message is due at all (a reopening within the cool-down is not told).
    """

    alert: Alert
    happening: Happening
    as_of: date
    is_told: bool = True

    @property
    def key(self) -> str:
        """Idempotency key: one message per event of a life."""
        suffix = f"-{self.alert.finding.severity}" if self.happening is Happening.ESCALATED else ""
        return f"{self.alert.alert_id}-{self.happening}{suffix}"


@dataclass(frozen=True)
class Life:
    """All alerts of a home after a day, and what happened on it.

    Attributes:
        alerts: by alert id, resolved ones too.
        events: in order.
    """

    alerts: dict[str, Alert] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
