"""What a door says: one outcome per expectation, and the verdict over all of them.

Belongs here: values handed to the shell and published in ``data_quality``. Not here: how they are found.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What an unmet expectation means."""

    CRITICAL = "critical"
    """Blocks: the day stays pending, or the release is not made."""
    WARNING = "warning"
    """Shown, and nothing else."""


@dataclass(frozen=True)
class CheckOutcome:
    """How one expectation fared on one frame.

    Attributes:
        expectation: type of the expectation, as Great Expectations calls it.
        column_name: column or columns judged, empty for the table as a whole.
        severity: what it means if unmet.
        is_met: whether it was met.
        observed_value: short text of counts, rates and bounds; never the value of a person.
        why: the reason for the expectation, as its suite gives it.
        failing_index: for frames judged with an index column, its value in every failing row; in all rows if
            the expectation is about the frame as a whole or could not be judged.
    """

    expectation: str
    column_name: str
    severity: Severity
    is_met: bool
    observed_value: str
    why: str
    failing_index: tuple[object, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether this outcome alone closes the door."""
        return self.severity is Severity.CRITICAL and not self.is_met

    def as_row(self) -> dict[str, object]:
        """The outcome without its failing rows, as stored and published."""
        return {
            "expectation": self.expectation,
            "column_name": self.column_name,
            "severity": str(self.severity),
            "is_met": self.is_met,
            "observed_value": self.observed_value,
            "why": self.why,
        }


@dataclass(frozen=True)
class Verdict:
    """All outcomes of one frame at one door."""

    outcomes: tuple[CheckOutcome, ...]

    @property
    def is_blocked(self) -> bool:
        """Whether any critical expectation is unmet."""
        return any(outcome.blocks for outcome in self.outcomes)

    @property
    def unmet(self) -> tuple[CheckOutcome, ...]:
        """Unmet outcomes, critical ones first."""
        failed = [outcome for outcome in self.outcomes if not outcome.is_met]
        return tuple(sorted(failed, key=lambda outcome: outcome.severity is not Severity.CRITICAL))

    @property
    def blocked_index(self) -> frozenset[object]:
        """Index values (extract days, say) of rows that fail a critical expectation."""
        return frozenset(value for outcome in self.outcomes if outcome.blocks for value in outcome.failing_index)

    def for_index(self, value: object) -> "Verdict":
        """The verdict on one row of the frame: each outcome met unless that row fails it."""
        return Verdict(
            tuple(
                outcome if value in outcome.failing_index or outcome.is_met else _met(outcome)
                for outcome in self.outcomes
            )
        )


def _met(outcome: CheckOutcome) -> CheckOutcome:
    return CheckOutcome(
        expectation=outcome.expectation,
        column_name=outcome.column_name,
        severity=outcome.severity,
        is_met=True,
        observed_value="met on this row",
        why=outcome.why,
    )
