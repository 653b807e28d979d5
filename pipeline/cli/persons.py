"""`parcours forget`, `parcours export-person` and `parcours rekey`: what is owed to the people in the data.

Belongs here: reading numbers, asking once, telling what was done. Does not belong here: doing it (``defs``).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.terminal import WRONG_INPUT, complain, plain_errors, read_settings, say
from pipeline.settings import Settings
from pipeline.warehouse import one_writer

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
NoRun = Annotated[bool, typer.Option("--no-run", help="Leave the run that makes everything anew to the next schedule.")]


def forget(
    customer_id: Annotated[str | None, typer.Argument(help="A customer as the CRM numbers them.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A text file with one number per line.")] = None,
    keep_releases: Annotated[
        bool, typer.Option("--keep-releases", help="Keep older releases, whose difference may tell of the person.")
    ] = False,
    no_run: NoRun = False,
    yes: Yes = False,
) -> None:
    """Remove a person from drop, landing, quarantine, warehouse and analysis, and keep them out from now on."""
    from pipeline.defs.erasing import erase  # noqa: PLC0415 - the command line starts without Dagster
    from pipeline.defs.session import open_session  # noqa: PLC0415

    settings, numbers = read_settings(), _numbers(customer_id, file)
    if not yes:
        typer.confirm(f"Forget {len(numbers)} customer(s) for good? There is no way back.", abort=True)
    with plain_errors(), one_writer(settings.paths.lock_file):
        done = erase(
            open_session(settings), numbers, at=datetime.now(UTC).replace(tzinfo=None), keeps_releases=keep_releases
        )
    places: dict[str, int] = {}
    for each in done.receipt.removed:
        places[each.place] = places.get(each.place, 0) + (each.row_count or 0)
    for place, count in places.items():
        say(f"{place}: " + (f"{count:,} rows removed" if count else "thrown away, to be made anew"))
    for left in done.receipt.left:
        complain(f"left to you: {left.name}: {left.why}")
    say(f"Receipt: {done.file}")
    if no_run:
        say("`parcours run` makes models and release anew, and takes the older releases away.")
        return
    _run(settings)


def _run(settings: Settings) -> None:
    from pipeline.cli.running import run_daily  # noqa: PLC0415

    with plain_errors():
        result = run_daily(settings, first=None, last=None, as_of=None)
    for failure in result.failures:
        complain(failure)
    if not result.is_good or result.release is None:
        complain("no release was made; the older ones stay until one is. Mend what is said above and run again.")
        raise typer.Exit(1)
    say(f"Release {result.release.name} was made without them; releases from before are taken away.")


def export_person(
    customer_id: Annotated[str, typer.Argument(help="A customer as the CRM numbers them.")],
    folder: Annotated[Path, typer.Argument(help="A new folder for the copy; it is its owner's alone.")],
) -> None:
    """Write what is held about one person into a folder, for that person."""
    from pipeline.defs.exporting import export  # noqa: PLC0415
    from pipeline.defs.session import open_session  # noqa: PLC0415

    settings = read_settings()
    with plain_errors(), one_writer(settings.paths.lock_file):
        written = export(open_session(settings), customer_id.strip(), folder)
    for name, count in written.items():
        say(f"{name}: {count:,} rows")
    say(f"Wrote {folder}; it holds personal data.")


def rekey(
    drop_lost: Annotated[
        bool, typer.Option("--drop-lost", help="Go on, and lose days whose files are no longer in the drop.")
    ] = False,
    no_run: NoRun = False,
    yes: Yes = False,
) -> None:
    """Make a new pseudonym key and land every extract day again from the drop."""
    from pipeline.cli.running import run_daily  # noqa: PLC0415
    from pipeline.defs.rekeying import lost_days, rekey_home  # noqa: PLC0415
    from pipeline.defs.session import open_session  # noqa: PLC0415

    settings = read_settings()
    with plain_errors(), one_writer(settings.paths.lock_file):
        session = open_session(settings)
        lost = lost_days(session)
        for table, day in lost:
            complain(f"{table}, extract day {day}: its files are no longer in the drop")
        if lost and not drop_lost:
            complain("these days cannot be landed with a new key. Put their files back, or go on with --drop-lost.")
            raise typer.Exit(WRONG_INPUT)
        if not yes:
            typer.confirm("Throw landing away and land everything again with a new key?", abort=True)
        key = rekey_home(session)
    say(f"New key {key.fingerprint}. Pseudonyms written down elsewhere (seeds of identity, notes) mean nothing now.")
    if no_run:
        say("`parcours run` lands everything again.")
        return
    with plain_errors():
        result = run_daily(settings, first=None, last=None, as_of=None)
    for failure in result.failures:
        complain(failure)
    if not result.is_good:
        raise typer.Exit(1)


def _numbers(customer_id: str | None, file: Path | None) -> frozenset[str]:
    if (customer_id is None) == (file is None):
        complain("give a customer, or --file with one number per line")
        raise typer.Exit(WRONG_INPUT)
    with plain_errors():
        lines = [customer_id or ""] if file is None else file.read_text(encoding="utf-8-sig").splitlines()
    numbers = frozenset(line.strip() for line in lines) - {""}
    if not numbers:
        complain("there is no number in it")
        raise typer.Exit(WRONG_INPUT)
    return numbers
