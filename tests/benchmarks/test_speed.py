"""How fast the product is beside SQL written by hand, kept from getting slower: ratios of CPU seconds in one run.

A ratio may lie above its baseline by a fifth (`speed_baseline.json`). With the variable PARCOURS_WRITE_SPEED_BASELINE
set, the test writes what it finds into the baseline, to be read before it is kept.
"""

import json
import os
from pathlib import Path

import pytest

from pipeline.cli.speed import measure_fixed, measure_speed

BASELINE = Path(__file__).with_name("speed_baseline.json")
EVENTS = 300_000
WORSE = 1.2
pytestmark = pytest.mark.slow


def test_no_ratio_is_a_fifth_above_its_baseline(tmp_path: Path) -> None:
    fixed, speed = measure_fixed(tmp_path / "fixed"), measure_speed(tmp_path / "company", EVENTS)
    assert [part.name for part in speed.parts if part.differing_rows] == []
    found = {
        "fixed": round(fixed.ratio, 3),
        "core": round(speed.core_cpu_s / speed.baseline_cpu_s, 3),
        "total": round(speed.total_cpu_s / speed.baseline_cpu_s, 3),
        "day": round(speed.day_cpu_s / speed.baseline_cpu_s, 3),
    }
    if os.environ.get("PARCOURS_WRITE_SPEED_BASELINE"):
        BASELINE.write_text(json.dumps({"events": EVENTS, "ratios": found}, indent=2) + "\n", encoding="utf-8")
    kept = json.loads(BASELINE.read_text(encoding="utf-8"))["ratios"]
    assert {name: ratio for name, ratio in found.items() if ratio > WORSE * kept[name]} == {}, kept
