"""The page of all models: closed to the network, and only where there is something to tell of."""

import pytest

from pipeline.defs.model_pages import closed, write_model_pages
from pipeline.settings import Settings


def test_a_page_is_closed_before_its_first_script() -> None:
    page = closed("<html><head><script>ask()</script></head></html>")
    assert page.index("Content-Security-Policy") < page.index("<script>")
    assert "default-src 'none'" in page
    assert page.count("<head>") == 1


def test_a_page_that_cannot_be_closed_is_not_written() -> None:
    with pytest.raises(ValueError, match="without a head"):
        closed("<html><script>ask()</script></html>")


def test_without_a_build_there_is_nothing_to_show(tmp_path) -> None:
    (tmp_path / "sources.yaml").write_text("version: 1\nsources: {crm: {tables: {orders: {}}}}\n", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="parcours run"):
        write_model_pages(Settings(home=tmp_path))
    assert not (tmp_path / "dbt").exists()
