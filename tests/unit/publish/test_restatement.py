"""What a release says of figures that the release before gave otherwise."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.publish.manifest import Ingredients
from pipeline.publish.restatement import RESTATEMENT_COLUMNS, Changed, write_restatements
from pipeline.warehouse import connection, literal

DAY, NEXT_DAY, FIRST_EXTRACT, LATE_EXTRACT = date(2025, 3, 1), date(2025, 3, 2), date(2025, 3, 2), date(2025, 3, 20)
OTHER_INPUTS = Changed("before", inputs=True, seeds=False, code=False, key=False)


def _daily(value: float | None, *, day: date = DAY, kpi_id: str = "csat", n: int = 100, **other: object) -> dict:
    row = {"kpi_id": kpi_id, "metric_date": day, "segment_dimension": "all", "segment": "all"}
    return row | {"n": n, "value": value, "is_mature": True, "is_suppressed": value is None} | other


def _write(folder: Path, name: str, rows: list[dict]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with connection() as memory:
        memory.register("rows", pd.DataFrame(rows))
        memory.execute(f"copy (select * from rows) to {literal(str(folder / f'{name}.parquet'))} (format parquet)")


def _read(path: Path) -> pd.DataFrame:
    with connection() as memory:
        return memory.execute(f"select * from read_parquet({literal(str(path))})").df()


@pytest.fixture
def compare(tmp_path: Path) -> Callable[..., pd.DataFrame]:
    """Compare two `kpi_daily`; event days are (table, event day, extract day, rows, replaced)."""

    def compared(
        before: list[dict],
        now: list[dict],
        *,
        changed: Changed = OTHER_INPUTS,
        event_days: tuple[tuple, ...] = (),
        extracts: tuple[tuple[date, int], ...] = ((FIRST_EXTRACT, 10), (LATE_EXTRACT, 5)),
    ) -> pd.DataFrame:
        build, old, new = tmp_path / "build.duckdb", tmp_path / "old", tmp_path / "new"
        with connection(build) as opened:
            opened.execute("create schema if not exists intermediate; create schema if not exists seeds")
            opened.execute(
                "create or replace table intermediate.int_event_days__delivered (table_name varchar, event_on date, "
                "extract_date date, row_count bigint, replaced_count bigint)"
            )
            for row in event_days:
                opened.execute("insert into intermediate.int_event_days__delivered values (?, ?, ?, ?, ?)", row)
            opened.execute(
                "create or replace table seeds.kpi_catalogue as select * from (values ('csat', 'survey_responses', 0), "
                "('refund_rate', 'orders|returns', 60)) as known (kpi_id, required_tables, maturity_days)"
            )
        tables = ("survey_responses", "orders", "returns")
        columns = ("table_name", "extract_date", "loaded_count")
        delivered = [dict(zip(columns, (table, *extract), strict=True)) for table in tables for extract in extracts]
        known = [row for row in delivered if row["extract_date"] == FIRST_EXTRACT]
        _write(old / "tables", "kpi_daily", before)
        _write(old / "tables", "data_coverage_daily", [row | {"loaded_count": 10} for row in known])
        _write(new, "kpi_daily", now)
        _write(new, "data_coverage_daily", delivered)
        write_restatements(tmp_path / "out.parquet", build_file=build, tables=new, served=old, changed=changed)
        return _read(tmp_path / "out.parquet")

    return compared


def test_a_value_that_moved_by_more_than_the_bound_is_told_with_both_values(compare):
    rows = compare([_daily(0.8, n=100)], [_daily(0.79, n=104)])
    assert list(rows.columns) == list(RESTATEMENT_COLUMNS)
    told = rows.iloc[0]
    assert (told["previous_release_id"], told["previous_n"], told["n"]) == ("before", 100, 104)
    assert (told["previous_value"], told["value"], told["change"]) == (0.8, 0.79, -0.01)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(_daily(0.8), _daily(0.8039), id="within half a percent"),
        pytest.param(_daily(0.8, is_mature=False), _daily(0.5), id="not closed yet"),
        pytest.param(_daily(None), _daily(0.5), id="hidden before"),
        pytest.param(_daily(0.8), _daily(None), id="hidden now"),
        pytest.param(_daily(0.8), _daily(0.5, day=NEXT_DAY), id="another day"),
    ],
)
def test_nothing_is_told_of(compare, before, now):
    assert compare([before], [now]).empty


def test_rows_that_came_since_are_late_data_and_those_that_replace_are_corrections(compare):
    rows = compare(
        [_daily(0.8)],
        [_daily(0.7)],
        event_days=(
            ("survey_responses", DAY, LATE_EXTRACT, 7, 3),
            ("survey_responses", DAY, FIRST_EXTRACT, 50, 0),
            ("survey_responses", NEXT_DAY, LATE_EXTRACT, 9, 0),
            ("orders", DAY, LATE_EXTRACT, 9, 0),
        ),
    )
    told = rows.iloc[0]
    assert (told["cause"], told["late_row_count"], told["corrected_row_count"]) == ("late_data|correction", 4, 3)


def test_an_extract_day_delivered_anew_counts_as_come_since(compare):
    rows = compare(
        [_daily(0.8)],
        [_daily(0.7)],
        extracts=((FIRST_EXTRACT, 12),),
        event_days=(("survey_responses", DAY, FIRST_EXTRACT, 12, 0),),
    )
    assert rows.iloc[0]["cause"] == "late_data"


def test_a_late_numerator_revises_the_day_of_its_denominator(compare):
    before, now = _daily(0.1, kpi_id="refund_rate"), _daily(0.2, kpi_id="refund_rate")
    inside = compare([before], [now], event_days=(("returns", date(2025, 4, 30), LATE_EXTRACT, 2, 0),))
    assert inside.iloc[0]["late_row_count"] == 2


def test_what_moved_for_no_other_reason_moved_with_the_customers(compare):
    assert compare([_daily(0.8)], [_daily(0.7)])["cause"].tolist() == ["identity"]


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        (Changed("before", inputs=False, seeds=False, code=True, key=False), "code"),
        (Changed("before", inputs=False, seeds=True, code=True, key=False), "code|definition"),
        (Changed("before", inputs=True, seeds=False, code=False, key=True), "erasure"),
        (Changed("before", inputs=False, seeds=False, code=False, key=False), "unknown"),
    ],
)
def test_the_manifest_tells_code_definitions_and_erasure(compare, changed, cause):
    assert compare([_daily(0.8)], [_daily(0.7)], changed=changed)["cause"].tolist() == [cause]


def test_without_a_release_before_the_table_is_there_and_empty(tmp_path):
    target = tmp_path / "out.parquet"
    write_restatements(target, build_file=tmp_path / "no.duckdb", tables=tmp_path, served=None, changed=None)
    rows = _read(target)
    assert rows.empty
    assert list(rows.columns) == list(RESTATEMENT_COLUMNS)


def test_what_changed_is_read_off_the_ingredients():
    before = Ingredients(inputs="i", seeds="s", code="c", key_fingerprint="k")
    now = Ingredients(inputs="j", seeds="s", code="d", key_fingerprint="k")
    assert Changed.between("r", before, now) == Changed("r", inputs=True, seeds=False, code=True, key=False)
