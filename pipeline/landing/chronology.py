"""What cannot have happened yet, or not in that order: as data, and as SQL.

Belongs here: rules about time within one row, and the tolerance of clocks. Does not belong here: other rows
(``references``), other rules (``rules``). Plans may lie in the future (a promised day, a contract's start, an
initiative), so only columns that tell of something that happened are named.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.contracts import Contract
from pipeline.landing.model import DoorSettings
from pipeline.warehouse import identifier, literal

HAPPENED: Mapping[str, tuple[str, ...]] = {
    "customers": ("registered_at",),
    "orders": ("ordered_at",),
    "web_events": ("occurred_at",),
    "survey_responses": ("invited_at", "answered_at"),
    "contracts": ("signed_at",),
    "interactions": ("opened_at", "acknowledged_at", "first_response_at", "closed_at"),
    "referrals": ("referred_at",),
    "messages": ("sent_at", "delivered_at", "opened_at", "clicked_at", "unsubscribed_at"),
    "deliveries": ("shipped_at", "delivered_at", "delay_announced_at"),
    "returns": ("requested_at", "received_at", "refunded_at"),
    "loyalty_events": ("occurred_at",),
    "feedback": ("published_at", "replied_at"),
}
"""Columns that tell of the past: none may lie after the end of the extract day and a tolerance."""

SEQUENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "survey_responses": (("invited_at", "answered_at"),),
    "contracts": (("starts_on", "ends_on"),),
    "interactions": (("opened_at", "acknowledged_at"), ("opened_at", "first_response_at"), ("opened_at", "closed_at")),
    "messages": tuple(("sent_at", later) for later in ("delivered_at", "opened_at", "clicked_at", "unsubscribed_at")),
    "deliveries": (("shipped_at", "delivered_at"),),
    "returns": (("requested_at", "received_at"), ("requested_at", "refunded_at")),
    "feedback": (("published_at", "replied_at"),),
}  # fmt: skip
"""Pairs of columns of one row of which the first never comes after the second."""


def end_of_day(day: date, time_zone: str) -> datetime:
    """The instant, naive UTC, that ends a calendar day in a time zone (a day may have 23 or 25 hours)."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(time_zone))
    return midnight.astimezone(UTC).replace(tzinfo=None)


def is_before(later: str, earlier: str, settings: DoorSettings, *, tolerance: str = "interval 0 minute") -> str:
    """SQL truth: an instant lies before one it must not precede, by more than a tolerance.

    A day without a time stands as its midnight; it is before another instant only if the whole day is.
    """
    zone = literal(settings.business_time_zone)

    def local(instant: str) -> str:
        return f"timezone({zone}, timezone('UTC', {instant}))"

    same_day = " or ".join(
        f"({theirs}::time = time '00:00' and {theirs}::date >= {ours}::date)"
        for theirs, ours in ((later, earlier), (local(later), local(earlier)))
    )
    # Not with AND, which asks both sides of every row: time zones are dear, and few rows get that far.
    return f"(case when {later} < {earlier} - {tolerance} then not ({same_day}) else false end)"


def time_arms(contract: Contract, settings: DoorSettings, day: date) -> list[tuple[str, str]]:
    """SQL tests of one row against its extract day and against itself, each with its reason."""
    limit = end_of_day(day, settings.business_time_zone) + timedelta(hours=settings.future_tolerance_hours)
    arms = [
        (f"{identifier(name)} >= timestamp {literal(str(limit))}", f"{name}: later than its extract day")
        for name in HAPPENED.get(contract.table, ())
    ]
    for earlier, later in SEQUENCES.get(contract.table, ()):
        theirs, ours = (f"cast({identifier(name)} as timestamp)" for name in (later, earlier))
        test = is_before(theirs, ours, settings)
        arms.append((test, f"{later}: before {earlier}"))
    return arms
