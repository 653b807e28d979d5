"""What a touchpoint contributes to conversions: the removal effect of a first-order Markov chain of paths.

Belongs here: counts of steps in, removal effects out, for one chain. Does not belong here: tables, segments, the simple
rules it stands beside (``effectiveness``).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """How often paths took each step; K touchpoints.

    Attributes:
        started: (K,) paths that began there.
        between: (K, K) steps from one touchpoint (row) to another (column), repeats of one included.
        converted: (K,) paths that converted from there.
        lost: (K,) paths that ended there without a conversion.
        converted_at_once: paths that converted without any touchpoint.
        lost_at_once: paths that ended without any touchpoint and without a conversion.
    """

    started: Floats
    between: sparse.csr_array | Floats
    converted: Floats
    lost: Floats
    converted_at_once: float | Floats = 0.0
    lost_at_once: float | Floats = 0.0


@dataclass(frozen=True)
class Conversion:
    """What the chain says.

    Attributes:
        probability: of a path to convert, 0–1; of a chain without a path, 0. (R,) of drawn chains.
        effects: (K,) share of the conversions that would be lost if the touchpoint led nowhere, 0–1. (R, K) of drawn
            chains.
    """

    probability: float | Floats
    effects: Floats


def removal_effects(chain: Chain) -> Conversion:
    """Removal effect of every touchpoint, by one sparse factorisation.

    A path that would enter a removed touchpoint ends without a conversion, as in Anderl et al. (2016). It is lost with
    the probability of ever visiting the touchpoint, ``v / N`` (expected visits over visits once there, both from the
    fundamental matrix N = (I − Q)⁻¹ of Kemeny and Snell 1960), times that of converting from there.

    Args:
        chain: counts of steps.

    Returns:
        Probability of a conversion, and the effects in the order of the touchpoints.
    """
    size = len(chain.started)
    paths = float(np.sum(chain.started)) + chain.converted_at_once + chain.lost_at_once
    if paths <= 0:
        return Conversion(0.0, np.zeros(size))
    leaving = np.asarray(chain.between.sum(axis=1)).ravel() + chain.converted + chain.lost
    per_visit = np.divide(1.0, leaving, out=np.zeros(size), where=leaving > 0)
    if size == 0:
        return Conversion(chain.converted_at_once / paths, np.zeros(0))
    steps = sparse.diags_array(per_visit) @ sparse.csr_array(chain.between)
    factors = splu(sparse.csc_array(sparse.eye_array(size) - steps))
    fundamental: Any = factors.solve(np.eye(size))
    from_there = fundamental @ (chain.converted * per_visit)
    visits = (chain.started / paths) @ fundamental
    probability = chain.converted_at_once / paths + float(visits @ (chain.converted * per_visit))
    if probability <= 0:
        return Conversion(0.0, np.zeros(size))
    ever = visits / np.diag(fundamental)
    return Conversion(probability, np.clip(ever * from_there / probability, 0.0, 1.0))


def drawn_removal_effects(chains: Chain) -> Conversion:
    """Removal effects of R chains over the same touchpoints, e.g. the draws of a bootstrap.

    The same figures as ``removal_effects`` gives one by one, from dense factors taken together: of some dozens of
    touchpoints a sparse factor costs more to set up than a dense one to compute.

    Args:
        chains: as of one chain, with a first axis of R throughout; ``between`` is (R, K, K), counts at once are (R,).

    Returns:
        Probabilities (R,) and effects (R, K).
    """
    started, between = chains.started, np.asarray(chains.between)
    size = started.shape[1]
    paths = started.sum(axis=1) + chains.converted_at_once + chains.lost_at_once
    leaving = between.sum(axis=2) + chains.converted + chains.lost
    per_visit = np.divide(1.0, leaving, out=np.zeros_like(leaving), where=leaving > 0)
    per_path = np.divide(1.0, paths, out=np.zeros_like(paths), where=paths > 0)
    fundamental = np.linalg.inv(np.eye(size) - between * per_visit[:, :, None])
    from_there = np.einsum("rkl,rl->rk", fundamental, chains.converted * per_visit)
    visits = np.einsum("rk,rkl->rl", started * per_path[:, None], fundamental)
    probability = chains.converted_at_once * per_path + np.einsum("rk,rk->r", visits, chains.converted * per_visit)
    ever = visits / np.diagonal(fundamental, axis1=1, axis2=2)
    sure = np.where(probability > 0, probability, 1.0)[:, None]
    return Conversion(probability, np.where(probability[:, None] > 0, np.clip(ever * from_there / sure, 0.0, 1.0), 0.0))
