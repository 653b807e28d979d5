"""The funnels of the sample company, counted from the truth: a reference the product's own models are held against.

Belongs here: the rules of a funnel (entries, chains, windows) on arrays. Does not belong here: who touched what.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample.ground.seasons import Flags, Instants, Integers

_SPAN = np.int64(1) << 36  # seconds between the clocks of two subjects: none runs into the next
_NEVER = np.iinfo(np.int64).max
_STATES = pd.Index(["converted", "dropped", "pending", "completed"])


@dataclass(frozen=True)
class Funnel:
    """A funnel's rules.

    Attributes:
        funnel_id: its id in the seeds.
        window_seconds: time from the anchor to the deadline.
        steps: touchpoints that fill each step, in order.
    """

    funnel_id: str
    window_seconds: int
    steps: tuple[frozenset[str], ...]


FIVE_STAGE = Funnel(
    "five_stage",
    180 * 86_400,
    (
        frozenset({"home_view", "page_view", "category_view", "promo_view"}),
        frozenset(
            {"product_view", "search", "compare", "review_view", "guarantee_view", "wishlist_add"},
        ),
        frozenset({"order"}),
        frozenset({"order"}),
        frozenset({"share", "referral_invite", "promoter"}),
    ),
)
"""Person by person, over every device and shop."""

CHECKOUT = Funnel(
    "checkout",
    86_400,
    (
        frozenset({"add_to_cart"}),
        frozenset({"checkout_address"}),
        frozenset({"checkout_delivery"}),
        frozenset({"checkout_payment"}),
        frozenset({"purchase"}),
    ),
)
"""Session by session."""


@dataclass(frozen=True)
class Touches:
    """Touchpoints of many subjects, sorted by subject and time.

    Attributes:
        subject: number of the subject, not negative.
        second: when, in seconds of any one clock.
        steps: bit k - 1 is set where the touchpoint can fill step k.
    """

    subject: Integers
    second: Integers
    steps: Integers

    @classmethod
    def of(cls, subject: Integers, moment: Instants, steps: Integers) -> "Touches":
        """Touchpoints in any order; those that fill no step are left out, equal times keep their order."""
        counts = np.flatnonzero((steps > 0) & (subject >= 0))
        second = moment[counts].astype("datetime64[s]").astype(np.int64)
        order = np.lexsort([second, subject[counts]])
        rows = counts[order]
        return cls(subject[rows], second[order], steps[rows])


def steps_of(funnel: Funnel, names: tuple[str, ...]) -> Integers:
    """For each name of a touchpoint the steps it can fill, as bits."""
    bits = [sum(1 << place for place, step in enumerate(funnel.steps) if name in step) for name in names]
    return np.array(bits, dtype=np.int64)


class _Rounds:
    """One entry of every subject per round, until no touchpoint is left."""

    def __init__(self, touches: Touches, funnel: Funnel) -> None:
        self.funnel, self.count = funnel, len(funnel.steps)
        second = touches.second - (touches.second.min() if len(touches.second) else 0)
        self.second = touches.second
        self.clock = touches.subject * _SPAN + second
        self.subject = touches.subject
        self.places = [np.flatnonzero(touches.steps >> step & 1) for step in range(self.count)]
        starts = np.flatnonzero(np.diff(touches.subject, prepend=-1))
        self.first = starts
        self.end = np.append(starts[1:], len(touches.subject)) if len(starts) else starts

    def next_of(self, step: int, at_or_after: Integers) -> Integers:
        """Place of the first touchpoint that can fill a step, from some place on."""
        places = np.append(self.places[step], _NEVER)
        return np.asarray(places[np.searchsorted(self.places[step], at_or_after)])

    def until(self, anchor: Integers) -> Integers:
        """Place after the last touchpoint that lies within the window from an anchor."""
        return np.asarray(np.searchsorted(self.clock, self.clock[anchor] + self.funnel.window_seconds, "right"))

    def entries(self) -> Iterator[tuple[Integers, Integers, Integers]]:
        """Per round: first place, entry step and places of the steps reached (``_NEVER`` where not)."""
        first, end = self.first, self.end
        while len(first):
            window_end = np.minimum(self.until(first), end)
            candidates = np.stack([self.next_of(step, first) for step in range(self.count)])
            entry_step = np.argmax(candidates < window_end, axis=0)
            anchor = candidates[entry_step, np.arange(len(first))]
            deadline = np.minimum(self.until(anchor), end)
            reached = self._chain(first, entry_step, anchor, deadline)
            yield first, entry_step, reached
            is_whole = reached[-1] < _NEVER
            last = np.where(reached < _NEVER, reached, -1).max(axis=0)
            first = np.where(is_whole, last + 1, deadline)
            first, end = first[first < end], end[first < end]

    def _chain(self, first: Integers, entry_step: Integers, anchor: Integers, deadline: Integers) -> Integers:
        reached = np.full((self.count, len(first)), _NEVER)
        reached[entry_step, np.arange(len(first))] = anchor
        for step in range(1, self.count):
            goes_on = np.flatnonzero((entry_step < step) & (reached[step - 1] < _NEVER))
            before = reached[step - 1, goes_on]
            # equal times count as in order, so the search begins with the first of them
            place = np.maximum(np.searchsorted(self.clock, self.clock[before], "left"), first[goes_on])
            found = self.next_of(step, place)
            for _ in range(step):  # one touchpoint never fills two steps
                is_used = (reached[:, goes_on] == found).any(axis=0) & (found < _NEVER)
                found = np.where(is_used, self.next_of(step, np.where(is_used, found + 1, 0)), found)
            reached[step, goes_on] = np.where(found < deadline[goes_on], found, _NEVER)
        return reached


def reached_steps(touches: Touches, funnel: Funnel, *, as_of: np.datetime64) -> pd.DataFrame:
    """One row per entry and step it reached.

    Args:
        touches: touchpoints of all subjects.
        funnel: the funnel's rules.
        as_of: the instant up to which things are known; no touchpoint lies later.

    Returns:
        ``subject``, ``entry_number``, ``entry_step`` and ``step`` (all but the first from 1), ``reached_at``,
        ``entry_state``: ``converted`` where the next step was reached, ``completed`` at the last step,
        ``dropped`` where the window is over, else ``pending``. Ordered by subject, entry and step.
    """
    rounds = _Rounds(touches, funnel)
    closes = int(as_of.astype("datetime64[s]").astype(np.int64))
    parts = []
    for number, (first, entry_step, reached) in enumerate(rounds.entries(), start=1):
        step, entry = np.nonzero(reached < _NEVER)
        has_next: Flags = np.zeros(len(step), dtype=bool)
        has_next[step < rounds.count - 1] = (reached[1:] < _NEVER)[
            step[step < rounds.count - 1], entry[step < rounds.count - 1]
        ]
        anchor = reached[entry_step, np.arange(len(first))]
        deadline = rounds.second[anchor] + funnel.window_seconds
        state = np.where(
            step == rounds.count - 1, 3, np.where(has_next, 0, np.where(deadline[entry] < closes, 1, 2))
        ).astype(np.int8)
        parts.append(
            pd.DataFrame(
                {
                    "subject": rounds.subject[first[entry]],
                    "entry_number": np.int32(number),
                    "entry_step": (entry_step[entry] + 1).astype(np.int8),
                    "step": (step + 1).astype(np.int8),
                    "reached_at": rounds.second[reached[step, entry]].astype("datetime64[s]"),
                    "entry_state": pd.Categorical.from_codes(state, _STATES),
                }
            )
        )
    if not parts:
        return pd.DataFrame(columns=["subject", "entry_number", "entry_step", "step", "reached_at", "entry_state"])
    steps = pd.concat(parts, ignore_index=True)
    return steps.sort_values(["subject", "entry_number", "step"], kind="stable", ignore_index=True)


def sessions_of(browser: Integers, moment: Instants, *, gap_minutes: int = 30) -> Integers:
    """Number of the session of each event: one browser's events with never more than the gap between two.

    Args:
        browser: browser of each event, not negative.
        moment: when each happened, in any order.
        gap_minutes: the longest silence inside a session.

    Returns:
        A number per event, equal within a session; numbered from 0 by browser and time.
    """
    second = moment.astype("datetime64[s]").astype(np.int64)
    order = np.lexsort([second, browser])
    starts = np.empty(len(order), dtype=bool)
    starts[:1] = True
    starts[1:] = (np.diff(browser[order]) != 0) | (np.diff(second[order]) > gap_minutes * 60)
    session = np.empty(len(order), dtype=np.int64)
    session[order] = np.cumsum(starts) - 1
    return session
