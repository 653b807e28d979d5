from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from pipeline.report.charts.lines import RatePoint, rate_lines, sparkline
from pipeline.report.charts.marks import (
    IntervalDot,
    ScatterPoint,
    dots_with_intervals,
    effort_impact,
    stacked_bar,
)
from pipeline.report.charts.svg import Scale, shortened, ticks

HOSTILE = '<script>alert("1")</script>'


def _elements(svg: str, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(tag))  # noqa: S314 - our own output


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (0, 37, [0, 10, 20, 30, 40]),
        (-3, 9, [-5, 0, 5, 10]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_ticks_are_round_and_cover_the_range(low, high, expected):
    assert ticks(low, high) == expected


def test_a_scale_of_equal_values_stays_in_the_picture():
    assert Scale(3, 3, 0, 100)(3) == 50


def test_shortened_keeps_short_texts():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcdef", 4) == "abc…"


def test_a_sparkline_breaks_at_gaps_and_dashes_what_is_provisional():
    paths = _elements(sparkline([1, 2, None, 3, 4, 5], mature_count=5, title="t"), "path")
    assert [path.get("class") for path in paths] == ["spark", "spark soft"]
    assert paths[0].get("d", "").count("M") == 2
    assert paths[1].get("d", "").count("L") == 1


def test_a_sparkline_of_one_value_is_not_drawn():
    assert sparkline([None, 1.0, None], mature_count=3, title="t") == ""


def test_a_bar_never_leaves_its_frame():
    rects = _elements(stacked_bar([("converted", 0.7), ("dropped", 0.6), ("pending", 0.0)], title="t"), "rect")
    assert [(rect.get("class"), rect.get("x"), rect.get("width")) for rect in rects] == [
        ("converted", "0", "140"),
        ("dropped", "140", "60"),
    ]


def test_rate_lines_leave_out_hidden_months_and_mark_provisional_ones():
    points = [
        RatePoint("2024-01", 0.5, 0.4, 0.6, is_mature=True),
        RatePoint("2024-02", None, None, None, is_mature=True),
        RatePoint("2024-03", 0.6, 0.5, 0.7, is_mature=False),
    ]
    svg = rate_lines(points, title="t", description="d")
    assert [dot.get("class") for dot in _elements(svg, "circle")] == ["dot", "dot hollow"]
    assert len(_elements(svg, "polygon")) == 2


def test_rate_lines_without_a_value_are_not_drawn():
    assert rate_lines([RatePoint("2024-01", None, None, None, is_mature=True)], title="t", description="") == ""


def test_dots_keep_their_order_on_the_scale_and_name_what_is_hidden():
    rows = [
        IntervalDot("low", -10, -20, 0),
        IntervalDot("high", 40, 30, 50),
        IntervalDot("gone", None, None, None, "hidden"),
    ]
    svg = dots_with_intervals(rows, title="t", description="d", labeller=str)
    low, high = (float(dot.get("cx", "")) for dot in _elements(svg, "circle"))
    assert low < high
    assert "hidden" in [text.text for text in _elements(svg, "text")]


def test_points_of_equal_effort_and_impact_do_not_cover_each_other():
    points = [ScatterPoint(str(rank), 10, 500, 0) for rank in range(4)]
    svg = effort_impact(points, title="t", description="d", axis_names=("x", "y"), labeller=str)
    places = sorted(float(dot.get("cx", "")) for dot in _elements(svg, "circle"))
    assert min(b - a for a, b in pairwise(places)) >= 17


def test_every_chart_says_what_it_shows_and_keeps_hostile_text_as_text():
    rows = [IntervalDot(HOSTILE, 1, 0, 2)]
    svg = dots_with_intervals(rows, title=HOSTILE, description=HOSTILE, labeller=lambda _: HOSTILE)
    assert "<script" not in svg
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    assert root.get("role") == "img"
    assert root.findtext("title") == HOSTILE
    assert root.findtext("desc") == HOSTILE
