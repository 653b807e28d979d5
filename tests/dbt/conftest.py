"""One build of the models on a home nobody has delivered to; dbt leaves its compiled SQL there."""

import os
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from pipeline.defs.modelling import OWN_NODES, NodeResult, dbt_arguments, home_project, run_dbt
from pipeline.landing import write_contract_files, write_facts
from pipeline.settings import Settings
from tests.dbt.compiling import compiled_inline

AS_OF = date(2025, 12, 31)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An empty home; the environment that a dbt call exports is taken back."""
    before = dict(os.environ)
    made = Settings(home=tmp_path_factory.mktemp("dbt") / "home", memory_gigabytes=6)
    write_contract_files(made.paths)
    write_facts(made.paths, AS_OF, "Europe/Paris", reporting_currency="EUR")
    yield made
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def built(settings: Settings) -> list[NodeResult]:
    """What became of every model and seed, held to its rules, and every other data test."""
    flags = ("--exclude", *OWN_NODES)
    return run_dbt(settings, dbt_arguments("build", project=home_project(settings), variables={}, flags=flags))


@pytest.fixture(scope="session")
def compiled(settings: Settings, built: list[NodeResult]) -> Callable[[str], str]:
    """SQL with macros, compiled."""
    return lambda sql: compiled_inline(settings, sql)
