"""The calendar of the sample company: its fixed days, its time zone, its operational clock.

Belongs here: when things happen and on which day they are delivered. Does not belong here: what happens.
Every instant inside the generator is naive UTC at whole seconds; the CRM shows local time on the way out.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.ground.scenario import Peak, Scenario

FIRST_DAY = date(2024, 1, 1)
"""First business day of the history."""
HISTORY_END = date(2025, 12, 17)
"""Last business day of the bulk files, and the day they are named after."""
FIRST_DROP = date(2025, 12, 18)
"""First daily drop."""
LAST_DROP = date(2025, 12, 31)
"""Last daily drop."""
BUSINESS_TIME_ZONE = "Europe/Paris"

DAY_COUNT = (LAST_DROP - FIRST_DAY).days + 1
DAY = 86_400
_YEARS_BEFORE = 3
_YEARS_AFTER = 2  # 365 days ahead and the horizons of the last exposures

Instants = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_CLOCK_START = np.datetime64(f"{FIRST_DAY.year - _YEARS_BEFORE}-01-01", "D")
_CLOCK_END = np.datetime64(f"{LAST_DROP.year + 1 + _YEARS_AFTER}-01-01", "D")
_WEEKDAYS = np.array([0.97, 0.93, 1.0, 0.95, 1.0, 1.13, 1.05])  # Monday first
_MONTHS = np.array([1.08, 0.88, 0.94, 0.97, 1.0, 1.08, 0.98, 0.82, 0.98, 1.02, 1.22, 1.3])
_YEARLY_GROWTH = 0.09  # of every customer's pace; the company grows by its newcomers
_WEB_HOURS = (2, 0.4, 0.3, 0.2, 0.2, 0.4, 2, 4, 5, 5, 6, 7, 9, 8, 6, 5, 5, 6, 8, 9, 11, 12, 9, 5)
_STORE_HOURS = (*(0,) * 10, 6, 9, 9, 6, 8, 10, 11, 12, 12, 7, *(0,) * 4)


@dataclass(frozen=True)
class Calendar:
    """The operational clock: it runs faster on days on which more happens.

    One operational day is an average calendar day of the history. The clock starts three years before the first day
    and reaches two years beyond the last.

    Attributes:
        cumulated: operational days from the start of the clock to each local midnight, shape (days + 1,).
        web_hours: cumulated share of a day's web activity at each full hour, shape (25,).
        store_hours: the same for shops and phones.
    """

    cumulated: Floats
    web_hours: Floats
    store_hours: Floats

    @property
    def start(self) -> float:
        """Operational time of the first day's midnight."""
        return float(self.cumulated[_days_since_clock_start(FIRST_DAY)])

    @property
    def end(self) -> float:
        """Operational time of the midnight after the last day."""
        return float(self.cumulated[_days_since_clock_start(LAST_DROP) + 1])

    def operational(self, instants: Instants | pd.Series) -> Floats:
        """Operational time of UTC instants, shape as given; ``NaT`` gives NaN."""
        instants = np.asarray(instants).astype("datetime64[s]")
        missing = np.isnat(instants)
        local = _local_seconds(np.where(missing, np.datetime64(FIRST_DAY, "s"), instants))
        day, second = np.divmod(local, DAY)
        share = np.interp(second / 3600.0, np.arange(25.0), self.web_hours)
        day = np.clip(day, 0, len(self.cumulated) - 2)
        found = self.cumulated[day] + share * (self.cumulated[day + 1] - self.cumulated[day])
        return np.where(missing, np.nan, found)

    def instants(self, operational: Floats, *, in_store: bool = False) -> Instants:
        """UTC instants of operational times, whole seconds; shop times keep their day and move into shop hours.

        Args:
            operational: operational times within the clock's range.
            in_store: whether shop hours spread the day.
        """
        day = np.searchsorted(self.cumulated, operational, side="right") - 1
        day = np.clip(day, 0, len(self.cumulated) - 2)
        share = (operational - self.cumulated[day]) / (self.cumulated[day + 1] - self.cumulated[day])
        hour = np.interp(share, self.store_hours if in_store else self.web_hours, np.arange(25.0))
        second = np.minimum((hour * 3600).astype(np.int64), DAY - 1)
        return _from_local_seconds(day * DAY + second)


def make_calendar(scenario: Scenario) -> Calendar:
    """The clock of a scenario: flat without seasons (one operational day = one day), else stretched."""
    days = np.arange(_CLOCK_START, _CLOCK_END)
    if not scenario.has_seasons:
        even = np.linspace(0.0, 1.0, 25)
        return Calendar(np.arange(len(days) + 1, dtype=np.float64), even, even)
    weights = _day_weights(days, scenario.peak)
    cumulated = np.concatenate([[0.0], np.cumsum(weights)])
    return Calendar(cumulated, _shares(_WEB_HOURS), _shares(_STORE_HOURS))


def _day_weights(days: Instants, peak: Peak | None) -> Floats:
    stamps = pd.DatetimeIndex(days)
    middle = days - np.datetime64(FIRST_DAY, "D")
    growth = np.exp(_YEARLY_GROWTH * (middle.astype(np.float64) - DAY_COUNT / 2) / 365.25)
    weights = _WEEKDAYS[stamps.weekday] * _MONTHS[stamps.month - 1] * growth
    visible = (days >= np.datetime64(FIRST_DAY, "D")) & (days <= np.datetime64(LAST_DROP, "D"))
    weights /= weights[visible].mean()
    if peak is not None:
        high = (days >= np.datetime64(peak.first_day, "D")) & (days <= np.datetime64(peak.last_day, "D"))
        weights[high] *= peak.factor
    return np.asarray(weights, dtype=np.float64)


def _shares(hours: tuple[float, ...]) -> Floats:
    cumulated = np.concatenate([[0.0], np.cumsum(np.asarray(hours, dtype=np.float64))])
    return np.asarray(cumulated / cumulated[-1])


def _days_since_clock_start(day: date) -> int:
    return int((np.datetime64(day, "D") - _CLOCK_START).astype(np.int64))


def to_utc(local_seconds: Integers | Floats) -> Instants:
    """UTC instants of local seconds since ``FIRST_DAY``; an hour that exists twice is the first of the two."""
    shift = (np.datetime64(FIRST_DAY, "s") - _CLOCK_START.astype("datetime64[s]")).astype(np.int64)
    return _from_local_seconds(np.asarray(local_seconds).astype(np.int64) + shift)


def _from_local_seconds(seconds: Integers) -> Instants:
    """UTC instants of local wall-clock seconds since the start of the clock."""
    _, local_changes = _clock_changes()
    summer = np.searchsorted(local_changes, seconds, side="right") % 2
    return np.asarray(_CLOCK_START.astype("datetime64[s]") + (seconds - 3600 * (1 + summer)).astype("timedelta64[s]"))


def _local_seconds(instants: Instants) -> Integers:
    """Local wall-clock seconds since the start of the clock."""
    seconds = (instants - _CLOCK_START.astype("datetime64[s]")).astype(np.int64)
    utc_changes, _ = _clock_changes()
    return np.asarray(seconds + 3600 * (1 + np.searchsorted(utc_changes, seconds, side="right") % 2))


@cache
def _clock_changes() -> tuple[Integers, Integers]:
    """Seconds since the start of the clock at which summer begins and ends, by UTC and by the local clock.

    The European rule: one in the morning UTC on the last Sunday of March and of October. By the local clock summer
    begins at three (two to three does not exist) and ends at three (two to three is taken as the first of the two).
    """
    days = []
    for year in range(_CLOCK_START.astype(object).year, _CLOCK_END.astype(object).year + 1):
        for month in (3, 10):
            last = date(year, month, 31)
            days.append(int((np.datetime64(last, "D") - _CLOCK_START).astype(np.int64)) - (last.weekday() + 1) % 7)
    changes = np.array(days, dtype=np.int64) * DAY
    return changes + 3600, changes + 3 * 3600


def to_local(instants: Instants | pd.Series) -> pd.DatetimeIndex:
    """Local wall-clock times of UTC instants; ``NaT`` stays ``NaT``."""
    given = np.asarray(instants).astype("datetime64[s]")
    missing = np.isnat(given)
    local = _local_seconds(np.where(missing, np.datetime64(FIRST_DAY, "s"), given))
    shown = _CLOCK_START.astype("datetime64[s]") + local.astype("timedelta64[s]")
    return pd.DatetimeIndex(np.where(missing, np.datetime64("NaT", "s"), shown))


def business_day(instants: Instants | pd.Series) -> Instants:
    """Local day of UTC instants; ``NaT`` stays ``NaT``."""
    return np.asarray(to_local(instants).to_numpy("datetime64[D]"))


def midnights(days: Instants) -> Instants:
    """UTC instants at which local days (``datetime64[D]``) begin."""
    return _from_local_seconds((days - _CLOCK_START).astype(np.int64) * DAY)


def later(instants: Instants | pd.Series, seconds: Floats | Integers) -> Instants:
    """Instants moved by that many seconds."""
    moved = np.asarray(instants).astype("datetime64[s]") + np.asarray(seconds).astype("timedelta64[s]")
    return np.asarray(moved)


def by_then(instants: Instants | pd.Series, person_row: npt.NDArray | pd.Series, ends: Instants) -> Flags:
    """Whether instants lie no later than the ends of their persons; nothing is later than ``NaT``."""
    moment = np.asarray(instants).astype("datetime64[s]")
    return np.asarray(~(moment > ends[np.asarray(person_row)]))


def told_apart(instants: Instants) -> Instants:
    """Instants moved out of the second pass of a doubled hour, by that hour: a CRM's local time can then be read."""
    moment = np.asarray(instants).astype("datetime64[s]")
    seconds = (moment - _CLOCK_START.astype("datetime64[s]")).astype(np.int64)
    ends = _clock_changes()[0][1::2]
    since = seconds - ends[np.clip(np.searchsorted(ends, seconds, side="right") - 1, 0, None)]
    return later(moment, np.where((since >= 0) & (since < 3600), 3600, 0))


def first_instant() -> np.datetime64:
    """UTC instant at which the history begins."""
    return np.datetime64(to_utc(np.zeros(1))[0], "s")


def end_instant() -> np.datetime64:
    """UTC instant at which the history ends (midnight after the last day)."""
    return np.datetime64(to_utc(np.full(1, DAY_COUNT * DAY))[0], "s")
