"""`parcours bench speed`: what a run costs beside hand-written SQL of the same results, in CPU seconds and ratios.

Belongs here: homes to measure on, the two sides, the ratios. Does not belong here: any model; the hand-written SQL,
which is in ``tests/benchmarks/baseline``.
"""

from pipeline.cli.speed.parts import BASELINE
from pipeline.cli.speed.processes import MeasurementError
from pipeline.cli.speed.study import Fixed, PartSpeed, Speed, as_json, measure_core, measure_fixed, measure_speed

__all__ = [
    "BASELINE",
    "Fixed",
    "MeasurementError",
    "PartSpeed",
    "Speed",
    "as_json",
    "measure_core",
    "measure_fixed",
    "measure_speed",
]
