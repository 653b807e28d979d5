"""What `parcours bench speed` shows: one table per question, ratios beside the seconds.

Belongs here: words and columns. Does not belong here: measuring.
"""

from collections.abc import Mapping, Sequence

from rich.table import Table

from pipeline.cli.speed.study import Fixed, PartSpeed, Speed
from pipeline.cli.terminal import console, say


def show_speed(fixed: Fixed | None, speeds: Sequence[Speed], parts: Sequence[PartSpeed]) -> None:
    """Show what was measured: fixed costs, sizes beside each other, their steps, then the core part by part."""
    if fixed is not None:
        say(
            f"A run with next to nothing to do: {fixed.fixed_cpu_s:.1f} CPU s, {fixed.ratio:.2f} times dbt's own run "
            f"of the models ({fixed.models_cpu_s:.1f} CPU s with the same imports)"
        )
    if speeds:
        _show_sizes(speeds)
    steps = {"nothing to do": fixed.stages} if fixed is not None else {}
    for speed in speeds:
        steps |= {f"{speed.events:,}": speed.stages, f"{speed.events:,}, a day": speed.day_stages}
    if steps:
        _show_stages(steps)
    table = Table("Part of the core", "web events", "models, CPU s", "by hand", "ratio", "rows that differ", box=None)
    found = [(f"{speed.events:,}", part) for speed in speeds for part in speed.parts]
    for size, part in [*found, *(("", part) for part in parts)]:
        ratio = f"{part.models_cpu_s / part.byhand_cpu_s:.2f}"
        seconds = (f"{part.models_cpu_s:.2f}", f"{part.byhand_cpu_s:.2f}")
        table.add_row(part.name, size, *seconds, ratio, f"{part.differing_rows:,}")
    console.print(table)


def _show_sizes(speeds: Sequence[Speed]) -> None:
    table = Table("Web events", "by hand, CPU s", "core", "ratio", "whole run", "ratio", "one day", "GiB", box=None)
    for speed in speeds:
        table.add_row(
            f"{speed.events:,}",
            f"{speed.baseline_cpu_s:.1f}",
            f"{speed.core_cpu_s:.1f}",
            f"{speed.core_cpu_s / speed.baseline_cpu_s:.2f}",
            f"{speed.total_cpu_s:.1f}",
            f"{speed.total_cpu_s / speed.baseline_cpu_s:.1f}",
            f"{speed.day_cpu_s:.1f}",
            f"{speed.peak_rss_gib:.1f}",
        )
    console.print(table)


def _show_stages(columns: Mapping[str, Mapping[str, float]]) -> None:
    table = Table("Step, CPU s", *columns, box=None)
    for name in dict.fromkeys(step for column in columns.values() for step in column):
        table.add_row(name, *(f"{column.get(name, 0.0):.1f}" for column in columns.values()))
    console.print(table)
