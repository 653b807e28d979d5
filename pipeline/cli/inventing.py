"""`parcours sample`: an invented company on disk, with the truth beside it.

Belongs here: the command's arguments and words. Does not belong here: the company.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipeline.cli.terminal import WRONG_INPUT, complain, console, plain_errors, say

if TYPE_CHECKING:
    from pipeline.sample import Messes


def sample(
    folder: Annotated[Path | None, typer.Argument(help="Where to write drop/, truth/ and sources.yaml.")] = None,
    scenario: Annotated[str, typer.Option(help="What is planted; see --list.")] = "mixed",
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 2024,
    customers: Annotated[int, typer.Option(min=50, help="Customers of the company, about.")] = 3000,
    events: Annotated[float | None, typer.Option(help="Web events instead of customers, as 1e6, about.")] = None,
    mess: Annotated[list[str] | None, typer.Option(help="A mess with its rate, as late_rows=0.02.")] = None,
    no_messes: Annotated[bool, typer.Option("--no-messes", help="Everything arrives once, on its day.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Name the scenarios and the messes, write nothing.")] = False,
) -> None:
    """Write the extracts of an invented company (a history, then 14 daily drops) and the truth about it."""
    from pipeline.sample import write_sample  # noqa: PLC0415

    if list_:
        _list()
        return
    if folder is None:
        complain("give a folder to write to, or --list")
        raise typer.Exit(WRONG_INPUT)
    with plain_errors():
        if (folder / "sources.yaml").exists():
            raise FileExistsError(f"{folder / 'sources.yaml'} exists; nothing was written. Give another folder.")
        try:
            summary = write_sample(
                folder,
                scenario=scenario,
                seed=seed,
                customer_count=customers,
                event_count=None if events is None else round(events),
                messes=_messes(mess or [], no_messes=no_messes),
            )
        except ValueError as error:
            complain(str(error))
            raise typer.Exit(WRONG_INPUT) from None
    say(f"wrote {summary.file_count} files ({summary.size_bytes / 1e6:.1f} MB) to {folder}")
    say(f"  {sum(summary.row_counts.values()):,} rows; what is true of them is in {summary.truth_file}")


def _messes(rates: list[str], *, no_messes: bool) -> "Messes":
    """Messes with the rates asked for.

    Raises:
        ValueError: an unknown mess, or a rate that is none.
    """
    from pipeline.sample import Messes  # noqa: PLC0415

    asked: dict[str, float] = {}
    for text in rates:
        name, _, rate = text.partition("=")
        try:
            asked[name] = float(rate)
        except ValueError:
            raise ValueError(f"--mess {text}: write it as NAME=RATE, for example late_rows=0.02") from None
    return (Messes.none() if no_messes else Messes()).having(**asked)


def _list() -> None:
    from pipeline.sample import Messes, load_scenarios  # noqa: PLC0415

    table = Table("scenario", "what it is", box=None)
    for name, scenario in load_scenarios().items():
        table.add_row(name, scenario.description)
    console.print(table)
    say()
    messes = Table("mess", "rate", box=None)
    for name, rate in vars(Messes()).items():
        messes.add_row(name, "on" if rate is True else f"{rate:g}")
    console.print(messes)
