"""Shifted-beta-geometric: how long a contract is renewed.

Belongs here: this model. Sources: Fader and Hardie 2007 (how to project customer retention), 2010 (customer-base
valuation in a contractual setting). Parameters: alpha, beta of the probability of not renewing.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

from pipeline.analysis.optimum import Objective, Optimum, maximise
from pipeline.analysis.triples import Floats

PARAMETERS = ("alpha", "beta")
NAME = "sbg"
_STARTS = ((1.0, 1.0), (0.7, 3.0), (3.0, 10.0))


@dataclass(frozen=True)
class ContractFit:
    """A fitted model of renewals; periods are renewal opportunities from 1."""

    values: Floats
    optimum: Optimum

    def retention(self, period: Floats) -> Floats:
        """Probability of renewing at an opportunity, having renewed at all before it."""
        alpha, beta = self.values
        return (beta + period - 1) / (alpha + beta + period - 1)

    def survival(self, period: Floats) -> Floats:
        """Probability of having renewed at every opportunity up to this one."""
        alpha, beta = self.values
        return np.exp(betaln(alpha, beta + period) - betaln(alpha, beta))


def _objective(period: Floats, opportunities: Floats, losses: Floats) -> Objective:
    renewals = opportunities - losses

    def evaluate(point: Floats) -> tuple[float, Floats]:
        alpha, beta = np.exp(np.clip(point, -30.0, 30.0))
        stay, whole = beta + period - 1, alpha + beta + period - 1
        value = float((losses * point[0] + renewals * np.log(stay) - opportunities * np.log(whole)).sum())
        common = float((opportunities / whole).sum())
        return value, np.array([float(losses.sum()) - alpha * common, beta * (float((renewals / stay).sum()) - common)])

    return evaluate


def fit_contracts(period: Floats, opportunities: Floats, losses: Floats) -> ContractFit:
    """Maximum-likelihood fit of renewals over all cohorts together; look at ``optimum.failure`` before using it.

    Args:
        period: renewal opportunity, from 1 (n,).
        opportunities: contracts that came to it (n,).
        losses: those not renewed (n,).

    Raises:
        ValueError: no opportunity, or more losses than opportunities.
    """
    if not period.size or opportunities.sum() <= 0 or period.min() < 1:
        raise ValueError("the renewal model needs at least one renewal opportunity, counted from 1")
    if losses.min() < 0 or np.any(losses > opportunities):
        raise ValueError("losses lie between 0 and the opportunities")
    objective = _objective(period, opportunities, losses)
    starts = [np.log(np.asarray(start)) for start in _STARTS]
    optimum = maximise(objective, objective, starts, size=float(opportunities.sum()))
    return ContractFit(np.exp(optimum.point), optimum)
