"""People of whom everything is known: the population that coverage studies draw their customers from.

Belongs here: strata, how active people are, which of them a segment holds. Does not belong here: what is measured on
them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

TYPES = ("B2C", "B2B")
REGIONS = ("Nord", "Sud", "Est", "Ouest")
_TYPE_SHARES = np.array([0.8, 0.2])
_REGION_SHARES = np.array([0.4, 0.3, 0.2, 0.1])
ACTIVITY_SHAPE = 2.0
"""Activity of a person ~ Gamma(shape, mean of the stratum): some buy often, most do not."""

STRATUM_SHARES = np.outer(_TYPE_SHARES, _REGION_SHARES).ravel()
"""Share of people per stratum: customer type × region, regions running fastest."""
STRATUM_TYPE = np.repeat(np.arange(len(TYPES)), len(REGIONS))
STRATUM_REGION = np.tile(np.arange(len(REGIONS)), len(TYPES))
STRATUM_ACTIVITY = np.where(STRATUM_TYPE == 0, 0.85, 1.6)
"""Mean activity per stratum; 1 over all people."""


@dataclass(frozen=True)
class People:
    """Customers drawn from the superpopulation.

    Attributes:
        stratum: stratum of each.
        activity: activity of each; rates of everything a person does are multiples of it.
    """

    stratum: np.ndarray
    activity: np.ndarray

    def __len__(self) -> int:
        """How many there are."""
        return len(self.stratum)

    @property
    def keys(self) -> np.ndarray:
        """Customer key of each."""
        return np.char.add("customer ", np.arange(len(self)).astype(str)).astype(object)

    def segments(self) -> pd.DataFrame:
        """customer_key, segment_dimension, segment, valid_from, valid_to: as the product dates segments."""
        always = {"valid_from": np.datetime64("1900-01-01"), "valid_to": np.datetime64("2200-01-01")}
        words = {
            "customer_type": np.array(TYPES, dtype=object)[STRATUM_TYPE[self.stratum]],
            "region": np.array(REGIONS, dtype=object)[STRATUM_REGION[self.stratum]],
        }
        frames = [
            pd.DataFrame({"customer_key": self.keys, "segment_dimension": name, "segment": segment, **always})
            for name, segment in words.items()
        ]
        return pd.concat(frames, ignore_index=True)


def draw_people(chance: np.random.Generator, expected_count: int) -> People:
    """A Poisson number of people: who comes is as random as what each does.

    Args:
        chance: the stream.
        expected_count: mean of their number.
    """
    count = int(chance.poisson(expected_count))
    stratum = chance.choice(len(STRATUM_SHARES), size=count, p=STRATUM_SHARES)
    activity = chance.gamma(ACTIVITY_SHAPE, STRATUM_ACTIVITY[stratum] / ACTIVITY_SHAPE)
    return People(stratum, activity)


def segment_strata() -> dict[tuple[str, str], np.ndarray]:
    """Which strata a segment holds, by (segment dimension, segment)."""
    found = {("all", "all"): np.ones(len(STRATUM_SHARES), dtype=bool)}
    found |= {("customer_type", name): np.equal(STRATUM_TYPE, code) for code, name in enumerate(TYPES)}
    return found | {("region", name): np.equal(STRATUM_REGION, code) for code, name in enumerate(REGIONS)}
