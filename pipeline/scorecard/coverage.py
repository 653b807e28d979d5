"""How often a 95 % interval holds the truth.

Belongs here: pooling cells into coverage per family. Does not belong here: making cells with a known parameter.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.scorecard.model import Score, not_applicable


@dataclass(frozen=True)
class Coverage:
    """Coverage of one family of intervals.

    Attributes:
        family: name of the family, or ``all``.
        cell_count: intervals looked at.
        seed_count: independent repetitions they come from.
        coverage: share that holds its parameter.
        missed_low: share that lies wholly below its parameter.
        missed_high: share that lies wholly above it.
        standard_error: of the coverage, from the differences between seeds, for cells of one seed depend on
            each other; NaN with one seed.
    """

    family: str
    cell_count: int
    seed_count: int
    coverage: float
    missed_low: float
    missed_high: float
    standard_error: float


def coverage_by(cells: pd.DataFrame, column: str) -> list[Coverage]:
    """Coverage of every group of cells, in the order of their names.

    Args:
        cells: low, high (bounds; NaN is open), parameter, seed, and ``column``.
        column: what to group by, e.g. ``family`` or ``kpi_id``.
    """
    return [_coverage(str(name), group) for name, group in cells.groupby(column, sort=True)]


def pooled_coverage(cells: pd.DataFrame) -> Coverage:
    """Coverage over all cells."""
    return _coverage("all", cells)


def score_coverage(cells: pd.DataFrame) -> Score:
    """``interval_coverage``: pooled over cells; the note names families that miss 90 %.

    Args:
        cells: as for ``coverage_by``, with ``family``.
    """
    if cells.empty:
        return not_applicable("interval_coverage", "no published cell has a known parameter")
    whole = pooled_coverage(cells)
    families = [f"{found.family} {found.coverage:.3f}" for found in coverage_by(cells, "family")]
    note = f"intervals of {whole.seed_count} generated sets of facts: {', '.join(families)}"
    return Score("interval_coverage", whole.coverage, whole.cell_count, note)


def _coverage(family: str, cells: pd.DataFrame) -> Coverage:
    too_low = (cells["high"] < cells["parameter"]).to_numpy()
    too_high = (cells["low"] > cells["parameter"]).to_numpy()
    held = ~(too_low | too_high)
    return Coverage(
        family=family,
        cell_count=len(cells),
        seed_count=int(cells["seed"].nunique()),
        coverage=float(held.mean()),
        missed_low=float(too_low.mean()),
        missed_high=float(too_high.mean()),
        standard_error=_between_seeds(held, cells["seed"].to_numpy()),
    )


def _between_seeds(held: np.ndarray, seeds: np.ndarray) -> float:
    """Standard error of a ratio of sums over seeds."""
    names, codes = np.unique(seeds, return_inverse=True)
    if len(names) < 2:
        return float("nan")
    sizes = np.bincount(codes)
    residuals = np.bincount(codes, weights=held) - held.mean() * sizes
    return float(np.sqrt(len(names) / (len(names) - 1) * (residuals**2).sum()) / len(held))
