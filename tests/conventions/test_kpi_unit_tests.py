"""Every KPI has a dbt unit test with rows made by hand, and one that could fail.

Belongs here: what the expected rows of the unit tests of KPI models must hold. Whether they pass is for tests/dbt.
"""

import csv
import io
from collections import defaultdict
from decimal import Decimal

import pytest
import yaml

from tests.conventions.repository import files
from tests.conventions.test_kpi_catalogue import CATALOGUE

MADE_IN = ("int_kpi_observations__", "int_kpi_periods__")
"""Models in which the rule of a KPI stands; what is added up from them later is the same for all."""
TWO_OUTCOMES = ("proportion", "difference")
NEVER_OPEN = ("time_to_order",)
"""Durations of what is known only once it is over."""


def _rows(expected: dict[str, object]) -> list[dict[str, object]]:
    """Expected rows of a unit test, whichever way they are written; what says nothing is left out."""
    rows = expected.get("rows") or []
    if isinstance(rows, str):
        if expected.get("format") != "csv":
            return []
        rows = list(csv.DictReader(io.StringIO(rows)))
    assert isinstance(rows, list)
    return [{name: value for name, value in row.items() if value not in (None, "")} for row in rows]


def _expected() -> dict[str, list[dict[str, object]]]:
    """Per KPI the rows with a figure that unit tests of the models that make it expect."""
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for path in files(".yml", under="dbt_project/models/intermediate/kpis"):
        if path.name.endswith(".tests.yml"):
            for test in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["unit_tests"]:
                if test["model"].startswith(MADE_IN):
                    for row in _rows(test["expect"]):
                        if "kpi_id" in row and ("numerator" in row or "value" in row):
                            found[str(row["kpi_id"])].append(row)
    return found


EXPECTED = _expected()


def test_no_unit_test_expects_a_kpi_the_catalogue_does_not_have() -> None:
    assert set(EXPECTED) - set(CATALOGUE) == set()


@pytest.mark.parametrize("kpi_id", CATALOGUE)
def test_every_kpi_has_a_unit_test_that_expects_figures_of_it(kpi_id: str) -> None:
    aggregation, kind = CATALOGUE[kpi_id]["aggregation"], CATALOGUE[kpi_id]["interval_kind"]
    wanted = {"numerator", "denominator"} | ({"value"} if aggregation == "period" else set())
    rows = [row for row in EXPECTED.get(kpi_id, []) if wanted <= set(row)]
    assert rows, f"no unit test expects {' and '.join(sorted(wanted))} of {kpi_id}"
    signs = {Decimal(str(row["numerator"])).compare(Decimal(0)) for row in rows if "numerator" in row}
    if kind in TWO_OUTCOMES:
        assert signs == {0, 1}, f"{kpi_id}: one that counts and one that does not"
    if kind == "nps":
        assert signs == {-1, 0, 1}, f"{kpi_id}: promoter, passive and detractor"
    if kind in ("difference", "mean_difference"):
        assert {row.get("arm") for row in rows} >= {"treated", "baseline"}, f"{kpi_id}: both arms"
    if kind == "quantile" and kpi_id not in NEVER_OPEN:
        assert len({str(row.get("is_open", "false")).lower() for row in rows}) == 2, f"{kpi_id}: one over, one not yet"
