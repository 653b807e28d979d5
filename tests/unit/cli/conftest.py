"""The command on a home of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline.cli.main import app


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder PARCOURS_HOME names; it does not exist yet."""
    for name in ("DROP", "SOURCES", "SEEDS", "DBT_THREADS"):
        monkeypatch.delenv(f"PARCOURS_{name}", raising=False)
    monkeypatch.setenv("PARCOURS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def parcours(home: Path) -> Callable[..., Result]:
    """Run `parcours`; what it does not expect is raised, as it would show a traceback."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments), catch_exceptions=False)

    return run
