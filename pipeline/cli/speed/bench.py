"""A bench of several parts in one folder: each part is measured once, and a stopped bench goes on with the next.

Belongs here: which parts there are, in which folders, in which order. Does not belong here: measuring a part.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.cli.speed.days import HISTORIES, Day, measure_day
from pipeline.cli.speed.growth import GROWTH_EVENTS, GROWTH_RUNS, Growth, measure_growth
from pipeline.cli.speed.keeping import kept, sample_company
from pipeline.cli.speed.study import (
    Fixed,
    Measured,
    PartSpeed,
    Speed,
    Whole,
    measure_core,
    measure_fixed,
    measure_whole,
)
from pipeline.settings import Settings

FIXED, WHOLE, CORE, DAY, GROWTH = PART_NAMES = ("fixed", "whole", "core", "day", "growth")
"""Parts of a bench. The core is measured on what the whole run built."""


@dataclass(frozen=True)
class Bench:
    """What is to be measured, and where.

    Attributes:
        folder: where companies, homes and measurements go.
        sizes: web events of the companies, about.
        without: parts that are left out.
        growth_runs: daily runs after which the build file is weighed.
        growth_events: web events of the company they are of, about.
    """

    folder: Path
    sizes: Sequence[int]
    without: Collection[str] = ()
    growth_runs: int = GROWTH_RUNS
    growth_events: int = GROWTH_EVENTS

    def measure(self) -> Measured:
        """Measure every part that is wanted and was not measured before.

        Raises:
            MeasurementError: a run failed.
        """
        found = self._fixed() if FIXED not in self.without else []
        speeds = [self._speed(size) for size in self.sizes] if not {WHOLE, CORE, DAY} <= set(self.without) else []
        growth = self._growth() if GROWTH not in self.without else []
        return Measured(fixed=found[0] if found else None, speeds=speeds, growth=growth[0] if growth else None)

    def _kept_in(self, name: str) -> Path:
        return self.folder / "measured" / f"{name}.json"

    def _fixed(self) -> list[Fixed]:
        return kept(self._kept_in(FIXED), Fixed, lambda: measure_fixed(self.folder / FIXED))

    def _growth(self) -> list[Growth]:
        runs, events = self.growth_runs, self.growth_events
        file = self._kept_in(f"{GROWTH}_{events}_{runs}")
        return kept(file, Growth, lambda: measure_growth(self.folder / GROWTH, runs=runs, events=events))

    def _speed(self, size: int) -> Speed:
        name = f"events_{size}"
        company, home = sample_company(self.folder / name / "company", event_count=size), self.folder / name / "home"
        whole: list[Whole] = []
        parts: list[PartSpeed] = []
        if WHOLE not in self.without:
            whole = kept(self._kept_in(f"{name}.{WHOLE}"), Whole, lambda: measure_whole(home, company))
        if CORE not in self.without:
            build_file = Settings(home=home).paths.build_file
            parts = kept(self._kept_in(f"{name}.{CORE}"), PartSpeed, lambda: measure_core(build_file))
        days: list[Day] = []
        for history in HISTORIES if DAY not in self.without else ():
            folder, file = self.folder / name / f"days_{history}", self._kept_in(f"{name}.{DAY}_{history}")
            days += kept(file, Day, lambda at=folder, length=history: measure_day(at, company, length))  # type: ignore[misc]
        return Speed(company.events, whole[0] if whole else None, tuple(parts), tuple(days))
