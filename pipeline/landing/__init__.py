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
    MissingTableError,
    Scale,
)
from pipeline.landing.required import check_required
from pipeline.landing.store import (
    accepted_days,
    check_key,
    is_refused,
    pending_days,
    pending_outcomes,
    promote,
    refuse,
)
from pipeline.landing.write import write_contract_files

__all__ = [
    "ConservationError",
    "DayOutcome",
    "DoorSettings",
    "KeyMismatchError",
    "MissingTableError",
    "Scale",
    "accepted_days",
    "check_key",
    "check_required",
    "day_metrics",
    "end_of_day",
    "is_refused",
    "land_table",
    "pending_days",
    "pending_outcomes",
    "promote",
    "refuse",
    "write_contract_files",
    "write_facts",
]
