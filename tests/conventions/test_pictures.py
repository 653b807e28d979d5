"""Pictures in pages: small, shown somewhere, and taken of a section that the report has."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.settings import PROJECT_ROOT
from tests.conventions.repository import files, name

DOCS = PROJECT_ROOT / "docs"


@pytest.fixture
def screenshots(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("screenshots")


def test_pictures_are_small_and_each_is_shown() -> None:
    pictures = [*files(".png", under="docs"), *files(".svg", under="docs")]
    pages = "".join(page.read_text(encoding="utf-8") for page in files(".md"))
    assert [name(picture) for picture in pictures if f"pictures/{picture.name})" not in pages] == []
    assert max(picture.stat().st_size for picture in pictures) < 200_000
    assert sum(picture.stat().st_size for picture in pictures) < 1_000_000


def test_every_picture_of_the_report_is_one_the_script_takes(screenshots: ModuleType) -> None:
    taken = {f"{shot.name}.png" for shot in screenshots.SHOTS}
    assert {picture.name for picture in files(".png", under="docs/pictures")} == taken


def test_one_section_is_shown_alone_and_must_be_there(screenshots: ModuleType, tmp_path: Path) -> None:
    page = '<html><head></head><body><main><section id="journey"></section></main></body></html>'
    assert "section:not(#journey)" in screenshots._only("journey", page)
    assert screenshots._only("", page) == page
    with pytest.raises(ValueError, match="no section funnel"):
        screenshots._only("funnel", page)
