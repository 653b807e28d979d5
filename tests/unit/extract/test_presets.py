"""Every vendor's own shape, through the reader and the door, against the rows that must land."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from pipeline.contracts import CONTRACTS
from pipeline.extract import FileReader, SourcesError, discover, parse_sources
from pipeline.extract.presets import laid_over, presets
from pipeline.landing import DoorSettings, land_table
from pipeline.settings import PROJECT_ROOT, Home

FIXTURES = PROJECT_ROOT / "tests" / "fixtures" / "presets"
GOLDEN = [(name, table) for name, preset in presets().items() for table in preset.tables]
SETTINGS = DoorSettings(
    bytes(range(32)), "golden", scales={"nps": (0, 10, True), "csat": (1, 5, True)}, reporting_currency="EUR"
)


def mapping(name, table, **own):
    source = CONTRACTS[table].source
    content = {"version": 1, "sources": {source: {"tables": {table: {"preset": name, **own}}}}}
    return parse_sources(content, name="sources.yaml").mappings[table]


def landed(home, name, table, **own):
    """Outcome and landed rows of a table whose file lies in the drop."""
    mapped = mapping(name, table, **own)
    files = discover(home.drop, mapped)
    (outcome,) = land_table(
        home, mapped, CONTRACTS[table], files=files, read=FileReader(mapped, CONTRACTS[table]), settings=SETTINGS
    )
    assert outcome.content["problems"] == []
    folder = home.pending / table / f"extract_date={outcome.extract_date}"
    names = [name for name, _ in CONTRACTS[table].landed_columns]
    columns = ", ".join(f'"{name}"::varchar' for name in names)
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select {columns} from read_parquet('{folder / 'data.parquet'}', hive_partitioning = false) "
            f"order by _source_line, {', '.join(str(place) for place in range(1, len(names) + 1))}"
        ).fetchall()
    return outcome.content, [{k: v for k, v in zip(names, row, strict=True) if v is not None} for row in rows]


def drop(tmp_path, name, table):
    folder = tmp_path / "drop" / CONTRACTS[table].source / table
    shutil.copytree(FIXTURES / name / table, folder, ignore=shutil.ignore_patterns("expected.json"))
    return Home(tmp_path / "home", tmp_path / "drop")


def counts(content):
    return {key: content[f"row_count_{key}"] for key in ("received", "loaded", "quarantined", "duplicate", "set_aside")}


@pytest.mark.parametrize(("name", "table"), GOLDEN, ids=lambda each: each)
def test_the_golden_fixture_of_a_vendor_lands_as_expected(tmp_path, name, table):
    expected = json.loads((FIXTURES / name / table / "expected.json").read_text(encoding="utf-8"))
    content, rows = landed(drop(tmp_path, name, table), name, table)
    assert {"counts": counts(content), "reasons": content["quarantine_reasons"], "rows": rows} == expected
    assert counts(content)["received"] == sum(counts(content).values()) - counts(content)["received"]


def test_ga4_as_nested_parquet_lands_like_ga4_as_json(tmp_path):
    home = drop(tmp_path, "ga4", "web_events")
    _, as_json = landed(home, "ga4", "web_events")
    (file,) = (home.drop / "web" / "web_events").iterdir()
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * replace (event_timestamp::bigint as event_timestamp) from read_json('{file}', "
            f"format = 'newline_delimited')) to '{file.with_suffix('.parquet')}' (format parquet)"
        )
    file.unlink()
    _, as_parquet = landed(Home(tmp_path / "other", home.drop), "ga4", "web_events")
    assert len(as_json) == 5
    assert as_parquet == as_json


def test_a_preset_is_overridden_key_by_key(tmp_path):
    home = drop(tmp_path, "trustpilot", "feedback")
    _, rows = landed(home, "trustpilot", "feedback", columns={"platform": {"constant": "avis"}, "language": None})
    assert {row["platform"] for row in rows} == {"avis"}
    assert [row["rating"] for row in rows] == ["2.0000", "5.0000"], "the other columns stay the preset's"
    assert all(row.get("language") for row in rows), "without an expression a column takes its own name"


def test_the_row_a_record_came_from_keeps_its_raw_text(tmp_path):
    home = drop(tmp_path, "zendesk", "interactions")
    content, _ = landed(home, "zendesk", "interactions")
    assert content["row_count_quarantined"] == 1
    (file,) = home.quarantine.rglob("rows.parquet")
    with duckdb.connect() as connection:
        ((line, raw),) = connection.execute(f"select _source_line, _raw from read_parquet('{file}')").fetchall()
    assert line == 3
    assert json.loads(raw)["via"] == {"channel": "any_channel"}


def test_a_file_of_another_shape_is_refused_by_name(tmp_path):
    home = Home(tmp_path / "home", tmp_path / "drop")
    file = home.drop / "surveys" / "feedback" / "2025-12-02.json"
    file.parent.mkdir(parents=True)
    file.write_text("[1, 2]", encoding="utf-8")
    mapped = mapping("trustpilot", "feedback")
    contract = CONTRACTS["feedback"]
    (outcome,) = land_table(
        home, mapped, contract, files=discover(home.drop, mapped), read=FileReader(mapped, contract), settings=SETTINGS
    )
    assert "a record is no JSON object" in outcome.content["problems"][0]["message"]


def test_unknown_presets_and_tables_are_told():
    for block, words in (
        ({"preset": "shopfy"}, "Did you mean `shopify`?"),
        ({"preset": "zendesk"}, "`zendesk` does not fill orders. It fills interactions."),
    ):
        with pytest.raises(SourcesError, match=words.replace("?", r"\?")):
            parse_sources({"version": 1, "sources": {"crm": {"tables": {"orders": block}}}}, name="s")


def test_every_preset_says_what_a_user_must_know():
    for name, preset in presets().items():
        assert preset.label, name
        assert preset.export, name
        assert "." in preset.reference, name
        for table in preset.tables:
            assert (FIXTURES / name / table / "expected.json").is_file(), f"{name}: {table} has no golden fixture"


def test_laying_over():
    preset = {"format": "csv", "columns": {"a": "x", "b": "y"}, "names": ["a"]}
    assert laid_over(preset, {"columns": {"b": "z", "a": None}, "names": None, "time_zone": "UTC"}) == {
        "format": "csv", "columns": {"b": "z"}, "time_zone": "UTC",
    }  # fmt: skip


def test_sources_shown_in_the_documentation_are_right():
    for page in ("sources.md", "presets.md"):
        blocks = re.findall(r"```yaml\n(.*?)```", (PROJECT_ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)
        assert blocks
        for block in blocks:
            parse_sources({"version": 1, **yaml.safe_load(block)}, name=page)


def test_days_of_fixtures_are_in_their_names():
    days = {date.fromisoformat(path.name[:10]) for path in FIXTURES.rglob("2*") if isinstance(path, Path)}
    assert days == {date(2025, 12, 2)}
