"""The rules of a funnel in plain Python, one subject at a time, written from the rules and not from the SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Touch:
    """A touchpoint, the steps it could fill, and whether it may open an entry."""

    at: datetime
    steps: frozenset[int]
    can_open: bool = True


@dataclass(frozen=True)
class Entry:
    """One pass: when it began, where it anchored, when it had to be over, and when each step was reached."""

    number: int
    entry_step: int
    entered_at: datetime
    anchored_at: datetime
    deadline: datetime
    reached: tuple[datetime | None, ...]


@dataclass(frozen=True)
class Funnel:
    """Number of steps, window from the anchor, and windows of single steps from the step before."""

    step_count: int
    window: timedelta
    step_windows: tuple[timedelta | None, ...]


def entries_of(touches: Sequence[Touch], funnel: Funnel) -> list[Entry]:
    """The entries of one subject; touches come in the subject's order."""
    entries: list[Entry] = []
    first = _next_opening(touches, 0)
    while first < len(touches):
        entry, after = _pass(touches, first, funnel, number=len(entries) + 1)
        entries.append(entry)
        first = _next_opening(touches, after)
    return entries


def _next_opening(touches: Sequence[Touch], first: int) -> int:
    return next((n for n in range(first, len(touches)) if touches[n].can_open), len(touches))


def _pass(touches: Sequence[Touch], first: int, funnel: Funnel, *, number: int) -> tuple[Entry, int]:
    open_at = touches[first].at
    in_window = [n for n in range(first, len(touches)) if touches[n].at <= open_at + funnel.window]
    entry_step = min(step for n in in_window for step in touches[n].steps)
    anchor = next(n for n in in_window if entry_step in touches[n].steps)
    deadline = touches[anchor].at + funnel.window
    filled = {entry_step: anchor}
    for step in range(entry_step + 1, funnel.step_count + 1):
        before = touches[filled[step - 1]].at
        own_window = funnel.step_windows[step - 1]
        limit = deadline if own_window is None else min(deadline, before + own_window)
        found = [
            n
            for n in range(first, len(touches))
            if step in touches[n].steps and before <= touches[n].at <= limit and n not in filled.values()
        ]
        if not found:
            break
        filled[step] = found[0]
    if funnel.step_count in filled:
        after = max(filled.values()) + 1
    else:
        after = max(n for n in range(first, len(touches)) if touches[n].at <= deadline) + 1
    reached = tuple(touches[filled[step]].at if step in filled else None for step in range(1, funnel.step_count + 1))
    return Entry(number, entry_step, open_at, touches[anchor].at, deadline, reached), after
