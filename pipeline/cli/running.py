"""`parcours run` and `parcours demo`: the daily job without the UI, recorded in the same instance.

Belongs here: starting a run and telling how it goes. Does not belong here: what a run does.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipeline import landing, publish
from pipeline.cli.days import dropped_days, require_known_days, require_past
from pipeline.cli.terminal import say
from pipeline.contracts import CONTRACTS
from pipeline.defs import alerting
from pipeline.defs.session import open_session, require_tables
from pipeline.landing.judgements import refusals
from pipeline.settings import Settings
from pipeline.warehouse import one_writer

if TYPE_CHECKING:
    import dagster as dg


@dataclass(frozen=True)
class RunReport:
    """How a run ended.

    Attributes:
        is_good: whether every step succeeded.
        failures: what went wrong, ready to show.
        release: folder of the release served after the run.
        is_new: whether this run made it.
    """

    is_good: bool
    failures: tuple[str, ...]
    release: Path | None
    is_new: bool


def run_daily(
    settings: Settings, *, first: date | None, last: date | None, as_of: date | None, rebuild: bool = False
) -> RunReport:
    """Run the daily job over a range of extract days, in this process.

    Args:
        settings: the home.
        first: first extract day; the earliest in the drop if ``None``.
        last: last extract day; the latest in the drop if ``None``.
        as_of: as-of day of the release; the later of ``last`` and the latest accepted day if ``None``.
        rebuild: make every model anew, whatever the run touches.

    Raises:
        WarehouseBusyError, SourcesError, MissingTableError, UnknownDayError: nothing was touched.
    """
    with one_writer(settings.paths.lock_file):
        session = open_session(settings)
        require_tables(session)
        if as_of is not None:
            require_past(as_of, session.company.business_time_zone, what="as-of day")
        days = dropped_days(session)
        if not days and first is None:
            days = [day for table in CONTRACTS for day in landing.accepted_days(settings.paths, table)]
        end = last or max([*days, *([first] if first else [])])
        start = first or min([*days, end])
        require_known_days(end, session.company.business_time_zone)
        say(f"Extract days {start} to {end}" if start != end else f"Extract day {start}")
        before = publish.current_release(settings.paths.releases)
        success, failures = _execute(settings, start, end, as_of, rebuild=rebuild)
        if not success:
            zone = ZoneInfo(session.company.business_time_zone)
            alerting.note_failed_run(settings, failures, today=datetime.now(UTC).astimezone(zone).date())
        after = publish.current_release(settings.paths.releases)
        is_new = after is not None and after != before
        return RunReport(success, tuple(failures), after, is_new)


def _execute(
    settings: Settings, start: date, end: date, as_of: date | None, *, rebuild: bool
) -> tuple[bool, list[str]]:
    import dagster as dg  # noqa: PLC0415

    from pipeline.defs.build import DAILY_JOB, build_definitions  # noqa: PLC0415
    from pipeline.defs.modelling import ModellingError  # noqa: PLC0415

    try:
        job = build_definitions(settings).resolve_job_def(DAILY_JOB)
    except ModellingError as error:
        return False, [str(error)]
    config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    config["ops"] = {f"landing__{table}": {"config": {"first": start.isoformat()}} for table in CONTRACTS}
    facts = {"rebuild": rebuild} | ({"as_of": as_of.isoformat()} if as_of is not None else {})
    config["ops"]["landing_facts"] = {"config": facts}
    run_id = str(uuid.uuid4())
    with dg.DagsterInstance.get() as instance, _progress(instance, run_id):
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            run_config=config,
            partition_key=end.isoformat(),
            raise_on_error=False,
        )
    return result.success, failures_of(result)


def failures_of(result: "dg.ExecuteInProcessResult") -> list[str]:
    """What to tell of every step that failed."""
    closed = [line for event in result.all_events for line in _closed_door(event)]
    return [_failure(event, closed) for event in result.all_events if event.is_step_failure]


def _closed_door(event: "dg.DagsterEvent") -> list[str]:
    """What a blocking check that did not pass says was unmet."""
    if event.event_type_value != "ASSET_CHECK_EVALUATION":
        return []
    check = event.asset_check_evaluation_data
    if check.passed or not check.blocking or "unmet" not in check.metadata:
        return []
    unmet: Any = check.metadata["unmet"].value
    return [str(line) for line in unmet or []]


def _failure(event: "dg.DagsterEvent", closed: list[str]) -> str:
    data = event.step_failure_data
    if data.error is not None and data.error.cls_name == "DagsterAssetCheckFailedError":
        lines = "\n".join(f"  - {line}" for line in closed)
        return f"door 2 is closed; nothing was published, and the release served stays in place:\n{lines}"
    if data.user_failure_data is not None and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{event.step_key}: {error.message.strip() if error is not None else event.message}"


_STEP_WORDS = {
    "landing_facts": "as-of date and availability",
    "dbt_foundations": "models up to the analysis, their tests",
    "analysis": "fits and predictions",
    "dbt_models": "all other models, their tests",
    "releases__staged": "release staged, door 2",
    "releases__current": "report, manifest, switch",
}


@contextmanager
def _progress(instance: "dg.DagsterInstance", run_id: str) -> Iterator[None]:
    """Print each step as it ends, from the event log of the run."""
    is_over = threading.Event()

    import dagster as dg  # noqa: PLC0415

    ends = {dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE}

    def watch() -> None:
        cursor: str | None = None
        while True:
            was_over = is_over.wait(0.5)
            page = instance.get_records_for_run(run_id, cursor=cursor, of_type=ends)
            cursor = page.cursor
            for record in page.records:
                event = record.event_log_entry.get_dagster_event()
                if event.is_step_success:
                    seconds = event.step_success_data.duration_ms / 1000
                    say(f"  ✓ {_words(str(event.step_key))} ({seconds:.1f} s)")
                else:
                    say(f"  ✗ {_words(str(event.step_key))}")
            if was_over:
                return

    watcher = threading.Thread(target=watch, name="progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def _words(step_key: str) -> str:
    return _STEP_WORDS.get(step_key, step_key.replace("__", " ").replace("landing ", "landed "))


def refused_lines(settings: Settings) -> list[str]:
    """What door 1 refused and why, one line per table and day."""
    return [
        f"{table}, extract day {day}: {'; '.join(reasons)}"
        for table in CONTRACTS
        for day, reasons in sorted(refusals(settings.paths, table).items())
    ]
