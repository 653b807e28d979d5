"""How small a p-value must be, so that false alarms over all series and days stay within one budget.

Belongs here: sharing the budget between tiers, series and windows. Does not belong here: p-values.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

FALSE_ALARMS_PER_DAY = 1 / 56
"""All series together: what is aimed at, half of the one false alarm in 28 days that is promised, as companies are
less regular than any model of them."""
SHARE_OF_WHOLE = 0.4
"""Share of the budget that rows of all customers get; segments get the rest."""
WINDOWS_AGREE = 0.5
"""Tests of one series share days and last over days, so they count by half: simulated, the budget still holds."""
MOST_LENIENT = 1e-3
"""No test is laxer than this, however few series there are."""


def thresholds(*, is_whole: Flags, is_tested: Flags, weight: Floats, test_count: npt.NDArray[np.int64]) -> Floats:
    """The p-value below which each series alerts.

    Bonferroni within each tier over series, and over half the windows of a series.

    Args:
        is_whole: series of all customers, shape (series,).
        is_tested: series with a test that day; the others take no share.
        weight: share of the budget a series gets relative to the others, shape (series,).
        test_count: windows each series is tested on, shape (series,).

    Returns:
        Threshold per series and window test, shape (series,); 0 where a series is not tested.
    """
    found = np.zeros(len(weight))
    for tier, share in ((is_whole, SHARE_OF_WHOLE), (~is_whole, 1 - SHARE_OF_WHOLE)):
        members = tier & is_tested
        total = weight[members].sum()
        if total > 0:
            found[members] = (
                FALSE_ALARMS_PER_DAY * share * weight[members] / total / (WINDOWS_AGREE * test_count[members])
            )
    return np.minimum(found, MOST_LENIENT)
