"""`parcours bench …`: how right the product is, and how fast.

Belongs here: arguments in, tables and JSON out. Does not belong here: scoring, studies.
"""

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline.cli.terminal import WRONG_INPUT, complain, console, plain_errors, read_settings, say
from pipeline.scorecard import Card, Coverage, Standing
from pipeline.settings import Settings

_LEAST_EVENTS = 10_000

app = typer.Typer(no_args_is_help=True, help="Measure the product against companies of which everything is known.")


@app.callback()
def bench() -> None:
    """Measure the product against companies of which everything is known."""


@app.command()
def recovery(
    scenario: Annotated[str, typer.Option(help="A scenario of the sample company.")] = "mixed",
    seed: Annotated[int, typer.Option(help="Seed of the company.")] = 2024,
    customers: Annotated[int, typer.Option(min=50, help="Customers of the company.")] = 3000,
    as_json: Annotated[bool, typer.Option("--json", help="Write the scores as JSON and nothing else.")] = False,
    studies: Annotated[bool, typer.Option("--studies", help="Run the studies over many seeds, too.")] = False,
    home: Annotated[Path | None, typer.Option(help="Keep the company and its tables in this folder.")] = None,
) -> None:
    """Invent a company, run everything on it, and score what comes out against the truth."""
    from pipeline.cli.recovering import RecoveryError, run_company, score_company  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="parcours_bench_") as scratch, _quiet_when(as_json):
        settings = _home(home or Path(scratch) / "home")
        try:
            with plain_errors():
                run_company(settings, scenario=scenario, seed=seed, customers=customers)
                card = score_company(settings)
        except RecoveryError as error:
            complain(str(error))
            raise typer.Exit(1) from None
        if not as_json:
            show_card(card)
        if studies:
            _show_studies(settings)
    if as_json:
        sys.stdout.write(json.dumps(card.as_json(), indent=2) + "\n")


@app.command()
def speed(
    events: Annotated[str, typer.Option(help="Web events of the companies, e.g. 1e6,1e7.")] = "1e6",
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures as JSON and nothing else.")] = False,
    home: Annotated[Path | None, typer.Option(help="Keep the companies and their tables in this folder.")] = None,
    of: Annotated[
        Path | None, typer.Option(help="Measure the core of this home, which was run, and nothing else.")
    ] = None,
    without: Annotated[
        str, typer.Option(help="Parts to leave out, with commas between: fixed, whole, core, day, growth.")
    ] = "",
    plot: Annotated[Path | None, typer.Option(help="Draw CPU seconds against web events into this SVG file.")] = None,
) -> None:
    """Measure CPU seconds of runs beside hand-written SQL of the same results, and what a run costs at least.

    With --home, what was measured is kept there: a bench that was stopped goes on where it was.
    """
    from pipeline.cli import speed as study  # noqa: PLC0415
    from pipeline.cli.speed.plotting import write_plot  # noqa: PLC0415
    from pipeline.cli.speed.showing import show_speed  # noqa: PLC0415

    if not study.BASELINE.exists():
        complain("the hand-written SQL is not where the product is; run from a checkout")
        raise typer.Exit(WRONG_INPUT)
    sizes = _sizes(events) if of is None else []
    left_out = _left_out(without)
    _require_svg(plot)
    with tempfile.TemporaryDirectory(prefix="parcours_bench_") as scratch, _quiet_when(as_json), plain_errors():
        try:
            if of is not None:
                measured = study.Measured(parts=list(study.measure_core(Settings(home=of).paths.build_file)))
            else:
                folder = (home or Path(scratch)).expanduser().resolve()
                measured = study.Bench(folder=folder, sizes=sizes, without=left_out).measure()
        except study.MeasurementError as error:
            complain(str(error))
            raise typer.Exit(1) from None
    if as_json:
        sys.stdout.write(json.dumps(measured.as_json(), indent=2) + "\n")
    else:
        show_speed(measured)
    if plot is not None:
        write_plot(plot, measured.speeds)


def _require_svg(plot: Path | None) -> None:
    if plot is not None and plot.suffix != ".svg":
        complain(f"{plot}: the plot is drawn as SVG; give a name that ends in .svg")
        raise typer.Exit(WRONG_INPUT)


def _left_out(words: str) -> frozenset[str]:
    from pipeline.cli.speed import PART_NAMES  # noqa: PLC0415

    names = {word.strip() for word in words.split(",") if word.strip()}
    if unknown := sorted(names - set(PART_NAMES)):
        complain(f"{', '.join(unknown)}: there is no such part of the bench; leave out any of {', '.join(PART_NAMES)}")
        raise typer.Exit(WRONG_INPUT)
    return frozenset(names)


def _sizes(events: str) -> list[int]:
    try:
        sizes = [round(float(size)) for size in events.split(",")]
    except (ValueError, OverflowError):
        sizes = []
    if not sizes or min(sizes) < _LEAST_EVENTS:
        complain(f"{events}: give numbers of events with commas between, {_LEAST_EVENTS:,} or more each, e.g. 1e6,1e7")
        raise typer.Exit(WRONG_INPUT)
    return sizes


def show_card(card: Card) -> None:
    """Show a card: every score, what it stands on, and why where there is none."""
    table = Table(
        "score", "value", "n", "note", title=f"{card.scenario}, seed {card.seed}", box=None, title_justify="left"
    )
    for score in card.scores:
        if score.value is None:
            reason = "not built" if score.standing is Standing.NOT_BUILT else "not applicable"
            table.add_row(score.name, reason, "", score.note)
        else:
            table.add_row(score.name, f"{score.value:.4f}", f"{score.n:,}", score.note)
    console.print(table)


def _home(folder: Path) -> Settings:
    shipped = read_settings()
    return Settings(
        home=folder,
        drop=folder / "drop",
        sources=folder / "sources.yaml",
        seeds=shipped.dbt_project / "seeds",
        dbt_threads=shipped.dbt_threads,
    )


def _quiet_when(is_quiet: bool) -> contextlib.AbstractContextManager[object]:
    """Send what a run tells to the error stream, so that standard output holds the JSON alone."""
    return contextlib.redirect_stdout(sys.stderr) if is_quiet else contextlib.nullcontext(io.StringIO())


def _show_studies(settings: Settings) -> None:
    from pipeline.cli.studies.coverage import run_coverage_study  # noqa: PLC0415
    from pipeline.cli.studies.frictions import CALM, MIXED, run_friction_study  # noqa: PLC0415
    from pipeline.scorecard import coverage_by, pooled_coverage  # noqa: PLC0415

    scratch = Settings(home=settings.paths.root / "studies", dbt_threads=settings.dbt_threads)
    cells = run_coverage_study(scratch, range(1, 41))
    show_coverage([*coverage_by(cells, "family"), pooled_coverage(cells)])
    for name in (MIXED, CALM):
        say("\n" + run_friction_study(scratch, scenario=name, seeds=range(1, 21)).in_words())


def show_coverage(found: list[Coverage]) -> None:
    """Show the coverage of families of intervals."""
    table = Table("family", "cells", "seeds", "coverage", "± (seeds)", "all below", "all above", box=None)
    for family in found:
        table.add_row(
            family.family,
            f"{family.cell_count:,}",
            str(family.seed_count),
            f"{family.coverage:.3f}",
            f"{family.standard_error:.3f}",
            f"{family.missed_low:.3f}",
            f"{family.missed_high:.3f}",
        )
    console.print(table)
