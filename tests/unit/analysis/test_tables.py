"""The tables of the pass: their shape is the one dbt is told, and a file of them says it."""

import duckdb
import pytest
import yaml

from pipeline.analysis.tables import TABLES, write_table
from pipeline.settings import PROJECT_ROOT

SOURCES = PROJECT_ROOT / "dbt_project" / "models" / "staging" / "analysis.yml"


def test_dbt_is_told_the_columns_and_types_that_are_written():
    (source,) = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
    told = {
        table["name"]: [(column["name"], column["data_type"].upper()) for column in table["columns"]]
        for table in source["tables"]
    }
    assert told == {name: list(columns.items()) for name, columns in TABLES.items()}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_no_rows_has_its_columns(tmp_path, name):
    assert write_table(tmp_path, name, {}) == 0
    file = tmp_path / f"{name}.parquet"
    described = duckdb.sql(f"describe from '{file}'").fetchall()
    assert [(row[0], row[1]) for row in described] == list(TABLES[name].items())
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_the_same_rows_are_the_same_bytes_and_a_missing_column_is_an_error(tmp_path):
    columns = {"fit_group": ["all"], "spearman": [0.25], "n": [10], "uses_bands": [True]}
    write_table(tmp_path, "clv_frequency_spend", columns)
    file = tmp_path / "clv_frequency_spend.parquet"
    first = file.read_bytes()
    write_table(tmp_path, "clv_frequency_spend", columns)
    assert file.read_bytes() == first
    assert duckdb.sql(f"from '{file}'").fetchall() == [("all", 0.25, 10, True)]
    with pytest.raises(KeyError):
        write_table(tmp_path, "clv_frequency_spend", {"fit_group": ["all"]})
