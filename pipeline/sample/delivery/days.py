"""From what happened to which row is delivered on which day, in which version.

Belongs here: extract days and versions of a row. Does not belong here: messes, what a row looks like, file formats.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.sample.ground.seasons import FIRST_DROP, LAST_DROP, Flags, Instants, Integers, business_day

DROP_DAYS = pd.date_range(FIRST_DROP, LAST_DROP, freq="D")
"""Days of the daily drops; drop k of them is day number k + 1, the history is day number 0."""
LAST = len(DROP_DAYS)
NEVER = 127
"""Day number of what is not known by the last day."""


def day_number(instants: Instants | pd.Series) -> Integers:
    """Number of the extract day that tells an instant: 0 the history, 1 the first drop, ``NEVER`` after the last."""
    days = business_day(instants)
    number = (days - np.datetime64(FIRST_DROP, "D")).astype(np.int64) + 1
    number = np.where(np.isnat(days) | (number > LAST), NEVER, np.maximum(number, 0))
    return np.asarray(number, dtype=np.int64)


def delivered(frame: pd.DataFrame, *, born: str, done: Sequence[str], delay: Integers) -> pd.DataFrame:
    """Every row on the day it is born, without what is not known yet, and again on the day it is complete.

    Args:
        frame: rows of one table.
        born: column with the instant a row begins.
        done: columns of which the last filled one completes a row; none where a row never changes.
        delay: days by which each row is delivered late, shape (rows,).

    Returns:
        ``row`` (position in the frame), ``day`` (number) and ``is_early`` (told without what comes later), in the
        order of day and row. Of two versions on one day only the complete one is delivered.
    """
    first = _delayed(day_number(frame[born]), delay)
    told = np.flatnonzero(first <= LAST)
    parts = [_version(told, first[told], np.full(len(told), bool(done)))]
    if done:
        complete = np.max([_known(frame[name]) for name in done], axis=0)
        last = _delayed(np.maximum(day_number(complete.astype("datetime64[s]")), day_number(frame[born])), delay)
        again = np.flatnonzero((complete > 0) & (last <= LAST))
        is_replaced = np.zeros(len(frame), dtype=bool)
        is_replaced[again] = last[again] == first[again]
        early = told[~is_replaced[told]]
        parts = [
            _version(early, first[early], np.ones(len(early), dtype=bool)),
            _version(again, last[again], np.zeros(len(again), dtype=bool)),
        ]
    rows = pd.concat(parts, ignore_index=True)
    return rows.iloc[np.lexsort([rows["row"], rows["day"]])].reset_index(drop=True)


def _known(instants: pd.Series) -> Integers:
    """Seconds of instants, 0 where there is none."""
    moment = instants.to_numpy().astype("datetime64[s]")
    return np.where(np.isnat(moment), 0, moment.astype(np.int64))


def _delayed(day: Integers, delay: Integers) -> Integers:
    """Days with their delay; what is due on a drop is delivered by the last one."""
    return np.where((day > 0) & (day <= LAST), np.minimum(day + delay, LAST), day)


def _version(row: Integers, day: Integers, is_early: Flags) -> pd.DataFrame:
    return pd.DataFrame({"row": row, "day": day.astype(np.int8), "is_early": is_early})
