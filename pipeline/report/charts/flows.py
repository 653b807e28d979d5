"""Flows from one thing to the next as a Sankey of one step.

Belongs here: the drawing. Does not belong here: which flows are worth a ribbon.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.report.charts.svg import coordinate, element, label, picture, shortened

_WIDTH, _LEFT, _RIGHT, _BAR = 760, 190, 570, 10
_HEIGHT, _GAP, _TOP = 380.0, 9.0, 14.0


@dataclass(frozen=True)
class Flow:
    """How much goes from one place to another; ``title`` says it in words."""

    source: str
    target: str
    size: float
    title: str


def sankey(flows: Sequence[Flow], *, title: str, description: str) -> Markup:
    """Ribbons as thick as their flow, the largest places first; empty without flows.

    Going back and staying are flows like any other, so both sides hold every place they need.
    """
    if not any(flow.size > 0 for flow in flows):
        return Markup("")
    sources, targets = _sizes(_pairs(flows, 0)), _sizes(_pairs(flows, 1))
    most = max(len(sources), len(targets))
    height = max(_HEIGHT, most * 24.0)
    unit = (height - _GAP * (most - 1)) / sum(sources.values())
    tops = _tops(sources, unit), _tops(targets, unit)
    used = dict.fromkeys(sources, 0.0), dict.fromkeys(targets, 0.0)
    order = {name: place for place, name in enumerate(targets)}, {name: place for place, name in enumerate(sources)}
    parts: list[str] = []
    for flow in sorted(flows, key=lambda flow: (order[1][flow.source], order[0][flow.target])):
        thick = flow.size * unit
        start = tops[0][flow.source] + used[0][flow.source] + thick / 2
        end = tops[1][flow.target] + used[1][flow.target] + thick / 2
        used[0][flow.source] += thick
        used[1][flow.target] += thick
        parts.append(_ribbon(start, end, thick, flow.title, order[1][flow.source]))
    parts += _bars(sources, tops[0], unit, _LEFT - _BAR, is_left=True)
    parts += _bars(targets, tops[1], unit, _RIGHT, is_left=False)
    return picture(
        parts, size=(_WIDTH, round(height + 2 * _TOP)), title=title, description=description, class_="chart wide"
    )


def _pairs(flows: Sequence[Flow], side: int) -> list[tuple[str, float]]:
    """Name and size of each flow at its source (0) or target (1)."""
    return [((flow.source, flow.target)[side], flow.size) for flow in flows]


def _sizes(pairs: Sequence[tuple[str, float]]) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for name, size in pairs:
        sizes[name] = sizes.get(name, 0.0) + size
    return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))


def _tops(sizes: dict[str, float], unit: float) -> dict[str, float]:
    tops: dict[str, float] = {}
    at = _TOP
    for name, size in sizes.items():
        tops[name] = at
        at += size * unit + _GAP
    return tops


def _ribbon(start: float, end: float, thick: float, title: str, place: int) -> str:
    middle = (_LEFT + _RIGHT) / 2
    path = f"M{_LEFT} {coordinate(start)}C{middle:g} {coordinate(start)} {middle:g} {coordinate(end)} {_RIGHT} "
    return element(
        "path",
        element("title", str(escape(title))),
        d=path + coordinate(end),
        class_=f"flow flow{place % 4}",
        stroke_width=max(thick, 0.6),
    )


def _bars(sizes: dict[str, float], tops: dict[str, float], unit: float, x: float, *, is_left: bool) -> list[str]:
    parts = []
    for name, size in sizes.items():
        parts.append(element("rect", x=x, y=tops[name], width=_BAR, height=max(size * unit, 1.0), class_="node"))
        middle = tops[name] + size * unit / 2 + 4
        place, anchor = (x - 7, "end") if is_left else (x + _BAR + 7, "start")
        parts.append(label(shortened(name, 27), place, middle, anchor=anchor, class_="name"))
    return parts
