"""Lines over time: the sparkline of a tile and the rate with its interval band.

Belongs here: series to SVG. Does not belong here: which series is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.report.charts.svg import Scale, coordinate, element, label, picture, ticks
from pipeline.report.formats import percent_tick

_WIDTH, _HEIGHT = 360, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 344, 12, 160


@dataclass(frozen=True)
class RatePoint:
    """One period of a rate; ``rate`` is None where there is nothing to show."""

    name: str
    rate: float | None
    low: float | None
    high: float | None
    is_mature: bool


def sparkline(values: Sequence[float | None], *, mature_count: int, title: str) -> Markup:
    """A bare line; gaps stay gaps and the provisional end is dashed.

    Args:
        values: one per day, oldest first.
        mature_count: how many of them, from the oldest, are final.
        title: accessible name, which must say the range.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    across = Scale(0, len(values) - 1, 2, 158)
    up = Scale(min(known), max(known), 27, 3)
    dots = [None if value is None else (round(across(i)), round(up(value))) for i, value in enumerate(values)]
    # The provisional part starts at the last final point, so that the line is not broken there.
    parts = [
        element("path", d=path, class_=class_)
        for path, class_ in (
            (_path(dots[:mature_count]), "spark"),
            (_path(dots[max(mature_count - 1, 0) :]) if mature_count < len(dots) else "", "spark soft"),
        )
        if path
    ]
    return picture(parts, size=(160, 30), title=title, description="", class_="sparkline", stretch=True)


def _path(dots: Sequence[tuple[int, int] | None]) -> str:
    written: list[str] = []
    pen_is_down = False
    for dot in dots:
        if dot is not None:
            written.append(f"{'L' if pen_is_down else 'M'}{dot[0]} {dot[1]}")
        pen_is_down = dot is not None
    return "".join(written)


def rate_lines(points: Sequence[RatePoint], *, title: str, description: str) -> Markup:
    """A rate over periods with its 95 % band; hollow points are provisional. Empty without a single value."""
    tops = [point.rate if point.high is None else point.high for point in points if point.rate is not None]
    if not tops:
        return Markup("")
    bottoms = [point.rate if point.low is None else point.low for point in points if point.rate is not None]
    # High rates start where they are: from zero the band could not be told from the line.
    grid = ticks(min(bottoms) if min(bottoms) > 0.3 else 0, max(*tops, 0.05))
    up = Scale(grid[0], grid[-1], _BOTTOM, _TOP)
    across = Scale(0, max(len(points) - 1, 1), _LEFT + 8, _RIGHT - 8)
    parts = [_axis(grid, up), _period_names(points, across)]
    for run in _runs(points):
        parts += _band(points, run, across, up)
    parts += [
        element(
            "circle",
            cx=across(i),
            cy=up(point.rate),
            r="2.6",
            class_="dot" if point.is_mature else "dot hollow",
        )
        for i, point in enumerate(points)
        if point.rate is not None
    ]
    return picture(parts, size=(_WIDTH, _HEIGHT), title=title, description=description)


def _runs(points: Sequence[RatePoint]) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for index, point in enumerate(points):
        if point.rate is not None:
            runs[-1].append(index)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _band(points: Sequence[RatePoint], run: Sequence[int], across: Scale, up: Scale) -> list[str]:
    def dots(name: str, indexes: Sequence[int]) -> list[str]:
        found = ((i, getattr(points[i], name)) for i in indexes)
        return [f"{coordinate(across(i))},{coordinate(up(value))}" for i, value in found if value is not None]

    corners = dots("high", run) + dots("low", list(reversed(run)))
    return [
        element("polygon", points=" ".join(corners), class_="band"),
        element("polyline", points=" ".join(dots("rate", run)), class_="line"),
    ]


def _axis(grid: Sequence[float], up: Scale) -> str:
    return "".join(
        element("path", d=f"M{_LEFT} {coordinate(up(value))}H{_RIGHT}", class_="grid")
        + label(percent_tick(value), _LEFT - 5, up(value) + 4, anchor="end")
        for value in grid
    )


def _period_names(points: Sequence[RatePoint], across: Scale) -> str:
    step = max(1, -(-len(points) // 5))
    shown = range(len(points) - 1, -1, -step)
    return "".join(
        label(points[i].name, across(i), _BOTTOM + 18, anchor="middle")
        for i in sorted(shown)
        # The first name would run into the axis labels when it is not under the first point.
        if across(i) > _LEFT + 4
    )
