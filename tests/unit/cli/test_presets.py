"""`parcours presets` tells every preset, and the mapping of one."""

import yaml
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.extract.presets import presets


def test_the_list_names_every_preset():
    result = CliRunner().invoke(app, ["presets"])
    assert result.exit_code == 0
    assert [name for name in presets() if name not in result.output] == []


def test_one_preset_is_shown_as_it_may_be_written():
    result = CliRunner().invoke(app, ["presets", "trustpilot"])
    assert result.exit_code == 0
    shown = yaml.safe_load(result.output[result.output.index("tables:") :])
    assert shown["tables"] == presets()["trustpilot"].tables


def test_an_unknown_preset_is_told():
    result = CliRunner().invoke(app, ["presets", "nobody"])
    assert result.exit_code == 2
    assert "there is no preset `nobody`" in result.output
