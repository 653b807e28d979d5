"""From the outbox to the channels: recorded before it is sent, tried again, and never given up in silence.

Belongs here: attempts, waiting times, what becomes of what cannot be delivered. Does not belong here: services.
A kill between sending and recording leaves the message as ``sending``; the next delivery sends it once more, with the
same key. So a message is never lost, and each kill repeats at most one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.alerts.channels import FILE_CHANNEL, Channel, DeliveryError, NoSuchChannelError, channel_named
from pipeline.alerts.ledger import Ledger, Message
from pipeline.alerts.model import Alert, Event, Finding, Happening, Measure, Severity, State, Subject
from pipeline.alerts.picture import sparkline
from pipeline.alerts.rules import RuleBook

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""Between attempts; after the last one a message is dead."""
UNDELIVERED = "undelivered"
_WORDS = {
    "en": {"opened": "opened", "escalated": "worse", "resolved": "over"},
    "fr": {"opened": "ouverte", "escalated": "aggravée", "resolved": "terminée"},
}


@dataclass(frozen=True)
class Delivered:
    """What a delivery did: counts of messages."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0


def messages_of(events: Sequence[Event], book: RuleBook, *, language: str, link: str) -> list[Message]:
    """One message per event and channel.

    Args:
        events: those to be told.
        book: has the routes.
        language: ``en`` or ``fr``.
        link: where the report is.
    """
    found = []
    for event in events:
        finding = event.alert.finding
        channels = book.channels(owner=finding.owner, severity=finding.severity.value, group=finding.group)
        title, body = _text(event, language, link)
        found += [Message(f"{event.key}-{channel}", channel, title, body) for channel in channels or [FILE_CHANNEL]]
    return found


def _text(event: Event, language: str, link: str) -> tuple[str, str]:
    alert, finding = event.alert, event.alert.finding
    is_french = language == "fr"
    sentence = finding.text_fr if is_french else finding.text_en
    why = alert.explanation_fr if is_french else alert.explanation_en
    word = _WORDS[language][event.happening.value]
    title = f"[{finding.severity}] {finding.subject.name}: {word}"
    if event.happening is Happening.RESOLVED:
        sentence = f"{alert.resolution}. {sentence}"
        why = ""
    anchor = "#kpis" if finding.subject.kind == "kpi" else "#coverage"
    trend = "" if event.happening is Happening.RESOLVED else sparkline(alert.history)
    lines = [
        sentence,
        trend,
        why,
        f"{link}{anchor}" if link else "",
        f"{alert.alert_id} · {event.as_of} · {finding.owner}",
    ]
    return title, "\n".join(line for line in lines if line)


def deliver(
    ledger: Ledger, folder: Path, *, address: Callable[[str], str | None], now: Callable[[], datetime]
) -> Delivered:
    """Send what is due; what cannot be delivered to anybody becomes an alert in the file channel.

    Args:
        ledger: has the outbox.
        folder: the home's folder of alerts.
        address: address of a channel by name.
        now: the clock, naive UTC.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".deliver.lock", timeout=0):
            # Whoever holds the lock is the only one who sends, so what is still being sent was left by a killed one.
            due = ledger.messages("queued", "sending", due=now())
            states = [_attempt(ledger, message, folder, address, now) for message in due]
    except Timeout:
        return Delivered()
    return Delivered(states.count("sent"), states.count("queued"), states.count("dead"))


def _attempt(
    ledger: Ledger, message: Message, folder: Path, address: Callable[[str], str | None], now: Callable[[], datetime]
) -> str:
    trying = replace(message, attempts=message.attempts + 1, problem="")
    ledger.mark(trying, "sending", now())
    try:
        channel: Channel = channel_named(message.channel, folder, address)
        channel.send(trying)
    except NoSuchChannelError as error:
        return _bury(ledger, replace(trying, problem=str(error)), folder, now())
    except DeliveryError as error:
        failed = replace(trying, problem=str(error))
        if trying.attempts > len(WAITS):
            return _bury(ledger, failed, folder, now())
        ledger.mark(failed, "queued", now(), due=now() + WAITS[trying.attempts - 1])
        return "queued"
    ledger.mark(trying, "sent", now())
    return "sent"


def _bury(ledger: Ledger, message: Message, folder: Path, now: datetime) -> str:
    """A message nobody got is itself an alert, told where it is sure to be found."""
    today = now.date()
    finding = Finding(
        subject=Subject("data", UNDELIVERED, message.channel),
        severity=Severity.CRITICAL,
        first_day=today,
        last_day=today,
        measure=Measure(),
        text_en=f"A message to {message.channel} could not be delivered: {message.problem}.",
        text_fr=f"Un message à {message.channel} n'a pas pu être remis : {message.problem}.",
        owner="data",
        group="data",
    )
    alert = Alert(finding=finding, state=State.OPEN, opened_on=today, seen_on=today)
    notice = Message(f"{alert.alert_id}-{FILE_CHANNEL}", FILE_CHANNEL, f"[critical] {message.title}", finding.text_en)
    known = ledger.alerts().get(alert.alert_id)
    ledger.record(known if known and known.is_open else alert, [], now)
    channel_named(FILE_CHANNEL, folder, lambda _: None).send(notice)
    channel_named(FILE_CHANNEL, folder, lambda _: None).send(message)
    ledger.mark(message, "dead", now)
    return "dead"
