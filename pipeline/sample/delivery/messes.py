"""The messes of real deliveries: each is a switch with a rate, each occurrence is written down.

Belongs here: which rows and files are hit. Does not belong here: writing files, rendering rows.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.sample.delivery.days import LAST
from pipeline.sample.ground.seasons import Integers

LATE, DUPLICATE, CONFLICT, HEALED, TWICE_ENCODED, OFF_SCALE = (1 << place for place in range(6))
MESS_BITS = {
    LATE: "late_rows", DUPLICATE: "exact_duplicates", CONFLICT: "conflicting_duplicates",
    HEALED: "delivered_again_after_conflict", TWICE_ENCODED: "double_encoded_text", OFF_SCALE: "off_scale_scores",
}  # fmt: skip
"""Bit of ``mess`` to the mess as it stands in the truth."""

_SWITCHES = ("legacy_encodings", "decimal_commas")
_MOST_DAYS_LATE = 5
_LEAST_FILE, _ROWS_PER_CONFLICT = 12, 60
"""Rows a day needs for a conflict, and for each further one: the door refuses days that break too often."""


@dataclass(frozen=True)
class Messes:
    """How often each mess happens; 0 (or False) is never. Of a rate above 0 there is at least one case where possible.

    Attributes:
        late_rows: share of the rows due on a drop that come one to five days late.
        exact_duplicates: share of the rows delivered twice; a tenth of it in the history.
        conflicting_duplicates: share of the drop's complete rows that come twice on a day, with different content
            (the door keeps neither), and rightly on the next day.
        double_encoded_text: share of the texts written in UTF-8 and read as Windows-1252 on the way.
        off_scale_scores: share of the answered questionnaires with a recommendation above 10; never a promoter's.
        resent_files: share of the daily files that come again under another name.
        corrected_files: share of the daily files that come incomplete and whole as ``.r1``.
        changed_column_orders: share of the daily CSV files with their columns in another order.
        new_columns: share of the daily CSV files with a column nobody announced.
        missing_days: share of the daily files of optional tables that stay away: the first such comes two days
            later as a part of that day, the second never, and so on in turn.
        legacy_encodings: customers in Windows-1252 and support contacts in Latin-9 instead of UTF-8.
        decimal_commas: amounts of the CRM with a comma.
    """

    late_rows: float = 0.01
    exact_duplicates: float = 0.003
    conflicting_duplicates: float = 0.0005
    double_encoded_text: float = 0.01
    off_scale_scores: float = 0.0005
    resent_files: float = 0.01
    corrected_files: float = 0.01
    changed_column_orders: float = 0.02
    new_columns: float = 0.01
    missing_days: float = 0.025
    legacy_encodings: bool = True
    decimal_commas: bool = True

    def __post_init__(self) -> None:
        """Refuse a rate that is none.

        Raises:
            ValueError: a rate below 0 or above 1.
        """
        for field in fields(self):
            if not 0 <= getattr(self, field.name) <= 1:
                raise ValueError(f"mess {field.name}: a rate lies between 0 and 1, not {getattr(self, field.name)}")

    @classmethod
    def none(cls) -> "Messes":
        """Everything arrives once, on its day, in UTF-8."""
        nothing: dict[str, Any] = dict.fromkeys((each.name for each in fields(cls)), 0.0)
        return cls(**nothing | dict.fromkeys(_SWITCHES, False))

    def having(self, **rates: float) -> "Messes":
        """The same with other rates, by name.

        Raises:
            ValueError: no such mess; the message lists those there are.
        """
        known = [each.name for each in fields(self)]
        if unknown := sorted(rates.keys() - set(known)):
            raise ValueError(f"no mess named {', '.join(unknown)}; there are: {', '.join(known)}")
        typed: dict[str, Any] = {name: bool(rate) if name in _SWITCHES else rate for name, rate in rates.items()}
        return replace(self, **typed)


def delays(rng: np.random.Generator, count: int, messes: Messes) -> Integers:
    """Days each of ``count`` rows is late should it be due on a drop, mostly 0."""
    is_late = rng.random(count) < messes.late_rows
    return np.where(is_late, rng.integers(1, _MOST_DAYS_LATE + 1, count), 0)


def with_copies(rng: np.random.Generator, rows: pd.DataFrame, messes: Messes, *, has_conflicts: bool) -> pd.DataFrame:
    """Rows of a table with what is delivered twice.

    Args:
        rng: source of chance.
        rows: as ``delivered`` makes them, with ``mess``.
        messes: rates.
        has_conflicts: whether the table knows how to contradict itself.

    Returns:
        The same with copies, flagged in ``mess``, in the order of day and row.
    """
    day = rows["day"].to_numpy()
    rate = np.where(day > 0, messes.exact_duplicates, messes.exact_duplicates / 10)
    twice = rows[rng.random(len(rows)) < rate]
    parts = [rows, twice.assign(mess=twice["mess"] | DUPLICATE)]
    if has_conflicts:
        chosen = _conflicting(rng, rows, messes.conflicting_duplicates)
        again = chosen.assign(day=(chosen["day"] + 1).astype(np.int8))
        parts += [chosen.assign(mess=chosen["mess"] | CONFLICT), again.assign(mess=again["mess"] | HEALED)]
    both = pd.concat(parts, ignore_index=True)
    return both.iloc[np.lexsort([both["mess"], both["row"], both["day"]])].reset_index(drop=True)


def _conflicting(rng: np.random.Generator, rows: pd.DataFrame, rate: float) -> pd.DataFrame:
    """Complete rows of drops with room for a contradiction, never too much of a day."""
    per_day = np.bincount(rows["day"], minlength=LAST + 1)
    day = rows["day"].to_numpy()
    # a row that changes again has two versions already; the last drop has no day after it
    has_versions = rows.duplicated("row", keep=False).to_numpy()
    could = np.flatnonzero((day > 0) & (day < LAST) & (per_day[day] >= _LEAST_FILE) & ~has_versions)
    wanted = min(len(could), max(1, round(rate * len(could)))) if rate > 0 and len(could) else 0
    chosen = rows.iloc[np.sort(rng.choice(could, size=wanted, replace=False))]
    place = chosen.groupby("day").cumcount().to_numpy()
    return chosen[place < np.maximum(per_day[chosen["day"].to_numpy()] // _ROWS_PER_CONFLICT, 1)]


def chosen_rows(rng: np.random.Generator, could: Integers, rate: float) -> Integers:
    """Some of those that could be hit, at least one if the rate is above 0, in order."""
    wanted = min(len(could), max(1, round(rate * len(could)))) if rate > 0 and len(could) else 0
    return np.sort(rng.choice(could, size=wanted, replace=False))
