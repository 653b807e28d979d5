"""The landing door: contract check, quarantine, idempotent write, promotion.

Belongs here: from a file's typed rows to an accepted extract day. Does not belong here: reading files,
judging days.
"""

from pipeline.landing.door import land_table
from pipeline.landing.facts import end_of_day, write_facts
from pipeline.landing.metrics import day_metrics
from pipeline.landing.model import (
    ConservationError,
    DayOutcome,
    DoorSettings,
    KeyMismatchError,
    LandingError,
    MissingTableError,
    Scale,
)
from pipeline.landing.required import check_required
from pipeline.landing.store import (
    accepted_days,
    check_key,
    is_refused,
    leaning_days,
    pending_days,
    pending_outcomes,
    promote,
    refuse,
    withdraw,
)
from pipeline.landing.write import write_contract_files

__all__ = [
    "ConservationError",
    "DayOutcome",
    "DoorSettings",
    "KeyMismatchError",
    "LandingError",
    "MissingTableError",
    "Scale",
    "accepted_days",
    "check_key",
    "check_required",
    "day_metrics",
    "end_of_day",
    "is_refused",
    "land_table",
    "leaning_days",
    "pending_days",
    "pending_outcomes",
    "promote",
    "refuse",
    "withdraw",
    "write_contract_files",
    "write_facts",
]
