"""The measurements of `parcours bench speed`, one after the other, and their ratios.

Belongs here: what is measured beside what. Does not belong here: showing it.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipeline.cli.speed.parts import PARTS, SIDES, compiled_statements, differences, prepare, write_statements
from pipeline.cli.speed.processes import MeasurementError, Taken, taken
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
    """

    name: str
    models_cpu_s: float
    byhand_cpu_s: float
    differing_rows: int


@dataclass(frozen=True)
class Speed:
    """What one company costs.

    Attributes:
        events: web events delivered.
        total_cpu_s: a first run of everything but the last day, imports included.
        stages: CPU seconds of that run per step.
        day_cpu_s: the run of the last day after it.
        peak_rss_gib: most memory of both.
        build_gib: size of the build file after them.
        parts: the core, side by side.
    """

    events: int
    total_cpu_s: float
    stages: dict[str, float]
    day_cpu_s: float
    day_stages: dict[str, float]
    peak_rss_gib: float
    build_gib: float
    parts: tuple[PartSpeed, ...]

    @property
    def baseline_cpu_s(self) -> float:
        """The hand-written SQL of all parts."""
        return sum(part.byhand_cpu_s for part in self.parts)

    @property
    def core_cpu_s(self) -> float:
        """The models of all parts."""
        return sum(part.models_cpu_s for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        """All figures and ratios, rounded to hundredths."""
        baseline = self.baseline_cpu_s
        ratios = {
            "baseline_cpu_s": baseline,
            "core_cpu_s": self.core_cpu_s,
            "core_ratio": self.core_cpu_s / baseline,
            "total_ratio": self.total_cpu_s / baseline,
        }
        figures = asdict(self) | ratios
        return {
            name: round(figure, 2) if isinstance(figure, float) else figure for name, figure in sorted(figures.items())
        }


@dataclass(frozen=True)
class Fixed:
    """What a run costs where there is next to nothing to do.

    Attributes:
        fixed_cpu_s: a run on a tiny home with nothing new, imports included.
        stages: CPU seconds of that run per step.
        models_cpu_s: ``dbt run`` of the same project on the same home in one process, and the imports of a run.
    """

    fixed_cpu_s: float
    stages: dict[str, float]
    models_cpu_s: float

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
        }


def as_json(fixed: Fixed | None, speeds: Sequence[Speed], parts: Sequence[PartSpeed]) -> dict[str, Any]:
    """Everything that was measured; what was not is left out."""
    content: dict[str, Any] = fixed.as_json() if fixed is not None else {}
    if speeds:
        content["sizes"] = [speed.as_json() for speed in speeds]
    if parts:
        content["parts"] = [asdict(part) for part in parts]
    return content


def measure_fixed(folder: Path) -> Fixed:
    """Run a tiny company twice and measure the second run, then ``dbt run`` on it.

    Args:
        folder: where the company goes.
    """
    _write_company(folder, customer_count=_FIXED_CUSTOMERS)
    _run(folder)
    again = _run(folder)
    return Fixed(again.cpu_seconds, again.told["stages"], taken(["models", str(folder)]).cpu_seconds)


def measure_speed(folder: Path, events: int) -> Speed:
    """Run a company of so many web events up to the day before its last, then the last day, then the core.

    Args:
        folder: where the company goes; one that is there already is run as it is.
        events: web events wanted, about.

    Raises:
        MeasurementError: a run failed.
    """
    last = _write_company(folder, event_count=events)
    whole = _run(folder, last=last - timedelta(days=1))
    day = _run(folder, first=last, last=last)
    settings = Settings(home=folder)
    return Speed(
        events=int(json.loads((folder / "truth.json").read_text(encoding="utf-8"))["files"]["rows"]["web_events"]),
        total_cpu_s=whole.cpu_seconds,
        stages=whole.told["stages"],
        day_cpu_s=day.cpu_seconds,
        day_stages=day.told["stages"],
        peak_rss_gib=max(whole.peak_gib, day.peak_gib),
        build_gib=settings.paths.build_file.stat().st_size / 2**30,
        parts=tuple(measure_core(settings.paths.build_file)),
    )


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
            models, byhand = (taken(["side", str(folder), side]).told["cpu_seconds"] for side in SIDES)
            yield PartSpeed(part.name, models, byhand, differences(part, folder))
            shutil.rmtree(folder)


def _run(folder: Path, *, first: date | None = None, last: date | None = None) -> Taken:
    return taken(["run", str(folder), *(str(day) if day else "-" for day in (first, last))])


def _write_company(folder: Path, *, event_count: int | None = None, customer_count: int = 0) -> date:
    """Write the sample company, unless it is there; its last extract day."""
    from pipeline.sample import write_sample  # noqa: PLC0415

    truth = folder / "truth.json"
    if not truth.exists():
        write_sample(folder, event_count=event_count, customer_count=customer_count)
    elif Settings(home=folder).paths.build_file.exists():
        raise MeasurementError(f"{folder} was run before; give a folder that was not")
    return date.fromisoformat(json.loads(truth.read_text(encoding="utf-8"))["last_day"])
