"""Data Docs hold no cell, load nothing, and are written only when something changed."""

import json
from pathlib import Path

from pipeline.checks import Page, write_data_docs
from tests.unit.checks.conftest import entry

BETWEEN = "expect_column_values_to_be_between"
PRIVATE = "marie.curie@example.org"


def _page(folder: Path, observed: str = "3 of 100 rows fail", *, is_met: bool = False) -> Page:
    suite = folder / "orders.json"
    entries = [entry(BETWEEN, column="amount", min_value=0), entry(BETWEEN, "warning", column="rate", max_value=1)]
    suite.write_text(json.dumps({"name": "orders", "expectations": entries}), encoding="utf-8")
    row = {"expectation": BETWEEN, "severity": "critical", "why": "because"}
    rows = [
        {**row, "column_name": "amount", "is_met": is_met, "observed_value": observed},
        {**row, "column_name": "rate", "severity": "warning", "is_met": True, "observed_value": "0 of 100 rows fail"},
        {**row, "expectation": "schema_drift", "column_name": PRIVATE, "is_met": False, "observed_value": PRIVATE},
    ]
    return Page("landing/orders", suite, rows, "2025-12-31")


def test_a_page_shows_counts_and_never_a_cell(tmp_path: Path) -> None:
    assert write_data_docs(tmp_path, [_page(tmp_path, f"3 of 100 rows fail: {PRIVATE}")]) == 1
    page = (tmp_path / "landing" / "orders.html").read_text(encoding="utf-8")
    assert "amount" in page
    assert "3" in page
    assert PRIVATE not in page + (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_page_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    write_data_docs(tmp_path, [_page(tmp_path)])
    page = (tmp_path / "landing" / "orders.html").read_text(encoding="utf-8")
    for tag in ("script", "link", "img"):
        for place in ("src", "href"):
            assert not [part for part in page.split(f"<{tag} ")[1:] if f'{place}="http' in part.split(">")[0]]
    assert "default-src 'none'" in page


def test_a_page_is_written_when_something_changed(tmp_path: Path) -> None:
    assert write_data_docs(tmp_path, [_page(tmp_path)]) == 1
    assert write_data_docs(tmp_path, [_page(tmp_path)]) == 0
    assert write_data_docs(tmp_path, [_page(tmp_path, "4 of 100 rows fail")]) == 1
    assert write_data_docs(tmp_path, [_page(tmp_path, "0 of 100 rows fail", is_met=True)]) == 1
    assert write_data_docs(tmp_path, [_page(tmp_path, "0 of 999 rows fail", is_met=True)]) == 0
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<a href="landing/orders.html">landing/orders</a>' in index
