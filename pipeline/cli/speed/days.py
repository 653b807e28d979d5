"""The last day of a company after a short and after a long history, beside the rebuild each day came after.

Belongs here: which models are counted as those of events, what is summed. Does not belong here: cutting a history
(``redelivery``), running.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.cli.speed.doors import write_doors
from pipeline.cli.speed.keeping import Company, fresh, run
from pipeline.cli.speed.processes import Taken
from pipeline.cli.speed.redelivery import deliver_since

HISTORIES = (30, 365)
"""Days of history, the last day included; the day after the first is compared with the day after the second."""
EVENT_GRAIN = (
    "int_touchpoints__bought",
    "int_touchpoints__contracted",
    "int_touchpoints__delivered",
    "int_touchpoints__messaged",
    "int_touchpoints__recommended",
    "int_touchpoints__served",
    "int_touchpoints__told",
    "int_touchpoints__sessionized",
    "int_sessions__aggregated",
    "int_funnel_subjects__listed",
    "int_funnel_entries__chained",
    "int_funnel_entries__attributed",
    "int_journey_touches__listed",
)
"""Models of the event grain: those a day of events must cost no more than a day."""
EVENT_GRAIN_SUFFIX = "__touched"
"""So end the names of the models that say what of them a run must look at; they count as theirs."""
_OTHERS = ("int_friction_evidence__touched",)
"""Ends so, too, but says whom a friction touched."""
_LANDING = "landing"


@dataclass(frozen=True)
class Day:
    """The last day after a history, and the rebuild of the day before it; dbt has one thread in both.

    Attributes:
        history: days of history.
        events: web events delivered within it.
        day_cpu_s: the run of the last day, imports included.
        rebuild_cpu_s: the first run, of all before it.
        landing_day_cpu_s: landing of the last day's files.
        landing_rebuild_cpu_s: landing of all before.
        event_day_cpu_s: models of the event grain on the last day.
        event_rebuild_cpu_s: the same in the first run.
        other_day_cpu_s: all other steps of the last day.
        other_rebuild_cpu_s: the same in the first run.
        event_models: models of the event grain: CPU seconds on the last day and in the first run.
        day_stages: CPU seconds of the last day per step.
        rebuild_stages: the same of the first run.
        day_peak_gib: most memory of the last day's run.
        rebuild_peak_gib: most memory of the first run.
    """

    history: int
    events: int
    day_cpu_s: float
    rebuild_cpu_s: float
    landing_day_cpu_s: float
    landing_rebuild_cpu_s: float
    event_day_cpu_s: float
    event_rebuild_cpu_s: float
    other_day_cpu_s: float
    other_rebuild_cpu_s: float
    event_models: dict[str, list[float]]
    day_stages: dict[str, float]
    rebuild_stages: dict[str, float]
    day_peak_gib: float
    rebuild_peak_gib: float


def measure_day(folder: Path, company: Company, history: int) -> Iterator[Day]:
    """Run the last days of a company up to the day before its last, then the last.

    Args:
        folder: where the shortened company and its home go; both are removed.
        company: the company.
        history: days it is shortened to.
    """
    last = company.last
    deliver_since(company.folder, fresh(folder) / "company", last - timedelta(days=history - 1))
    short = Company(folder / "company")
    write_doors(short.folder)
    rebuild = run(folder / "home", short, last=last - timedelta(days=1), threads=1)
    day = run(folder / "home", short, first=last, last=last, threads=1)
    yield day_of_runs(history, web_events(folder / "home"), rebuild, day)
    fresh(folder).rmdir()


def web_events(home: Path) -> int:
    """Web events that were landed in a home."""
    from pipeline.warehouse import connection, literal  # noqa: PLC0415

    files = home / "landing" / "web_events" / "*" / "data.parquet"
    with connection() as opened:
        row = opened.execute(f"select count(*) from read_parquet({literal(str(files))})").fetchone()
    return int(row[0]) if row else 0


def day_of_runs(history: int, events: int, rebuild: Taken, day: Taken) -> Day:
    """The figures of two runs that said what their steps and nodes took."""
    costs = {name: _costs(taken.told) for name, taken in (("day", day), ("rebuild", rebuild))}
    figures = {f"{part}_{name}_cpu_s": cost for name, found in costs.items() for part, cost in found.items()}
    models = sorted(set(_event_models(day.told["nodes"])) | set(_event_models(rebuild.told["nodes"])))
    return Day(
        history=history,
        events=events,
        day_cpu_s=day.cpu_seconds,
        rebuild_cpu_s=rebuild.cpu_seconds,
        event_models={name: [taken.told["nodes"].get(name, 0.0) for taken in (day, rebuild)] for name in models},
        day_stages=day.told["stages"],
        rebuild_stages=rebuild.told["stages"],
        day_peak_gib=day.peak_gib,
        rebuild_peak_gib=rebuild.peak_gib,
        **figures,
    )


def _event_models(nodes: Mapping[str, float]) -> list[str]:
    return [
        name for name in nodes if name in EVENT_GRAIN or (name.endswith(EVENT_GRAIN_SUFFIX) and name not in _OTHERS)
    ]


def _costs(told: Mapping[str, Any]) -> dict[str, float]:
    landing = float(told["stages"].get(_LANDING, 0.0))
    event = sum(told["nodes"][name] for name in _event_models(told["nodes"]))
    return {"landing": landing, "event": event, "other": sum(told["stages"].values()) - landing - event}


def day_figures(days: Sequence[Day]) -> dict[str, Any]:
    """Figures of the days by history, and their ratios: the long history to the short one, the day to its rebuild."""
    names = [f"{part}{run}_cpu_s" for part in ("", "landing_", "event_", "other_") for run in ("day", "rebuild")]
    found: dict[str, Any] = {name: {str(day.history): round(getattr(day, name), 3) for day in days} for name in names}
    for name in ("day_stages", "rebuild_stages", "event_models"):
        found[name] = {str(day.history): getattr(day, name) for day in days}
    found["history_events"] = {str(day.history): day.events for day in days}
    found["day_peak_gib"] = {
        str(day.history): [round(peak, 2) for peak in (day.rebuild_peak_gib, day.day_peak_gib)] for day in days
    }
    by_history = {day.history: day for day in days}
    if set(HISTORIES) <= set(by_history):
        short, long = (by_history[history] for history in HISTORIES)
        for name in ("day", "landing_day", "event_day", "other_day"):
            found[f"{name}_ratio"] = ratio(getattr(long, f"{name}_cpu_s"), getattr(short, f"{name}_cpu_s"))
        found["event_rebuild_share"] = ratio(long.event_day_cpu_s, long.event_rebuild_cpu_s)
    return found


def ratio(one: float, other: float) -> float | None:
    """One over the other, to thousandths; ``None`` over nothing."""
    return round(one / other, 3) if other else None
