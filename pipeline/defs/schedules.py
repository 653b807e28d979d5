"""When the daily job runs by itself, and over which extract days.

Belongs here: the schedule. Does not belong here: the job.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import dagster as dg

from pipeline.contracts import CONTRACTS

LOOK_BACK_DAYS = 14
"""How many earlier extract days a scheduled run looks at as well, for files that came late or again."""


def every_morning(job_name: str, time_zone: str) -> dg.ScheduleDefinition:
    """A schedule that lands yesterday, and what came late for the days before, at 05:30 in the business time zone."""

    @dg.schedule(
        name="every_morning",
        job_name=job_name,
        cron_schedule="30 5 * * *",
        execution_timezone=time_zone,
        description=f"Yesterday's extracts, and late files of the {LOOK_BACK_DAYS} days before; as of yesterday's end.",
    )
    def every_morning_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        yesterday = context.scheduled_execution_time.astimezone(ZoneInfo(time_zone)).date() - timedelta(days=1)
        first = yesterday - timedelta(days=LOOK_BACK_DAYS)
        landing = {f"landing__{table}": {"config": {"first": first.isoformat()}} for table in CONTRACTS}
        return dg.RunRequest(
            run_key=yesterday.isoformat(), partition_key=yesterday.isoformat(), run_config={"ops": landing}
        )

    return every_morning_schedule
