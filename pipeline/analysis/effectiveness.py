"""Touchpoint effectiveness of every segment: removal effects beside first, last and linear, with bootstrap intervals.

Belongs here: the tables of steps and credits in, shares of conversions out. Does not belong here: the chain itself
(``removal_effects``), and who is in which segment (dbt).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.removal_effects import Chain, Floats, drawn_removal_effects, removal_effects
from pipeline.analysis.tables import TABLES, write_table
from pipeline.warehouse import connection

STEPS = "intermediate.int_path_steps__grouped"
CREDITS = "intermediate.int_path_credits__grouped"
TABLE = "touchpoint_credits"
DIRECT = "direct"
METHODS = ("removal", "first", "last", "linear")
REPLICATES = 200
_SEED = 20240101
_ENDS = ("start", "conversion", "null")
_LEAST_GROUPS = 10
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Paths:
    """Paths of one segment, counted per group of the bootstrap (G groups, S kinds of step, K touchpoints).

    Attributes:
        touchpoints: K names, in order; without those the chain ends in.
        origins: (S,) position of the step's origin among ``touchpoints``, or K for ``start``.
        targets: (S,) position of its target, K for ``conversion``, K + 1 for ``null``.
        steps: (G, S) counts of steps.
        credits: per simple rule (G, K + 1) credited conversions; the last column is ``direct``.
    """

    touchpoints: tuple[str, ...]
    origins: np.ndarray
    targets: np.ndarray
    steps: sparse.csr_array
    credits: Mapping[str, Floats]


def chain_of(paths: Paths, counts: Floats) -> Chain:
    """The chain of given counts, (S,), one per kind of step."""
    size = len(paths.touchpoints)
    table = sparse.coo_array((counts, (paths.origins, paths.targets)), shape=(size + 1, size + 2)).tocsr()
    edges = table[:, [size, size + 1]].toarray()
    return Chain(
        started=table[[size], :size].toarray().ravel(),
        between=table[:size, :size],
        converted=edges[:size, 0],
        lost=edges[:size, 1],
        converted_at_once=float(edges[size, 0]),
        lost_at_once=float(edges[size, 1]),
    )


def removal_shares(paths: Paths, counts: Floats) -> tuple[Floats, Floats]:
    """Shares of the conversions by removal effect, (K + 1,) with ``direct`` last, and the effects, (K + 1,).

    Conversions without a touchpoint are ``direct``; the others are shared in proportion to the effects.
    """
    chain = chain_of(paths, counts)
    found = removal_effects(chain)
    conversions = float(chain.converted.sum()) + chain.converted_at_once
    shares = np.zeros(len(paths.touchpoints) + 1)
    if conversions > 0:
        shares[-1] = chain.converted_at_once / conversions
    if found.effects.sum() > 0:
        shares[:-1] = (1.0 - shares[-1]) * found.effects / found.effects.sum()
    return shares, np.append(found.effects, shares[-1])


def drawn_shares(paths: Paths, drawn: Floats) -> tuple[Floats, Floats]:
    """Shares and effects as of ``removal_shares`` for each draw of the counts, (R, S): two arrays of (R, K + 1)."""
    size = len(paths.touchpoints)
    tables = np.zeros((len(drawn), size + 1, size + 2))
    tables[:, paths.origins, paths.targets] = drawn
    chains = Chain(
        started=tables[:, size, :size],
        between=tables[:, :size, :size],
        converted=tables[:, :size, size],
        lost=tables[:, :size, size + 1],
        converted_at_once=tables[:, size, size],
        lost_at_once=tables[:, size, size + 1],
    )
    effects = drawn_removal_effects(chains).effects
    conversions = chains.converted.sum(axis=1) + chains.converted_at_once
    direct = np.divide(chains.converted_at_once, conversions, out=np.zeros(len(drawn)), where=conversions > 0)
    total = effects.sum(axis=1)
    left = np.divide(1.0 - direct, total, out=np.zeros(len(drawn)), where=total > 0)
    return np.column_stack([effects * left[:, None], direct]), np.column_stack([effects, direct])


def _in_blocks(paths: Paths, drawn: Floats) -> tuple[Floats, Floats]:
    """The same, some millions of cells at a time."""
    at_once = max(1, _CELLS_AT_ONCE // (len(paths.touchpoints) + 2) ** 2)
    blocks = [drawn_shares(paths, drawn[first : first + at_once]) for first in range(0, len(drawn), at_once)]
    shares, effects = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return shares, effects


def _simple_shares(counts: Floats) -> Floats:
    total = counts.sum()
    return counts / total if total > 0 else np.zeros_like(counts)


def draw_weights(groups: int, replicates: int) -> Floats:
    """How often each group of customers is drawn in each replicate, (replicates, groups); the same every time."""
    chance = np.random.default_rng(_SEED)
    return chance.multinomial(groups, np.full(groups, 1.0 / groups), size=replicates).astype(np.float64)


def _interval(replicates: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Bounds of the bootstrap, normal on the spread of the replicates and never outside 0–1; (K,) each."""
    half = 1.959963984540054 * replicates.std(axis=0, ddof=1)
    return np.clip(value - half, 0.0, 1.0), np.clip(value + half, 0.0, 1.0)


def credit_rows(paths: Paths, *, replicates: int = REPLICATES) -> list[dict[str, Any]]:
    """Rows of the table for one segment, without the segment.

    Args:
        paths: what was counted.
        replicates: draws of the bootstrap; intervals are left out with fewer than ten groups.
    """
    groups = paths.steps.shape[0]
    weights = draw_weights(groups, replicates) if groups >= _LEAST_GROUPS else np.zeros((0, groups))
    names = (*paths.touchpoints, DIRECT)
    total = float(paths.credits["first"].sum())
    drawn_steps = weights @ paths.steps
    shares, effects = removal_shares(paths, np.asarray(paths.steps.sum(axis=0)).ravel())
    drawn = _in_blocks(paths, drawn_steps) if len(drawn_steps) else None
    rows = _method_rows("removal", names, shares, drawn[0] if drawn else drawn_steps, total)
    spread = _interval(drawn[1], effects) if drawn else None
    for position, row in enumerate(rows):
        row["removal_effect"] = round(float(effects[position]), 6)
        row["removal_effect_low"] = round(float(spread[0][position]), 6) if spread else None
        row["removal_effect_high"] = round(float(spread[1][position]), 6) if spread else None
    for method in METHODS[1:]:
        counts = paths.credits[method]
        drawn_shares = np.array([_simple_shares(each) for each in weights @ counts])
        rows += _method_rows(method, names, _simple_shares(counts.sum(axis=0)), drawn_shares, total)
    return rows


def _method_rows(
    method: str, names: Iterable[str], shares: Floats, drawn: Floats, total: float
) -> list[dict[str, Any]]:
    bounds = _interval(drawn, shares) if len(drawn) else None
    return [
        {
            "touchpoint": name,
            "method": method,
            "conversion_count": round(total),
            "credited_count": round(float(shares[position]) * total, 6),
            "share": round(float(shares[position]), 9),
            "share_low": round(float(bounds[0][position]), 6) if bounds else None,
            "share_high": round(float(bounds[1][position]), 6) if bounds else None,
            "removal_effect": None,
            "removal_effect_low": None,
            "removal_effect_high": None,
        }
        for position, name in enumerate(names)
    ]


def read_paths(steps: pd.DataFrame, credited: pd.DataFrame) -> Paths:
    """Paths of one segment from its rows of the two tables, in any order."""
    names = tuple(sorted({*steps["from_touchpoint"], *steps["to_touchpoint"]} - set(_ENDS)))
    position = {name: number for number, name in enumerate(names)} | {"start": len(names)}
    target = position | {"conversion": len(names), "null": len(names) + 1}
    labels = sorted({*steps["bootstrap_group"], *credited["bootstrap_group"]})
    group = {label: number for number, label in enumerate(labels)}
    kinds = steps.groupby(["from_touchpoint", "to_touchpoint"], sort=True).ngroup().to_numpy()
    unique = steps.assign(kind=kinds).drop_duplicates("kind").sort_values("kind")
    table = sparse.coo_array(
        (steps["step_count"].to_numpy(float), (steps["bootstrap_group"].map(group).to_numpy(), kinds)),
        shape=(len(group), len(unique)),
    ).tocsr()
    columns = credited["touchpoint"].map({name: position[name] for name in names} | {DIRECT: len(names)})
    places = (credited["bootstrap_group"].map(group).to_numpy(), columns.to_numpy())
    simple = {method: np.zeros((len(group), len(names) + 1)) for method in METHODS[1:]}
    for method, counts in simple.items():
        np.add.at(counts, places, credited[f"{method}_count"].to_numpy(float))
    return Paths(
        touchpoints=names,
        origins=unique["from_touchpoint"].map(position).to_numpy(),
        targets=unique["to_touchpoint"].map(target).to_numpy(),
        steps=table,
        credits=simple,
    )


def write_effectiveness(build_file: Path, folder: Path) -> dict[str, int]:
    """Write the credits of every segment with a conversion.

    Args:
        build_file: the DuckDB file with the intermediate tables.
        folder: where the Parquet file goes.

    Returns:
        Rows written per table.
    """
    with connection(build_file, read_only=True) as build:
        steps = build.execute(f"select * from {STEPS} order by all").df()
        credited = build.execute(f"select * from {CREDITS} order by all").df()
    keys = ["segment_dimension", "segment"]
    by_segment = dict(list(steps.groupby(keys, sort=True)))
    rows = [
        {**dict(zip(keys, segment, strict=True)), **row}
        for segment, own in credited.groupby(keys, sort=True)
        for row in credit_rows(read_paths(by_segment[segment], own))
    ]
    columns = {column: [row[column] for row in rows] for column in TABLES[TABLE]} if rows else {}
    return {TABLE: write_table(folder, TABLE, columns)}
