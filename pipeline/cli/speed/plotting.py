"""The picture of a bench: CPU seconds against web events, both axes by powers of ten.

Belongs here: lines and labels. Does not belong here: measuring. It is SVG with its colours in it, so that it can be
shown anywhere.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from pipeline.cli.speed.study import Speed
from pipeline.report.charts.svg import Scale, element, label

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 800.0, 460.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 600.0, 50.0, 400.0
_COLOURS = ("#52606d", "#0f609b", "#b44d12", "#0c6b58", "#8719a5")
_STYLE = (
    "text{font:13px Helvetica,Arial,sans-serif;fill:#1f2933}.title{font-weight:bold;font-size:16px}"
    ".grid{stroke:#d9e2ec}.line{fill:none;stroke-width:2}"
)
_TITLE = "CPU seconds against web events"


def series_of(speeds: Sequence[Speed]) -> dict[str, list[tuple[float, float]]]:
    """Points of each line: web events of a company, CPU seconds; lines without a point are left out."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for speed in sorted(speeds, key=lambda each: each.events):
        if speed.parts:
            lines.setdefault("by hand", []).append((speed.events, speed.baseline_cpu_s))
            lines.setdefault("core", []).append((speed.events, speed.core_cpu_s))
        if speed.whole:
            lines.setdefault("whole run", []).append((speed.events, speed.whole.total_cpu_s))
        for day in speed.days:
            lines.setdefault(f"a day after {day.history} days", []).append((speed.events, day.day_cpu_s))
    return lines


def plot(speeds: Sequence[Speed]) -> str:
    """The picture as SVG text."""
    lines = {name: [(x, y) for x, y in points if y > 0] for name, points in series_of(speeds).items()}
    lines = {name: points for name, points in lines.items() if points}
    xs = _decades([x for points in lines.values() for x, _ in points])
    ys = _decades([y for points in lines.values() for _, y in points])
    across = Scale(math.log10(xs[0]), math.log10(xs[-1]), _LEFT, _RIGHT)
    up = Scale(math.log10(ys[0]), math.log10(ys[-1]), _BOTTOM, _TOP)
    parts = [element("title", _TITLE), element("style", _STYLE)]
    parts.append(element("rect", width=_WIDTH, height=_HEIGHT, fill="#ffffff"))
    parts.append(label(_TITLE, _LEFT, 26, class_="title"))
    parts += [*_grid(xs, ys, across, up), *_drawn(lines, across, up)]
    size: dict[str, str | float] = {"width": _WIDTH, "height": _HEIGHT, "viewBox": f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"}
    return element("svg", "".join(parts), xmlns="http://www.w3.org/2000/svg", role="img", **size) + "\n"


def write_plot(file: Path, speeds: Sequence[Speed]) -> None:
    """Write the picture.

    Args:
        file: an SVG file.
        speeds: companies that were measured.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(plot(speeds), encoding="utf-8")


def _decades(values: Sequence[float]) -> list[float]:
    """Powers of ten around values, two at least; one and ten where there is none."""
    if not values:
        return [1.0, 10.0]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10.0**power for power in range(low, max(high, low + 1) + 1)]


def _grid(xs: Sequence[float], ys: Sequence[float], across: Scale, up: Scale) -> list[str]:
    parts = []
    for x in xs:
        at = across(math.log10(x))
        parts.append(element("line", x1=at, x2=at, y1=_TOP, y2=_BOTTOM, class_="grid"))
        parts.append(label(f"{x:,.0f}", at, _BOTTOM + 20, anchor="middle"))
    for y in ys:
        at = up(math.log10(y))
        parts.append(element("line", x1=_LEFT, x2=_RIGHT, y1=at, y2=at, class_="grid"))
        parts.append(label(f"{y:,g}", _LEFT - 8, at + 4, anchor="end"))
    parts.append(label("web events", (_LEFT + _RIGHT) / 2, _BOTTOM + 42, anchor="middle"))
    parts.append(label("CPU s", _LEFT - 8, _TOP - 14, anchor="end"))
    return parts


def _drawn(lines: Mapping[str, Points], across: Scale, up: Scale) -> list[str]:
    """Lines with their points, each named at its end; names keep a line's height between them."""
    parts, heights = [], _apart({name: up(math.log10(points[-1][1])) for name, points in lines.items()})
    for colour, (name, points) in zip(_COLOURS, lines.items(), strict=False):
        places = [(across(math.log10(x)), up(math.log10(y))) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(element("polyline", points=path, class_="line", stroke=colour))
        parts += [element("circle", cx=x, cy=y, r=3.5, fill=colour) for x, y in places]
        told = f"{name}: {points[-1][1]:,.{0 if points[-1][1] >= 100 else 1}f}"
        place = {"x": _RIGHT + 8, "y": heights[name] + 4}
        parts.append(element("text", escape(told), style=f"fill:{colour}", **place))
    return parts


def _apart(heights: Mapping[str, float], least: float = 17.0) -> dict[str, float]:
    """Heights moved down until each is some way below the one above."""
    placed: dict[str, float] = {}
    last = -math.inf
    for name, height in sorted(heights.items(), key=lambda each: each[1]):
        last = max(height, last + least)
        placed[name] = last
    return placed
