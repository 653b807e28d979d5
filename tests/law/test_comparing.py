"""The comparison finds what differs."""

import duckdb
import pytest

from tests.law.comparing import differences

MADE = (
    "create schema intermediate; create schema landing; create table landing.orders as select 1 as order_id; "
    "create table intermediate.int_touchpoints__sessionized as select * "
    "from (values (1, 'home_page', null), (2, 'order', 'a'), (2, 'order', 'a')) as t (number, touchpoint, key); "
    "create view intermediate.int_sessions__kept as from intermediate.int_touchpoints__sessionized where key = 'a'"
)
TABLE = "intermediate.int_touchpoints__sessionized"
CHANGES = {
    "a value": (f"update {TABLE} set touchpoint = 'cart' where number = 1", "'touchpoint': 'cart'"),
    "a value that was missing": (f"update {TABLE} set key = '' where number = 1", "'key': ''"),
    "a row less": (f"delete from {TABLE} where number = 1", "only in one (1 rows)"),
    "a row twice": (f"insert into {TABLE} values (2, 'order', 'a')", "only in other (1 rows)"),
    "another type": (f"alter table {TABLE} alter number type bigint", "has other columns"),
    "other columns": (f"alter table {TABLE} rename key to name", "has other columns"),
    "a table more": ("create table intermediate.int_orders as select 1 as n", "int_orders is in one build only"),
    "another view": (
        "create or replace view intermediate.int_sessions__kept as select 1 as n",
        "int_sessions__kept is another view",
    ),
}


@pytest.fixture
def builds(tmp_path):
    files = [tmp_path / "one.duckdb", tmp_path / "other.duckdb"]
    for file in files:
        with duckdb.connect(str(file)) as made:
            made.execute(MADE)
    return files


def test_builds_that_hold_the_same_do_not_differ(builds):
    with duckdb.connect(str(builds[1])) as opened:  # in another order, by another way
        opened.execute(f"create table kept as from {TABLE} order by number desc; delete from {TABLE}")
        opened.execute(f"insert into {TABLE} from kept; drop table kept; insert into landing.orders values (2)")
        opened.execute("create schema changes; create table changes.versions as select 1 as n")
    assert differences(*builds) == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_difference_is_told_with_its_table_and_rows(builds, change):
    statement, said = CHANGES[change]
    with duckdb.connect(str(builds[1])) as opened:
        if change in ("another type", "other columns"):  # a table something stands on is not altered
            opened.execute("drop view intermediate.int_sessions__kept")
        opened.execute(statement)
    found = differences(*builds)
    assert any(said in each for each in found), found
