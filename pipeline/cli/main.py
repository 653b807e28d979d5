"""The commands of `parcours`: arguments in, words out.

Belongs here: one function per command. Does not belong here: anything longer than calling and telling.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline import __version__
from pipeline.cli import starting
from pipeline.cli.alerting import app as alerts_app
from pipeline.cli.asking import kpi
from pipeline.cli.benching import app as bench_app
from pipeline.cli.callbacks import callbacks
from pipeline.cli.inventing import sample
from pipeline.cli.model_pages import models
from pipeline.cli.persons import export_person, forget, rekey
from pipeline.cli.presets import presets_command
from pipeline.cli.publishing import publish_command, say_gate
from pipeline.cli.quarantine import app as quarantine_app
from pipeline.cli.releases import app as releases_app
from pipeline.cli.releases import query, report
from pipeline.cli.terminal import WRONG_INPUT, complain, console, plain_errors, read_settings, say
from pipeline.contracts import CONTRACTS
from pipeline.extract import load_sources
from pipeline.landing import accepted_days
from pipeline.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Customer journeys from CRM, web and survey extracts: funnels, KPIs, retention, value and friction, released "
    "only when they pass their checks.",
)
app.add_typer(alerts_app, name="alerts")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(releases_app, name="releases")
app.add_typer(bench_app, name="bench")
app.command()(sample)
app.command("presets")(presets_command)
app.command()(callbacks)
app.command()(query)
app.command()(kpi)
app.command()(report)
app.command()(models)
app.command("publish")(publish_command)
app.command()(forget)
app.command("export-person")(export_person)
app.command()(rekey)

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False) -> None:
    """Read where the home is from PARCOURS_HOME (default ./parcours_home)."""
    if version:
        say(__version__)
        raise typer.Exit


@app.command()
def demo() -> None:
    """Invent a company, run everything on it, and say where the report is."""
    from pipeline.sample import write_sample  # noqa: PLC0415

    settings = starting.demo_settings(read_settings())
    if not settings.sources_file.exists():
        say("Inventing a company …")
        summary = write_sample(settings.paths.root)
        say(f"  {summary.file_count} files, {sum(summary.row_counts.values()):,} rows")
    starting.write_demo_key(settings)
    _run(settings, None, None, None)
    say(f"\nAsk it: PARCOURS_HOME={_shown(settings.paths.root)} .venv/bin/parcours query 'from segment_clv'")


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="The new home.")]) -> None:
    """Write a source mapping, the seeds you may edit, and the drop folders."""
    with plain_errors():
        for path in starting.init_home(folder, read_settings().dbt_project / "seeds"):
            say(f"wrote {path}")
    say(f"Edit {folder / 'sources.yaml'}, put extracts into {folder / 'drop'}, then:")
    say(f"  PARCOURS_HOME={folder} parcours check && PARCOURS_HOME={folder} parcours run")


@app.command()
def check() -> None:
    """Check the source mapping and the files it names, before anything runs."""
    from pipeline.cli.looking import look_at_drop  # noqa: PLC0415

    settings = read_settings()
    with plain_errors():
        sources = load_sources(settings.sources_file)
        found = look_at_drop(settings, sources)
    table = Table("table", "extract days", "files", "newest file", title=None, box=None)
    for dropped in found:
        days = f"{dropped.days[0]} … {dropped.days[-1]}" if dropped.days else "none"
        newest = "cannot be read" if dropped.problem else "" if dropped.rows is None else f"{dropped.rows:,} rows"
        table.add_row(dropped.table, days, str(dropped.file_count), newest)
    console.print(table)
    for dropped in found:
        for remark in dropped.remarks:
            say(f"  {dropped.table}: {remark}")
    problems = [f"{dropped.table}: {dropped.problem}" for dropped in found if dropped.problem]
    here = {dropped.table for dropped in found if dropped.days or dropped.rows is not None}
    here |= {table for table in CONTRACTS if accepted_days(settings.paths, table)}
    problems += [
        f"{name}: no file in the drop ({_shown(settings.paths.drop)}); no release can be made without it"
        for name, contract in CONTRACTS.items()
        if contract.is_required and name not in here
    ]
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(WRONG_INPUT)
    say("Everything can be read.")


@app.command()
def run(
    date: Day = None,
    from_: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")] = None,
    to: Day = None,
    as_of: Day = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make every model anew, not what changed alone.")] = False,
) -> None:
    """Land extracts, judge them, build the models, and publish a release if every gate is open.

    Without a date, every extract day found in the drop is looked at; what was landed before stays untouched.
    """
    if date and (from_ or to):
        complain("give --date, or --from and --to")
        raise typer.Exit(WRONG_INPUT)
    if from_ and to and from_ > to:
        complain(f"--from {from_.date()} lies after --to {to.date()}")
        raise typer.Exit(WRONG_INPUT)
    _run(read_settings(), date or from_, date or to, as_of, rebuild=rebuild)


def _run(
    settings: Settings,
    first: datetime | None,
    last: datetime | None,
    as_of: datetime | None,
    *,
    rebuild: bool = False,
) -> None:
    from pipeline.cli.running import refused_lines, run_daily  # noqa: PLC0415

    days = [moment.date() if moment else None for moment in (first, last, as_of)]
    with plain_errors():
        result = run_daily(settings, first=days[0], last=days[1], as_of=days[2], rebuild=rebuild)
    for line in refused_lines(settings):
        complain(f"refused: {line}")
    for failure in result.failures:
        complain(failure)
    if result.release is None:
        say("No release is served yet.")
    else:
        words = "New release" if result.is_new else "Release unchanged:"
        say(f"\n{words} {result.release.name}\nReport: {_shown(result.release / 'report' / 'index.html')}")
    if not result.is_good:
        raise typer.Exit(1)


@app.command()
def status() -> None:
    """Say which release is served, and what waits or was refused at the door."""
    from pipeline.cli.looking import look_at_home  # noqa: PLC0415

    settings = read_settings()
    found = look_at_home(settings)
    if found.writer:
        say(f"A run is writing: {found.writer}")
    if found.release is None:
        say("No release is served yet; `parcours run` makes one.")
    else:
        facts = found.release
        say(f"Release {facts.release_id}, as of {facts.as_of_date}, published {facts.published_at}")
        say(f"  {facts.checks_met} expectations met, {facts.checks_unmet} warnings")
        for override in facts.overrides:
            say(f"  published by override: {override.text}")
    say_gate(settings)
    table = Table("table", "accepted days", "latest", "waiting", "refused", box=None)
    for entry in found.tables:
        latest = str(entry.accepted[-1]) if entry.accepted else "not available"
        name = entry.table + (" *" if entry.is_required else "")
        table.add_row(name, str(len(entry.accepted)), latest, str(len(entry.waiting)), str(len(entry.refused)))
    console.print(table)
    say("* no release can be made without it")
    for entry in found.tables:
        for day, reasons in sorted(entry.refused.items()):
            complain(f"refused: {entry.table}, extract day {day}: {'; '.join(reasons)}")
    for entry in found.tables:
        for drift in entry.drifts:
            say(f"schema drift: {drift.file}: {drift.text}")


@app.command()
def dev(port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000) -> None:
    """Open Dagster's UI and daemon on this machine only."""
    from pipeline.cli.serving import serve_dagster  # noqa: PLC0415

    with plain_errors():
        serve_dagster(read_settings(), port)


def _shown(path: Path) -> str:
    """A path as the user would type it from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    app()
