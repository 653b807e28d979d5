"""A wrong mapping is refused with every problem at once, each with its key path and remedy."""

from pathlib import Path

import pytest

from pipeline.extract import SourcesError, load_sources, parse_sources

REAL = Path(__file__).parents[2] / "end_to_end" / "sources.yaml"


def parse(table="orders", source="crm", **block):
    return parse_sources(
        {"version": 1, "company": {}, "sources": {source: {"tables": {table: block}}}}, name="sources.yaml"
    ).mappings


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"delimeter": ";"}, ["delimeter", "Did you mean `delimiter`?"]),
        ({"time_zone": "Europe/Pariss"}, ["time_zone", "no time zone"]),
        ({"encoding": "latin9"}, ["encoding", "windows-1252"]),
        ({"format": "xlsx"}, ["format", "parquet"]),
        ({"files": ["/etc/passwd"]}, ["files", "inside the drop folder"]),
        ({"files": ["../x.csv"]}, ["files", "inside the drop folder"]),
        ({"columns": {"order_idd": "x"}}, ["columns.order_idd", "Did you mean `order_id`?"]),
        ({"columns": {"order_id": {"frm": "x"}}}, ["columns.order_id", "exactly one form"]),
        ({"columns": {"order_id": {"from": "x", "prefx": "R"}}}, ["order_id.prefx", "`prefix`"]),
        ({"columns": {"order_id": {"concat": "x"}}}, ["order_id.concat", "needs a list"]),
        ({"columns": {"net_amount": {"sum": "x"}}}, ["net_amount", "need group_by"]),
        ({"columns": {"order_type": {"when": {"column": "a", "like": "b"}, "then": "c"}}}, ["when.like"]),
        ({"columns": {"order_type": {"from": "a", "values": {"b": "c"}, "otherwise": "x"}}}, ["otherwise"]),
        (
            {"group_by": ["Invoice"], "columns": {"order_id": "Invoice"}},
            ["`ordered_at` is required and not mapped"],
        ),
        (
            {"group_by": ["Invoice"], "columns": {"order_id": "Invoice", "net_amount": "Price"}},
            ["`Price` differs within a group"],
        ),
        ({"key": "id"}, ["key", "only `row`"]),
        ({"where": [{"is": "null"}]}, ["where[0]", "needs a `column`"]),
        ({"where": [{"column": "a", "is": "empty"}]}, ["where[0].is"]),
        ({"extract_day": "someday"}, ["extract_day", "2025-12-18"]),
        ({"unpivot": {"name": "q"}}, ["unpivot", "needs `columns`"]),
        ({"decimal_mark": ";"}, ["decimal_mark"]),
        ({"delimiter": ";;"}, ["delimiter", "one character"]),
        ({"date_format": "dd/mm/yyyy"}, ["date_format", "%d/%m/%Y"]),
    ],
)
def test_problems_name_key_and_remedy(block, words):
    with pytest.raises(SourcesError) as caught:
        parse(**block)
    assert "sources.yaml" in str(caught.value)
    assert "sources.crm.tables.orders" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_an_unknown_table_gets_a_suggestion():
    with pytest.raises(SourcesError, match="Did you mean `orders`"):
        parse("order")


def test_all_problems_are_reported_together():
    with pytest.raises(SourcesError) as caught:
        parse(time_zone="x", encoding="y", files="/z")
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "not YAML"),
        ("- a", "version"),
        ("version: 2\nsources: {}", "version 1"),
        ("version: 1", "no source"),
    ],
)
def test_broken_files(tmp_path, text, words):
    file = tmp_path / "sources.yaml"
    file.write_text(text)
    with pytest.raises(SourcesError, match=words):
        load_sources(file)


def test_a_missing_file_points_to_init(tmp_path):
    with pytest.raises(SourcesError, match="parcours init"):
        load_sources(tmp_path / "sources.yaml")


def test_defaults_lie_under_every_table():
    content = {
        "version": 1,
        "company": {"business_time_zone": "Europe/London", "reporting_currency": "GBP"},
        "sources": {
            "crm": {
                "defaults": {"delimiter": ";", "time_zone": "Europe/Paris"},
                "tables": {"orders": None, "customers": {"delimiter": "tab"}},
            }
        },
    }
    sources = parse_sources(content, name="s")
    assert sources.company.reporting_currency == "GBP"
    assert sources.mappings["orders"].delimiter == ";"
    assert sources.mappings["customers"].delimiter == "\t"
    assert sources.mappings["customers"].time_zone == "Europe/Paris"
    assert list(sources.mappings) == ["customers", "orders"]


def test_the_fingerprint_follows_the_mapping():
    assert parse()["orders"].fingerprint == parse()["orders"].fingerprint
    assert parse()["orders"].fingerprint != parse(delimiter=";")["orders"].fingerprint


def test_the_mapping_of_the_real_data_is_right():
    assert set(load_sources(REAL).mappings) == {
        "customers", "orders", "order_items", "web_events", "survey_responses",
    }  # fmt: skip
