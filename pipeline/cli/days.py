"""Which extract days a run is about.

Belongs here: the days in the drop, and the days that cannot be. Does not belong here: running.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.extract import discover

if TYPE_CHECKING:
    from pipeline.defs.session import Session


class UnknownDayError(ValueError):
    """A run was asked for days that cannot be; nothing was touched."""


def dropped_days(session: "Session") -> list[date]:
    """Every extract day that files or databases hold, over all tables, ascending; of a database, yesterday."""
    drop, mappings = session.settings.paths.drop, session.sources.mappings.values()
    found = {day for mapping in mappings for day in discover(drop, mapping)}
    if any(mapping.query for mapping in mappings):
        found.add(datetime.now(ZoneInfo(session.company.business_time_zone)).date() - timedelta(days=1))
    return sorted(found)


def require_known_days(end: date, time_zone: str) -> None:
    """Stop when the last day of a run is none that Dagster has a partition for.

    Raises:
        UnknownDayError: the day lies in the future, or before the first day that can be landed.
    """
    from pipeline.defs.landing_assets import FIRST_DAY  # noqa: PLC0415

    remedy = "Correct the date of the file in the drop, or give --date or --to."
    require_past(end, time_zone, what="extract day", remedy=remedy)
    if end < date.fromisoformat(FIRST_DAY):
        raise UnknownDayError(f"extract day {end} lies before {FIRST_DAY}, the first that can be landed.")


def require_past(day: date, time_zone: str, *, what: str, remedy: str = "Give an earlier one.") -> None:
    """Stop when a day has not begun in the business time zone.

    Raises:
        UnknownDayError: it lies in the future; nothing was touched.
    """
    today = datetime.now(ZoneInfo(time_zone)).date()
    if day > today:
        raise UnknownDayError(
            f"{what} {day} lies in the future (today is {today} in {time_zone}). Nothing was touched. {remedy}"
        )
