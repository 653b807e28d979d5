"""A build with two published tables, and releases assembled of it without the steps before."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from pipeline import landing, publish
from pipeline.settings import Home
from pipeline.warehouse import connection

QUALITY = pd.DataFrame(
    [
        {
            "door": "landing", "table_name": "orders", "extract_date": date(2025, 12, 1), "expectation": "e",
            "column_name": "c", "severity": "critical", "is_met": True, "observed_value": "0", "why": "because",
        },
        {
            "door": "published", "table_name": "kpi_latest", "extract_date": None, "expectation": "e",
            "column_name": "", "severity": "warning", "is_met": False, "observed_value": "1", "why": "because",
        },
    ]
)  # fmt: skip
COMMENTS = {
    "kpi_latest": {"": "One row per KPI, said by 'us'", "kpi_id": "The KPI"},
    "data_quality": {"": "One row per expectation"},
}


def _home(root: Path) -> Home:
    """A home whose build holds two published tables and one that is nobody's business."""
    made = Home(root, root / "drop")
    landing.write_facts(made, date(2025, 12, 1), "Europe/Paris", reporting_currency="EUR")
    with connection(made.build_file) as build:
        build.execute("create schema published")
        build.execute("create schema marts")
        build.execute("create table marts.dim_customers as select 'secret' as customer_key")
        build.execute(
            "create table published.kpi_latest as select 'kpi ' || i as kpi_id, "
            "cast(i as decimal(18, 2)) as value from range(5) as r (i)"
        )
        build.execute("create table published.segment_clv as select 'all' as segment, cast(null as double) as value")
    return made


def _release(home: Home, as_of: str = "2025-12-01", inputs: str = "i1") -> tuple[Path, bool]:
    """Stage, complete and seal a release."""
    made_of = publish.Ingredients(inputs, "seeds", "code", "key")
    release = publish.release_id(as_of, made_of)
    staged = publish.stage_tables(home.build_file, home.landing_facts, home.releases, release)
    staged = publish.add_quality(staged, QUALITY)
    publish.write_database(staged, COMMENTS)
    (staged.folder / "report").mkdir()
    (staged.folder / "report" / "index.html").write_text("<p>report</p>", encoding="utf-8")
    manifest = publish.Manifest(
        release_id=release,
        as_of_date=as_of,
        published_at="2025-12-02T05:30:00Z",
        code_version="0.0.0",
        reporting_currency="EUR",
        business_time_zone="Europe/Paris",
        ingredients=made_of,
        tables=staged.tables,
    )
    return publish.seal(staged, manifest, home.releases)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a build and no release."""
    return _home(tmp_path / "home")


@pytest.fixture
def make_release(home: Home) -> Callable[..., tuple[Path, bool]]:
    """Make a release of an as-of day and of inputs by that name."""
    return partial(_release, home)


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One release for all who only read."""
    return _release(_home(tmp_path_factory.mktemp("sealed") / "home"))[0]


@pytest.fixture
def change_build(home: Home) -> Callable[[str], None]:
    """Run SQL on the build, as another build would."""

    def change(sql: str) -> None:
        with connection(home.build_file) as build:
            build.execute(sql)

    return change
