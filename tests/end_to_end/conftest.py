"""One run of the sample company through Dagster; every scenario starts from a copy of its home."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli.running import run_daily
from pipeline.sample import write_sample
from pipeline.settings import Settings
from tests.end_to_end.laboratory import SERVED_DAY, Laboratory, copy_home


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """The home after its first run, made once for all workers. Look, do not touch."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    home, is_made = folder / "sample" / "home", folder / "sample" / "is_made"
    home.parent.mkdir(exist_ok=True)
    with (home.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made.exists():
            _run_first(home)
            is_made.touch()
    return Laboratory(Settings(home=home))


def _run_first(home: Path) -> None:
    write_sample(home, seed=2023, customer_count=600)  # a seed with an order on each of the last days
    report = run_daily(Settings(home=home), first=None, last=SERVED_DAY, as_of=None)
    assert report.is_good, report.failures
    assert report.is_new


@pytest.fixture
def lab(origin: Laboratory, tmp_path: Path) -> Laboratory:
    """A copy to do anything with."""
    return copy_home(origin.root, tmp_path / "home")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Run `parcours` on a home, in this process."""
    from typer.testing import CliRunner  # noqa: PLC0415

    from pipeline.cli.main import app  # noqa: PLC0415

    def run(lab: Laboratory, *arguments: str) -> object:
        monkeypatch.setenv("PARCOURS_HOME", str(lab.root))
        return CliRunner().invoke(app, list(arguments), catch_exceptions=False)

    return run
