"""What a release tells without a count of few: days through windows of the whole company, and what all or none have."""

from datetime import date

import duckdb
import pytest
import yaml

from pipeline import publish
from pipeline.settings import PROJECT_ROOT
from tests.unit.privacy.attack import ContradictionError, ranges, relation, values_held

pytestmark = pytest.mark.end_to_end
MINIMUM = 10
FEW = (
    "select kpi_id, window_end from marts.fct_kpi_windows "
    f"where segment_dimension = 'all' and window_days = 1 and customer_count between 1 and {MINIMUM - 1} and n > 0"
)
"""Days of few; one of which nothing is mature yet has no unit to be told."""
DAYS = (
    "select kpi_id, metric_date, case when not is_suppressed then n end from kpi_daily "
    "where segment_dimension = 'all' and window_days = 1 and (is_suppressed or n is not null)"
)
WINDOWS = """
    with spans as (
        select kpi_id, window_end - window_days + 1 as first_on, window_end as last_on, n from kpi_latest
        where segment_dimension = 'all' and window_days > 1
        union all
        select kpi_id, window_end - 2 * window_days + 1, window_end - window_days, previous_n from kpi_latest
        where segment_dimension = 'all' and window_days > 1
    )
    select kpi_id, cast(first_on as date), cast(last_on as date), n from spans where n is not null
"""


def declared(name: str) -> list[str]:
    """A variable of the models."""
    file = PROJECT_ROOT / "dbt_project" / "dbt_project.yml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))["vars"][name]


@pytest.fixture(scope="module")
def release(origin):
    folder = publish.current_release(origin.settings.paths.releases)
    with duckdb.connect(str(folder / "parcours.duckdb"), read_only=True) as opened:
        yield opened


def test_no_day_of_few_of_the_whole_company_is_told_by_its_windows(origin, release):
    """All windows of a release together, the one before each too, less the days that are shown."""
    few = set(origin.query(FEW))
    days: dict[str, dict[date, float | None]] = {}
    for kpi, day, n in release.execute(DAYS).fetchall():
        days.setdefault(kpi, {})[day] = n
    windows: dict[str, list[tuple[date, date, float]]] = {}
    for kpi, first, last, n in release.execute(WINDOWS).fetchall():
        windows.setdefault(kpi, []).append((first, last, n))
    found, attacked = [], 0
    for kpi, spans in sorted(windows.items()):
        shown = days.get(kpi, {})
        known = [relation({day: shown[day] for day in shown if first <= day <= last}, n) for first, last, n in spans]
        try:
            solved = ranges(known, least=0)
        except ContradictionError:  # a window holds what no day shows, so nothing is to be had by taking days off
            continue
        attacked += len(solved)
        found += [
            (kpi, day, held) for day, held in solved.items() if (kpi, day) in few and values_held(held) < MINIMUM // 2
        ]
    assert found == []
    assert attacked > 20


@pytest.mark.parametrize(
    ("table", "part", "whole"),
    [
        ("kpi_latest", "numerator", "case when {sensitive} then denominator end"),
        ("kpi_daily", "numerator", "case when {sensitive} then denominator end"),
        ("segment_retention", "retained_customer_count", "start_customer_count"),
        ("segment_contract_retention", "renewed_count", "opportunity_count"),
        ("cx_value", "retention_rate", "1"),
        ("verbatim_themes", "detractor_share", "1"),
        ("verbatim_themes", "promoter_share", "1"),
    ],
)
def test_nobody_is_told_by_what_all_or_none_of_a_segment_have(release, table, part, whole):
    names = "', '".join(declared("sensitive_kpis"))
    sensitive = f"kpi_id in ('{names}') and not (kpi_id = 'nps' and numerator = 0)"
    rows = release.execute(
        f"select * from {table} where segment_dimension <> 'all' and ({part} = 0 or abs({part}) = part_of) "
        "and part_of > 0".replace("part_of", f"({whole.format(sensitive=sensitive)})")
    ).fetchall()
    assert rows == []
