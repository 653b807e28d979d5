"""Every command the pages show does what it is shown for: the light ones on each run, whole pages in the slow tier."""

import importlib
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from pipeline import alerts, landing, publish
from pipeline.settings import PROJECT_ROOT
from tests.conventions.repository import files, name
from tests.end_to_end.laboratory import SERVED_DAY, Laboratory, copy_home
from tests.unit.alerts.home import alert

pytestmark = pytest.mark.end_to_end
DOCS = PROJECT_ROOT / "docs"
PAGES = [page for page in files(".md") if page.parent in {PROJECT_ROOT, DOCS} and "```bash" in page.read_text("utf-8")]
HEAVY = {"run", "demo", "init", "forget", "rekey", "publish", "bench", "sample"}
"""What takes a run, or makes a home: left to the slow tier (`sample --list` is light)."""
_WORD = r"(?:\.venv/bin/)?parcours"


@pytest.fixture(scope="module")
def shell() -> Iterator[ModuleType]:
    sys.path.insert(0, str(DOCS))
    yield importlib.import_module("shell_blocks")
    sys.path.remove(str(DOCS))


@pytest.fixture(scope="module")
def desk(origin: Laboratory, tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A copy of the home for all pages."""
    return copied(origin, tmp_path_factory.mktemp("desk") / "parcours_home")


def copied(origin: Laboratory, root: Path) -> Laboratory:
    """A copy of the home in which an alert is open, so that there is one to act on."""
    lab = copy_home(origin.root, root)
    now = datetime.combine(SERVED_DAY, time(6), UTC).replace(tzinfo=None)
    alerts.Ledger(lab.settings.paths.alerts).record(alert(opened_on=SERVED_DAY, seen_on=SERVED_DAY), [], now)
    return lab


def filled(text: str, lab: Laboratory) -> str:
    """A page's command with what stands there for an id."""
    release = publish.current_release(lab.settings.paths.releases)
    assert release is not None
    text = re.sub(r"\d{4}-\d\d-\d\d-0123456789ab", release.name, text)
    text = text.replace("1f0c6f1b2a3d", landing.quarantined_rules(lab.settings.paths)[0].first_id)
    known = alerts.Ledger(lab.settings.paths.alerts).alerts().items()
    (opened,) = [key for key, each in known if each.finding.subject == alert().finding.subject]
    return re.sub(r"\bID\b", opened, text)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_light_commands_of_a_page_work(page, shell, desk, command: Callable[..., object], monkeypatch):
    monkeypatch.chdir(desk.root.parent)
    for block in shell.shell_blocks(page):
        for line in [] if block.why_not else block.commands:
            words = shlex.split(filled(line, desk), comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            if ">" in words or not words or not re.fullmatch(_WORD, words[0]):
                if words[:1] == ["echo"]:
                    os.system(line)  # noqa: S605
                continue
            if words[1] in HEAVY and "--list" not in words:
                continue
            outcome = command(desk, *words[1:])
            assert outcome.exit_code == 0, f"{line}\n{outcome.output}"


@pytest.mark.parametrize("page", [DOCS / "analysts.md"], ids=name)
def test_python_shown_runs_and_queries_shown_find_something(page, desk, monkeypatch):
    monkeypatch.chdir(desk.root.parent)
    text = page.read_text(encoding="utf-8")
    for body in re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        exec(body, {})  # noqa: S102
    queries = re.findall(r"^```sql\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    found = [len(desk.ask(query)) for query in queries]
    assert len(queries) >= 10
    assert sum(count > 0 for count in found) >= len(queries) - 1, "a theme need not have grown"


def test_every_table_and_column_of_the_release_has_a_comment(desk):
    folder = publish.current_release(desk.settings.paths.releases)
    with duckdb.connect(str(folder / "parcours.duckdb"), read_only=True) as client:
        bare = client.execute(
            "select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = '' "
            "union all select table_name, null from duckdb_tables() where coalesce(comment, '') = ''"
        ).fetchall()
    assert bare == []


def test_the_dictionary_of_the_release_has_its_kpis(desk):
    text = (publish.current_release(desk.settings.paths.releases) / "report" / "dictionary.html").read_text("utf-8")
    known = {row["kpi_id"] for row in desk.ask("select distinct kpi_id from kpi_latest")}
    assert known - set(re.findall(r'id="kpi-(\w+)"', text)) == set()


def test_the_page_of_models_asks_nothing_of_the_network(desk, command: Callable[..., object]):
    outcome = command(desk, "models")
    page = Path(outcome.output.strip().splitlines()[-1])
    text = page.read_text(encoding="utf-8")
    assert page == desk.settings.paths.root / "dbt" / "docs" / "index.html"
    assert "connect-src data:" in text[:1000]
    assert {"exposure.parcours.alerts", "exposure.parcours.report"} <= set(re.findall(r"exposure\.parcours\.\w+", text))
    assert str(desk.root) not in text


@pytest.fixture
def typed(origin: Laboratory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laboratory:
    """A folder like a clone: the command in `.venv`, the pages, and homes that were run."""
    lab = copied(origin, tmp_path / "parcours_home")
    (lab.root / "demo").symlink_to(".")
    (tmp_path / "docs").symlink_to(DOCS)
    tools = tmp_path / ".venv" / "bin"
    tools.mkdir(parents=True)
    for tool, module in (("parcours", "-m pipeline.cli.main"), ("python", "")):
        (tools / tool).write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n', encoding="utf-8")
        (tools / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT_ROOT))
    monkeypatch.delenv("PARCOURS_HOME", raising=False)
    return lab


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_can_be_followed_in_a_shell(page, shell, typed):
    """`make` is left out: it sets up what is there already."""
    folder = typed.root.parent
    for block in shell.shell_blocks(page):
        lines = [line for line in block.commands if not line.startswith("make ")]
        if lines and not block.why_not:
            shell.run_block(filled("\n".join(lines), typed), folder, folder / "environment")
