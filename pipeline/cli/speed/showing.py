"""What `parcours bench speed` shows: one table per question, ratios beside the seconds.

Belongs here: words and columns. Does not belong here: measuring.
"""

from collections.abc import Mapping, Sequence

from rich.table import Table

from pipeline.cli.speed.days import Day
from pipeline.cli.speed.growth import Growth
from pipeline.cli.speed.study import Fixed, Measured, PartSpeed, Speed
from pipeline.cli.terminal import console, say


def show_speed(measured: Measured) -> None:
    """Show what was measured: fixed costs, sizes beside each other, days, growth, steps, then the core by part."""
    if measured.fixed is not None:
        _say_fixed(measured.fixed)
    if measured.speeds:
        _show_sizes(measured.speeds)
    days = {f"{speed.events:,}, {day.history} days": day for speed in measured.speeds for day in speed.days}
    if days:
        _show_days(days)
    if measured.growth is not None:
        _say_growth(measured.growth)
    steps = {"nothing to do": measured.fixed.stages} if measured.fixed is not None else {}
    steps |= {f"{speed.events:,}": speed.whole.stages for speed in measured.speeds if speed.whole}
    steps |= {f"a day, {name}": day.day_stages for name, day in days.items()}
    if steps:
        _show_stages(steps)
    found = [(f"{speed.events:,}", part) for speed in measured.speeds for part in speed.parts]
    _show_parts([*found, *(("", part) for part in measured.parts)])


def _say_fixed(fixed: Fixed) -> None:
    say(
        f"A run with next to nothing to do: {fixed.fixed_cpu_s:.1f} CPU s, {fixed.ratio:.2f} times dbt's own run "
        f"of the models ({fixed.models_cpu_s:.1f} CPU s with the same imports)"
    )


def _say_growth(growth: Growth) -> None:
    first, last, free = (size / 2**20 for size in (growth.sizes[0], growth.sizes[-1], growth.free))
    say(
        f"The build file after {growth.runs} daily runs: {last:.0f} MiB ({first:.0f} before them; {free:.0f} free), "
        f"{growth.ratio:.2f} times one built at once"
    )


def _show_sizes(speeds: Sequence[Speed]) -> None:
    table = Table("Web events", "by hand, CPU s", "core", "ratio", "whole run", "ratio", "GiB", box=None)
    for speed in speeds:
        content = speed.as_json()
        names = ("baseline_cpu_s", "core_cpu_s", "core_ratio", "total_cpu_s", "total_ratio", "peak_rss_gib")
        table.add_row(f"{speed.events:,}", *(_figure(content.get(name), name.endswith("ratio")) for name in names))
    console.print(table)


def _figure(value: float | None, is_ratio: bool) -> str:
    return "" if value is None else f"{value:.{2 if is_ratio else 1}f}"


def _show_days(days: Mapping[str, Day]) -> None:
    """A day and the rebuild before it, side by side, for each history."""
    names = ("events", "whole run", "landing", "models of events", "all other steps", "GiB")
    table = Table("The last day, CPU s / the rebuild before it", *names, box=None)
    for name, day in days.items():
        pairs = (
            (day.day_cpu_s, day.rebuild_cpu_s),
            (day.landing_day_cpu_s, day.landing_rebuild_cpu_s),
            (day.event_day_cpu_s, day.event_rebuild_cpu_s),
            (day.other_day_cpu_s, day.other_rebuild_cpu_s),
            (day.day_peak_gib, day.rebuild_peak_gib),
        )
        table.add_row(name, f"{day.events:,}", *(f"{one:.2f} / {other:.2f}" for one, other in pairs))
    console.print(table)


def _show_stages(columns: Mapping[str, Mapping[str, float]]) -> None:
    table = Table("Step, CPU s", *columns, box=None)
    for name in dict.fromkeys(step for column in columns.values() for step in column):
        table.add_row(name, *(f"{column.get(name, 0.0):.1f}" for column in columns.values()))
    console.print(table)


def _show_parts(parts: Sequence[tuple[str, PartSpeed]]) -> None:
    if not parts:
        return
    table = Table("Part of the core", "web events", "models, CPU s", "by hand", "ratio", "rows that differ", box=None)
    for size, part in parts:
        ratio = f"{part.models_cpu_s / part.byhand_cpu_s:.2f}"
        seconds = (f"{part.models_cpu_s:.2f}", f"{part.byhand_cpu_s:.2f}")
        table.add_row(part.name, size, *seconds, ratio, f"{part.differing_rows:,}")
    console.print(table)
