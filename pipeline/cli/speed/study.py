"""The measurements of `parcours bench speed`, one after the other, and their ratios.

Belongs here: what is measured beside what, and what it is called in JSON. Does not belong here: showing it; the last
day (``days``); the growth of the build file (``growth``).
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.cli.speed.days import Day, day_figures
from pipeline.cli.speed.growth import Growth
from pipeline.cli.speed.keeping import Company, fresh, run, sample_company
from pipeline.cli.speed.parts import PARTS, SIDES, compiled_statements, differences, prepare, write_statements
from pipeline.cli.speed.processes import MeasurementError, taken
from pipeline.settings import Settings

_FIXED_CUSTOMERS = 50


@dataclass(frozen=True)
class PartSpeed:
    """One part of the core on both sides.

    Attributes:
        name: of the part.
        models_cpu_s: CPU seconds of the models.
        byhand_cpu_s: CPU seconds of the hand-written SQL.
        differing_rows: rows one side has and the other has not.
        models_peak_gib: most memory of the models.
        byhand_peak_gib: most memory of the hand-written SQL.
    """

    name: str
    models_cpu_s: float
    byhand_cpu_s: float
    differing_rows: int
    models_peak_gib: float = 0.0
    byhand_peak_gib: float = 0.0


@dataclass(frozen=True)
class Whole:
    """A first run of everything.

    Attributes:
        total_cpu_s: the run, imports included.
        stages: CPU seconds of it per step.
        total_peak_gib: most memory of it.
        build_gib: size of the build file after it.
    """

    total_cpu_s: float
    stages: dict[str, float]
    total_peak_gib: float
    build_gib: float


@dataclass(frozen=True)
class Speed:
    """What one company costs; what was left out is not there.

    Attributes:
        events: web events delivered.
        whole: the first run of everything.
        parts: the core, side by side.
        days: the last day after histories of several lengths.
    """

    events: int
    whole: Whole | None = None
    parts: tuple[PartSpeed, ...] = ()
    days: tuple[Day, ...] = ()

    @property
    def baseline_cpu_s(self) -> float:
        """The hand-written SQL of all parts."""
        return sum(part.byhand_cpu_s for part in self.parts)

    @property
    def core_cpu_s(self) -> float:
        """The models of all parts."""
        return sum(part.models_cpu_s for part in self.parts)

    @property
    def peak_rss_gib(self) -> float:
        """Most memory of any run."""
        peaks = [peak for day in self.days for peak in (day.day_peak_gib, day.rebuild_peak_gib)]
        return max([*peaks, *([self.whole.total_peak_gib] if self.whole else [])], default=0.0)

    def as_json(self) -> dict[str, Any]:
        """All figures and ratios, rounded to hundredths where they are of the whole."""
        content: dict[str, Any] = {"events": self.events}
        if self.parts:
            content |= {
                "baseline_cpu_s": self.baseline_cpu_s,
                "core_cpu_s": self.core_cpu_s,
                "core_ratio": self.core_cpu_s / self.baseline_cpu_s,
                "parts": [asdict(part) for part in self.parts],
            }
        if self.whole:
            content |= asdict(self.whole)
        if self.whole and self.parts:
            content["total_ratio"] = self.whole.total_cpu_s / self.baseline_cpu_s
        if self.whole or self.days:
            content["peak_rss_gib"] = self.peak_rss_gib
        content = {name: round(each, 2) if isinstance(each, float) else each for name, each in content.items()}
        return content | (day_figures(self.days) if self.days else {})


@dataclass(frozen=True)
class Fixed:
    """What a run costs where there is next to nothing to do.

    Attributes:
        fixed_cpu_s: a run on a tiny home with nothing new, imports included.
        stages: CPU seconds of that run per step.
        models_cpu_s: ``dbt run`` of the same project on the same home in one process, and the imports of a run.
        peak_gib: most memory of the run.
    """

    fixed_cpu_s: float
    stages: dict[str, float]
    models_cpu_s: float
    peak_gib: float = 0.0

    @property
    def ratio(self) -> float:
        """Of the run to the models alone."""
        return self.fixed_cpu_s / self.models_cpu_s

    def as_json(self) -> dict[str, Any]:
        """All figures, rounded to hundredths."""
        return {
            "fixed_cpu_s": round(self.fixed_cpu_s, 2),
            "models_cpu_s": round(self.models_cpu_s, 2),
            "fixed_ratio": round(self.ratio, 2),
            "fixed_stages": self.stages,
            "fixed_peak_gib": round(self.peak_gib, 2),
        }


@dataclass(frozen=True)
class Measured:
    """All that one call measured.

    Attributes:
        fixed: the run with next to nothing to do.
        speeds: companies, by size.
        growth: the build file after daily runs.
        parts: the core of a home that was run before.
    """

    fixed: Fixed | None = None
    speeds: Sequence[Speed] = ()
    growth: Growth | None = None
    parts: Sequence[PartSpeed] = ()

    def as_json(self) -> dict[str, Any]:
        """Everything, without what was not measured: one company with the rest at the top, several below ``sizes``."""
        content: dict[str, Any] = self.fixed.as_json() if self.fixed else {}
        content |= self.growth.as_json() if self.growth else {}
        if len(self.speeds) == 1:
            content = self.speeds[0].as_json() | content
        elif self.speeds:
            common = {name: content[name] for name in ("fixed_cpu_s", "fixed_ratio", "file_growth") if name in content}
            content["sizes"] = [speed.as_json() | common for speed in self.speeds]
        if self.parts:
            content["parts"] = [asdict(part) for part in self.parts]
        return content


def measure_fixed(folder: Path) -> Iterator[Fixed]:
    """Run a tiny company twice and measure the second run, then ``dbt run`` on it.

    Args:
        folder: where the company and its home go.
    """
    company = sample_company(folder / "company", customer_count=_FIXED_CUSTOMERS)
    home = fresh(folder / "home")
    run(home, company)
    again = run(home, company)
    models = taken(["models", str(home), str(company.folder)])
    yield Fixed(again.cpu_seconds, again.told["stages"], models.cpu_seconds, again.peak_gib)


def measure_whole(home: Path, company: Company) -> Iterator[Whole]:
    """Run a company in a home that is made anew.

    Args:
        home: its folder.
        company: the company.

    Raises:
        MeasurementError: the run failed.
    """
    whole = run(fresh(home), company)
    size = Settings(home=home).paths.build_file.stat().st_size / 2**30
    yield Whole(whole.cpu_seconds, whole.told["stages"], whole.peak_gib, size)


def measure_core(build_file: Path) -> Iterable[PartSpeed]:
    """Both sides of every part, from what the home's build holds; each side in a process of its own.

    Args:
        build_file: the build of a home that was run.

    Raises:
        MeasurementError: there is none.
    """
    if not build_file.exists():
        raise MeasurementError(f"{build_file.parent.parent} was not run; there is nothing to measure on")
    with tempfile.TemporaryDirectory(dir=build_file.parent, prefix="speed-") as scratch:
        compiled = compiled_statements(
            Settings(home=Path(scratch) / "home"), [model for part in PARTS for model in part.models]
        )
        for part in PARTS:
            folder = Path(scratch) / part.name
            folder.mkdir()
            prepare(part, build_file, folder)
            write_statements(part, compiled, folder)
            models, byhand = (taken(["side", str(folder), side]) for side in SIDES)
            yield PartSpeed(
                name=part.name,
                models_cpu_s=models.told["cpu_seconds"],
                byhand_cpu_s=byhand.told["cpu_seconds"],
                differing_rows=differences(part, folder),
                models_peak_gib=models.peak_gib,
                byhand_peak_gib=byhand.peak_gib,
            )
            shutil.rmtree(folder)
