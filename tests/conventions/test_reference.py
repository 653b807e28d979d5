"""The reference pages say what the code says: whoever changes a contract or a seed runs `make docs`."""

import importlib
from datetime import date
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from pipeline import landing
from pipeline.alerts.published import COLUMNS as ALERT_COLUMNS
from pipeline.defs import gating
from pipeline.defs.descriptions import run_tables
from pipeline.publish import assembly, restatement
from pipeline.publish.coverage import COVERAGE_TABLES
from pipeline.settings import PROJECT_ROOT, Settings

DOCS = PROJECT_ROOT / "docs"


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("generate")


def test_no_reference_page_is_stale(generator: ModuleType) -> None:
    pages = generator.pages()
    stale = [name for name, text in pages.items() if (DOCS / "reference" / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"


def test_every_reference_page_is_generated(generator: ModuleType) -> None:
    assert {path.name for path in (DOCS / "reference").glob("*.md")} == set(generator.pages())


def test_the_generator_writes_what_it_was_asked_for(generator: ModuleType, tmp_path: Path) -> None:
    generator.write_pages(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == generator.pages()


def test_columns_of_run_tables_are_those_written(tmp_path: Path) -> None:
    home = Settings(home=tmp_path).paths
    landing.write_facts(home, date(2025, 1, 1), "Europe/Paris", reporting_currency="EUR")
    home.build_file.parent.mkdir(parents=True)
    duckdb.connect(str(home.build_file)).close()
    staged = assembly.stage_tables(home.build_file, home.landing_facts, home.releases, "any")
    written = {
        name: {
            row[0]: row[1] for row in duckdb.sql(f"describe from '{staged.tables_folder / name}.parquet'").fetchall()
        }
        for name in COVERAGE_TABLES
    }
    documented = {
        name: {column: kind.upper() for column, (kind, _) in table.columns.items()}
        for name, table in run_tables().items()
    }
    assert documented == {
        **written,
        "data_quality": assembly.QUALITY_COLUMNS,
        "alerts": ALERT_COLUMNS,
        restatement.RESTATEMENTS: restatement.RESTATEMENT_COLUMNS,
        gating.TREND: gating.TREND_COLUMNS,
    }
