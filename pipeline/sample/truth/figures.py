"""The figures of the truth, summed over blocks: processes, frictions, degradations.

Belongs here: what ``truth.json`` says of the world. Does not belong here: files, rows.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from pipeline.sample.aftermath.contracts import renewal_processes
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.vocabulary import FRICTIONS
from pipeline.sample.ground.world import World
from pipeline.sample.shopping.process import PROCESSES

_COUNTS = ("exposure_count", "affected_customer_count")
_SUMS = ("measurable_cost_amount", "lost_outcomes", "cost_amount")


@dataclass
class TruthSums:
    """Sums over the blocks seen so far.

    Attributes:
        frictions: sums by friction code.
        person_count: persons, visitors included.
        registered_count: persons with an account.
    """

    frictions: dict[int, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    person_count: int = 0
    registered_count: int = 0

    def add(self, world: World) -> None:
        """Add one block."""
        self.person_count += len(world.persons)
        self.registered_count += int((world.persons["customer"] >= 0).sum())
        lived = world.exposures
        cost = (lived["probability_without"] - lived["probability_with"]).to_numpy()
        money = cost * lived["value"].to_numpy() / 100
        measurable = lived["is_measurable"].to_numpy()
        friction, person = lived["friction"].to_numpy(), lived["person_row"].to_numpy()
        for code in np.unique(friction).tolist():
            here = friction == code
            sums = self.frictions[code]
            sums["exposure_count"] += int(here.sum())
            sums["affected_customer_count"] += len(np.unique(person[here]))
            sums["measurable_cost_amount"] += float(money[here & measurable].sum())
            sums["lost_outcomes"] += float(cost[here].sum())
            sums["cost_amount"] += float(money[here].sum())
            sums["is_effective"] += int(lived["is_effective"].to_numpy()[here].any())

    def content(self, scenario: Scenario) -> dict[str, Any]:
        """The figures as they stand in ``truth.json``.

        Args:
            scenario: what was planted.

        Returns:
            Person counts, process parameters, frictions by cost (rank 1 costs most; harmless ones have none) and
            planted degradations.
        """
        ranked = sorted(self.frictions.items(), key=lambda item: (-item[1]["measurable_cost_amount"], item[0]))
        frictions: list[dict[str, Any]] = []
        for code, sums in ranked:
            is_effective = sums["is_effective"] > 0
            rank = sum(bool(each["is_effective"]) for each in frictions) + 1
            frictions.append(
                {
                    "friction_type": FRICTIONS[code],
                    **{name: int(sums[name]) for name in _COUNTS},
                    **{name: round(sums[name], 6) for name in _SUMS},
                    "is_effective": is_effective,
                    "rank": rank if is_effective else None,
                }
            )
        return {
            "person_count": self.person_count,
            "registered_count": self.registered_count,
            "processes": {
                name: {**asdict(process), "time_unit": "operational day"} for name, process in PROCESSES.items()
            },
            "renewal_processes": renewal_processes(),
            "frictions": frictions,
            "degradations": [
                {key: str(value) if key.endswith("_day") else value for key, value in asdict(each).items()}
                for each in scenario.degradations
            ],
        }
