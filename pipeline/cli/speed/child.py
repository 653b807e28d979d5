"""The processes that are measured: ``python -m pipeline.cli.speed.child WHAT …`` writes JSON, whatever else is said.

Belongs here: the work of one measurement. Does not belong here: what it is compared with.
"""

import contextlib
import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.cli.speed.clock import Clock, NodeClock
from pipeline.cli.speed.doors import settings_of
from pipeline.cli.speed.extracts import days_between
from pipeline.cli.speed.processes import MeasurementError
from pipeline.settings import Settings
from pipeline.warehouse import connection, literal

_IMPORTED_BY_A_RUN = ("dagster_dbt", "great_expectations", "altair")
_NO_DAY = "-"


def run_home(home: str, company: str, first: str, last: str, threads: str) -> dict[str, Any]:
    """Run the daily job over extract days.

    Returns:
        CPU seconds per step, all of landing as one; where dbt has one thread, CPU seconds per node of dbt, too.
    """
    clock, nodes = Clock(), NodeClock()
    settings = settings_of(Path(home), Path(company), threads=int(threads))
    with clock.running(), nodes.listening() if threads == "1" else contextlib.nullcontext():
        _run(settings, *(date.fromisoformat(day) if day != _NO_DAY else None for day in (first, last)))
    if threads == "1" and not nodes.seconds:
        raise MeasurementError("dbt did not say when its nodes ran")
    return {"stages": _stages(clock), "nodes": {name: round(spent, 4) for name, spent in nodes.seconds.items()}}


def run_days(home: str, company: str, first: str, last: str) -> dict[str, Any]:
    """Run the daily job day after day in this process, all before the first day as a day of its own.

    Returns:
        Bytes of the build file after each run.
    """
    settings = settings_of(Path(home), Path(company))
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    sizes = []
    for day in [date.fromordinal(begin.toordinal() - 1), *days_between(begin, end)]:
        _run(settings, None if day < begin else day, day)
        sizes.append(settings.paths.build_file.stat().st_size)
    return {"bytes": sizes}


def _run(settings: Settings, first: date | None, last: date | None) -> None:
    from pipeline.cli.running import run_daily  # noqa: PLC0415

    report = run_daily(settings, first=first, last=last, as_of=None)
    if not report.is_good:
        raise MeasurementError("; ".join(report.failures))


def _stages(clock: Clock) -> dict[str, float]:
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


def run_models(home: str, company: str) -> dict[str, Any]:
    """``dbt run`` in this process, after importing what a daily run imports."""
    for name in _IMPORTED_BY_A_RUN:
        importlib.import_module(name)
    from pipeline.defs.modelling import dbt_arguments, home_project, run_dbt  # noqa: PLC0415

    settings = settings_of(Path(home), Path(company))
    results = run_dbt(settings, dbt_arguments("run", project=home_project(settings), variables={}))
    if bad := [result.unique_id for result in results if not result.is_good]:
        raise MeasurementError(", ".join(bad))
    return {"models": len(results)}


def run_statements(folder: str, side: str) -> dict[str, Any]:
    """Run one side of a part on its database; CPU seconds without those of starting."""
    before = time.process_time()
    with connection() as opened:
        opened.execute(f"attach {literal(str(Path(folder) / f'{side}.duckdb'))} as build")
        opened.execute("use build")
        for statement in json.loads((Path(folder) / f"{side}.json").read_text(encoding="utf-8")):
            opened.execute(statement)
    return {"cpu_seconds": time.process_time() - before}


_WORK: dict[str, Callable[..., dict[str, Any]]] = {
    "run": run_home,
    "days": run_days,
    "models": run_models,
    "side": run_statements,
}


def peak_gib() -> float:
    """Most memory of this process; its usage, read where there is nothing better, starts with that of its parent."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    kibibytes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return (kibibytes[0] if kibibytes else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 2**20


def main(arguments: list[str]) -> None:
    """Do one piece of work and tell what came of it."""
    what, *others = arguments
    with contextlib.redirect_stdout(sys.stderr):
        told = _WORK[what](*others)
    sys.stdout.write(json.dumps(told | {"peak_gib": peak_gib()}))


if __name__ == "__main__":
    main(sys.argv[1:])
