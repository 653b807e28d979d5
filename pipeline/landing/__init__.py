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
from pipeline.landing.facts import write_build_code, write_declared, write_facts
from pipeline.landing.forgetting import Removal, forget_landed, forget_quarantined, holds_word
from pipeline.landing.judgements import keep_profile, kept_profiles, profiled_columns, waiting_files
from pipeline.landing.metrics import day_metrics
from pipeline.landing.model import (
    ConservationError,
    DayOutcome,
    DoorSettings,
    KeyMismatchError,
    LandingError,
    MissingTableError,
    Scale,
    Tombstones,
    UnknownPersonError,
)
from pipeline.landing.persons import Person, find_person, is_landed, landed_versions, rows_relation, word_test
from pipeline.landing.quarantined import QuarantinedRow, Rule, quarantined_days, quarantined_rows, quarantined_rules
from pipeline.landing.references import referred_tables
from pipeline.landing.remarks import remarks
from pipeline.landing.replay import replay_day
from pipeline.landing.required import check_required
from pipeline.landing.store import (
    accepted_days,
    accepted_outcomes,
    check_key,
    is_refused,
    pending_days,
    pending_outcomes,
    promote,
    refuse,
    withdraw,
)
from pipeline.landing.tombstones import create_tombstones, is_forgotten
from pipeline.landing.volume import usual_days
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
    "Person",
    "QuarantinedRow",
    "Removal",
    "Rule",
    "Scale",
    "Tombstones",
    "UnknownPersonError",
    "accepted_days",
    "accepted_outcomes",
    "check_key",
    "check_required",
    "create_tombstones",
    "day_metrics",
    "drifts",
    "end_of_day",
    "expire",
    "expired_rows",
    "find_person",
    "forget_landed",
    "forget_quarantined",
    "holds_word",
    "is_forgotten",
    "is_landed",
    "is_refused",
    "keep_profile",
    "kept_profiles",
    "land_table",
    "landed_versions",
    "leaning_days",
    "pending_days",
    "pending_outcomes",
    "profiled_columns",
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
    "rows_relation",
    "usual_days",
    "waiting_files",
    "withdraw",
    "word_test",
    "write_build_code",
    "write_contract_files",
    "write_declared",
    "write_facts",
]
