"""What the documentation names exists: links, commands, targets, variables, mappings, queries."""

import csv
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import duckdb
import pytest
import typer
import yaml

from pipeline.cli.looking import look_at_drop
from pipeline.cli.main import app
from pipeline.defs.descriptions import run_tables
from pipeline.extract import load_sources, parse_sources
from pipeline.extract.table_mapping import TABLE_KEYS
from pipeline.settings import PROJECT_ROOT, Settings
from tests.conventions.repository import files, name

DOCS = PROJECT_ROOT / "docs"
PAGES = [page for page in files(".md") if page.parent == PROJECT_ROOT or page.is_relative_to(DOCS)]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"(?<![\w/.-])(?:\.venv/bin/)?parcours +([a-z][a-z-]*)(?: +([a-z][a-z-]*))?([^\n`]*)")

_QUERY = re.compile(r"""parcours query (?:"([^"]+)"|'([^']+)')""")


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _fences(page: Path, language: str) -> list[str]:
    return [body for found, body in _FENCE.findall(_text(page)) if found == language]


def _code(page: Path) -> list[str]:
    """Blocks and spans of code; a span may run over a line's end."""
    text = _text(page)
    spans = re.findall(r"`([^`]+)`", _FENCE.sub("", text))
    return [body for _, body in _FENCE.findall(text)] + [" ".join(span.split()) for span in spans]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", _text(page)), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _links(page: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", _FENCE.sub("", _text(page))):
        if not target.startswith(("http://", "https://")):
            yield target


def test_there_is_documentation() -> None:
    assert {"README.md", "CHANGELOG.md", "docs/index.md"} <= {name(page) for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_resolve(page: Path) -> None:
    broken = []
    for link in _links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_file() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_can_be_reached_from_the_index() -> None:
    seen: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            waiting += [(page.parent / link.partition("#")[0]).resolve() for link in _links(page) if link[0] != "#"]
    assert [name(page) for page in PAGES if page.is_relative_to(DOCS) and page not in seen] == []


def _problem(first: str, second: str, rest: str) -> str | None:
    """What is wrong with a command line, or nothing."""
    commands: Any = typer.main.get_command(app)
    command = commands.commands.get(first)
    if isinstance(command, click.Group) or hasattr(command, "commands"):
        command = command.commands.get(second)
    if command is None:
        return f"{first} {second}".strip()
    known = {option for parameter in command.params for option in (*parameter.opts, "--help")}
    unknown = set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest)) - known
    return f"{first} {' '.join(sorted(unknown))}" if unknown else None


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_exist_with_their_options(page: Path) -> None:
    lines = [found for body in _code(page) for found in _COMMAND.findall(body)]
    assert [problem for line in lines if (problem := _problem(*line))] == []


def test_the_check_of_commands_can_fail() -> None:
    assert _problem("fly", "", "") == "fly"
    assert _problem("releases", "burn", "") == "releases burn"
    assert _problem("run", "", " --faster") == "run --faster"
    assert _problem("releases", "list", "") is None


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text(PROJECT_ROOT / "Makefile"), flags=re.MULTILINE))
    named = {target for body in _code(page) for target in re.findall(r"(?<![\w-])make ([a-z-]+)", body)}
    assert named - targets == set()


def test_environment_variables_are_those_of_the_settings() -> None:
    settings = {f"PARCOURS_{field}".upper() for field in Settings.model_fields}
    named = {variable for page in PAGES for variable in re.findall(r"PARCOURS_[A-Z_]+", _text(page))}
    channels = {name for name in named if name.startswith("PARCOURS_CHANNEL_")}  # named by their owner
    assert named - settings - channels == set()
    assert set(re.findall(r"`(PARCOURS_[A-Z_]+)`", _text(DOCS / "operations.md"))) == settings


def test_mappings_shown_are_right_and_every_key_is_described() -> None:
    page = DOCS / "mapping.md"
    examples = [yaml.safe_load(body) for body in _fences(page, "yaml")]
    assert examples
    for example in examples:
        whole = example if "version" in example else {"version": 1, "sources": {"any": {"tables": example}}}
        parse_sources(whole, name="mapping.md")
    assert [key for key in TABLE_KEYS if f"| `{key}` |" not in _text(page)] == []


def test_the_funnel_shown_has_the_columns_of_its_seeds() -> None:
    shown = next(body for body in _fences(DOCS / "funnels.md", "") if ".csv" in body)
    seeds = re.findall(r"^(\w+)\.csv\n((?: +.+\n)+)", shown, flags=re.MULTILINE)
    assert [seed for seed, _ in seeds] == [
        "touchpoints", "touchpoint_mappings", "funnels", "funnel_step_definitions", "funnel_step_touchpoints"
    ]  # fmt: skip
    for seed, rows in seeds:
        with (PROJECT_ROOT / "dbt_project" / "seeds" / f"{seed}.csv").open(encoding="utf-8") as handle:
            header = next(csv.reader(handle))
        assert {len(row) for row in csv.reader(rows.strip().splitlines())} == {len(header)}, seed


@pytest.fixture
def empty_release() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every published table, with its columns and no row."""
    columns: dict[str, list[str]] = {}
    for file in (PROJECT_ROOT / "dbt_project" / "models" / "published").glob("*.yml"):
        for model in yaml.safe_load(_text(file)).get("models", []):
            columns[model["name"]] = [f"{column['name']} {column['data_type']}" for column in model["columns"]]
    for table, written in run_tables().items():
        columns[table] = [f"{column} {kind}" for column, (kind, _) in written.columns.items()]
    with duckdb.connect() as memory:
        for table, definitions in columns.items():
            memory.execute(f"create table {table} ({', '.join(definitions)})")
        yield memory


def test_queries_shown_are_answered(empty_release: duckdb.DuckDBPyConnection) -> None:
    queries = _fences(DOCS / "analysts.md", "sql")
    for page in PAGES:
        found = [pair for body in _code(page) for pair in _QUERY.findall(body)]
        queries += [double or single for double, single in found]
    assert len(queries) > 10
    for query in queries:
        empty_release.execute(query)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("shell_blocks")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_stand_in_blocks_that_tests_run(page: Path, shell: ModuleType) -> None:
    """A block marked otherwise would be run by nobody."""
    unmarked = [body for body in _fences(page, "") if re.search(r"^(?:\.venv/bin/)?parcours ", body, re.MULTILINE)]
    assert unmarked == []
    assert len(shell.shell_blocks(page)) == len(_fences(page, "bash"))


def test_few_blocks_are_not_run_and_each_says_why(shell: ModuleType) -> None:
    reasons = [block.why_not for page in PAGES for block in shell.shell_blocks(page) if block.why_not]
    assert len(reasons) <= 3
    assert min(map(len, reasons)) > 20


def test_blocks_are_found_with_headings_commands_and_reasons(shell: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n\n```bash\none\n```\n\n"
        "## Part\n\n<!-- not run: a server -->\n```bash\ntwo \\\n    --more\n\nthree\n```\n",
        encoding="utf-8",
    )
    first, second = shell.shell_blocks(page)
    assert (first.heading, first.commands, first.why_not) == ("Page", ["one"], "")
    assert (second.heading, second.why_not) == ("Part", "a server")
    assert [" ".join(line.split()) for line in second.commands] == ["two --more", "three"]


def test_a_block_carries_what_it_exports_and_stops_at_the_first_failure(shell: ModuleType, tmp_path: Path) -> None:
    shell.run_block("export GREETING='good day'", tmp_path, tmp_path / "environment")
    shell.run_block('test "$GREETING" = "good day"\ntouch reached', tmp_path, tmp_path / "environment")
    with pytest.raises(shell.BlockError, match="exit code 1"):
        shell.run_block("false\ntouch further", tmp_path, tmp_path / "environment")
    assert (tmp_path / "reached").exists()
    assert not (tmp_path / "further").exists()


def test_the_first_hour_shows_the_mapping_it_uses_and_its_exports_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = DOCS / "examples" / "sources.yaml"
    assert _fences(DOCS / "first-hour.md", "yaml") == [_text(mapping)]
    monkeypatch.syspath_prepend(str(DOCS / "examples"))
    exports = importlib.import_module("shop_exports")
    written = exports.write_exports(tmp_path / "drop")
    again = exports.write_exports(tmp_path / "again")
    assert [file.read_bytes() for file in written] == [file.read_bytes() for file in again]
    settings = Settings(home=tmp_path, sources=mapping)
    found = {dropped.table: dropped for dropped in look_at_drop(settings, load_sources(mapping))}
    assert {name for name, dropped in found.items() if dropped.rows} == {
        "customers", "orders", "web_events", "survey_responses"
    }  # fmt: skip
    assert [dropped.problem for dropped in found.values() if dropped.problem] == []
