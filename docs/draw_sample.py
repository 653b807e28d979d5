"""Draws `docs/pictures/sample_year.svg`: what a year of the sample company looks like, from the generator itself.

Belongs here: the picture's series and lines. Does not belong here: any part of the company.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample import World, load_scenarios, make_world
from pipeline.sample import vocabulary as words
from pipeline.sample.ground.seasons import business_day
from pipeline.sample.truth.funnels import sessions_of

PICTURE = Path(__file__).parent / "pictures" / "sample_year.svg"
SCENARIO, SEED, CUSTOMERS = "mixed", 2024, 15_000
YEAR = 2025
Floats = npt.NDArray[np.float64]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _GAP = 920, 118, 64, 22, 64, 46
_INK, _SOFT, _GRID, _LINE, _SECOND, _SHADE = "#1f2933", "#52606d", "#e4e7eb", "#1d5f9e", "#b4541a", "#f7d9c4"
_FIRST = np.datetime64(f"{YEAR}-01-01", "D")
_DAYS = 365


@dataclass(frozen=True)
class Panel:
    """One chart.

    Attributes:
        title: what it shows, with its unit.
        lines: label, colour, day of the year and value of each line.
        is_share: whether values are shares, shown in percent.
        shaded: first and last day of what was planted, if it shows here.
    """

    title: str
    lines: list[tuple[str, str, Floats, Floats]]
    is_share: bool = False
    shaded: tuple[date, date] | None = None


def panels(world: World, window: tuple[date, date]) -> list[Panel]:
    """The charts of a year, from top to bottom."""
    day = np.arange(_DAYS, dtype=np.float64)
    people = world.events[~world.events["is_internal"]]
    session = sessions_of(people["browser"].to_numpy(), people["occurred_at"].to_numpy())
    starts = people["occurred_at"].groupby(session).min()
    sales = world.orders[world.orders["order_type"] == words.ORDER_TYPES.index("sale")]
    parcels, surveys = world.others["deliveries"], world.others["survey_responses"]
    answered = surveys[surveys["nps"].between(0, 10) & surveys["answered_at"].notna()]
    opinion = np.select([answered["nps"] >= 9, answered["nps"] <= 6], [100.0, -100.0], 0.0)
    mobile, desktop = (_payments_reached(people, device) for device in ("mobile", "desktop"))
    return [
        Panel("Sessions per day", [("", _LINE, day, _per_day(starts))]),
        Panel("Orders per day", [("", _LINE, day, _per_day(sales["ordered_at"]))]),
        Panel(
            "Checkouts that get from the address to the delivery step, by week",
            [("mobile", _SECOND, *mobile), ("desktop", _LINE, *desktop)],
            is_share=True,
            shaded=window,
        ),
        Panel(
            "Parcels that came after the promised day, by week of shipping",
            [("", _LINE, *_weekly(parcels["shipped_at"], parcels["is_late"].to_numpy(float)))],
            is_share=True,
        ),
        Panel("Net promoter score, by week of answer", [("", _LINE, *_weekly(answered["answered_at"], opinion))]),
    ]


def _per_day(moments: pd.Series) -> Floats:
    day = (business_day(moments) - _FIRST).astype(np.int64)
    return np.bincount(day[(day >= 0) & (day < _DAYS)], minlength=_DAYS).astype(np.float64)


def _weekly(moments: pd.Series, values: Floats) -> tuple[Floats, Floats]:
    """Middle day of each week and mean of the values in it."""
    week = (business_day(moments) - _FIRST).astype(np.int64) // 7
    inside = (week >= 0) & (week < 52)
    count = np.bincount(week[inside], minlength=52)
    total = np.bincount(week[inside], weights=values[inside], minlength=52)
    return np.arange(52) * 7.0 + 3, total / np.maximum(count, 1)


def _payments_reached(events: pd.DataFrame, device: str) -> tuple[Floats, Floats]:
    here = events[events["device"] == words.DEVICES.index(device)]
    name = here["event_name"].to_numpy()
    asked = here[name == words.EVENT_NAMES.index("checkout_address")].groupby("visit")["occurred_at"].min()
    went_on = here["visit"].to_numpy()[name == words.EVENT_NAMES.index("checkout_delivery")]
    return _weekly(asked, np.isin(asked.index.to_numpy(), went_on).astype(np.float64))


def drawn(charts: list[Panel]) -> str:
    """The picture as SVG."""
    height = _TOP + len(charts) * (_HEIGHT + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        '<g font-family="Helvetica, Arial, sans-serif" role="img" aria-label="A year of the sample company">',
        _text(_LEFT, 26, f"A year of the sample company, scenario {SCENARIO}", size=17, weight="bold"),
        _text(
            _LEFT, 46, f"{YEAR}, {CUSTOMERS:,} customers, seed {SEED}; shaded: what was planted on those days only",
            colour=_SOFT,
        ),
    ]  # fmt: skip
    for number, chart in enumerate(charts):
        parts += _panel(chart, _TOP + 20 + number * (_HEIGHT + _GAP))
    return "\n".join([*parts, "</g></svg>"]) + "\n"


def _panel(chart: Panel, top: int) -> list[str]:
    low, high, step = _range(chart)
    parts = [_text(_LEFT, top - 6, chart.title, weight="bold")]
    if chart.shaded:
        first, last = (float((np.datetime64(each, "D") - _FIRST).astype(int)) for each in chart.shaded)
        left, right = _x(first), _x(last + 1)
        parts.append(f'<rect x="{left:.1f}" y="{top}" width="{right - left:.1f}" height="{_HEIGHT}" fill="{_SHADE}"/>')
    for value in np.arange(low, high + step / 2, step):
        y = _y(value, low, high, top)
        shown = f"{100 * value:.0f} %" if chart.is_share else f"{value:.0f}"
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="{_GRID}"/>')
        parts.append(_text(_LEFT - 8, y + 4, shown, colour=_SOFT, anchor="end", size=11))
    for month in range(1, 13):
        x = _x(float((np.datetime64(f"{YEAR}-{month:02d}-01", "D") - _FIRST).astype(int)))
        name = date(YEAR, month, 1).strftime("%b")
        parts.append(_text(x + 2, top + _HEIGHT + 14, name, colour=_SOFT, size=11))
    for place, (label, colour, days, values) in enumerate(chart.lines):
        points = " ".join(f"{_x(x):.1f},{_y(y, low, high, top):.1f}" for x, y in zip(days, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        if label:
            x = _WIDTH - _RIGHT - 70 * (len(chart.lines) - place)
            parts.append(_text(x, top - 6, label, colour=colour, weight="bold"))
    return parts


def _range(chart: Panel) -> tuple[float, float, float]:
    """Axis from a round number below to one above, with its step."""
    values = np.concatenate([line[3] for line in chart.lines])
    low = 0.0 if values.min() >= 0 else float(values.min())
    rough = (float(values.max()) - low) / 3
    scale = 10.0 ** np.floor(np.log10(rough))
    step = float(scale * next(each for each in (1, 2, 2.5, 5, 10) if each * scale >= rough))
    return float(np.floor(low / step) * step), float(np.ceil(values.max() / step) * step), step


def _x(day: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * day / _DAYS


def _y(value: float, low: float, high: float, top: int) -> float:
    return top + _HEIGHT * (1 - (value - low) / (high - low))


def _text(
    x: float, y: float, text: str, *, colour: str = _INK, size: int = 12, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{text}</text>'
    )


def main() -> None:
    """Write the picture anew."""
    scenario = load_scenarios()[SCENARIO]
    world = make_world(scenario=scenario, seed=SEED, customer_count=CUSTOMERS)
    (planted, *_) = scenario.degradations
    PICTURE.parent.mkdir(exist_ok=True)
    svg = drawn(panels(world, (planted.first_day, planted.last_day)))
    PICTURE.write_text(svg, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
