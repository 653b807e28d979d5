"""How fast the product is beside SQL written by hand, kept from getting slower: ratios of CPU seconds in one run.

A ratio may lie above its baseline by a fifth (`speed_baseline.json`). With the variable PARCOURS_WRITE_SPEED_BASELINE
set, the test writes what it finds into the baseline, to be read before it is kept. The build file is weighed after
fewer daily runs than the bench makes.
"""

import json
import os
from pathlib import Path

import pytest

from pipeline.cli.speed import Bench

BASELINE = Path(__file__).with_name("speed_baseline.json")
EVENTS = 300_000
DAILY_RUNS = 3
WORSE = 1.2
RATIOS = (
    "fixed_ratio",
    "core_ratio",
    "total_ratio",
    "day_ratio",
    "event_day_ratio",
    "event_rebuild_share",
    "other_day_ratio",
    "file_growth",
)
pytestmark = pytest.mark.slow


def test_no_ratio_is_a_fifth_above_its_baseline(tmp_path: Path) -> None:
    measured = Bench(folder=tmp_path, sizes=[EVENTS], growth_runs=DAILY_RUNS).measure()
    assert [part.name for part in measured.speeds[0].parts if part.differing_rows] == []
    content = measured.as_json()
    found = {name: content[name] for name in RATIOS}
    if os.environ.get("PARCOURS_WRITE_SPEED_BASELINE"):
        BASELINE.write_text(json.dumps({"events": EVENTS, "ratios": found}, indent=2) + "\n", encoding="utf-8")
    kept = json.loads(BASELINE.read_text(encoding="utf-8"))["ratios"]
    assert kept.keys() == found.keys()
    assert {name: ratio for name, ratio in found.items() if ratio > WORSE * kept[name]} == {}, kept
