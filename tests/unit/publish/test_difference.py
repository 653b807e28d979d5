"""Two releases compared: tables, KPIs, causes."""

from datetime import date

import pytest

from pipeline import publish
from pipeline.settings import Home
from pipeline.warehouse import connection

DAY = date(2025, 12, 1)


def _release(root, as_of, *, values, mature, inputs="i", code="c", before=None, restated=()):
    """A release with one KPI: daily values from DAY on, and a latest value that is the last of them."""
    releases = Home(root, root / "drop").releases
    made_of = publish.Ingredients(inputs, "s", code, "k")
    name = publish.release_id(as_of, made_of)
    folder = releases / f".staging-{name}"
    (folder / "tables").mkdir(parents=True)
    with connection() as memory:
        rows = ", ".join(f"('csat', date '2025-12-0{n}', {value}, {n <= mature})" for n, value in enumerate(values, 1))
        memory.execute(
            f"create table kpi_daily as select *, 'all' as segment_dimension, 'all' as segment from (values {rows}) "
            "as v (kpi_id, metric_date, value, is_mature)"
        )
        memory.execute(
            "create table kpi_latest as select kpi_id, 28 as window_days, value, metric_date as window_end, "
            "segment_dimension, segment from kpi_daily order by metric_date desc limit 1"
        )
        memory.execute("create table kpi_restatements (kpi_id varchar, segment_dimension varchar, cause varchar)")
        for cause in restated:
            memory.execute("insert into kpi_restatements values ('csat', 'all', ?)", [cause])
        for table in ("kpi_daily", "kpi_latest", "kpi_restatements"):
            memory.execute(f"copy {table} to '{folder / 'tables' / table}.parquet' (format parquet)")
    facts = {table: publish.TableFacts(1, f"{table} {values}") for table in ("kpi_daily", "kpi_latest")}
    manifest = publish.Manifest(
        name, as_of, f"{as_of}T05:30:00Z", "0", "EUR", "UTC", made_of, facts, previous_release_id=before
    )
    return publish.seal(publish.StagedRelease(folder, facts), manifest, releases)[0]


@pytest.fixture
def first(tmp_path):
    return _release(tmp_path, "2025-12-02", values=[0.5, 0.6], mature=1)


def test_a_release_does_not_differ_from_itself(first):
    found = publish.differences(first, first)
    assert (found.ingredients, found.tables, found.kpis) == ((), (), ())


def test_new_days_and_days_that_mature_are_told_apart(tmp_path, first):
    later = _release(tmp_path, "2025-12-03", values=[0.5, 0.7, 0.8], mature=2, inputs="j", before=first.name)
    found = publish.differences(first, later)
    (kpi,) = found.kpis
    assert (kpi.value_before, kpi.value_now) == (0.6, 0.8)
    assert (kpi.new_day_count, kpi.open_day_count, kpi.closed_day_count) == (1, 1, 0)
    assert kpi.causes == ("maturing", "new_days")
    assert found.ingredients == ("data",)
    assert [(table.table, table.change) for table in found.tables] == [
        ("kpi_daily", "changed"),
        ("kpi_latest", "changed"),
    ]


def test_closed_days_move_for_the_reason_the_restatements_give(tmp_path, first):
    later = _release(
        tmp_path, "2025-12-02", values=[0.4, 0.6], mature=1, inputs="j", before=first.name, restated=["late_data|code"]
    )
    (kpi,) = publish.differences(first, later).kpis
    assert (kpi.closed_day_count, kpi.causes) == (1, ("code", "late_data"))


def test_against_another_release_than_the_one_before_the_ingredients_tell(tmp_path, first):
    later = _release(tmp_path, "2025-12-02", values=[0.4, 0.6], mature=1, code="d", before="x", restated=["late_data"])
    (kpi,) = publish.differences(first, later).kpis
    assert kpi.causes == ("code",)


def test_tables_and_columns_that_come_and_go_are_named(tmp_path, make_release, change_build):
    before, _ = make_release("2025-12-01")
    change_build("alter table published.segment_clv drop column value")
    change_build("alter table published.segment_clv add column clv double")
    change_build("create table published.extra as select 1 as n")
    now, _ = make_release("2025-12-02")
    found = {table.table: table for table in publish.differences(before, now).tables}
    assert (found["extra"].change, found["extra"].rows_now) == ("added", 1)
    assert (found["segment_clv"].new_columns, found["segment_clv"].gone_columns) == (("clv",), ("value",))
    assert publish.differences(now, before).tables[0].change == "removed"
