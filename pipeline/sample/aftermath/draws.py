"""Draws shared by everything that follows an order: codes by share, frictions that strike, what was lived lately.

Belongs here: the few vectorised moves all those modules make. Does not belong here: any one table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import FIRST_DAY, Flags, Floats, Instants, Integers, business_day, later
from pipeline.sample.ground.vocabulary import EXIT_CAUSES, FRICTIONS, STEPS
from pipeline.sample.ground.world import IDS_PER_BLOCK, NOBODY, framed

HOUR = 3600
NEVER = np.datetime64("NaT", "s")

_SPAN = np.int64(1) << 34  # seconds between the clocks of two persons: none runs into the next
_ORIGIN = np.datetime64("2000-01-01T00:00:00", "s")


def draw_codes(rng: np.random.Generator, count: int, shares: Sequence[float]) -> npt.NDArray[np.int8]:
    """Codes 0, 1, … with those weights, shape (count,)."""
    bounds = np.cumsum(np.asarray(shares, dtype=np.float64))
    return np.searchsorted(bounds[:-1] / bounds[-1], rng.random(count), side="right").astype(np.int8)


def only_if(condition: Flags, instants: Instants) -> Instants:
    """Instants where the condition holds, ``NaT`` elsewhere."""
    return np.where(condition, np.asarray(instants).astype("datetime64[s]"), NEVER)


def between(rng: np.random.Generator, instants: Instants | pd.Series, low: float, high: float) -> Instants:
    """Instants moved by an even draw between two numbers of seconds."""
    return later(instants, rng.uniform(low, high, len(instants)).astype(np.int64))


def numbered(persons: pd.DataFrame, count: int) -> Integers:
    """Global ids of ``count`` rows of the block the persons belong to."""
    block = int(persons["person"].iloc[0]) // IDS_PER_BLOCK if len(persons) else 0
    return np.asarray(block * IDS_PER_BLOCK + np.arange(count), dtype=np.int64)


def is_in_history(instants: Instants | pd.Series, end: np.datetime64) -> Flags:
    """Whether instants lie on a local day from the first one on and before ``end`` (an instant); ``NaT`` does not."""
    moments = np.asarray(instants).astype("datetime64[s]")
    return np.asarray((business_day(moments) >= np.datetime64(FIRST_DAY, "D")) & (moments < end))


def strikes(
    rng: np.random.Generator, scenario: Scenario, friction: str, *, device: npt.NDArray, at: Instants | pd.Series
) -> Flags:
    """Whether a friction strikes at each chance it gets.

    Args:
        rng: source of chance.
        scenario: says how often.
        friction: one of ``FRICTIONS``.
        device: codes into ``DEVICES``, shape (n,).
        at: instants of the chance; their local day picks the rate, shape (n,).
    """
    return np.asarray(rng.random(len(device)) < scenario.frictions[friction].rate_at(device, business_day(at)))


def exposures_of(
    friction: str, rows: pd.DataFrame, at: Instants | pd.Series, *, scenario: Scenario, persons: pd.DataFrame
) -> pd.DataFrame:
    """Exposures to an after-sale friction, without what they cost.

    Args:
        friction: one of ``SERVICE_FRICTIONS``.
        rows: what it struck, with ``person_row``, ``order``, ``device`` and ``is_returning``.
        at: when it struck, shape (len(rows),).
        scenario: says what it does.
        persons: all persons of the block.

    Returns:
        Frame ``exposures`` of ``world`` with probabilities and values still missing.
    """
    count = len(rows)
    who = persons.iloc[rows["person_row"].to_numpy()]
    effect = scenario.frictions[friction].effect_at(business_day(at))
    missing = np.full(count, np.nan)
    return framed("exposures", {
        "friction": np.full(count, FRICTIONS.index(friction)), "person_row": rows["person_row"].to_numpy(),
        "at": np.asarray(at), "order": rows["order"].to_numpy(), "visit": np.full(count, NOBODY),
        "device": rows["device"].to_numpy(), "customer_type": who["customer_type"].to_numpy(),
        "acquisition_channel": who["acquisition_channel"].to_numpy(), "traffic_channel": np.full(count, NOBODY),
        "is_returning": rows["is_returning"].to_numpy(), "step": np.full(count, STEPS.index("order")),
        "effect": effect, "probability_without": missing, "probability_with": missing, "value": missing,
        "own_value": missing, "is_effective": effect > 0, "is_measurable": np.zeros(count, dtype=bool),
    })  # fmt: skip


def exits_of(rng: np.random.Generator, exposures: pd.DataFrame) -> pd.DataFrame:
    """Candidate exits: each exposure drives its person away with the chance of its effect.

    Returns:
        ``person_row``, ``at``, ``order`` (-1 none) and ``cause`` (code into ``EXIT_CAUSES``).
    """
    leaves = rng.random(len(exposures)) < exposures["effect"].to_numpy()
    gone = exposures.loc[leaves, ["person_row", "at", "order"]].reset_index(drop=True)
    shift = EXIT_CAUSES.index(FRICTIONS[0])
    return gone.assign(cause=(exposures["friction"].to_numpy()[leaves] + shift).astype(np.int8))


@dataclass(frozen=True)
class Lately:
    """Moments of persons, ordered, to be looked back at.

    Attributes:
        keys: person and instant in one number, ascending.
        cumulated: weight of all moments before each position, shape (n + 1,).
        labels: a code per moment.
    """

    keys: Integers
    cumulated: Floats
    labels: npt.NDArray

    @classmethod
    def of(cls, person_row: npt.NDArray, at: Instants, *, weight: Floats, label: npt.NDArray) -> "Lately":
        """Moments in any order."""
        keys = _key(person_row, at)
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], np.concatenate([[0.0], np.cumsum(weight[order])]), label[order])

    def weight_of(self, person_row: npt.NDArray, at: Instants, *, days: int) -> Floats:
        """Sum of the weights of a person's moments in the ``days`` before (and at) an instant, shape (n,)."""
        low, high = self._range(person_row, at, days)
        return np.asarray(self.cumulated[high] - self.cumulated[low])

    def last_of(self, person_row: npt.NDArray, at: Instants, *, days: int) -> npt.NDArray:
        """Label of a person's last moment in those days, -1 where there was none, shape (n,)."""
        low, high = self._range(person_row, at, days)
        if not len(self.labels):
            return np.full(len(low), -1)
        return np.where(high > low, self.labels[np.maximum(high - 1, 0)], -1)

    def _range(self, person_row: npt.NDArray, at: Instants, days: int) -> tuple[Integers, Integers]:
        key = _key(person_row, at)
        low = np.searchsorted(self.keys, key - days * 24 * HOUR, side="right")
        return low, np.searchsorted(self.keys, key, side="right")


def _key(person_row: npt.NDArray, at: Instants) -> Integers:
    seconds = (np.asarray(at).astype("datetime64[s]") - _ORIGIN).astype(np.int64)
    return np.asarray(np.asarray(person_row).astype(np.int64) * _SPAN + seconds)
