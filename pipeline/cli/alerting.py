"""`parcours alerts …`: what is wrong, since when, and who was told.

Belongs here: showing, acknowledging, muting, resolving, back-testing. Does not belong here: raising alerts.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipeline import alerts, publish
from pipeline.alerts.model import Happening
from pipeline.alerts.picture import chart_svg, sparkline
from pipeline.cli.terminal import WRONG_INPUT, complain, console, plain_errors, read_settings, say
from pipeline.settings import Settings, channel_address

if TYPE_CHECKING:
    from pipeline.alerts.backtest import Incident

app = typer.Typer(no_args_is_help=True, help="What got worse in KPIs and data, why, and who was told.")

Id = Annotated[str, typer.Argument(metavar="ID", help="The alert, by its id or the beginning of it.")]
Note = Annotated[str, typer.Option("--note", help="What others should know.")]


def _ledger(settings: Settings) -> alerts.Ledger:
    return alerts.Ledger(settings.paths.alerts)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@app.command("list")
def list_alerts(
    everything: Annotated[bool, typer.Option("--all", help="Resolved ones, too.")] = False,
) -> None:
    """List open alerts, the worst first."""
    ledger = _ledger(read_settings())
    muted = ledger.muted()
    found = [alert for alert in ledger.alerts().values() if everything or alert.is_open]
    found.sort(key=lambda alert: (not alert.is_open, -alert.finding.severity.rank, alert.opened_on, alert.alert_id))
    table = Table("id", "state", "severity", "since", "what", box=None)
    for alert in found:
        until = muted.get(alert.finding.subject.fingerprint)
        state = alert.state.value + (f", muted to {until}" if until and alert.is_open else "")
        day = str(alert.finding.last_day)
        table.add_row(alert.alert_id, state, alert.finding.severity.value, day, alert.finding.text_en)
    console.print(table)
    if not found:
        say("Nothing is wrong that alerts would tell." if not everything else "There never was an alert.")
    for message in ledger.messages("queued", "sending", "dead"):
        say(f"{message.state}: {message.title} to {message.channel}; {message.problem or 'not sent yet'}")


@app.command()
def show(
    alert_id: Id,
    chart: Annotated[Path | None, typer.Option("--chart", help="Write a small chart (SVG) to this file.")] = None,
) -> None:
    """Show one alert: what, why, in both languages, and its messages."""
    ledger = _ledger(read_settings())
    with plain_errors():
        alert = ledger.find(alert_id)
    finding = alert.finding
    say(f"{alert.alert_id}  {finding.severity}, {alert.state}, opened as of {alert.opened_on}, owner {finding.owner}")
    for text in (
        finding.text_en,
        sparkline(alert.history),
        alert.explanation_en,
        finding.text_fr,
        alert.explanation_fr,
    ):
        if text:
            say(text)
    if chart is not None:
        chart.write_text(chart_svg(alert), encoding="utf-8")
    if alert.resolved_on:
        say(f"over as of {alert.resolved_on}: {alert.resolution}")
    if alert.acknowledged_by or alert.note:
        say(f"{alert.acknowledged_by or 'somebody'}: {alert.note}")
    for message in ledger.messages("queued", "sending", "sent", "dead"):
        if message.key.startswith(alert.alert_id):
            say(f"  {message.key}: {message.state} after {message.attempts} attempts {message.problem}")


@app.command()
def ack(
    alert_id: Id,
    by: Annotated[str, typer.Option("--by", help="Who takes care of it.")] = "",
    note: Note = "",
) -> None:
    """Acknowledge an alert: it is known, and not made critical for want of an answer."""
    ledger = _ledger(read_settings())
    with plain_errors():
        alert = ledger.find(alert_id)
    if not alert.is_open:
        complain(f"{alert.alert_id} is over; nothing was changed")
        raise typer.Exit(WRONG_INPUT)
    ledger.record(replace(alert, state=alerts.State.ACKNOWLEDGED, acknowledged_by=by, note=note), [], _now())
    say(f"acknowledged: {alert.finding.text_en}")


@app.command()
def mute(
    alert_id: Id,
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")],
    note: Note = "",
) -> None:
    """Tell nothing of this subject up to and including a day; the alert itself goes on."""
    ledger = _ledger(read_settings())
    with plain_errors():
        alert = ledger.find(alert_id)
    ledger.mute(alert.finding.subject.fingerprint, until.date(), note)
    say(f"muted to {until.date()}: {alert.finding.text_en}")


@app.command()
def resolve(alert_id: Id, note: Note = "") -> None:
    """Declare an alert over by hand."""
    ledger = _ledger(read_settings())
    with plain_errors():
        alert = ledger.find(alert_id)
    if not alert.is_open:
        complain(f"{alert.alert_id} is over; nothing was changed")
        raise typer.Exit(WRONG_INPUT)
    day = ledger.evaluated_through() or _now().date()
    over = replace(alert, state=alerts.State.RESOLVED, resolved_on=day, resolution="by hand", note=note or alert.note)
    ledger.record(over, [], _now())
    say(f"resolved: {alert.finding.text_en}")


@app.command()
def send() -> None:
    """Send what waits: messages a channel did not take, or that a killed run left behind."""
    from pipeline.defs import alerting  # noqa: PLC0415

    with plain_errors():
        done = alerting.send(read_settings())
    say(f"{done.sent} sent, {done.waiting} wait for another try, {done.dead} given up")
    if done.dead:
        raise typer.Exit(1)


@app.command("test-channel")
def try_channel(channel: Annotated[str, typer.Argument(help="Name of the channel, as in alert_routes.csv.")]) -> None:
    """Send a test message through one channel, now."""
    settings = read_settings()
    now = _now()
    text = "This is a test of parcours; nothing is wrong."
    message = alerts.Message(f"test-{now:%Y%m%d%H%M%S}-{channel}", channel, "[test] parcours", text)
    try:
        alerts.channel_named(channel, settings.paths.alerts, channel_address).send(message)
    except alerts.DeliveryError as error:
        complain(str(error))
        raise typer.Exit(WRONG_INPUT) from None
    say(f"{channel} took the message")


@app.command("backtest")
def replay_history(
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="As-of days replayed.")] = 365,
    incidents: Annotated[
        Path | None,
        typer.Option("--incidents", help="CSV: kpi_id,segment_dimension,segment,first_day,last_day", exists=True),
    ] = None,
) -> None:
    """Replay history from an empty ledger: alerts per week and rule, delays, bounds; nothing is stored or sent."""
    from pipeline.alerts.backtest import backtest, suggested_bounds  # noqa: PLC0415
    from pipeline.alerts.evaluating import watch  # noqa: PLC0415
    from pipeline.defs import alert_inputs, alerting  # noqa: PLC0415

    settings = read_settings()
    with plain_errors():
        release = publish.current_release(settings.paths.releases)
        if release is None:
            raise FileNotFoundError("no release is served yet; `parcours run` makes one")
        as_of = date.fromisoformat(publish.read_manifest(release).as_of_date)
        inputs = alert_inputs.read_inputs(settings, as_of, release / "tables")
        watched = watch(inputs, alerting.rule_book(settings))
        known = read_incidents(incidents) if incidents else ()
    found = backtest(watched, days=days, last=as_of, incidents=known)
    table = Table("rule", "about", "alerts", "a week", "days open", box=None)
    for rule in found.rules:
        table.add_row(rule.rule, rule.name, str(rule.alerts), f"{rule.per_week:.2f}", str(rule.open_days))
    console.print(table)
    openings = [event for event in found.replayed.life.events if event.happening is Happening.OPENED]
    say(f"{len(openings)} alerts in {found.days} days, {len(watched.kpis.keys)} series")
    for incident, delay in found.delays:
        word = "not found" if delay is None else f"found on its day {delay}"
        say(f"{incident.kpi_id} ({incident.segment_dimension} {incident.segment}) from {incident.first_day}: {word}")
    bounds = suggested_bounds(watched.kpis, days=days)
    for kpi_id, bound in sorted(bounds.items()):
        say(f"a bound that clean weeks cross once in 200: {kpi_id} {bound:.4g}")


def read_incidents(file: Path) -> "tuple[Incident, ...]":
    """Known incidents from a file.

    Raises:
        AlertRulesError: a line cannot be understood.
    """
    import csv  # noqa: PLC0415

    from pipeline.alerts.backtest import Incident  # noqa: PLC0415

    found: list[Incident] = []
    with file.open(encoding="utf-8-sig", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), 2):
            try:
                days = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
                found.append(Incident(row["kpi_id"], row["segment_dimension"], row["segment"], *days))
            except (KeyError, ValueError, TypeError) as error:
                raise alerts.AlertRulesError(f"{file.name}, line {number}: {error}") from None
    return tuple(found)
