"""`parcours bench speed`: what is told of measurements made up here, and arguments that make no sense."""

import json

import pytest

from pipeline.cli.speed import Fixed, PartSpeed, Speed, as_json
from pipeline.cli.speed.processes import MeasurementError, taken
from pipeline.cli.speed.showing import show_speed

FIXED = Fixed(fixed_cpu_s=60.0, stages={"dbt_models": 30.0}, models_cpu_s=40.0)
PARTS = (PartSpeed("sessions", 3.0, 2.0, 0), PartSpeed("funnels", 6.0, 3.0, 2))
SPEED = Speed(
    events=1_000_000,
    total_cpu_s=50.0,
    stages={"landing": 20.0, "dbt_models": 25.0},
    day_cpu_s=10.0,
    day_stages={"landing": 1.0},
    peak_rss_gib=1.5,
    build_gib=0.5,
    parts=PARTS,
)


def test_ratios_are_to_the_sum_of_what_is_written_by_hand():
    content = as_json(FIXED, [SPEED], [])
    assert content["fixed_ratio"] == 1.5
    (size,) = content["sizes"]
    assert (size["baseline_cpu_s"], size["core_cpu_s"]) == (5.0, 9.0)
    assert (size["core_ratio"], size["total_ratio"]) == (1.8, 10.0)
    assert json.loads(json.dumps(size["parts"]))[0]["name"] == "sessions"


def test_what_was_not_measured_is_left_out():
    assert as_json(None, [], PARTS).keys() == {"parts"}


def test_all_that_was_measured_is_shown(capsys):
    show_speed(FIXED, [SPEED], [])
    shown = capsys.readouterr().out
    for word in ("1.50 times", "1,000,000", "1.80", "10.0", "sessions", "landing", "a day"):
        assert word in shown


@pytest.mark.parametrize("events", ["many", "1e3", "", "1e6,,", "-1e6", "inf"])
def test_sizes_that_make_no_sense_are_refused(parcours, events):
    result = parcours("bench", "speed", "--events", events)
    assert result.exit_code == 2
    assert "1e6,1e7" in result.stderr


def test_a_home_that_was_not_run_has_no_core(parcours, tmp_path):
    result = parcours("bench", "speed", "--of", str(tmp_path))
    assert result.exit_code == 1
    assert "was not run" in result.stderr


def test_a_measurement_that_fails_says_so(tmp_path):
    with pytest.raises(MeasurementError, match="exit code"):
        taken(["side", str(tmp_path), "models"])
