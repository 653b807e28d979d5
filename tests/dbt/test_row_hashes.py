"""Rows of kept tables are told apart by one number: rows that differ in anything must differ in it."""

import itertools
from collections.abc import Callable

import duckdb
import pytest

pytestmark = pytest.mark.end_to_end

TEXTS = (None, "", "a", "b", "ab")
LISTS = (None, [], [None], [None, None], [1], [None, 1], [1, None], [2], [1, 2], [2, 1], [1, 1], [0])
COLUMNS = "k varchar, one varchar, other varchar, first bigint[], second bigint[]"


def test_rows_that_differ_have_another_number(compiled: Callable[[str], str]) -> None:
    """What moved from one column to the next makes another row, and so does a missing value."""
    rows = [
        ("k", *texts, *lists)
        for texts in itertools.product(TEXTS, repeat=2)
        for lists in itertools.product(LISTS, repeat=2)
    ]
    sql = compiled("select *, {{ row_hashes(['k'], lists=['first', 'second']) }} from cases")
    with duckdb.connect() as opened:
        opened.execute(f"create table cases ({COLUMNS})")
        opened.executemany("insert into cases values (?, ?, ?, ?, ?)", rows)
        found = opened.execute(
            f"select count(*), count(distinct row_hash), count(distinct key_hash) from ({sql})"
        ).fetchone()
    assert found == (len(rows), len(rows), 1)


def test_the_number_of_a_key_is_the_keys_alone(compiled: Callable[[str], str]) -> None:
    sql = compiled("select *, {{ row_hashes(['k', 'one']) }} from cases")
    rows = [("k", "a", "b"), ("k", "a", "c"), ("k", "b", "c"), ("a", "k", "c")]
    with duckdb.connect() as opened:
        opened.execute("create table cases (k varchar, one varchar, other varchar)")
        opened.executemany("insert into cases values (?, ?, ?)", rows)
        keys = [
            row[0] for row in opened.execute(f"select key_hash from ({sql}) order by k desc, one, other").fetchall()
        ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == len(rows) - 1
