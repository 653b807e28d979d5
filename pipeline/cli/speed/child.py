"""The processes that are measured: ``python -m pipeline.cli.speed.child WHAT …`` writes JSON, whatever else is said.

Belongs here: the work of one measurement. Does not belong here: what it is compared with.
"""

import contextlib
import importlib
import json
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.cli.speed.processes import MeasurementError
from pipeline.settings import Settings
from pipeline.warehouse import connection, literal

_TICK = 0.05
_IMPORTED_BY_A_RUN = ("dagster_dbt", "great_expectations", "altair")


class _Clock:
    """CPU seconds of this process at any time since it was made, to a twentieth of a second."""

    def __init__(self) -> None:
        self.ticks: list[tuple[float, float]] = [(time.time(), time.process_time())]

    @contextmanager
    def running(self) -> Iterator[None]:
        is_over = threading.Event()

        def tick() -> None:
            while not is_over.wait(_TICK):
                self.ticks.append((time.time(), time.process_time()))

        ticker = threading.Thread(target=tick, daemon=True)
        ticker.start()
        try:
            yield
        finally:
            is_over.set()
            ticker.join()

    def at(self, moment: float) -> float:
        return self.ticks[min(bisect_left(self.ticks, (moment, 0.0)), len(self.ticks) - 1)][1]


def run_home(home: Path, first: str, last: str) -> dict[str, Any]:
    """Run the daily job over extract days; CPU seconds per step, all of landing as one."""
    from pipeline.cli.running import run_daily  # noqa: PLC0415

    clock = _Clock()
    with clock.running():
        days = [date.fromisoformat(day) if day != "-" else None for day in (first, last)]
        report = run_daily(_settings(home), first=days[0], last=days[1], as_of=None)
    if not report.is_good:
        raise MeasurementError("; ".join(report.failures))
    return {"stages": _stages(clock)}


def _stages(clock: _Clock) -> dict[str, float]:
    import dagster as dg  # noqa: PLC0415

    kinds = {dg.DagsterEventType.STEP_START, dg.DagsterEventType.STEP_SUCCESS}
    seconds: dict[str, float] = {}
    with dg.DagsterInstance.get() as instance:
        run_id = instance.get_run_records(limit=1)[0].dagster_run.run_id
        for record in instance.get_records_for_run(run_id, of_type=kinds).records:
            entry = record.event_log_entry
            event = entry.get_dagster_event()
            name = "landing" if str(event.step_key).startswith("landing__") else str(event.step_key)
            sign = 1 if event.is_step_success else -1
            seconds[name] = seconds.get(name, 0.0) + sign * clock.at(entry.timestamp)
    return {name: round(spent, 2) for name, spent in seconds.items()}


def run_models(home: Path) -> dict[str, Any]:
    """``dbt run`` in this process, after importing what a daily run imports."""
    for name in _IMPORTED_BY_A_RUN:
        importlib.import_module(name)
    from pipeline.defs.modelling import dbt_arguments, home_project, run_dbt  # noqa: PLC0415

    settings = _settings(home)
    results = run_dbt(settings, dbt_arguments("run", project=home_project(settings), variables={}))
    if bad := [result.unique_id for result in results if not result.is_good and result.status != "no-op"]:
        raise MeasurementError(", ".join(bad))
    return {"models": len(results)}


def run_statements(folder: Path, side: str) -> dict[str, Any]:
    """Run one side of a part on its database; CPU seconds without those of starting."""
    before = time.process_time()
    with connection() as opened:
        opened.execute(f"attach {literal(str(folder / f'{side}.duckdb'))} as build")
        opened.execute("use build")
        for statement in json.loads((folder / f"{side}.json").read_text(encoding="utf-8")):
            opened.execute(statement)
    return {"cpu_seconds": time.process_time() - before}


def _settings(home: Path) -> Settings:
    return Settings(home=home)


def main(arguments: list[str]) -> None:
    """Do one piece of work and tell what came of it."""
    what, folder, *others = arguments
    with contextlib.redirect_stdout(sys.stderr):
        match what:
            case "run":
                told = run_home(Path(folder), *others)
            case "models":
                told = run_models(Path(folder))
            case _:
                told = run_statements(Path(folder), others[0])
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
