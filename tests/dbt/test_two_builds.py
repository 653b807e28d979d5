"""A run calls dbt twice, before and after the analysis pass: nothing is left out, nothing runs twice."""

import pytest
from dbt.cli.main import dbtRunner

from pipeline.defs import modelling
from pipeline.settings import Settings

pytestmark = pytest.mark.end_to_end


def _listed(settings: Settings, flags: tuple[str, ...]) -> list[str]:
    project = modelling.home_project(settings)
    arguments = modelling.dbt_arguments("ls", project=project, variables={}, flags=("--output", "name", *flags))
    settings.export_environment()
    left_out = [part for kind in ("unit_test", "exposure") for part in ("--exclude-resource-type", kind)]
    outcome = dbtRunner().invoke(["--quiet", *arguments, *left_out])
    assert outcome.success, outcome.exception
    return list(outcome.result)


def test_every_model_seed_and_test_runs_in_one_of_the_two(settings: Settings) -> None:
    before = _listed(settings, modelling.BEFORE_ANALYSIS)
    after = _listed(settings, modelling.AFTER_ANALYSIS)
    everything = {name for name in _listed(settings, ()) if not name.startswith(("landing.", "analysis."))}
    held = {name for name in everything if name.startswith(modelling.HELD)}
    assert set(before) & set(after) == set()
    assert {name for name in [*before, *after] if not name.startswith(("landing.", "analysis."))} == everything - held
    assert len(held) > len(set(before) | set(after)) / 2, "rules are held in the hook of their model"
    assert set(modelling.ANALYSED) <= set(before)
