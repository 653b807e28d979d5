"""All keys of a line are read at once, and each says what it would say alone."""

import json

import duckdb

from pipeline.extract.jsonfiles import _cells, _json_path
from pipeline.warehouse import literal

KEYS = ["plain", "with space", "a.b", "a*", "*", 'q"x', "back\\slash", "[0]", "$", "été", "-1", "absent"]
LINES = [
    {"plain": 1, "with space": 2.50, "a.b": "x", "a*": True, "*": "s", 'q"x': "y", "back\\slash": "z"},
    {"plain": None, "a.b": {"k": [1, 2]}, "[0]": "list", "$": "", "été": "é", "-1": "minus", "a": {"b": "nested"}},
    {"plain": "text", "with space": [1, 2], "a1": 5},
]


def test_each_key_reads_as_it_would_alone():
    columns = {key: f"c{place}" for place, key in enumerate(KEYS)}
    with duckdb.connect() as opened:
        opened.execute("create table json_lines (_line bigint, line varchar)")
        opened.executemany("insert into json_lines values (?, ?)", [(n, json.dumps(x)) for n, x in enumerate(LINES)])
        alone = ", ".join(f"json_extract_string(line, {literal(_json_path(key))})" for key in KEYS)
        expected = opened.execute(f"select _line, {alone} from json_lines order by _line").fetchall()
        found = opened.execute(f"select _line, {', '.join(columns.values())} from ({_cells(columns)}) order by _line")
        assert found.fetchall() == expected
    assert expected[0][1:4] == ("1", "2.5", "x")
    assert expected[1][3] == '{"k":[1,2]}'


def test_odd_keys_alone_are_read_too():
    with duckdb.connect() as opened:
        opened.execute("create table json_lines as select 1::bigint as _line, '{\"a*\": 7}' as line")
        assert opened.execute(_cells({"a*": "c0"})).fetchall() == [(1, "7")]
