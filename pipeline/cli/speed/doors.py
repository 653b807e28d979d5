"""Doors for a company whose history is short: tables that need months to have a row may be empty.

Belongs here: the one thing asked less strictly, so that a run goes to its end; all else is judged as ever, and costs
the same. Does not belong here: any company that is more than measured.
"""

import json
import shutil
from pathlib import Path

from pipeline.settings import PROJECT_ROOT, Settings

_COUNT = "expect_table_row_count_to_be_between"
_FOLDER = "expectations"


class CompanySettings(Settings):
    """Settings of a home that a sample company is run in, with doors of its own where the company has some."""

    own_expectations: Path | None = None

    @property
    def expectations(self) -> Path:
        """The suites of both doors."""
        return self.own_expectations or super().expectations


def write_doors(company: Path) -> None:
    """Give a company suites in which a missing row closes no door.

    Args:
        company: its folder.
    """
    target = company / _FOLDER
    shutil.copytree(PROJECT_ROOT / _FOLDER, target)
    for file in (target / "published").glob("*.json"):
        suite = json.loads(file.read_text(encoding="utf-8"))
        for expectation in suite["expectations"]:
            if expectation["type"] == _COUNT:
                expectation["severity"] = "warning"
        file.write_text(json.dumps(suite), encoding="utf-8")


def settings_of(home: Path, company: Path, *, threads: int = 2) -> Settings:
    """Settings of a home that a sample company is run in, whatever the environment says of others.

    Args:
        home: the home.
        company: folder of the company.
        threads: of dbt, and of DuckDB.
    """
    own = company / _FOLDER
    return CompanySettings(
        home=home,
        drop=company / "drop",
        sources=company / "sources.yaml",
        seeds=PROJECT_ROOT / "dbt_project" / "seeds",
        dbt_threads=threads,
        own_expectations=own if own.is_dir() else None,
    )
