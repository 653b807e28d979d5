"""Renewals of contracts, group by group: shifted-beta-geometric fits with the same way of falling back.

Belongs here: reading renewals and choosing own or parent's parameters. Does not belong here: the likelihood
(``shifted_beta_geometric``).
"""

from dataclasses import dataclass

import duckdb
import numpy as np

from pipeline.analysis.fallback import PARENT
from pipeline.analysis.shifted_beta_geometric import ContractFit, fit_contracts
from pipeline.analysis.triples import Floats

MINIMUM_CONTRACTS = 100
"""Groups with fewer contracts take the parameters of all."""

MINIMUM_LOSSES = 20
"""Groups with fewer losses do, too."""

PARENT_CONTRACTS = 30
"""Fewest contracts for a fit of all."""

PARENT_LOSSES = 5
"""Fewest losses for a fit of all."""


@dataclass(frozen=True)
class Renewals:
    """Renewal opportunities of one group: period from 1, contracts that came to it, those lost there; all (n,)."""

    period: Floats
    opportunities: Floats
    losses: Floats

    @property
    def contracts(self) -> int:
        """Contracts that came to a renewal at all."""
        return int(self.opportunities[self.period == self.period.min()].sum()) if self.period.size else 0


@dataclass(frozen=True)
class ContractDecision:
    """What a group of contracts uses.

    Attributes:
        own: the group's fit, ``None`` where it is too small.
        used: whose parameters hold, ``None`` where nobody's do.
        contracts: of the group.
        status: ``ok``, ``parent`` or ``failed``.
        reason: why not the group's own; empty where they are.
    """

    own: ContractFit | None
    used: ContractFit | None
    contracts: int
    status: str
    reason: str


def read_renewals(build: duckdb.DuckDBPyConnection, relation: str) -> dict[str, Renewals]:
    """Renewals per group of ``int_contract_renewals__aggregated``."""
    rows = build.execute(
        f"select fit_group, period, opportunity_count, loss_count from {relation} order by fit_group, period"
    ).fetchall()
    names = sorted({name for name, *_ in rows})
    grouped = {name: np.array([row[1:] for row in rows if row[0] == name], dtype=np.float64).T for name in names}
    return {name: Renewals(*columns) for name, columns in grouped.items()}


def _fitted(renewals: Renewals, *, floor: tuple[int, int]) -> tuple[ContractFit | None, str]:
    """The fit, and why it cannot be used."""
    losses = int(renewals.losses.sum())
    if renewals.contracts < floor[0] or losses < floor[1]:
        return None, f"fewer than {floor[0]} contracts or {floor[1]} losses"
    fit = fit_contracts(renewals.period, renewals.opportunities, renewals.losses)
    return fit, fit.optimum.failure


def fit_contract_groups(renewals: dict[str, Renewals]) -> dict[str, ContractDecision]:
    """A decision per group; the parent is the group ``all``."""
    decisions: dict[str, ContractDecision] = {}
    parent: ContractFit | None = None
    missing = "no contracts of all"
    for name in sorted(renewals, key=lambda name: (name != PARENT, name)):
        group = renewals[name]
        floor = (PARENT_CONTRACTS, PARENT_LOSSES) if name == PARENT else (MINIMUM_CONTRACTS, MINIMUM_LOSSES)
        own, failure = _fitted(group, floor=floor)
        if name == PARENT:
            parent, missing = (None if failure else own), failure
        if own and not failure:
            decisions[name] = ContractDecision(own, own, group.contracts, "ok", "")
        elif parent:
            decisions[name] = ContractDecision(
                own, parent, group.contracts, "parent", f"parameters of {PARENT}: {failure}"
            )  # fmt: skip
        else:
            reason = failure if name == PARENT else f"{failure}; {PARENT}: {missing}"
            decisions[name] = ContractDecision(own, None, group.contracts, "failed", reason)
    return decisions
