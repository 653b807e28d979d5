"""How much more sums over days vary than their days say: what lasts makes neighbours alike.

Belongs here: that ratio, own and pooled. Does not belong here: days (``baselines``), tests (``charts``).
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]

_BLOCKS_OF_OTHERS = 60
"""Sums by which the other series of a KPI count beside a series' own."""


def variance_of_sums(
    residual: Floats, variance: Floats, common: Floats, *, group: Integers, lengths: Sequence[int]
) -> Floats:
    """Variance of sums of days over what single days say: own, drawn to that of the KPI, at least 1.

    A stock, or what counts the last month anew every day, hangs together over weeks; of such long sums one series has
    a handful, its KPI enough. What days have in common shows in large series only, so it is sought there too.

    Args:
        residual: what each day has more than expected, shape (series, days).
        variance: of each day.
        common: share of a day's variance that is beyond chance, 0 where that is not known, shape (series,).
        group: number of the KPI.
        lengths: days of the sums.

    Returns:
        Shape (series, lengths).
    """
    found = []
    for length in lengths:
        count = residual.shape[1] // length
        shape = (len(residual), count, length)
        sums = np.einsum("sbd->sb", residual[:, -count * length :].reshape(shape))
        own = np.einsum("sbd->sb", variance[:, -count * length :].reshape(shape))
        squares = np.divide(sums**2, own, out=np.zeros_like(own), where=own > 0).sum(axis=1)
        degrees = np.maximum((own > 0).sum(axis=1) - 1, 1)
        pooled = np.maximum(np.bincount(group, squares) / np.maximum(np.bincount(group, degrees), 1), 1.0)[group]
        pooled = np.maximum(pooled, 1 + common * _shared(squares / degrees - 1, common, degrees, group=group))
        mixed = np.maximum((squares + _BLOCKS_OF_OTHERS * pooled) / (degrees + _BLOCKS_OF_OTHERS), 1.0)
        found.append(mixed)
    return np.stack(found, axis=1)


def _shared(excess: Floats, common: Floats, degrees: Integers, *, group: Integers) -> Floats:
    """How much more sums vary because what days have in common lasts, per unit of that share of the variance.

    Least squares through the origin over the series of a KPI. They see the same days, so the estimate is as uncertain
    as that of one series, and drawn to 0 by that (James and Stein).

    Args:
        excess: what sums vary more than days, relative, shape (series,).
        common: share of a day's variance that is beyond chance.
        degrees: behind the excess.
        group: number of the KPI.
    """
    weight = degrees * common
    slope = np.bincount(group, weight * excess) / np.maximum(np.bincount(group, weight * common), 1e-9)
    known, largest = np.zeros(len(slope)), np.zeros(len(slope))
    np.maximum.at(known, group, degrees)
    np.maximum.at(largest, group, common)
    slope = np.maximum(slope, 0.0)
    drawn = np.maximum(1 - 2 / np.maximum(known * (slope * largest) ** 2, 1e-9), 0.0) * slope
    return np.asarray(drawn[group])
