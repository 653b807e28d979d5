"""What every model of repeat purchases can do, and what follows for all of them alike.

Belongs here: the port the models fill, a fitted model, expectations built on it. Does not belong here: one model's
formulas. Parameters are (k,) arrays in the caller's time unit; histories are arrays that broadcast.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pipeline.analysis.optimum import Objective, Optimum, maximise
from pipeline.analysis.triples import Floats, Triples


class PurchaseModel(Protocol):
    """A buy-till-you-die model of (x, t_x, T)."""

    @property
    def name(self) -> str:
        """How tables call it."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the four parameters, in order."""

    @property
    def times(self) -> tuple[int, ...]:
        """Positions of the parameters that carry the unit of time."""

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        """Where the search begins, in units of the mean age."""

    def objective(self, triples: Triples) -> Objective:
        """Log-likelihood and gradient by log-parameters in units of the triples' ``scale``."""

    def p_alive(self, values: Floats, count: Floats, recency: Floats, age: Floats) -> Floats:
        """Probability of being a customer still, given the history."""

    def purchases_if_alive(self, values: Floats, count: Floats, age: Floats, ahead: Floats) -> Floats:
        """Expected purchases within ``ahead`` of the as-of date by a customer who is alive at it."""

    def pair_rate(self, values: Floats, count: Floats, age: Floats) -> Floats:
        """Factor c with E[Y(Y-1) | alive] = 2c ∫ w dG(w), G the purchases if alive of a customer with x + 1."""


@dataclass(frozen=True)
class PurchaseFit:
    """A model with its parameters, in the unit of time the data came in.

    Attributes:
        model: which.
        values: parameters (4,).
        optimum: how they were found; its log-parameters are in units of the mean age.
    """

    model: PurchaseModel
    values: Floats
    optimum: Optimum

    @property
    def log_values(self) -> Floats:
        """Log-parameters (4,) in the data's unit of time; covariance is the same as in the optimiser's unit."""
        return np.log(self.values)

    def p_alive(self, count: Floats, recency: Floats, age: Floats) -> Floats:
        """Probability of being a customer still (n,)."""
        return self.model.p_alive(self.values, count, recency, age)

    def expected(self, count: Floats, recency: Floats, age: Floats, ahead: Floats) -> Floats:
        """E[Y(t) | x, t_x, T]: expected purchases within ``ahead``; with (0, 0, 0) it is E[X(t)] of a new customer."""
        alive = self.model.p_alive(self.values, count, recency, age)
        return alive * self.model.purchases_if_alive(self.values, count, age, ahead)


def fit_purchases(model: PurchaseModel, triples: Triples) -> PurchaseFit:
    """Maximum-likelihood fit of grouped histories; look at ``optimum.failure`` before using it.

    Raises:
        ValueError: no history at all.
    """
    if not triples.count.size:
        raise ValueError("a model of purchases needs at least one customer")
    coarse = triples.coarse()
    object_coarse = model.objective(coarse)
    shift = np.zeros(len(model.parameters))
    shift[list(model.times)] = np.log(triples.scale / coarse.scale)

    def coarse_objective(point: Floats) -> tuple[float, Floats]:
        return object_coarse(point + shift)

    starts = [np.log(np.asarray(start)) for start in model.starts]
    optimum = maximise(model.objective(triples), coarse_objective, starts, size=triples.customers)
    values = np.exp(optimum.point)
    values[list(model.times)] *= triples.scale
    # A density in time has a unit: from the mean age back to the data's, one factor per purchase.
    unit = float(np.einsum("i,i->", triples.weight, triples.count)) * np.log(triples.scale)
    return PurchaseFit(model, values, _with_likelihood(optimum, optimum.log_likelihood - unit))


def _with_likelihood(optimum: Optimum, value: float) -> Optimum:
    return Optimum(
        optimum.point, value, optimum.covariance, optimum.converged, optimum.at_bound, optimum.is_definite
    )  # fmt: skip
