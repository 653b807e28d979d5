"""Sensors of alerts: messages that wait are sent, an old release and a failed run are told of.

Belongs here: the Dagster side. Does not belong here: sending, and what is worth an alert.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import dagster as dg

from pipeline.defs import alerting
from pipeline.settings import Settings

_EVERY_SECONDS = 300


def alert_sensors(settings: Settings, time_zone: str) -> Sequence[dg.SensorDefinition]:
    """Both sensors of a home."""

    @dg.sensor(
        name="send_messages",
        minimum_interval_seconds=_EVERY_SECONDS,
        description="Sends alert messages that wait for another try, and alerts on a release that grows old.",
    )
    def send_messages(_: dg.SensorEvaluationContext) -> dg.SkipReason:
        alerting.note_age(settings, today=_today(time_zone))
        done = alerting.send(settings)
        return dg.SkipReason(f"{done.sent} sent, {done.waiting} wait, {done.dead} given up")

    @dg.run_failure_sensor(name="tell_of_failed_runs", description="A failed run is an alert: no release could tell.")
    def tell_of_failed_runs(context: dg.RunFailureSensorContext) -> None:
        alerting.note_failed_run(settings, [context.failure_event.message or "a step failed"], today=_today(time_zone))

    return [send_messages, tell_of_failed_runs]


def _today(time_zone: str) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(time_zone)).date()
