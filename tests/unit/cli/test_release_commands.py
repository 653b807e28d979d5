"""What analysts use: list, show, verify, roll back, ask."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline import landing, publish
from pipeline.settings import Settings
from pipeline.warehouse import connection


def _release(home, as_of, value):
    paths = Settings(home=home).paths
    with connection(paths.build_file) as build:
        build.execute("create schema if not exists published")
        build.execute(f"create or replace table published.kpi_latest as select 'é' as kpi_id, {value} as value, "
                      "date '2025-12-01' as window_end, null as reason")  # fmt: skip
    made_of = publish.Ingredients(str(value), "seeds", "code", "key")
    name = publish.release_id(as_of, made_of)
    staged = publish.stage_tables(paths.build_file, paths.landing_facts, paths.releases, name)
    publish.write_database(staged, {})
    (staged.folder / "report").mkdir()
    (staged.folder / "report" / "index.html").write_text("report", encoding="utf-8")
    manifest = publish.Manifest(
        name, as_of, f"{as_of}T05:30:00Z", "0.0.0", "EUR", "Europe/Paris", made_of, staged.tables, 7, 1
    )
    return publish.seal(staged, manifest, paths.releases)[0].name


@pytest.fixture
def releases(home):
    """Two releases; the later one is served."""
    landing.write_facts(Settings(home=home).paths, date(2025, 12, 1), "Europe/Paris", reporting_currency="EUR")
    return [_release(home, "2025-12-01", 1), _release(home, "2025-12-02", 2)]


def _served(home):
    return publish.current_release(home / "releases").name


def test_an_empty_home_has_no_releases_and_says_what_makes_one(parcours):
    assert parcours("releases", "list").exit_code == 0
    for command in (["releases", "show"], ["releases", "verify"], ["query", "select 1"], ["report"]):
        result = parcours(*command)
        assert result.exit_code == 2
        assert "`parcours run` makes one" in result.output


def test_the_served_release_bears_a_star(releases, parcours):
    lines = parcours("releases", "list").output.splitlines()
    assert ["*" in line for line in lines if "2025-12-0" in line] == [False, True]


def test_a_release_is_shown_with_what_it_is_made_of(releases, parcours):
    output = parcours("releases", "show").output
    for words in (releases[1], "as of 2025-12-02", "7 expectations met, 1 warnings", "kpi_latest", "inputs: 2"):
        assert words in output
    assert f"Release {releases[0]}, as of 2025-12-01" in parcours("releases", "show", releases[0]).output


def test_a_release_that_is_not_there_is_no_reason_for_a_traceback(releases, parcours):
    for command in (["show", "x"], ["verify", "../x"], ["rollback", "x"]):
        result = parcours("releases", *command)
        assert result.exit_code == 2
        assert "`parcours releases list` shows them" in result.output


def test_verification_finds_a_changed_file(home, releases, parcours):
    result = parcours("releases", "verify")
    assert (result.exit_code, result.output.strip()) == (0, f"Release {releases[1]} is as its manifest says.")
    page = home / "releases" / releases[1] / "report" / "index.html"
    page.chmod(0o644)
    page.write_text("prettier figures", encoding="utf-8")
    result = parcours("releases", "verify")
    assert result.exit_code == 1
    assert "report/index.html was changed" in result.output
    assert parcours("releases", "verify", releases[0]).exit_code == 0


def test_rolling_back_serves_the_earlier_release(home, releases, parcours):
    result = parcours("releases", "rollback", releases[0])
    assert (result.exit_code, result.output.strip()) == (0, f"Serving {releases[0]}.")
    assert _served(home) == releases[0]
    assert parcours("query", "select value from kpi_latest", "--format", "csv").output == "value\n1\n"


def test_answers_come_as_table_csv_or_json(releases, parcours):
    sql = "from kpi_latest"
    assert "é" in parcours("query", sql).output
    csv = parcours("query", sql, "--format", "csv").output.splitlines()
    assert csv == ["kpi_id,value,window_end,reason", "é,2,2025-12-01,"]
    (row,) = json.loads(parcours("query", sql, "--format", "json").output)
    assert (row["kpi_id"], row["value"], row["reason"]) == ("é", 2, None)
    assert row["window_end"].startswith("2025-12-01")
    older = parcours("query", "select value from kpi_latest", "--release", releases[0], "--format", "csv")
    assert older.output == "value\n1\n"


def test_an_answer_is_printed_as_it_is(releases, parcours):
    sql = "select '[bold]x[/bold] ' || repeat('y', 300) as text"
    assert parcours("query", sql, "--format", "csv").output == f"text\n[bold]x[/bold] {'y' * 300}\n"


@pytest.mark.parametrize("sql", ["drop table kpi_latest", "select", "select 1; select 2", "from nope"])
def test_a_wrong_question_is_answered_with_words(home, releases, parcours, sql):
    result = parcours("query", sql)
    assert result.exit_code == 2
    assert result.output.startswith("error: ")
    assert publish.verify_release(home / "releases" / releases[1]) == []


def test_an_unknown_format_is_refused(releases, parcours):
    assert parcours("query", "select 1", "--format", "xml").exit_code == 2


def test_the_report_is_where_the_command_says(home, releases, parcours):
    said = Path(parcours("report").output.strip())
    assert said.read_text(encoding="utf-8") == "report"
    assert said.is_relative_to(home)


def test_two_releases_are_compared_by_table(releases, parcours):
    output = parcours("releases", "diff", releases[0]).output
    assert f"Release {releases[0]} → {releases[1]}" in output
    assert "made of other: data" in output
    assert ["kpi_latest", "changed", "1", "1"] in [line.split() for line in output.splitlines()]
    found = json.loads(parcours("releases", "diff", *releases, "--format", "json").output)
    assert [table["table"] for table in found["tables"]] == ["kpi_latest"]
    assert parcours("releases", "diff", "x").exit_code == 2


def _close_gate(home, *, is_final=False):
    check = publish.ClosedCheck(
        "published/kpi_latest/n/column_values_to_be_between", "published", "kpi_latest", None, "n", "1 of 5 rows fail",
        "A count is never negative", "Mend the data", is_final,
    )  # fmt: skip
    folder = Settings(home=home).paths.gate
    gate = publish.gate_now(
        None,
        [check],
        release_id="r",
        as_of_date="2025-12-03",
        served=None,
        at=datetime(2025, 12, 4),  # noqa: DTZ001
    )
    publish.write_gate(folder, gate, publish.gate_page(gate))
    return check.check


def test_the_status_says_why_nothing_was_published_and_what_helps(home, releases, parcours):
    name = _close_gate(home)
    output = parcours("status").output
    for words in (
        "no run has passed since 2025-12-04T00:00:00Z",
        name,
        "1 of 5 rows fail",
        "Mend the data",
        "index.html",
    ):
        assert words in output
    assert f"parcours publish --override {name}" in output


def test_an_open_gate_has_nothing_to_override(parcours, home, monkeypatch):
    monkeypatch.setattr("pipeline.defs.overriding.open_session", lambda _: None)
    result = parcours("publish", "--override", "x", "--reason", "counted by hand", "--by", "Ada")
    assert (result.exit_code, "nothing to override" in result.output) == (2, True)


def test_an_override_needs_a_name_a_reason_and_a_check_that_may_be(home, releases, parcours, monkeypatch):
    monkeypatch.setattr("pipeline.defs.overriding.open_session", lambda _: None)
    name = _close_gate(home, is_final=True)
    words = ("--reason", "counted by hand, it is right", "--by", "Ada")
    assert "guards people" in parcours("publish", "--override", name, *words).output
    assert "no closed check is named y" in parcours("publish", "--override", "y", *words).output
    assert parcours("publish", "--override", name).exit_code == 2
    assert _served(home) == releases[1]
