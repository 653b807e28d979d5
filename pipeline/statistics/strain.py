"""How far business has left its usual size of late, and with it the ground that p-values stand on.

Belongs here: that measure, from units per day. Does not belong here: what is done with it (``charts``). A rate is known
of the customers it was learned from. A week of sales brings others, and what they bought is delivered, returned and
complained of for weeks; so rates stray further then than any calm past can tell.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

_WEEK = 7
_AFTERMATH_DAYS = 35
"""A week, and four more in which what it brought is dealt with."""
_USUAL_DAYS = 84
_FEWEST_DAYS = 56
_FEWEST_UNITS = 30.0
"""A day: of fewer, a week is large by chance."""
_FEWEST_COUNTS = 3
"""Of fewer large counts, no middle one can be believed."""
_MOST = 3.0
"""Who grows faster than that would be blind else."""
_USUAL_SWING = 0.25
"""Weeks that are larger by less are seasons and chance."""


def strain(units: Floats) -> Floats:
    """Factor by which variances grow: 1, and what the busiest of the last five weeks had beyond a usual one.

    Each week is held against the median week of the 84 days that end before those five. Of all counts with enough
    units the middle one is believed, so that no KPI's own incident excuses it. What a day gets never depends on later
    days.

    Args:
        units: units per day of whole KPIs (visits, orders, answers), 0 where nothing came, shape (series, days).

    Returns:
        From 1 to 3, shape (days,).
    """
    days = units.shape[1]
    sums = np.cumsum(np.pad(units, ((0, 0), (1, 0))), axis=1)
    weeks = np.zeros(units.shape)
    weeks[:, _WEEK - 1 :] = sums[:, _WEEK:] - sums[:, :-_WEEK]
    size = np.ones(days)
    for day in range(_AFTERMATH_DAYS + _FEWEST_DAYS, days):
        past = weeks[:, max(_WEEK - 1, day - _AFTERMATH_DAYS - _USUAL_DAYS) : day - _AFTERMATH_DAYS]
        usual = np.median(past, axis=1)
        large = usual >= _WEEK * _FEWEST_UNITS
        if large.sum() >= _FEWEST_COUNTS:
            size[day] = np.median(weeks[large, day] / usual[large])
    busiest = [size[max(0, day + 1 - _AFTERMATH_DAYS) : day + 1].max() for day in range(days)]
    return np.asarray(np.clip(np.array(busiest) - _USUAL_SWING, 1.0, _MOST))
