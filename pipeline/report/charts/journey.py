"""The journey map: stages across; below them touchpoints in lanes, the emotion curve and what frictions cost.

Belongs here: the drawing. Does not belong here: which touchpoints are worth a mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from pipeline.report.charts.svg import Scale, coordinate, element, label, picture, shortened

_WIDTH, _LEFT, _ROW, _TOP, _LANE = 1098, 124, 23, 58, 10
_CURVE = 132
_PIN = 48
_LARGEST = 11.0
_PIN_LARGEST = 17.0


@dataclass(frozen=True)
class Mark:
    """A touchpoint or friction: its name, how large it is (0 to 1) and the figure beside it."""

    name: str
    size: float
    figure: str
    title: str


@dataclass(frozen=True)
class Mood:
    """The emotion index of a stage with its interval, from −100 to 100; None where nobody answered."""

    value: float | None
    low: float | None
    high: float | None
    text: str


@dataclass(frozen=True)
class Stage:
    """A column of the map; its touchpoints stand in the lanes, as many as the map has."""

    name: str
    about: str
    lanes: tuple[tuple[Mark, ...], ...]
    more: str
    mood: Mood
    pins: tuple[Mark, ...]


@dataclass(frozen=True)
class LaneNames:
    """What stands at the left of the rows."""

    channels: tuple[str, ...]
    emotion: str
    friction: str


def journey_map(stages: Sequence[Stage], *, title: str, description: str, lanes: LaneNames) -> Markup:
    """Draw the map; empty without stages."""
    if not stages:
        return Markup("")
    width = (_WIDTH - _LEFT) / len(stages)
    tops = _lane_tops(stages, len(lanes.channels))
    rows_end = tops[-1] + (_ROW if any(stage.more for stage in stages) else 0)
    curve_top = rows_end + 8
    pins_top = curve_top + _CURVE + 30
    bottom = pins_top + max(1, *(len(stage.pins) for stage in stages)) * _PIN
    parts = [_columns(stages, width, bottom)]
    parts += [
        *(_lane(name, top - 8) for name, top in zip(lanes.channels, tops, strict=False)),
        _lane(lanes.emotion, curve_top, below=24),
        _lane(lanes.friction, pins_top),
    ]
    for index, stage in enumerate(stages):
        left = _LEFT + index * width
        parts.append(_touchpoints(stage, left, width, tops))
        parts.append(_pins(stage, left, pins_top))
    parts.append(_curve([stage.mood for stage in stages], width, curve_top))
    return picture(parts, size=(_WIDTH, round(bottom) + 4), title=title, description=description, class_="chart map")


def _columns(stages: Sequence[Stage], width: float, bottom: float) -> str:
    return "".join(
        element("rect", x=_LEFT + i * width + 2, y="2", width=width - 4, height=bottom, rx="6", class_="column")
        + label(shortened(stage.name, 24), _LEFT + (i + 0.5) * width, 22, anchor="middle", class_="head")
        + label(stage.about, _LEFT + (i + 0.5) * width, 39, anchor="middle")
        for i, stage in enumerate(stages)
    )


def _lane(name: str, top: float, *, below: float = 0) -> str:
    """A rule and the name of the row; lower where a scale has its place."""
    rule = element("path", d=f"M0 {coordinate(top)}H{_WIDTH}", class_="grid")
    return rule + label(shortened(name, 17), 0, top + 18 + below, class_="axis")


def _lane_tops(stages: Sequence[Stage], count: int) -> list[float]:
    """Where each lane begins, and where the last ends; a lane is as high as the fullest stage in it."""
    tops = [float(_TOP)]
    for place in range(count):
        tops.append(tops[-1] + _LANE + _ROW * max(len(stage.lanes[place]) for stage in stages))
    return tops


def _touchpoints(stage: Stage, left: float, width: float, tops: Sequence[float]) -> str:
    parts = []
    for marks, top in zip(stage.lanes, tops, strict=False):
        for row, mark in enumerate(marks):
            middle = top + 6 + row * _ROW
            said = element("title", escape(mark.title))
            radius = max(2.0, _LARGEST * mark.size**0.5)
            parts.append(element("circle", said, cx=left + 18, cy=middle, r=radius, class_="touch"))
            parts.append(label(shortened(mark.name, 19), left + 34, middle + 4, class_="name"))
            parts.append(label(mark.figure, left + width - 9, middle + 4, anchor="end"))
    if stage.more:
        parts.append(label(stage.more, left + 34, tops[-1] + 8))
    return "".join(parts)


def _pins(stage: Stage, left: float, top: float) -> str:
    parts = []
    for row, mark in enumerate(stage.pins):
        middle = top + 26 + row * _PIN
        said = element("title", escape(mark.title))
        radius = max(4.0, _PIN_LARGEST * mark.size**0.5)
        parts.append(element("circle", said, cx=left + 24, cy=float(middle), r=radius, class_="pain"))
        parts.append(label(shortened(mark.name, 21), left + 46, middle - 2, class_="name"))
        parts.append(label(mark.figure, left + 46, middle + 12))
    return "".join(parts)


def _curve(moods: Sequence[Mood], width: float, top: float) -> str:
    up = Scale(-100, 100, top + _CURVE, top + 14)
    parts = [
        element("path", d=f"M{_LEFT} {coordinate(up(level))}H{_WIDTH}", class_="grid")
        + label(f"{level:+d}".replace("-", "−").replace("+0", "0"), _LEFT - 6, up(level) + 4, anchor="end")
        for level in (-100, 0, 100)
    ]
    places = [_LEFT + (index + 0.5) * width for index in range(len(moods))]
    known = [(x, mood) for x, mood in zip(places, moods, strict=True) if mood.value is not None]
    parts += _ribbon(known, up)
    for x, mood in zip(places, moods, strict=True):
        if mood.value is None:
            parts.append(label(mood.text, x, up(0) - 6, anchor="middle"))
            continue
        if mood.low is not None and mood.high is not None:
            ends = f"M{coordinate(x)} {coordinate(up(mood.low))}V{coordinate(up(mood.high))}"
            parts.append(element("path", d=ends, class_="whisker"))
        parts.append(element("circle", cx=x, cy=up(mood.value), r="5", class_="dot"))
        parts.append(label(mood.text, x + 10, up(mood.value) - 9, class_="name"))
    return "".join(parts)


def _ribbon(known: Sequence[tuple[float, Mood]], up: Scale) -> list[str]:
    """Band and line over the stages that have answers."""
    if len(known) < 2:
        return []

    def dots(values: Sequence[tuple[float, float | None]]) -> str:
        return " ".join(f"{coordinate(x)},{coordinate(up(value))}" for x, value in values if value is not None)

    band = [(x, mood.high) for x, mood in known] + [(x, mood.low) for x, mood in reversed(known)]
    line = [(x, mood.value) for x, mood in known]
    return [
        element("polygon", points=dots(band), class_="band"),
        element("polyline", points=dots(line), class_="line"),
    ]
