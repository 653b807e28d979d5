"""`parcours quarantine …`: rows that broke a rule, for the engineer who mends the mapping.

Belongs here: showing them, raw text only when asked for, and starting a retry. Does not belong here: doing it.
"""

from datetime import date, datetime
from typing import Annotated

import typer
from rich.table import Table

from pipeline import landing
from pipeline.cli.terminal import WRONG_INPUT, complain, console, plain_errors, read_settings, say
from pipeline.contracts import CONTRACTS

app = typer.Typer(no_args_is_help=True, help="List, show and retry rows that broke a rule at the landing door.")

TableOption = Annotated[str | None, typer.Option("--table", help="Only this table.")]
DayOption = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only this extract day.")
]
RuleOption = Annotated[str | None, typer.Option("--rule", help="Only reasons that hold this text.")]


@app.command("list")
def list_rules(table: TableOption = None, day: DayOption = None, rule: RuleOption = None) -> None:
    """Count quarantined rows by table, day and rule."""
    home = read_settings().paths
    found = landing.quarantined_rules(home, table=_known(table), day=_day(day), rule=rule)
    shown = Table("table", "extract day", "state", "rows", "rule", "first row", box=None)
    for entry in found:
        shown.add_row(entry.table, str(entry.day), entry.state, f"{entry.row_count:,}", entry.reason, entry.first_id)
    console.print(shown)
    if not found:
        say("Nothing is in quarantine.")
    for name in CONTRACTS:
        if (gone := landing.expired_rows(home, name)) and table in (None, name):
            say(f"{name}: {gone:,} rows were kept long enough and thrown away")


@app.command()
def show(
    row: Annotated[str | None, typer.Argument(metavar="[ID]", help="A row, by its id.")] = None,
    table: TableOption = None,
    day: DayOption = None,
    rule: RuleOption = None,
    raw: Annotated[bool, typer.Option("--raw", help="Show the row as it came; it may hold personal data.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Most rows shown.")] = 20,
) -> None:
    """Show quarantined rows with file, line and rules."""
    if row is None and table is None:
        complain("name a row by its id, or give --table")
        raise typer.Exit(WRONG_INPUT)
    found = landing.quarantined_rows(read_settings().paths, table=_known(table), day=_day(day), rule=rule)
    chosen = [each for each in found if row is None or each.id == row]
    if not chosen:
        complain("no such row is in quarantine; `parcours quarantine list` counts them")
        raise typer.Exit(WRONG_INPUT)
    for each in chosen[:limit]:
        say(f"{each.id}  {each.table}, extract day {each.day}, {each.state}")
        say(f"  {each.file}, data row {each.line}")
        for reason in each.reasons:
            say(f"  - {reason}")
        if raw:
            say(f"  {each.raw}")
    if len(chosen) > limit:
        say(f"… and {len(chosen) - limit:,} more; raise --limit")
    if not raw:
        say("The rows themselves may hold personal data; --raw shows them.")


@app.command()
def retry(table: TableOption = None, day: DayOption = None) -> None:
    """Try quarantined rows again under the present mapping; what passes is loaded once, and the day judged anew."""
    from pipeline.defs.retrying import retry as retry_rows  # noqa: PLC0415
    from pipeline.defs.session import open_session  # noqa: PLC0415
    from pipeline.warehouse import one_writer  # noqa: PLC0415

    settings = read_settings()
    name = _known(table)
    is_refused, is_any = False, False
    with plain_errors(), one_writer(settings.paths.lock_file):
        for done in retry_rows(open_session(settings), table=name, day=_day(day)):
            is_any = True
            left = f"{done.before:,} rows before, {done.after:,} now"
            say(f"{done.table}, extract day {done.day}: {left} (from {done.way})")
            if done.refusal:
                is_refused = True
                complain(f"refused: {done.table}, extract day {done.day}: {'; '.join(done.refusal)}")
    if is_any:
        say("`parcours run` takes what was loaded into the next release.")
    else:
        say("Nothing is in quarantine.")
    if is_refused:
        raise typer.Exit(1)


def _known(table: str | None) -> str | None:
    if table is not None and table not in CONTRACTS:
        complain(f"there is no table {table}; known are {', '.join(CONTRACTS)}")
        raise typer.Exit(WRONG_INPUT)
    return table


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
