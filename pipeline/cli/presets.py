"""`parcours presets`: the vendors whose exports are understood as they are.

Belongs here: telling them. Does not belong here: reading them.
"""

from typing import Annotated

import typer
import yaml
from rich.table import Table

from pipeline.cli.terminal import WRONG_INPUT, complain, console, say
from pipeline.extract.presets import presets


def presets_command(
    name: Annotated[
        str | None, typer.Argument(help="Show the mapping of one preset, to override it key by key.")
    ] = None,
) -> None:
    """List the presets of `sources.yaml`: vendors whose exports are understood as they are."""
    known = presets()
    if name is None:
        table = Table("preset", "tables", "what", box=None)
        for preset in known.values():
            table.add_row(preset.name, ", ".join(preset.tables), preset.label)
        console.print(table)
        return
    if name not in known:
        complain(f"there is no preset `{name}`; there are {', '.join(known)}")
        raise typer.Exit(WRONG_INPUT)
    preset = known[name]
    say(f"{preset.label}\n\n{preset.export.strip()}\n")
    for note in preset.notes:
        say(f"- {note}")
    say("\n" + yaml.safe_dump({"tables": dict(preset.tables)}, allow_unicode=True, sort_keys=False, width=110))
