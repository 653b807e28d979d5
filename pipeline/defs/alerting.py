"""Alerts of a run, as plain functions: evaluate while a release is assembled, take in and send once it is sealed.

Belongs here: which stage hands what to which. Does not belong here: Dagster, rules, sentences.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline import alerts, publish
from pipeline.alerts.correcting import on_the_eve, with_corrections
from pipeline.alerts.data_rules import data_finding
from pipeline.alerts.evaluating import evaluate
from pipeline.alerts.lifecycle import told
from pipeline.alerts.model import Alert, Event, Finding, Happening, Severity, State
from pipeline.alerts.picture import chart_svg
from pipeline.alerts.published import COLUMNS, alerts_table
from pipeline.alerts.replay import Replayed
from pipeline.defs import alert_inputs
from pipeline.defs.session import Session
from pipeline.settings import Settings, channel_address

TABLE = "alerts"
CHARTS = "charts"
_OLDEST_RELEASE_DAYS = 3


@dataclass(frozen=True)
class Evaluated:
    """The alerts of a release before it is sealed.

    Attributes:
        replayed: the lives after its day.
        as_of: its day.
        is_history: whether the ledger has lived through that day before, so that nothing is taken in.
    """

    replayed: Replayed
    as_of: date
    is_history: bool


def rule_book(settings: Settings) -> alerts.RuleBook:
    """The rules of a home: its own seeds, else those shipped.

    Raises:
        AlertRulesError: a seed is wrong.
    """
    return alerts.read_rules(settings.seeds_folder, settings.dbt_project / "seeds")


def evaluate_release(
    session: Session, staged: publish.StagedRelease, as_of: date, overrides: Sequence[publish.Override] = ()
) -> tuple[publish.StagedRelease, Evaluated]:
    """Evaluate alerts and add the table ``alerts``; the ledger stays as it is.

    The last day the ledger knows is lived through again from its eve: its data may have been corrected.

    Args:
        session: the run's configuration.
        staged: the release under assembly.
        as_of: its day.
        overrides: closed checks that a named human answers for.
    """
    ledger = alerts.Ledger(session.settings.paths.alerts)
    known, through = ledger.alerts(), ledger.evaluated_through()
    inputs = alert_inputs.read_inputs(session.settings, as_of, staged.tables_folder, overrides)
    book, eve = rule_book(session.settings), ledger.eve(as_of) if through == as_of else None
    if eve is None:
        found = evaluate(inputs, book, known, evaluated_through=through)
    else:
        found = evaluate(inputs, book, on_the_eve(eve[0], known), evaluated_through=eve[1])
        found = replace(found, life=with_corrections(known, found.life, as_of))
    frame = alerts_table(found.life.alerts.values(), as_of, is_hidden=lambda *cell: cell in inputs.hidden)
    is_history = eve is None and through is not None and as_of <= through
    return publish.add_table(staged, TABLE, frame, COLUMNS), Evaluated(found, as_of, is_history)


def take_in(session: Session, evaluated: Evaluated, release: Path, now: datetime) -> alerts.Delivered:
    """After the release is sealed: write the ledger, queue what is due, send.

    A process killed before this leaves the ledger a day behind; the next run lives through that day.

    Args:
        session: the run's configuration.
        evaluated: what ``evaluate_release`` found.
        release: the sealed release.
        now: naive UTC.
    """
    settings = session.settings
    ledger = alerts.Ledger(settings.paths.alerts)
    if not evaluated.is_history:
        today = now.replace(tzinfo=UTC).astimezone(ZoneInfo(session.company.business_time_zone)).date()
        due = told(
            evaluated.replayed.life.events, muted=ledger.muted(), today=today, fresh_days=settings.alert_fresh_days
        )
        messages = alerts.messages_of(
            due, rule_book(settings), language=settings.alert_language, link=settings.report_url
        )
        ledger.take_in(release.name, evaluated.as_of, evaluated.replayed.life.alerts, messages, now)
        draw(settings.paths.alerts / CHARTS, [event.alert for event in due])
    return send(settings)


def draw(folder: Path, opened: Sequence[Alert]) -> None:
    """A small chart of each alert that was told of, by its id; those there are kept."""
    for alert in opened:
        picture, file = chart_svg(alert), folder / f"{alert.alert_id}.svg"
        if picture and not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(picture, encoding="utf-8")


def send(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> alerts.Delivered:
    """Send what waits in the outbox of a home."""
    folder = settings.paths.alerts
    now = clock or (lambda: datetime.now(UTC).replace(tzinfo=None))
    return alerts.deliver(alerts.Ledger(folder), folder, address=channel_address, now=now)


def note_failed_run(settings: Settings, reasons: Sequence[str], *, today: date) -> None:
    """Alert on a run that made no release, a closed gate or a fault: there was no assembly that could.

    Args:
        settings: the home.
        reasons: why, without personal data; only the first line of each is told.
        today: the day, in the business time zone.
    """
    why = "; ".join(reason.strip().splitlines()[0] for reason in reasons if reason.strip()) or "no reason was given"
    text_en, text_fr = f"nothing was published: {why}", f"rien n'a été publié : {why}"
    raise_by_itself(settings, data_finding("failed_run", "run", today, text_en, text_fr, Severity.CRITICAL), today)


def note_age(settings: Settings, *, today: date) -> None:
    """Alert on a served release whose as-of day lies too far back."""
    served = publish.current_release(settings.paths.releases)
    if served is None:
        return
    as_of = date.fromisoformat(publish.read_manifest(served).as_of_date)
    age = (today - as_of).days
    if age > _OLDEST_RELEASE_DAYS:
        text_en = f"release {served.name} is served, {age} days old"
        text_fr = f"la version {served.name} est servie, vieille de {age} jours"
        finding = data_finding("stale_release", "release", today, text_en, text_fr, Severity.CRITICAL)
        raise_by_itself(settings, finding, today)


def raise_by_itself(settings: Settings, finding: Finding, today: date) -> None:
    """Open an alert outside of an evaluation and tell of it, unless it is open."""
    ledger = alerts.Ledger(settings.paths.alerts)
    fingerprint = finding.subject.fingerprint
    if any(alert.is_open and alert.finding.subject.fingerprint == fingerprint for alert in ledger.alerts().values()):
        return
    alert = Alert(finding=finding, state=State.OPEN, opened_on=today, seen_on=today)
    due = told([Event(alert, Happening.OPENED, today)], muted=ledger.muted(), today=today, fresh_days=0)
    messages = alerts.messages_of(due, rule_book(settings), language=settings.alert_language, link=settings.report_url)
    ledger.record(alert, messages, datetime.now(UTC).replace(tzinfo=None))
    send(settings)


def state(settings: Settings) -> tuple[bool, list[str]]:
    """Whether no open alert is critical, and all open ones in words, the worst first."""
    found = [alert for alert in alerts.Ledger(settings.paths.alerts).alerts().values() if alert.is_open]
    found.sort(key=lambda alert: (-alert.finding.severity.rank, alert.opened_on, alert.alert_id))
    is_calm = all(alert.finding.severity is not Severity.CRITICAL for alert in found)
    return is_calm, [f"{alert.finding.severity}: {alert.finding.text_en} ({alert.alert_id})" for alert in found]
