"""`parcours releases …`, `parcours query` and `parcours report`: what analysts use.

Belongs here: showing releases. Does not belong here: making them.
"""

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline import publish
from pipeline.cli.terminal import complain, console, plain_errors, read_settings, say
from pipeline.settings import Settings

app = typer.Typer(no_args_is_help=True, help="List, show, compare, verify and switch releases.")

ReleaseId = Annotated[str | None, typer.Argument(metavar="[RELEASE]", help="A release; the served one if left out.")]


class OutputFormat(StrEnum):
    """How a query's answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def release_folder(settings: Settings, release: str | None) -> Path:
    """Folder of a release by its id, or of the served one.

    Raises:
        FileNotFoundError: there is none.
    """
    releases = settings.paths.releases
    if release is None:
        served = publish.current_release(releases)
        if served is None:
            raise FileNotFoundError("no release is served yet; `parcours run` makes one")
        return served
    known = {folder.name: folder for folder in publish.release_folders(releases)}
    if release not in known:
        raise FileNotFoundError(f"there is no release {release}; `parcours releases list` shows them")
    return known[release]


@app.command("list")
def list_releases() -> None:
    """List all releases; a star marks the one that is served."""
    settings = read_settings()
    served = publish.current_release(settings.paths.releases)
    table = Table("", "release", "as of", "published", "tables", "warnings", box=None)
    for folder in publish.release_folders(settings.paths.releases):
        facts = publish.read_manifest(folder)
        table.add_row(
            "*" if folder == served else "",
            facts.release_id,
            facts.as_of_date,
            facts.published_at,
            str(len(facts.tables)),
            str(facts.checks_unmet),
        )
    console.print(table)


@app.command()
def show(release: ReleaseId = None) -> None:
    """Show what a release holds and what it was made of."""
    with plain_errors():
        folder = release_folder(read_settings(), release)
    facts = publish.read_manifest(folder)
    say(f"Release {facts.release_id}, as of {facts.as_of_date}, published {facts.published_at}")
    say(f"  made by version {facts.code_version}; before it: {facts.previous_release_id or 'none'}")
    say(f"  {facts.checks_met} expectations met, {facts.checks_unmet} warnings")
    for override in facts.overrides:
        say(f"  published by override: {override.text}")
    for name, digest in vars(facts.ingredients).items():
        say(f"  {name}: {digest}")
    table = Table("table", "rows", "sha256 of the sorted rows", box=None)
    for name, entry in sorted(facts.tables.items()):
        table.add_row(name, f"{entry.row_count:,}", entry.sha256)
    console.print(table)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="The earlier release.")],
    now: Annotated[str | None, typer.Argument(help="The later release; the served one if left out.")] = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="table or json")] = OutputFormat.TABLE,
) -> None:
    """Say what differs between two releases: by table, and by KPI with the cause."""
    with plain_errors():
        settings = read_settings()
        found = publish.differences(release_folder(settings, before), release_folder(settings, now))
    if output is OutputFormat.JSON:
        parts = {"ingredients": found.ingredients, "tables": found.tables, "kpis": found.kpis}
        say(json.dumps(parts, default=vars, ensure_ascii=False))
        return
    say(f"Release {found.before.release_id} → {found.now.release_id}")
    say(f"  made of other: {', '.join(found.ingredients) or 'nothing'}")
    _show_tables(found.tables)
    _show_kpis(found.kpis)


def _show_tables(found: Sequence[publish.TableDifference]) -> None:
    table = Table("table", "", "rows before", "rows now", "new columns", "gone columns", box=None)
    for each in found:
        rows = ["" if count is None else f"{count:,}" for count in (each.rows_before, each.rows_now)]
        table.add_row(each.table, each.change, *rows, ", ".join(each.new_columns), ", ".join(each.gone_columns))
    console.print(table)


def _show_kpis(found: Sequence[publish.KpiDifference]) -> None:
    table = Table("KPI", "window", "before", "now", "new days", "open days", "closed days", "cause", box=None)
    for each in found:
        values = ["—" if value is None else f"{value:,.6g}" for value in (each.value_before, each.value_now)]
        counts = map(str, (each.new_day_count, each.open_day_count, each.closed_day_count))
        table.add_row(each.kpi_id, f"{each.window_days} days", *values, *counts, ", ".join(each.causes))
    console.print(table)


@app.command()
def verify(release: ReleaseId = None) -> None:
    """Compare a release's files with its manifest."""
    with plain_errors():
        folder = release_folder(read_settings(), release)
    problems = publish.verify_release(folder)
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(1)
    say(f"Release {folder.name} is as its manifest says.")


@app.command()
def rollback(release: Annotated[str, typer.Argument(help="The release to serve again.")]) -> None:
    """Serve an earlier release again; the only way `current` moves back."""
    with plain_errors():
        settings = read_settings()
        folder = release_folder(settings, release)
        publish.point_current_at(settings.paths.releases, folder.name)
    say(f"Serving {folder.name}.")


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT over the release's tables.")],
    release: Annotated[str | None, typer.Option(help="A release; the served one if left out.")] = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="table, csv or json")] = OutputFormat.TABLE,
) -> None:
    """Answer a question from the served release; it can read nothing else and write nothing."""
    with plain_errors():
        frame = publish.query_release(release_folder(read_settings(), release), sql)
    if output is OutputFormat.CSV:
        say(publish.as_csv(frame).rstrip("\n"))
    elif output is OutputFormat.JSON:
        say(frame.to_json(orient="records", date_format="iso", force_ascii=False))
    else:
        say(frame.to_string(index=False, na_rep="", max_rows=200))


def report(release: Annotated[str | None, typer.Option(help="A release; the served one if left out.")] = None) -> None:
    """Say where the report of the served release is."""
    with plain_errors():
        say(str(release_folder(read_settings(), release) / "report" / "index.html"))
