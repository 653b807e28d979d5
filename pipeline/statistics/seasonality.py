"""What a total is expected to be at a time of year, from the same weeks a year before.

Belongs here: the yearly index of totals. Does not belong here: weekdays (``baselines``). Rates need none: what a year
does to them, it does within the weeks of a baseline. Growth needs none either: the baseline's level has it.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

YEAR = 364
"""Whole weeks, so that weekdays meet weekdays."""
_SMOOTHED_DAYS = 21
_YEARS_DIFFER = 0.05
"""Relative standard error with which one year repeats another, over chance."""


def yearly_index(x: Floats, delivered: Flags) -> tuple[Floats, Floats]:
    """Level of each day a year before, smoothed over three weeks, and its relative variance.

    Args:
        x: daily totals, shape (series, days).
        delivered: whether the day was delivered.

    Returns:
        Index around 1 and relative variance, each shape (series, days); the index is 0 where there is no year before.
    """
    series, days = x.shape
    index, error = np.zeros((series, days)), np.zeros((series, days))
    half = _SMOOTHED_DAYS // 2
    if days <= YEAR + half:
        return index, error
    counted = np.where(delivered, x, 0.0)

    def moving(values: Floats) -> Floats:
        padded = np.concatenate([np.zeros((series, 1)), np.cumsum(values, axis=1)], axis=1)
        return np.asarray(padded[:, _SMOOTHED_DAYS:] - padded[:, :-_SMOOTHED_DAYS])

    total, squares, count = moving(counted), moving(counted**2), moving(delivered.astype(np.float64))
    whole = (count == _SMOOTHED_DAYS) & (total > 0)
    mean = total / _SMOOTHED_DAYS
    spread = np.maximum(squares / _SMOOTHED_DAYS - mean**2, 0.0) / _SMOOTHED_DAYS
    first = YEAR + half
    width = min(days - first, mean.shape[1])
    level = np.where(whole, mean, 0.0)[:, :width]
    scale = level.sum(axis=1, keepdims=True) / np.maximum((level > 0).sum(axis=1, keepdims=True), 1)
    index[:, first : first + width] = np.divide(level, scale, out=np.zeros_like(level), where=scale > 0)
    relative = np.divide(spread, mean**2, out=np.zeros_like(mean), where=mean > 0)[:, :width]
    error[:, first : first + width] = np.where(level > 0, relative + _YEARS_DIFFER**2, 0.0)
    return index, error
