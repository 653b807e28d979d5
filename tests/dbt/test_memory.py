"""The engine that builds the models holds no more memory than the settings give it."""

import pytest

from pipeline.defs.modelling import ModellingError, NodeResult, dbt_arguments, home_project, run_dbt
from pipeline.settings import Settings

pytestmark = pytest.mark.end_to_end


def test_models_are_built_within_the_memory_that_is_given(settings: Settings, built: list[NodeResult]) -> None:
    assert built
    question = "select error(current_setting('memory_limit'))"
    arguments = dbt_arguments("show", project=home_project(settings), variables={}, flags=("--inline", question))
    with pytest.raises(ModellingError, match=f"{settings.memory_gigabytes}.0 GiB"):
        run_dbt(settings, arguments)
