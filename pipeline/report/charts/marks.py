"""Bars, dots with intervals and the effort–impact scatter.

Belongs here: comparisons of things with one another. Does not belong here: time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.report.charts.svg import Labeller, Scale, coordinate, element, label, picture, shortened, ticks
from pipeline.report.formats import number

_WIDTH = 360


@dataclass(frozen=True)
class IntervalDot:
    """One row of a dot chart; without a value only the name and ``note`` are drawn."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar from zero; without a value only the name and the figure are drawn."""

    name: str
    value: float | None
    figure: str


@dataclass(frozen=True)
class ScatterPoint:
    """One thing to do: what it costs, what it brings, the mark it carries and its class (0 to 3)."""

    mark: str
    effort: float
    impact: float
    kind: int


def stacked_bar(shares: Sequence[tuple[str, float]], *, title: str) -> Markup:
    """A bar of parts; each part is a CSS class and a share of the full width between 0 and 1."""
    parts: list[str] = []
    start = 0.0
    for class_, share in shares:
        width = max(0.0, min(share, 1 - start)) * 200
        if width > 0:
            parts.append(element("rect", x=start * 200, y="0", width=width, height="10", class_=class_))
        start = min(1.0, start + max(0.0, share))
    return picture(parts, size=(200, 10), title=title, description="", class_="bar", stretch=True)


def dots_with_intervals(
    rows: Sequence[IntervalDot],
    *,
    title: str,
    description: str,
    labeller: Labeller,
    bounds: tuple[float, float] | None = None,
) -> Markup:
    """A dot and its 95 % interval per row on one scale; empty without a single value.

    Args:
        rows: drawn from top to bottom.
        title: accessible name.
        description: the same in words.
        labeller: writes a tick.
        bounds: lowest and highest value of the scale, to compare several charts.
    """
    values = [v for row in rows for v in (row.value, row.low, row.high) if v is not None]
    if not values:
        return Markup("")
    lowest, highest = bounds or (min(values), max(values))
    grid = ticks(min(0.0, lowest), max(0.0, highest), 3)
    across = Scale(grid[0], grid[-1], 140, 338)
    bottom = 14 + 26 * len(rows)
    parts = [
        element("path", d=f"M{coordinate(across(tick))} 8V{bottom}", class_="grid")
        + label(labeller(tick), across(tick), bottom + 16, anchor="middle")
        for tick in grid
    ]
    for index, row in enumerate(rows):
        middle = 24 + 26 * index
        parts.append(label(shortened(row.name, 20), 0, middle + 4, class_="name"))
        if row.value is None:
            parts.append(label(row.note, 146, middle + 4))
            continue
        if row.low is not None and row.high is not None:
            ends = f"M{coordinate(across(row.low))} {middle}H{coordinate(across(row.high))}"
            parts.append(element("path", d=ends, class_="whisker"))
        parts.append(element("circle", cx=across(row.value), cy=str(middle), r="4.5", class_="dot"))
    return picture(parts, size=(_WIDTH, bottom + 24), title=title, description=description)


def bars(rows: Sequence[Bar], *, title: str, description: str) -> Markup:
    """A bar per row, its figure behind it, drawn from top to bottom; empty without a single value."""
    values = [row.value for row in rows if row.value is not None]
    if not values:
        return Markup("")
    across = Scale(min(0.0, *values), max(0.0, *values), 84, 300)
    parts = [element("path", d=f"M{coordinate(across(0))} 4V{6 + 22 * len(rows)}", class_="grid")]
    for index, row in enumerate(rows):
        top = 8 + 22 * index
        parts.append(label(row.name, 0, top + 11, class_="name"))
        start, end = sorted((across(0), across(row.value or 0)))
        parts.append(
            element("rect", x=start, y=float(top), width=max(end - start, 0.5), height="14", class_="converted")
        )
        parts.append(label(row.figure, end + 5, top + 11))
    return picture(parts, size=(_WIDTH, 14 + 22 * len(rows)), title=title, description=description)


def effort_impact(
    points: Sequence[ScatterPoint],
    *,
    title: str,
    description: str,
    axis_names: tuple[str, str],
    labeller: Labeller,
) -> Markup:
    """Effort across, impact upwards, each point with its mark; points that would overlap move sideways."""
    if not points:
        return Markup("")
    left, right, top, bottom = 62, 346, 24, 214
    x_grid = ticks(0, max(point.effort for point in points))
    y_grid = ticks(min(0.0, *(p.impact for p in points)), max(point.impact for point in points))
    across, up = Scale(0, x_grid[-1], left + 12, right - 12), Scale(y_grid[0], y_grid[-1], bottom, top)
    parts = [
        element("path", d=f"M{left} {coordinate(up(tick))}H{right}", class_="grid")
        + label(labeller(tick), left - 5, up(tick) + 4, anchor="end")
        for tick in y_grid
    ]
    parts += [
        label(number(tick, decimals=0 if tick == round(tick) else 1), across(tick), bottom + 18, anchor="middle")
        for tick in x_grid
    ]
    parts += [
        label(axis_names[0], right, bottom + 36, anchor="end", class_="axis"),
        label(axis_names[1], 0, 11, class_="axis"),
    ]
    taken: list[tuple[float, float]] = []
    for point in points:
        x, y = _free_place(across(point.effort), up(point.impact), taken)
        taken.append((x, y))
        parts.append(element("circle", cx=x, cy=y, r="9", class_=f"pin kind{point.kind}"))
        parts.append(label(point.mark, x, y + 4, anchor="middle", class_=f"mark mark{point.kind}"))
    return picture(parts, size=(_WIDTH, bottom + 44), title=title, description=description)


def _free_place(x: float, y: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The nearest free place; sideways, because effort is a rough estimate and impact is measured."""
    steps = sorted(range(-len(taken), len(taken) + 1), key=lambda step: (abs(step), -step))
    for place in (x + 18 * step for step in steps):
        is_inside = 68 <= place <= 346
        if is_inside and all((px - place) ** 2 + (py - y) ** 2 >= 17**2 for px, py in taken):
            return place, y
    return x, y
