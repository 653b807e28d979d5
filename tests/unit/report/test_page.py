import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from pipeline.report import page, render_report, write_report
from pipeline.report.packing import unpack
from pipeline.report.queries import ReportInputError
from tests.unit.report.published_rows import (
    friction_row,
    funnel_row,
    kpi_row,
)

HOSTILE = "<img src=x onerror=alert(1)>"
SECTIONS = [
    "kpis", "journey", "funnels", "retention", "value", "friction", "experience", "actions", "personas",
    "coverage", "quality",
]  # fmt: skip
PLACES = 22
FIXED = 4


class _Outline(HTMLParser):
    """Collects tags and checks that they nest."""

    VOID = frozenset({"meta", "path", "rect", "circle", "link", "br", "img", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def _outline(html: str) -> _Outline:
    outline = _Outline()
    outline.feed(html)
    assert outline.open == []
    return outline


def test_the_page_has_every_section_once_and_nests(release, facts):
    tags = _outline(render_report(release, facts)).tags
    assert [attrs["id"] for tag, attrs in tags if tag == "section"] == SECTIONS
    assert "<<" not in render_report(release, facts)
    identifiers = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(identifiers) == len(set(identifiers))


def test_every_table_has_a_caption_and_every_picture_a_name(release, facts):
    html = render_report(release, facts)
    assert html.count("<table") == html.count("<caption")
    assert html.count("<svg") == html.count('role="img"') == len(re.findall(r"<svg[^>]*><title>[^<]+</title>", html))


def test_a_release_without_any_table_still_is_a_page(tmp_path, facts):
    html = render_report(tmp_path, facts)
    assert _outline(html)
    assert html.count("not available in this release") == PLACES + FIXED
    assert html.count("was not published.") == PLACES


def test_hostile_text_in_the_data_stays_text(release, facts, write):
    write("kpi_latest", [kpi_row(label_en=HOSTILE), kpi_row(segment_dimension="region", segment=HOSTILE)])
    write(
        "funnel_steps",
        [funnel_row(step=step, step_label_en=HOSTILE, funnel_label_en=HOSTILE) for step in (1, 2, 3)],
    )
    write("segment_friction_ranking", [friction_row(label_en=HOSTILE, action_en=HOSTILE, owner='" onclick="x')])
    html = render_report(release, replace(facts, company=HOSTILE))
    tags = _outline(html).tags
    assert "img" not in {tag for tag, _ in tags}
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_the_page_asks_nothing_of_the_network(release, facts):
    html = render_report(release, facts)
    assert not re.search(r'(?:src|href)="(?!#|index\.fr\.html"|dictionary\.html")|url\(|@import|https?://', html)
    assert "default-src 'none'" in html


def test_labels_follow_the_language(release, facts):
    html = render_report(release, facts, language="fr")
    assert "Taux de réachat" in html
    assert "Découverte" in html
    assert "Repeat rate" not in html


def test_the_selector_offers_every_segment_and_shows_all_customers_first(release, facts):
    tags = _outline(render_report(release, facts)).tags
    assert [attrs["value"] for tag, attrs in tags if tag == "option"] == ["all/all", "region/north"]
    assert [attrs["data-segment"] for tag, attrs in tags if tag == "script" and "data-segment" in attrs] == [
        "region/north"
    ]


def test_a_segment_travels_compressed_and_unfolds_into_every_place(release, facts, write):
    write(
        "kpi_latest", [kpi_row(), kpi_row(segment_dimension="region", segment="north", value=0.777, label_en=HOSTILE)]
    )
    html = render_report(release, facts)
    assert "77.7%" not in html
    blocks = unpack(re.search(r'data-segment="region/north">([^<]+)<', html).group(1))
    assert set(blocks) == set(re.findall(r'data-slot="(\w+)"', html))
    assert len(blocks) == PLACES
    assert "77.7%" in blocks["tiles"]
    assert "&lt;img src=x" in blocks["tiles"]
    assert "img" not in {tag for block in blocks.values() for tag, _ in _outline(block).tags}
    assert "Funnels for North: not available in this release." in blocks["funnels"]


def test_equal_input_in_another_order_gives_an_equal_page(release, facts, write):
    rows = [
        friction_row(friction_rank=rank, friction_type=f"type_{rank}", label_en=f"Type {rank}") for rank in (1, 2, 3)
    ]
    write("segment_friction_ranking", rows)
    first = render_report(release, facts)
    write("segment_friction_ranking", rows[::-1])
    assert render_report(release, facts) == first


def test_segments_that_do_not_fit_are_named(release, facts, monkeypatch):
    monkeypatch.setattr(page, "MAXIMUM_BYTES", 50_000)
    assert len(render_report(release, facts).encode()) <= 50_000
    assert 'data-segment="region/north"' in render_report(release, facts)
    monkeypatch.setattr(page, "MAXIMUM_BYTES", 10_000)
    html = render_report(release, facts)
    assert "only in the tables of the release: 1 of Region." in html
    assert 'data-segment="region/north"' not in html


def test_a_table_without_an_expected_column_names_both(release, facts, write):
    write("segment_clv", [{"segment": "all", "method": "observed", "horizon": "to_date"}])
    with pytest.raises(ReportInputError, match=r"segment_clv.*segment_dimension"):
        render_report(release, facts)


def test_write_report_makes_its_folder(release, facts, tmp_path):
    file = write_report(release, facts, tmp_path / "out" / "report")
    assert file == tmp_path / "out" / "report" / "index.html"
    assert file.read_text(encoding="utf-8") == render_report(release, facts)
    assert (file.parent / "index.fr.html").read_text(encoding="utf-8") == render_report(release, facts, language="fr")


def test_what_was_overridden_is_at_the_head_of_the_page_and_escaped(release, facts):
    html = render_report(release, replace(facts, overrides=(f"published/kpi_daily: “{HOSTILE}” (Ada, 2026-01-02)",)))
    assert "published by override" in html
    assert "&lt;img src=x onerror=alert(1)&gt;” (Ada, 2026-01-02)" in html
    assert HOSTILE not in html
    assert "published by override" not in render_report(release, facts)
