"""`parcours bench speed`: what a run costs beside hand-written SQL of the same results, in CPU seconds and ratios.

Belongs here: homes to measure on, the two sides, the ratios. Does not belong here: any model; the hand-written SQL,
which is in ``tests/benchmarks/baseline``.
"""

from pipeline.cli.speed.bench import PART_NAMES, Bench
from pipeline.cli.speed.days import EVENT_GRAIN, HISTORIES, Day
from pipeline.cli.speed.growth import Growth
from pipeline.cli.speed.parts import BASELINE
from pipeline.cli.speed.processes import MeasurementError
from pipeline.cli.speed.study import Fixed, Measured, PartSpeed, Speed, Whole, measure_core

__all__ = [
    "BASELINE",
    "EVENT_GRAIN",
    "HISTORIES",
    "PART_NAMES",
    "Bench",
    "Day",
    "Fixed",
    "Growth",
    "Measured",
    "MeasurementError",
    "PartSpeed",
    "Speed",
    "Whole",
    "measure_core",
]
