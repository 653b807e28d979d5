"""Streams of chance: every part of every block has its own, so that a part can change without moving the others.

Belongs here: handing out generators. Does not belong here: drawing anything.
"""

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Streams:
    """The chance of one block.

    Attributes:
        seed: seed of the company.
        block: number of the block.
    """

    seed: int
    block: int = 0

    def of(self, part: str) -> np.random.Generator:
        """A fresh generator for that part of the world; the same part gets the same one each time it asks."""
        return np.random.default_rng([self.seed, self.block, zlib.crc32(part.encode("ascii"))])
