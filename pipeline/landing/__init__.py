"""The landing door: contract check, quarantine, idempotent write, promotion.

Belongs here: from a file's typed rows to an accepted extract day. Does not belong here: reading files,
judging days.
"""

from pipeline.landing.again import leaning_days, retract_displaced
from pipeline.landing.chronology import end_of_day
from pipeline.landing.declared import DECLARED_SEEDS, Declared, read_declared
from pipeline.landing.door import land_table
from pipeline.landing.drift import Drift, drifts
from pipeline.landing.expiry import expire, expired_rows
from pipeline.landing.facts import write_declared, write_facts
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
from pipeline.landing.quarantined import QuarantinedRow, Rule, quarantined_days, quarantined_rows, quarantined_rules
from pipeline.landing.references import referred_tables
from pipeline.landing.remarks import remarks
from pipeline.landing.replay import replay_day
from pipeline.landing.required import check_required
from pipeline.landing.store import (
    accepted_counts,
    accepted_days,
    check_key,
    is_refused,
    pending_days,
    pending_outcomes,
    promote,
    refuse,
    withdraw,
)
from pipeline.landing.write import write_contract_files

__all__ = [
    "DECLARED_SEEDS",
    "ConservationError",
    "DayOutcome",
    "Declared",
    "DoorSettings",
    "Drift",
    "KeyMismatchError",
    "LandingError",
    "MissingTableError",
    "QuarantinedRow",
    "Rule",
    "Scale",
    "accepted_counts",
    "accepted_days",
    "check_key",
    "check_required",
    "day_metrics",
    "drifts",
    "end_of_day",
    "expire",
    "expired_rows",
    "is_refused",
    "land_table",
    "leaning_days",
    "pending_days",
    "pending_outcomes",
    "promote",
    "quarantined_days",
    "quarantined_rows",
    "quarantined_rules",
    "read_declared",
    "referred_tables",
    "refuse",
    "remarks",
    "replay_day",
    "retract_displaced",
    "withdraw",
    "write_contract_files",
    "write_declared",
    "write_facts",
]
