"""Whose parameters a group uses, and what it does without any: parent, run rate, not available, each with its reason.

Belongs here: the order of falling back. Does not belong here: fitting, or numbers of a customer.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.analysis.backtest import Backtest, backtest
from pipeline.analysis.customers import Customers, Settings
from pipeline.analysis.fitting import GroupFit

PARENT = "all"
"""The group of everybody, whose parameters small groups take."""

PARENT_FLOOR = (30, 20)
"""Fewest customers and repeat buyers for a fit of everybody; beyond it, the diagnostics and the hold-out decide."""

PREDICTED, RUN_RATE, NOT_AVAILABLE = "predicted", "run_rate", "not_available"


@dataclass(frozen=True)
class Decision:
    """How a group is valued.

    Attributes:
        method: ``predicted``, ``run_rate`` or ``not_available``.
        parameters: the group whose fits are used; its own, the parent's, or ``None``.
        reason: why it is not the group's own model; empty where it is.
        test: the parent's model judged on this group, where that was done.
    """

    method: str
    parameters: GroupFit | None
    reason: str
    test: Backtest | None = None

    @property
    def is_fallback(self) -> bool:
        """Anything but the group's own model."""
        return bool(self.reason)


def _judged(parent: GroupFit, customers: Customers, settings: Settings) -> Backtest | None:
    """The parent's model of the past on the group's customers; ``None`` where none of them is from before."""
    past = customers.before_holdout()
    if not len(past) or parent.chosen is None or parent.past_spend is None:
        return None
    return backtest(past, parent.chosen.past, parent.past_spend, days=settings.holdout_days)


def decide(own: GroupFit, parent: GroupFit, customers: Customers, settings: Settings) -> Decision:
    """The first of: own model, parent's model, run rate, nothing.

    The parent's model has to pass the gate on this group too, as far as the group had customers before the hold-out: a
    group that differs beyond chance from its parent is not valued by it.
    """
    if own.chosen:
        return Decision(PREDICTED, own, "")
    reasons = [own.failure]
    test = None
    if parent is not own:
        if parent.chosen:
            test = _judged(parent, customers, settings)
            # Without a single order in the hold-out there is no error to relate to; a small group may be just that.
            silent = test is not None and not test.whole.actual_count and test.whole.predicted_count < 3
            if test is None or not test.failure or silent:
                return Decision(PREDICTED, parent, f"parameters of {PARENT}: {own.failure}", test)
            reasons.append(f"{PARENT}: {test.failure}")
        elif parent.failure != own.failure:
            reasons.append(f"{PARENT}: {parent.failure}")
    known = np.isfinite(customers.retention) & np.isfinite(customers.year_margin)
    if len(customers) and known.all():
        return Decision(RUN_RATE, None, "; ".join(reasons), test)
    reasons.append("no yearly retention for a run rate")
    return Decision(NOT_AVAILABLE, None, "; ".join(reasons), test)
