"""The page in a real browser: complete, correct, silent, usable, alike in both languages and on any screen."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.report import page as report_page
from pipeline.report import write_report
from pipeline.report.formats import measure, number
from pipeline.report.words import LANGUAGES, speaking
from pipeline.warehouse import connection, literal
from tests.browsing import BROWSER, NO_BROWSER, Opened, chromium
from tests.unit.report.complete_release import HOSTILE, write_complete
from tests.unit.report.conftest import Writer, facts_of, writer_to
from tests.unit.report.test_page import SECTIONS

pytestmark = pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of a complete release, with its report beside them."""
    folder = tmp_path_factory.mktemp("complete_release")
    write: Writer = writer_to(folder)
    write_complete(write)
    write_report(folder, facts_of(company=HOSTILE), folder / "report")
    return folder


@pytest.fixture(scope="module")
def visit(released: Path) -> Iterator[Callable[..., Opened]]:
    """Open the report in a language."""
    with chromium() as opened:
        yield lambda language="en", **how: opened(released / "report" / report_page.file_name(language), **how)


def rows(released: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query on a published table, the truth the page must show."""
    with connection() as opened:
        return opened.execute(
            re.sub(r"from (\w+)", lambda m: f"from {literal(f'{released}/{m[1]}.parquet')}", query)
        ).fetchall()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_there_and_the_page_neither_errs_nor_asks(visit, language):
    opened = visit(language)
    assert opened.page.locator("main > section").evaluate_all("all => all.map(each => each.id)") == SECTIONS
    assert opened.page.locator("p.missing").all_text_contents() == []
    assert opened.page.locator(".slot:empty").count() == 0
    opened.choose("#segment", "region/north")
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith("file:")] == []
    assert len(opened.asked) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_tiles_show_what_the_table_holds_whatever_segment_is_chosen(visit, released, language):
    opened = visit(language)
    for dimension, segment in (("all", "all"), ("region", "north")):
        opened.choose("#segment", f"{dimension}/{segment}") if segment != "all" else None
        shown = opened.tiles()
        known = rows(
            released,
            f"select label_{language}, unit, value, value_low, value_high, n from kpi_latest where window_days = 28 "
            f"and is_available and segment_dimension = '{dimension}' and segment = '{segment}'",
        )
        assert len(known) == 3
        for label, unit, value, low, high, n in known:
            with speaking(language):
                wanted = [*(measure(each, unit, "EUR") for each in (value, low, high)), number(n)]
            assert [
                each for each in wanted if each.replace("\u00a0", " ").replace("\u202f", " ") not in shown[label]
            ] == []


@pytest.mark.parametrize("days", ["7", "90", "365"])
def test_a_period_changes_what_has_periods_and_the_others_say_theirs(visit, released, days):
    opened = visit()
    opened.choose("#period", days)
    for segment in ("all/all", "region/north"):
        if segment != "all/all":
            opened.choose("#segment", segment)
        value, n = rows(
            released,
            f"select value, n from kpi_latest where window_days = {days} and kpi_id = 'nps' and "
            f"segment_dimension || '/' || segment = '{segment}'",
        )[0]
        assert measure(value, "points", "") in opened.tiles()["NPS"]
        assert number(n) in opened.tiles()["NPS"]
        said = {
            slot: opened.text(f'[data-slot="{slot}"] .period') for slot in ("tiles", "transitions", "themes", "funnels")
        }
        shown = {"7": ("7", "28", "90"), "90": ("90", "90", "90"), "365": ("365", "90", "365")}[days]
        assert said == {
            "tiles": f"The last {shown[0]} days.", "transitions": f"The last {shown[1]} days.",
            "themes": f"The last {shown[2]} days.", "funnels": "All entries.",
        }  # fmt: skip
    assert opened.page.locator(".slot").count() == opened.page.locator(".slot .period").count() + 2  # whole tables
    assert opened.said == []


def test_alerts_stand_on_their_tile_with_their_state(visit):
    opened = visit()
    assert "alert since 2024-03-20, critical" in opened.tiles()["Repeat rate"]
    assert "alert" not in opened.tiles()["NPS"]
    opened.choose("#segment", "region/south")
    assert "alert" not in opened.tiles()["Repeat rate"]


def test_reasons_and_axes_are_in_the_language_of_the_page(visit):
    opened = visit("fr")
    assert "rien n’est encore mûr dans cette fenêtre : il faut 60 jours" in opened.tiles()["Tardif"]
    assert {text[-1] for text in opened.page.locator("#retention figure svg text.tick").all_text_contents()
            if "%" in text} == {"%"}  # fmt: skip
    assert not [text for text in opened.page.locator("main svg text").all_text_contents() if re.search(r"\d%", text)]


def test_a_suppressed_segment_says_so_everywhere_and_shows_no_figure(visit):
    opened = visit()
    opened.choose("#segment", "region/south")
    assert opened.text(".scope") == "Region: South"
    assert all("suppressed (k<10)" in text or "not available" in text for text in opened.tiles().values())
    for slot in ("funnels", "friction", "strengths", "themes"):
        assert "suppressed (k<10)" in opened.text(f'[data-slot="{slot}"]')


def test_a_link_names_the_segment_and_one_that_is_not_there_changes_nothing(visit):
    opened = visit(query="?segment=region%2Fsouth&period=90")
    opened.page.wait_for_selector('[data-shown="region/south"][data-period="90"]')
    opened = visit(query="?segment=region%2F__proto__")
    assert opened.page.locator("[data-shown]").count() == 0
    assert opened.said == []


def test_hostile_names_stay_text_in_every_segment(visit):
    opened = visit()
    for segment in ("all/all", "region/north"):
        if segment != "all/all":
            opened.choose("#segment", segment)
        assert opened.page.locator("img").count() == 0
        assert opened.page.locator("main").inner_text().count(HOSTILE) >= 3
    assert HOSTILE in opened.text("#segment")
    assert opened.text("h1") == HOSTILE
    assert opened.page.title().count(HOSTILE) == 1
    assert opened.said == []


def test_columns_sort_as_numbers(visit):
    opened = visit()
    opened.page.locator("#value th button").nth(6).click()
    means = opened.page.locator("#value table.sortable tbody tr td.together b").all_text_contents()
    assert means == sorted(means)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_serious(visit, scheme, width):
    assert visit("fr" if scheme == "dark" else "en", width=width, scheme=scheme).serious() == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_screen_needs_no_scrolling_sideways(visit, language):
    opened = visit(language, width=360)
    opened.unfold()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_page_is_small_and_quick(visit, released):
    assert max(file.stat().st_size for file in (released / "report").glob("*.html")) <= report_page.MAXIMUM_BYTES
    assert visit().milliseconds() <= 1000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_drawn_and_differ_from_their_ground(visit, scheme):
    """A loose look at the pixels: how much of each chart is inked, not where."""
    opened = visit(scheme=scheme)
    grounds = set()
    for chart in ("#journey svg.map", "#retention figure svg", "#friction .scatter svg", "#value figure svg"):
        share, ground = opened.inked(chart)
        grounds.add(sum(ground) / 3 > 127)
        assert 0.01 < share < 0.7, (chart, share)
    assert grounds == {scheme == "light"}
