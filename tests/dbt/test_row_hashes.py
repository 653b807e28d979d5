"""Rows of kept tables are told apart by one number: rows that differ in anything must differ in it."""

import ast
import itertools
import re
from collections.abc import Callable

import duckdb
import pytest

from pipeline.settings import PROJECT_ROOT

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


def test_the_number_of_a_key_is_of_the_key_the_model_is_held_to() -> None:
    """Another key there would let rows of one key pass that the model must not have."""
    found = {}
    for path in (PROJECT_ROOT / "dbt_project" / "models").rglob("*.sql"):
        sql = path.read_text(encoding="utf-8")
        numbered = re.search(r"row_hashes\((\[.*?\])", sql)
        declared = re.search(r"'key': (\[.*?\])", sql)
        assert bool(numbered) == ("'hashed': true" in sql), path.stem
        if numbered and declared:
            found[path.stem] = (ast.literal_eval(numbered[1]), ast.literal_eval(declared[1]))
    assert len(found) == 6
    assert {model: keys for model, keys in found.items() if keys[0] != keys[1]} == {}
