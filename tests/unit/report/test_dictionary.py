"""The data dictionary: tables, grain and columns as the release's database has them, KPIs as the catalogue has them."""

from pathlib import Path

import pytest

from pipeline.report import write_dictionary
from pipeline.report.catalogue import INTERVALS, WINDOWS, formula
from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse import connection, literal

CATALOGUE = PROJECT_ROOT / "dbt_project" / "seeds" / "kpi_catalogue.csv"


@pytest.fixture
def written(tmp_path: Path) -> str:
    database, build = tmp_path / "parcours.duckdb", tmp_path / "build.duckdb"
    with connection() as opened:
        opened.execute(f"attach {literal(str(database))} as made")
        opened.execute("create table made.kpis (kpi_id varchar, value double)")
        opened.execute("comment on table made.kpis is 'One row per <b>KPI</b>'")
        opened.execute("comment on column made.kpis.value is 'Value in its unit'")
        opened.execute("create table made.bare (x integer)")
        opened.execute(f"attach {literal(str(build))} as build")
        opened.execute("create schema build.seeds")
        read = f"read_csv({literal(str(CATALOGUE))}, header = true)"
        opened.execute(f"create table build.seeds.kpi_catalogue as from {read}")
        opened.execute("update build.seeds.kpi_catalogue set source = '<i>Ours</i>' where kpi_id = 'nps'")
    return write_dictionary(database, build, tmp_path).read_text(encoding="utf-8")


def test_every_table_stands_with_grain_types_and_meanings_and_hostile_text_stays_text(written: str) -> None:
    assert written.index("<h2>bare</h2>") < written.index("<h2>kpis</h2>")
    assert "One row per &lt;b&gt;KPI&lt;/b&gt;" in written
    assert "<code>value</code></th><td><code>double</code></td><td>Value in its unit</td>" in written


def test_every_kpi_stands_with_its_formula_unit_and_the_source_of_its_convention(written: str) -> None:
    entry = written.partition('<h3 id="kpi-nps">')[2].partition("<h3 ")[0]
    assert "100 × [Promoters minus detractors] ÷ [Answers]" in entry
    assert "points, −100 to 100; higher is better" in entry
    assert "adjusted Wald" in entry
    assert "&lt;i&gt;Ours&lt;/i&gt;" in entry
    ids = {line.partition(",")[0] for line in CATALOGUE.read_text(encoding="utf-8").splitlines()[1:]}
    assert {name for name in ids if f'id="kpi-{name}"' in written} == ids


@pytest.mark.parametrize(
    ("kind", "unit", "quantile", "said"),
    [
        ("proportion", "ratio", "", "[a] ÷ [b]"),
        ("ratio", "per_100", "", "100 × [a] ÷ [b]"),
        ("money_total", "amount", "", "sum of [a]"),
        ("count", "count", "", "number of [a]"),
        ("quantile", "hours", "0.5", "median of [a] over [b]"),
        ("quantile", "hours", "0.9", "90th percentile of [a] over [b]"),
        ("difference", "points", "", "[a] ÷ [b] of the first group − the same of the second"),
    ],
)
def test_a_formula_says_what_the_kind_computes(kind: str, unit: str, quantile: str, said: str) -> None:
    row = {"numerator_en": "a", "denominator_en": "b", "interval_kind": kind, "unit": unit, "quantile": quantile}
    assert formula(row) == said


def test_there_is_a_word_for_every_code_of_the_catalogue() -> None:
    with connection() as opened:
        kinds = opened.execute(
            f"select interval_kind, aggregation from read_csv({literal(str(CATALOGUE))}, header = true)"
        ).fetchall()
    assert {kind for kind, _ in kinds} <= set(INTERVALS)
    assert {aggregation for _, aggregation in kinds} <= set(WINDOWS)
