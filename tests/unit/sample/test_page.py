"""The page about the sample company names what there is: every scenario, every mess, every column of the truth."""

import re
from dataclasses import fields

import pytest

from pipeline.sample import Messes, load_scenarios
from pipeline.settings import PROJECT_ROOT
from tests.unit.sample.schemas import SCHEMAS

PAGE = (PROJECT_ROOT / "docs" / "sample.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def _first_cells(table: str) -> list[str]:
    """Names in code in the first cell of every row of the tables in a text."""
    cells = re.findall(r"^\| (`[^|]+) \|", table, flags=re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


def test_scenarios_are_those_there_are():
    assert _first_cells(_section("Scenarios")) == list(load_scenarios())


def test_messes_are_those_there_are():
    assert sorted(_first_cells(_section("Messes"))) == sorted(field.name for field in fields(Messes))


@pytest.mark.parametrize("table", ["persons", "identifiers", "journeys", "frictions"])
def test_columns_of_the_truth_are_those_written(table):
    (told,) = re.findall(rf"^`{table}`: .*?(?=^`\w+`: |\Z)", _section("The truth"), flags=re.MULTILINE | re.DOTALL)
    assert _first_cells(told) == [column.split()[0] for column in SCHEMAS[table].split(", ")]


@pytest.mark.parametrize("table", ["verbatims", "messes"])
def test_short_tables_of_the_truth_name_their_columns(table):
    (told,) = re.findall(rf"^`{table}`: one row .*?(?=\n\n)", _section("The truth"), flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`(\w+)`", told)) - {table}
    assert named == {column.split()[0] for column in SCHEMAS[table].split(", ")}
