"""Visits made by hand, with known effects of frictions and known reasons to be fooled.

Belongs here: drawing visits and their touchpoints, and running the friction models on them. Does not belong here: what
must come out (``test_friction_biases``).
"""

from dataclasses import dataclass, field
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from pipeline.cli.studies.models import Project, build_models

AS_OF = date(2025, 12, 31)
GIVEN = ("int_touchpoints__sessionized", "int_sessions__aggregated", "int_friction_outcomes__valued")
WANTED = ("int_friction_effects__valued", "int_friction_ranks__bounded")
START = pd.Timestamp("2025-03-03 10:00:00")
_DAY = pd.Timedelta(days=1)

_TOUCHPOINTS = """
    create or replace table intermediate.int_touchpoints__sessionized as
    select
        lpad(cast(row_number() over (order by visit, second, touchpoint) as varchar), 9, '0') as touchpoint_key,
        'web_events' as source_table, cast(row_number() over (order by visit, second, touchpoint) as varchar)
            as source_row_id,
        touchpoint, 'web' as channel, 'c' || customer as customer_key, true as is_known,
        started_at + to_seconds(cast(second as bigint)) as occurred_at,
        cast(started_at as date) as occurred_on, device, 'organic' as traffic_channel,
        cast(null as varchar) as order_id, cast(null as varchar) as case_id,
        cast(null as varchar) as contract_id, 'v' || visit as session_key
    from touched inner join visits using (visit)
"""
_SESSIONS = """
    create or replace table intermediate.int_sessions__aggregated as
    select 'v' || visit as session_key, 'c' || customer as customer_key, started_at,
        started_at + interval 10 minute as ended_at, device, 'organic' as traffic_channel
    from visits
"""
_VALUE = """
    create or replace table intermediate.int_friction_outcomes__valued as
    select 'purchase_30d' as outcome, 'all' as segment_dimension, 'all' as segment,
        cast(40 as decimal(18, 4)) as outcome_value_amount, cast(0 as decimal(18, 4)) as outcome_value_standard_error
"""


@dataclass
class Visits:
    """Visits of one customer each, unless told otherwise, and what they touch.

    Attributes:
        chance: source of chance.
        count: how many.
        device: device of each.
        customer: customer of each.
        touched: parts of a frame with visit, second and touchpoint.
    """

    chance: np.random.Generator
    count: int
    device: np.ndarray = field(init=False)
    customer: np.ndarray = field(init=False)
    touched: list[pd.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        """On one device, each by a customer of its own."""
        self.device = np.full(self.count, "desktop")
        self.customer = np.arange(self.count)

    def happens(self, probability: np.ndarray | float) -> np.ndarray:
        """Whether it happens in each visit."""
        return self.chance.random(self.count) < probability

    def touch(self, touchpoint: str, where: np.ndarray, second: int) -> None:
        """Let visits touch something so many seconds after they began."""
        visit = np.flatnonzero(where)
        self.touched.append(pd.DataFrame({"visit": visit, "second": second, "touchpoint": touchpoint}))

    def frame(self) -> pd.DataFrame:
        """The visits: visit, customer, device, started_at; spread over eight weeks."""
        days = self.chance.integers(0, 56, self.count)
        return pd.DataFrame(
            {
                "visit": np.arange(self.count),
                "customer": self.customer,
                "device": self.device,
                "started_at": START + days * _DAY,
            }
        )


@dataclass(frozen=True)
class Laboratory:
    """The friction models on a database in memory.

    Attributes:
        opened: see ``pipeline.cli.studies.models.laboratory``.
        project: compiled with ``WANTED`` and ``GIVEN``.
    """

    opened: duckdb.DuckDBPyConnection
    project: Project

    def run(self, visits: Visits) -> pd.DataFrame:
        """Build the friction models on the visits.

        Returns:
            Rows of all customers by friction_type, with rank where shown to matter.
        """
        self.opened.register("visits_frame", visits.frame())
        self.opened.register("touched_frame", pd.concat(visits.touched, ignore_index=True))
        self.opened.execute("create or replace table visits as from visits_frame")
        self.opened.execute("create or replace table touched as from touched_frame")
        for statement in (_TOUCHPOINTS, _SESSIONS, _VALUE):
            self.opened.execute(statement)
        build_models(self.opened, self.project)
        rows = self.opened.execute(
            "select effects.*, ranks.friction_rank, ranks.rank_low, ranks.rank_high "
            "from intermediate.int_friction_effects__valued as effects "
            "left join intermediate.int_friction_ranks__bounded as ranks "
            "using (friction_type, segment_dimension, segment) where effects.segment_dimension = 'all'"
        )
        return rows.df().set_index("friction_type")

    def compared(self, friction_type: str) -> pd.DataFrame:
        """Chances of a type as last compared: customer (from 0), stratum, is_affected, has_outcome."""
        return self.opened.execute(
            "select dense_rank() over (order by customer_number) - 1 as customer, stratum, is_affected, has_outcome "
            "from intermediate.int_friction_opportunities__compared where friction_type = ?",
            [friction_type],
        ).df()


def naive_difference(affected: np.ndarray, outcome: np.ndarray, among: np.ndarray | None = None) -> float:
    """Outcome rate of the affected minus that of all others, or of the others among some visits."""
    others = ~affected if among is None else ~affected & among
    return float(outcome[affected].mean() - outcome[others].mean())
