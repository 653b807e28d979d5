"""The last weeks of a KPI as a line: blocks for messages, SVG for people who open the alert.

Belongs here: drawing values. Does not belong here: what is drawn for whom; the report's charts.
"""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

from pipeline.alerts.model import Alert, Finding
from pipeline.alerts.series import Series
from pipeline.statistics.baselines import Chart

DAYS = 28
_BARS = "▁▂▃▄▅▆▇█"
_WIDTH, _HEIGHT, _EDGE = 280, 64, 6

Values = Sequence[float | None]


def recent_values(
    series: Series,
    finding: Finding,
    *,
    is_hidden: Callable[[date], bool] = lambda day: False,  # noqa: ARG005
) -> tuple[float | None, ...]:
    """The last days of what a finding is about, oldest first; ``None`` for a day without units or suppressed.

    Args:
        series: all series.
        finding: of a KPI.
        is_hidden: whether the cell of a day is suppressed on publication.
    """
    subject = finding.subject
    row = series.rows[(subject.name, subject.segment_dimension, subject.segment)]
    end = series.column_of(row, finding.last_day) + 1
    found: list[float | None] = []
    for column in range(max(end - DAYS, 0), end):
        x, n = float(series.panel.x[row, column]), float(series.panel.n[row, column])
        is_total = series.panel.chart[row] in (Chart.COUNT, Chart.MONEY)
        is_known = n > 0 and not is_hidden(series.metric_day(row, column))
        factor = 1.0 if series.kpis[row].comes_in_unit else series.kpis[row].factor
        found.append(float(f"{(x if is_total else x / n) * factor:.6g}") if is_known else None)
    return tuple(found)


def sparkline(values: Values) -> str:
    """Values as a line of blocks; a blank where there is none."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    step = (high - low) / (len(_BARS) - 1) or 1.0
    return "".join(" " if value is None else _BARS[round((value - low) / step)] for value in values)


def chart_svg(alert: Alert) -> str:
    """The last days of an alert's KPI, the usual level dashed, the window of the alert shaded; empty without values."""
    finding, values = alert.finding, alert.history
    known = [value for value in values if value is not None]
    if not known:
        return ""
    usual = finding.measure.expected
    low, high = min([*known, *([usual] if usual is not None else [])]), max([*known, *([usual] if usual else [])])
    span = (high - low) or 1.0

    def x(place: float) -> float:
        return round(_EDGE + place * (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1), 1)

    def y(value: float) -> float:
        return round(_HEIGHT - _EDGE - (value - low) / span * (_HEIGHT - 2 * _EDGE), 1)

    begin = max(len(values) - 1 - (finding.last_day - finding.first_day).days, 0)
    level = "" if usual is None else (
        f'<path d="M{_EDGE} {y(usual)}H{_WIDTH - _EDGE}" stroke="#767676" stroke-dasharray="4 3"/>'
    )  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" fill="none"><title>{escape(finding.text_en)}</title>'
        f'<rect x="{x(begin - 0.5)}" y="0" width="{round(x(len(values) - 1) + _EDGE - x(begin - 0.5), 1)}" '
        f'height="{_HEIGHT}" fill="#f3d9d9"/>{level}'
        f'<path d="{_line(values, x, y)}" stroke="#1f4e79" stroke-width="1.6" stroke-linejoin="round"/></svg>\n'
    )


def _line(values: Values, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    """The path of the values, broken where one is missing."""
    parts, is_drawing = list[str](), False
    for place, value in enumerate(values):
        if value is not None:
            parts.append(f"{'L' if is_drawing else 'M'}{x(place)} {y(value)}")
        is_drawing = value is not None
    return "".join(parts)
