"""Purchase histories as weighted triples (x, t_x, T): what the likelihoods are evaluated on.

Belongs here: grouping, the index tables that let logarithms and gamma functions run once per distinct value, and a
coarse copy to start from. Does not belong here: any likelihood. Times are in whatever unit the caller uses; ``scaled``
makes them unit-free, so that estimates do not depend on it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

BLOCK = 16_384
"""Histories worked on at a time: intermediate arrays stay in the processor's cache, and memory stays small."""

_COARSE_STEPS = 40
_COARSE_BELOW = 4_000
_TABLE_LIMIT = 100_000


def tally(index: Integers, weights: Floats, size: int) -> Floats:
    """Sum of the weights (n,) per index (size,)."""
    return np.bincount(index, weights=weights, minlength=size).astype(np.float64, copy=False)


def merged(cells: Floats, weight: Floats, *columns: Floats) -> tuple[Floats, list[Floats]]:
    """Weight and weighted means of columns (n,) per cell that is not empty; cells are modest whole numbers (n,)."""
    index = cells.astype(np.intp)
    index -= index.min()
    size = int(index.max()) + 1
    held = tally(index, weight, size)
    kept = held > 0
    return held[kept], [tally(index, weight * column, size)[kept] / held[kept] for column in columns]


def indexed_values(values: Floats) -> tuple[Floats, Integers]:
    """Distinct values and the index of each; whole numbers of modest size index themselves, which saves a sort."""
    if values.size and values.max() < _TABLE_LIMIT:
        whole = values.astype(np.intp)
        if np.array_equal(whole, values):
            return np.arange(int(whole.max()) + 1, dtype=np.float64), whole
    distinct, index = np.unique(values, return_inverse=True)
    return distinct, index


def distinct_rows(*columns: Floats) -> tuple[list[Floats], Integers]:
    """Distinct rows of some columns (n,), sorted by them, and the row of each entry (n,)."""
    order = np.lexsort(columns[::-1])
    rows = [np.asarray(column, dtype=np.float64)[order] for column in columns]
    fresh = np.ones(order.size, dtype=bool)
    fresh[1:] = np.any([row[1:] != row[:-1] for row in rows], axis=0)
    index = np.empty(order.size, dtype=np.intp)
    index[order] = np.cumsum(fresh) - 1
    return [row[fresh] for row in rows], index


@dataclass(frozen=True)
class Triples:
    """Grouped histories, all arrays of one length.

    Attributes:
        count: x, repeat purchase days.
        recency: t_x, first to last purchase day; 0 where x is 0.
        age: T, first purchase day to the as-of date.
        weight: customers with this history.
        unit: what one unit of ``recency`` and ``age`` is in the caller's unit.
    """

    count: Floats
    recency: Floats
    age: Floats
    weight: Floats
    unit: float = 1.0

    def __post_init__(self) -> None:
        if self.count.size and (
            self.count.min() < 0
            or self.recency.min() < 0
            or bool(np.any(self.recency > self.age * (1 + 1e-12)))
            or bool(np.any((self.count == 0) != (self.recency == 0)))
        ):
            raise ValueError("a purchase history needs x >= 0 and 0 <= t_x <= T, with t_x = 0 exactly when x = 0")

    @classmethod
    def grouped(cls, count: Floats, recency: Floats, age: Floats) -> "Triples":
        """Triples of single customers (n,): equal histories become one with its weight."""
        return cls.indexed(count, recency, age)[0]

    @classmethod
    def indexed(cls, count: Floats, recency: Floats, age: Floats) -> tuple["Triples", Integers]:
        """Triples of single customers (n,), sorted by x, T and t_x, and the triple of each customer (n,)."""
        rows, index = distinct_rows(count, age, recency)
        weight = np.bincount(index, minlength=rows[0].size).astype(np.float64)
        return cls(rows[0], rows[2], rows[1], weight), index

    @property
    def customers(self) -> float:
        """How many customers the triples stand for."""
        return float(self.weight.sum())

    @property
    def repeaters(self) -> float:
        """How many of them bought on a second day."""
        return float(self.weight[self.count > 0].sum())

    @cached_property
    def scale(self) -> float:
        """Mean age, the unit the optimiser works in; 1 where nobody has any."""
        mean = float(np.einsum("i,i->", self.weight, self.age)) / max(self.customers, 1.0)
        return mean if mean > 0 else 1.0

    @cached_property
    def counts(self) -> tuple[Floats, Integers]:
        """Distinct x, and the index of each triple's."""
        return indexed_values(self.count)

    @cached_property
    def recencies(self) -> tuple[Floats, Integers]:
        """Distinct t_x in units of ``scale``, and the index of each triple's."""
        values, index = indexed_values(self.recency)
        return values / self.scale, index

    @cached_property
    def ages(self) -> tuple[Floats, Integers]:
        """Distinct T in units of ``scale``, and the index of each triple's."""
        values, index = indexed_values(self.age)
        return values / self.scale, index

    @cached_property
    def weight_by_count(self) -> Floats:
        """Customers per distinct x."""
        return tally(self.counts[1], self.weight, self.counts[0].size)

    @cached_property
    def weight_by_age(self) -> Floats:
        """Customers per distinct T."""
        return tally(self.ages[1], self.weight, self.ages[0].size)

    @cached_property
    def purchases_by_age(self) -> Floats:
        """Repeat purchases per distinct T."""
        return tally(self.ages[1], self.weight * self.count, self.ages[0].size)

    def coarse(self) -> "Triples":
        """Few triples that stand for many: times on a grid, weights added. Only to find a good start.

        Cells are keyed by (x, T, t_x) steps; each keeps its weighted mean times, so the coarse optimum is close.
        """
        if self.count.size <= _COARSE_BELOW:
            return self
        step = float(self.age.max()) / _COARSE_STEPS
        rung = np.where(self.count > 30, np.floor(np.log(np.maximum(self.count, 1)) * 20), self.count)
        cells = (rung * (_COARSE_STEPS + 1) + np.floor(self.age / step)) * (_COARSE_STEPS + 2)
        cells += np.where(self.recency > 0, np.floor(self.recency / step) + 1, 0)
        weight, (count, *means) = merged(cells, self.weight, self.count, self.recency, self.age)
        count = np.round(count)
        return Triples(count, np.where(count > 0, np.minimum(means[0], means[1]), 0.0), means[1], weight)
