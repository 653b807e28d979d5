"""The visits of missions as arrays: one entry per visit, whatever has become of it.

Belongs here: the arrays, picking and joining them. Does not belong here: how a visit goes (``missions``), its frame
(``browsers``).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.sample.ground.seasons import Flags, Floats, Instants, Integers, later
from pipeline.sample.ground.vocabulary import STEPS, WEB_FRICTIONS


@dataclass
class Visits:
    """Visits of missions, one entry per visit, grouped by mission; come-backs after all others.

    Attributes:
        person_row: whose.
        mission: number of the mission within the call that drew it.
        early_left: early visits still to come before the last one; 0 for the last.
        returning: whether the person had bought before.
        is_come_back: return to an abandoned cart.
        started_at: when.
        ends_at: when the last visit of the mission begins.
        device: code.
        channel: code of the traffic channel.
        searches: whether the visit searches.
        helped: whether it opens the help pages.
        struck: exposure to each web friction.
        factor: effect of that friction on those days.
        step: furthest step reached, code into STEPS.
        order_second: seconds from the start to the order.
    """

    person_row: Integers
    mission: Integers
    early_left: Integers
    returning: Flags
    is_come_back: Flags
    started_at: Instants
    ends_at: Instants
    device: Integers
    channel: Integers
    searches: Flags
    helped: Flags
    struck: dict[str, Flags] = field(default_factory=dict)
    factor: dict[str, Floats] = field(default_factory=dict)
    step: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    order_second: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def buys(self) -> Flags:
        """Whether the visit ends in an order."""
        return self.step == STEPS.index("order")

    @property
    def ordered_at(self) -> Instants:
        """When it would; meaningful where ``buys``."""
        return later(self.started_at, self.order_second)

    def picked(self, chosen: Flags | Integers) -> "Visits":
        """Those visits only."""
        columns: dict[str, Any] = {}
        for name, value in vars(self).items():
            nested = isinstance(value, dict)
            columns[name] = {key: row[chosen] for key, row in value.items()} if nested else value[chosen]
        return Visits(**columns)


def joined(parts: list[Visits]) -> Visits:
    """Visits of several draws, one after the other."""
    columns: dict[str, Any] = {}
    for name, value in vars(parts[0]).items():
        if isinstance(value, dict):
            columns[name] = {key: np.concatenate([getattr(part, name)[key] for part in parts]) for key in WEB_FRICTIONS}
        else:
            columns[name] = np.concatenate([getattr(part, name) for part in parts])
    return Visits(**columns)
