"""The report of a whole run in a real browser: right numbers, small, quick, silent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import publish
from pipeline.report.formats import measure, number
from pipeline.report.page import MAXIMUM_BYTES
from pipeline.report.words import LANGUAGES, speaking
from pipeline.warehouse import connection, literal
from tests.browsing import BROWSER, NO_BROWSER, chromium, spaced
from tests.end_to_end.laboratory import Laboratory

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)]


@pytest.fixture(scope="module")
def visit() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize(("language", "file"), [("en", "index.html"), ("fr", "index.fr.html")])
def test_the_report_of_a_run_shows_what_its_tables_hold(origin: Laboratory, visit, language, file):
    assert language in LANGUAGES
    page = _release(origin) / "report" / file
    assert page.stat().st_size <= MAXIMUM_BYTES
    opened = visit(page)
    assert opened.milliseconds() <= 1000
    for segment, days in (("all/all", 28), ("customer_type/B2C", 90)):
        if days != 28:
            opened.choose("#segment", segment)
            opened.choose("#period", str(days))
        tiles = opened.tiles()
        for label, unit, value, n in _latest(origin, language, segment, days):
            with speaking(language):
                wanted = [spaced(measure(value, unit, "EUR")), spaced(number(n))]
            assert [each for each in wanted if each not in tiles[label]] == [], (label, tiles[label])
    assert opened.said == []
    assert opened.asked == [page.as_uri()]


def _release(origin: Laboratory) -> Path:
    folder = publish.current_release(origin.settings.paths.releases)
    assert folder is not None
    return folder


def _latest(origin: Laboratory, language: str, segment: str, days: int) -> list[tuple[Any, ...]]:
    """What the tiles of a segment must show: values of the very period."""
    table = literal(str(_release(origin) / "tables" / "kpi_latest.parquet"))
    with connection() as opened:
        found = opened.execute(
            f"select label_{language}, unit, value, n from read_parquet({table}) where window_days = {days} "
            f"and segment_dimension || '/' || segment = '{segment}' and value is not null"
        ).fetchall()
    assert len(found) > 20
    return found
