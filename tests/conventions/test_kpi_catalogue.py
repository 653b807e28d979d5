"""The catalogue is the one home of every KPI: what stands elsewhere agrees with it, or fails here."""

import csv
import re

import pytest

from pipeline.report.formats import measure
from pipeline.settings import PROJECT_ROOT
from tests.conventions.repository import files

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as seed:
        return list(csv.DictReader(seed))


CATALOGUE = {row["kpi_id"]: row for row in _rows("kpi_catalogue")}
BILINGUAL = ("label", "question", "definition", "population", "numerator", "denominator")
MODELS = [path for path in files(".sql", under="dbt_project/models") if "kpi" in path.name]


def _judged_columns() -> set[str]:
    """Columns whose being empty throughout makes a KPI not available, as ``table.column``."""
    found: set[str] = set()
    for path in MODELS:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"'(\w+\.\w+)' as required_column", text))
        for table, columns in re.findall(r"filled_columns\('(\w+)', '\w+', \[(.*?)\]", text, flags=re.DOTALL):
            found |= {f"{table}.{column}" for column in re.findall(r"\w+", columns)}
    return found


def _names_of_kpis(text: str) -> set[str]:
    return set(re.findall(r"[a-z][a-z0-9_]+", text)) & set(CATALOGUE)


@pytest.mark.parametrize("kpi_id", CATALOGUE)
def test_every_kpi_is_told_in_both_languages(kpi_id: str) -> None:
    row = CATALOGUE[kpi_id]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kpi_id)
    assert [name for part in BILINGUAL for name in (f"{part}_en", f"{part}_fr") if not row[name].strip()] == []
    assert [name for name in ("owner", "pillar", "source", "unit", "review_cadence") if not row[name].strip()] == []


def test_no_two_kpis_have_one_name() -> None:
    for language in ("en", "fr"):
        labels = [row[f"label_{language}"] for row in CATALOGUE.values()]
        assert sorted(label for label in set(labels) if labels.count(label) > 1) == []


def test_every_kpi_of_the_catalogue_is_made_by_a_model() -> None:
    made = _names_of_kpis(" ".join(path.read_text(encoding="utf-8") for path in MODELS))
    assert set(CATALOGUE) - made == set()


@pytest.mark.parametrize("kpi_id", CATALOGUE)
def test_what_a_kpi_requires_is_a_table_and_a_column_that_is_judged(kpi_id: str) -> None:
    tables = {path.stem for path in files(".json", under="expectations/landing")}
    assert set(CATALOGUE[kpi_id]["required_tables"].split("|")) <= tables
    for column in filter(None, CATALOGUE[kpi_id]["required_columns"].split("|")):
        assert column in _judged_columns(), f"int_kpi_requirements__judged does not judge {column}"


@pytest.mark.parametrize("unit", sorted({row["unit"] for row in CATALOGUE.values()}))
def test_the_report_has_a_word_for_every_unit(unit: str) -> None:
    assert unit in {"count", "multiple"} or measure(2, unit, "EUR") != "2.00"


def test_benchmarks_are_of_kpis_and_say_whose_they_are() -> None:
    for row in _rows("kpi_benchmarks"):
        assert row["kpi_id"] in CATALOGUE
        assert row["source"].strip()
        assert re.fullmatch(r"(19|20)[0-9]{2}", row["year"])
