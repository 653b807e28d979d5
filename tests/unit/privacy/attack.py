"""What an attacker works out: the range each hidden count can have, given everything that is shown.

Counts are whole numbers. Whoever is hidden for being few is there, so a hidden count is one at least.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

Cell = Hashable


@dataclass(frozen=True)
class Relation:
    """Hidden cells that add up to a number that is known.

    Attributes:
        cells: the hidden cells, each with how it counts.
        total: what they come to.
    """

    cells: Mapping[Cell, int]
    total: float


class ContradictionError(ValueError):
    """What is shown does not add up, so whoever assumed that it does is wrong."""


def relation(parts: Mapping[Cell, float | None], total: float) -> Relation:
    """Cells that add up to a total, those that are shown taken off."""
    hidden = {cell: 1 for cell, value in parts.items() if value is None}
    return Relation(hidden, total - sum(value for value in parts.values() if value is not None))


def ranges(relations: Sequence[Relation], *, least: int = 1) -> dict[Cell, tuple[float, float]]:
    """Least and greatest whole value of every hidden cell, by linear programming within what hangs together.

    Raises:
        ContradictionError: there is no solution.
    """
    found: dict[Cell, tuple[float, float]] = {}
    for group in _together([each for each in relations if each.cells]):
        if len(group) == 1 and set(group[0].cells.values()) == {1}:  # what programming would find, at once
            most = group[0].total - least * (len(group[0].cells) - 1)
            if most < least:
                raise ContradictionError
            found |= dict.fromkeys(group[0].cells, (most if len(group[0].cells) == 1 else least, most))
            continue
        cells = sorted({cell for each in group for cell in each.cells}, key=repr)
        place = {cell: number for number, cell in enumerate(cells)}
        matrix, totals = np.zeros((len(group), len(cells))), np.array([each.total for each in group])
        for row, each in enumerate(group):
            for cell, factor in each.cells.items():
                matrix[row, place[cell]] = factor
        for cell in cells:
            found[cell] = _range(matrix, totals, place[cell], least)
    return found


def _range(matrix: np.ndarray, totals: np.ndarray, place: int, least: int) -> tuple[float, float]:
    aim = np.zeros(matrix.shape[1])
    ends = []
    for sign in (1, -1):
        aim[place] = sign
        outcome = linprog(aim, A_eq=matrix, b_eq=totals, bounds=(least, None), method="highs")
        if outcome.status == 2:
            raise ContradictionError
        ends.append(math.inf * -sign if outcome.status == 3 else sign * outcome.fun)
    low, high = math.ceil(ends[0] - 1e-6), ends[1]
    return low, high if math.isinf(high) else math.floor(high + 1e-6)


def values_held(found: tuple[float, float]) -> float:
    """How many whole values a range holds."""
    return found[1] - found[0] + 1


def _together(relations: Sequence[Relation]) -> list[list[Relation]]:
    """Relations that share cells, directly or through others."""
    parent: dict[Cell, Cell] = {}

    def root(cell: Cell) -> Cell:
        while parent.setdefault(cell, cell) != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    for each in relations:
        first, *others = each.cells
        for other in others:
            parent[root(other)] = root(first)
        root(first)
    groups: dict[Cell, list[Relation]] = defaultdict(list)
    for each in relations:
        groups[root(next(iter(each.cells)))].append(each)
    return list(groups.values())
