"""A change of a rate split exactly into mix and rate effects, and of a product into its factors.

Belongs here: identities whose parts sum to the change. Does not belong here: whether the change is more than chance.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """What one segment adds to the change of the whole.

    Attributes:
        segment: its name.
        mix: by being a larger or smaller share of the whole.
        rate: by being better or worse itself.
    """

    segment: str
    mix: float
    rate: float

    @property
    def total(self) -> float:
        """Mix and rate effect together."""
        return self.mix + self.rate


@dataclass(frozen=True)
class Sums:
    """Numerator and denominator of one segment in one period."""

    x: float
    n: float


def mix_and_rate(before: Mapping[str, Sums], after: Mapping[str, Sums]) -> tuple[Part, ...]:
    """Split the change of Σx/Σn between two periods over segments.

    mix_i = (w1 - w0)((r0 + r1)/2 - (R0 + R1)/2), rate_i = (r1 - r0)(w0 + w1)/2, with w the share of the denominator,
    r the segment's rate and R that of the whole (Kitagawa 1955, centred). A segment absent from a period borrows the
    other period's rate, so its coming or going is mix. The parts sum to R1 - R0.

    Args:
        before: sums of the first period by segment; segments are disjoint and together the whole.
        after: sums of the second period.

    Returns:
        One part per segment, the largest effect first; ties by name.

    Raises:
        ValueError: a period without units.
    """
    total_before, total_after = math.fsum(s.n for s in before.values()), math.fsum(s.n for s in after.values())
    if total_before <= 0 or total_after <= 0:
        raise ValueError("a change of a rate needs units in both periods")
    whole = (
        math.fsum(s.x for s in before.values()) / total_before + math.fsum(s.x for s in after.values()) / total_after
    )
    parts = []
    for segment in sorted({*before, *after}):
        old, new = before.get(segment, Sums(0.0, 0.0)), after.get(segment, Sums(0.0, 0.0))
        w0, w1 = old.n / total_before, new.n / total_after
        # What stands over no unit (contacts of a region without an order) has no rate: all of it is rate effect.
        rate = new.x / total_after * (new.n <= 0) - old.x / total_before * (old.n <= 0)
        if old.n <= 0 and new.n <= 0:
            parts.append(Part(segment, 0.0, rate))
            continue
        r0 = old.x / old.n if old.n > 0 else new.x / new.n
        r1 = new.x / new.n if new.n > 0 else r0
        parts.append(Part(segment, (w1 - w0) * ((r0 + r1) / 2 - whole / 2), (r1 - r0) * (w0 + w1) / 2 + rate))
    return tuple(sorted(parts, key=lambda part: (-abs(part.total), part.segment)))


def split_product(before: Sequence[float], after: Sequence[float]) -> tuple[float, ...]:
    """Split the change of a product over its factors by logarithmic means (Ang 2004, LMDI).

    Args:
        before: factors of the first period, e.g. the step rates of a funnel; all above 0.
        after: the same factors of the second period.

    Returns:
        One effect per factor; they sum to Π after - Π before.

    Raises:
        ValueError: a factor is not above 0, or the lengths differ.
    """
    if len(before) != len(after):
        raise ValueError("a product is split over the same factors in both periods")
    if any(not value > 0 for value in (*before, *after)):
        raise ValueError("logarithmic means need factors above 0")
    old, new = math.prod(before), math.prod(after)
    mean = logarithmic_mean(old, new)
    return tuple(mean * math.log(b / a) for a, b in zip(before, after, strict=True))


def logarithmic_mean(a: float, b: float) -> float:
    """(b - a) / (ln b - ln a), and a where they are equal; both above 0."""
    ratio = (b - a) / a
    if abs(ratio) < 1e-8:
        return a * (1 + ratio / 2)
    return (b - a) / math.log1p(ratio)
