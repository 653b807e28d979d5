"""The calendar of the sample company: its fixed days, its seasons, its clock.

Belongs here: when things happen and on which day they are delivered. Does not belong here: what happens.
Every instant inside the generator is naive UTC at whole seconds; the CRM shows local time on the way out.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

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

Instants = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_WEEKDAYS = np.array([0.97, 0.93, 1.0, 0.95, 1.0, 1.13, 1.05])  # Monday first
_MONTHS = np.array([1.08, 0.88, 0.94, 0.97, 1.0, 1.08, 0.98, 0.82, 0.98, 1.02, 1.22, 1.3])
_GROWTH = 0.35  # more traffic at the end of the two years than at their start
_WEB_HOURS = np.array([2, 0, 0, 0, 0, 0, 2, 4, 5, 5, 6, 7, 9, 8, 6, 5, 5, 6, 8, 9, 11, 12, 9, 5], dtype=float)
_STORE_HOURS = np.array([0] * 10 + [6, 9, 9, 6, 8, 10, 11, 12, 12, 7] + [0] * 4, dtype=float)


def day_weights() -> Floats:
    """Relative activity of every day, mean near 1: seasons times growth, shape (DAY_COUNT,)."""
    days = pd.date_range(FIRST_DAY, LAST_DROP, freq="D")
    growth = 1 + _GROWTH * (np.arange(DAY_COUNT) / DAY_COUNT - 0.5)
    return np.asarray(_WEEKDAYS[days.weekday] * _MONTHS[days.month - 1] * growth, dtype=np.float64)


def draw_moments(
    rng: np.random.Generator, *, start: Floats, end: Floats, yearly_rate: Floats, in_store: bool = False
) -> tuple[Integers, Integers]:
    """Seasonal Poisson moments of many owners at once.

    Args:
        rng: source of chance.
        start: first day of each owner, in days since ``FIRST_DAY``, may be fractional.
        end: day each owner stops.
        yearly_rate: moments per year of each owner.
        in_store: shop hours instead of web hours.

    Returns:
        Owner index and local second since ``FIRST_DAY`` of each moment, ordered by owner.
    """
    cumulated = np.concatenate([[0.0], np.cumsum(day_weights())])
    grid = np.arange(DAY_COUNT + 1, dtype=np.float64)
    low, high = np.interp(start, grid, cumulated), np.interp(np.maximum(end, start), grid, cumulated)
    owner = np.repeat(np.arange(len(start)), rng.poisson(yearly_rate / 365 * (high - low)))
    share = rng.random(len(owner))
    day = np.floor(np.interp(low[owner] + share * (high - low)[owner], cumulated, grid)).astype(np.int64)
    second = np.minimum(day, DAY_COUNT - 1) * DAY + seconds_of_day(rng, len(owner), in_store=in_store)
    kept = second >= start[owner] * DAY
    return owner[kept], second[kept]


def seconds_of_day(rng: np.random.Generator, count: int, *, in_store: bool = False) -> Integers:
    """Local seconds since midnight; never between one and six, where clock changes make a time ambiguous."""
    hours = _STORE_HOURS if in_store else _WEB_HOURS
    hour = rng.choice(24, size=count, p=hours / hours.sum())
    return np.asarray(hour * 3600 + rng.integers(0, 3600, count), dtype=np.int64)


def to_utc(local_seconds: Integers | Floats) -> Instants:
    """UTC instants of local seconds since ``FIRST_DAY``."""
    local = pd.DatetimeIndex(np.datetime64(FIRST_DAY, "s") + np.asarray(local_seconds).astype("timedelta64[s]"))
    aware = local.tz_localize(
        BUSINESS_TIME_ZONE, ambiguous=np.ones(len(local), dtype=bool), nonexistent="shift_forward"
    )
    return np.asarray(aware.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[s]"))


def to_local(instants: Instants | pd.Series) -> pd.DatetimeIndex:
    """Local wall-clock times of UTC instants."""
    return pd.DatetimeIndex(instants).tz_localize("UTC").tz_convert(BUSINESS_TIME_ZONE).tz_localize(None)


def business_day(instants: Instants | pd.Series) -> Instants:
    """Local day of UTC instants; ``NaT`` stays ``NaT``."""
    return np.asarray(to_local(instants).to_numpy("datetime64[D]"))


def later(instants: Instants | pd.Series, seconds: Floats | Integers) -> Instants:
    """Instants moved by that many seconds."""
    moved = np.asarray(instants).astype("datetime64[s]") + np.asarray(seconds).astype("timedelta64[s]")
    return np.asarray(moved)
