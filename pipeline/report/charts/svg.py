"""The few SVG pieces every chart shares.

Belongs here: escaping, scales, ticks, the frame of a picture. Does not belong here: a particular chart.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

Labeller = Callable[[float], str]


@dataclass(frozen=True)
class Scale:
    """A linear map from values to positions in the picture."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Position of a value; the middle when all values are equal."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def coordinate(value: float) -> str:
    """A position with at most one decimal, as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")


def element(tag: str, content: str = "", /, **attributes: str | float) -> str:
    """One SVG element, its values escaped; ``class_`` becomes ``class``, ``text_anchor`` ``text-anchor``."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_attribute(value)}"' for name, value in attributes.items()
    )
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def _attribute(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else coordinate(value)


def label(value: str, x: float, y: float, *, anchor: str = "start", class_: str = "tick") -> str:
    """A text, escaped."""
    return element("text", escape(value), x=float(x), y=float(y), text_anchor=anchor, class_=class_)


def picture(
    parts: Sequence[str],
    *,
    size: tuple[int, int],
    title: str,
    description: str,
    class_: str = "chart",
    stretch: bool = False,
) -> Markup:
    """The parts as one picture that says what it shows to those who do not see it.

    Args:
        parts: SVG elements, already escaped.
        size: width and height in user units.
        title: accessible name.
        description: what the picture shows, in words; empty if the title says it all.
        class_: CSS class.
        stretch: fill the width and let the proportions go (only for pictures without text).
    """
    said = element("title", escape(title)) + (element("desc", escape(description)) if description else "")
    attributes: dict[str, str] = {"role": "img", "class_": class_, "viewBox": f"0 0 {size[0]} {size[1]}"}
    if stretch:
        attributes["preserveAspectRatio"] = "none"
    return Markup(element("svg", said + "".join(parts), **attributes))  # noqa: S704 - all parts are escaped


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round values over ``low`` to ``high``: steps of 1, 2, 2.5 or 5 times ten, about ``count``."""
    if high <= low:
        high = low + 1
    rough = (high - low) / count
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def shortened(value: str, length: int) -> str:
    """A text cut to ``length`` characters, with an ellipsis where it was cut."""
    return value if len(value) <= length else value[: length - 1].rstrip() + "…"
