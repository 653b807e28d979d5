"""Maximum likelihood of a few log-parameters: several starts on coarse data, Newton-like steps on all of it.

Belongs here: the search and its diagnosis. Does not belong here: any likelihood. The result is deterministic: no random
start, no threaded linear algebra on data-sized arrays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.triples import Floats

Objective = Callable[[Floats], tuple[float, Floats]]
"""Log-parameters (k,) → log-likelihood and its gradient by the log-parameters (k,)."""

LIMIT = 9.0
"""Log-parameters are sought within ± this, in the optimiser's units: e^9 is no customer base, it is a boundary."""

_NEAR = 1e-3
_DIFFERENCE = 1e-5
_DECREMENT = 1e-17
_NOISE = 1e-10
_STEPS = 40
_CLIMBS = 300
_LONGEST = 2.0
_FLAT = 1e-8
_GAIN = 1e-12


@dataclass(frozen=True)
class Optimum:
    """Where the likelihood is highest, and whether that can be relied on.

    Attributes:
        point: log-parameters (k,).
        log_likelihood: at the point.
        covariance: inverse observed information (k, k); NaN where it is not positive definite.
        converged: a Newton step would gain nothing more.
        at_bound: a parameter runs off to zero or infinity.
        is_definite: the observed information is positive definite.
    """

    point: Floats
    log_likelihood: float
    covariance: Floats
    converged: bool
    at_bound: bool
    is_definite: bool

    @property
    def failure(self) -> str:
        """Why the optimum cannot be relied on; empty where it can."""
        if self.at_bound:
            return "a parameter runs to its bound"
        if not self.is_definite:
            return "the observed information is not positive definite"
        return "" if self.converged else "the search did not converge"


def information(objective: Objective, point: Floats, gradient: Floats) -> Floats:
    """Observed information (k, k): minus the Hessian, by differences of the analytic gradient from that at the point.

    One-sided: a relative error of about 1e-5, for half the evaluations.
    """
    hessian = np.empty((point.size, point.size))
    for row in range(point.size):
        step = np.zeros(point.size)
        step[row] = _DIFFERENCE
        hessian[row] = (gradient - objective(point + step)[1]) / _DIFFERENCE
    return (hessian + hessian.T) / 2


def _is_definite(matrix: Floats) -> bool:
    if not np.all(np.isfinite(matrix)):
        return False
    # Scaled to correlations first, so that the judgement does not depend on the parameters' sizes.
    scale = np.sqrt(np.abs(np.diag(matrix)))
    if np.any(scale <= 0):
        return False
    return bool(np.linalg.eigvalsh(matrix / np.outer(scale, scale)).min() > 1e-9)


def _free(point: Floats, gradient: Floats) -> Floats:
    """The gradient without the parts that push a parameter over its bound."""
    return np.where((np.abs(point) >= LIMIT) & (gradient * point > 0), 0.0, gradient)


def _curved(inverse: Floats, step: Floats, change: Floats) -> Floats:
    """The BFGS update of the inverse of minus the Hessian; kept as it is where the step says nothing about it."""
    along = float(step @ change)
    if along <= 1e-12:
        return inverse
    left = np.eye(step.size) - np.outer(step, change) / along
    return left @ inverse @ left.T + np.outer(step, step) / along


def _climb(objective: Objective, start: Floats, size: float) -> tuple[Floats, float]:
    """Highest point and value reached from a start by BFGS within the bounds.

    Written out because library searches call threaded linear algebra even for four parameters, which costs more than
    the likelihood does.
    """
    point, inverse = np.clip(start, -LIMIT, LIMIT), np.eye(start.size)
    value, gradient = objective(point)
    for _ in range(_CLIMBS):
        slope = _free(point, gradient) / size
        if np.abs(slope).max() < _FLAT:
            break
        step = np.where(slope != 0, inverse @ slope, 0.0)
        if step @ slope <= 0:
            inverse, step = np.eye(start.size), slope
        step = step / max(1.0, float(np.abs(step).max()) / _LONGEST)
        for halving in range(40):
            ahead = np.clip(point + step / 2**halving, -LIMIT, LIMIT)
            there, turned = objective(ahead)
            if there - value >= 1e-4 * size * float(slope @ (ahead - point)):
                break
        else:
            break
        inverse = _curved(inverse, ahead - point, (slope - _free(ahead, turned) / size))
        gained = there - value
        point, value, gradient = ahead, there, turned
        if gained < _GAIN * size and np.abs(_free(point, gradient)).max() / size < 1e-5:
            break
    return point, value


def _search(objective: Objective, starts: Sequence[Floats], size: float) -> Floats:
    """Best point of searches from every start; ``size`` scales the likelihood to about one."""
    best, highest = starts[0], -np.inf
    for start in starts:
        point, value = _climb(objective, start, size)
        # A later start must be clearly better, or rounding would choose between equals.
        if np.isfinite(value) and value > highest + 1e-9 * max(1.0, abs(value)):
            best, highest = point, value
    return best


@dataclass(frozen=True)
class _Place:
    """A point with the log-likelihood and the gradient there."""

    point: Floats
    value: float
    gradient: Floats


def _stepped(objective: Objective, here: _Place, step: Floats) -> _Place | None:
    """The place a step leads to, the step halved until nothing is lost; ``None`` where every step loses."""
    for halving in range(12):
        ahead = here.point + step / 2**halving
        value, gradient = objective(ahead)
        if value >= here.value - 1e-12 * max(1.0, abs(here.value)):
            return _Place(ahead, value, gradient)
    return None


def _newton(matrix: Floats, gradient: Floats) -> Floats:
    return np.asarray(np.linalg.solve(matrix, gradient), dtype=np.float64)


def _polished(objective: Objective, point: Floats, matrix: Floats) -> tuple[_Place, bool]:
    """Newton steps with a kept matrix, taken anew when they stop helping; the place and whether it converged."""
    here, before = _Place(point, *objective(point)), np.inf
    for _ in range(_STEPS):
        step = _newton(matrix, here.gradient)
        decrement = float(here.gradient @ step) / 2
        if decrement < _DECREMENT:
            return here, decrement > -_DECREMENT
        if decrement > before / 4:
            if decrement < _NOISE:
                # Rounding of the gradient is all that is left.
                return here, True
            matrix = information(objective, here.point, here.gradient)
            if not _is_definite(matrix):
                return here, False
            step = _newton(matrix, here.gradient)
        before = decrement
        there = _stepped(objective, here, step)
        if there is None:
            return here, decrement < _NOISE
        here = there
    return here, False


def maximise(objective: Objective, coarse: Objective, starts: Sequence[Floats], *, size: float) -> Optimum:
    """Highest point of a log-likelihood.

    Args:
        objective: on all data.
        coarse: on coarse data (may be the same), where the starts are tried.
        starts: log-parameters to start from, each (k,).
        size: observations, to scale the search.
    """
    point = _search(coarse, starts, size)
    matrix = information(coarse, point, coarse(point)[1])
    here, converged = _Place(point, 0.0, point), False
    if _is_definite(matrix) and np.abs(point).max() < LIMIT - _NEAR:
        here, converged = _polished(objective, point, matrix)
    if not converged:
        point = _search(objective, [np.clip(here.point, -LIMIT, LIMIT)], size)
        here = _Place(point, *objective(point))
    at_bound = bool(np.abs(here.point).max() >= LIMIT - _NEAR)
    matrix = information(objective, here.point, here.gradient)
    definite = _is_definite(matrix) and not at_bound
    covariance = np.full_like(matrix, np.nan)
    if definite:
        covariance[:] = np.linalg.inv(matrix)
        converged = converged or bool(here.gradient @ covariance @ here.gradient / 2 < 1e-6)
    return Optimum(here.point, float(here.value), covariance, converged, at_bound, definite)
