"""A block of the sample company straight into landing tables in memory: no files, no door.

Belongs here: filling a landing table from what a company delivers, words of its codes. Does not belong here: what
companies deliver (``pipeline.sample``), or any model.
"""

from collections.abc import Sequence

import duckdb
import numpy as np
import pandas as pd

from pipeline.contracts import CONTRACTS, DOOR_COLUMNS
from pipeline.sample import ToldTable
from pipeline.warehouse import identifier


def land_told(opened: duckdb.DuckDBPyConnection, told: ToldTable) -> None:
    """Fill one landing table with what a company delivers; what it held before is gone.

    Args:
        opened: a laboratory (``studies.models``) that knows the names of the sample (``teach_names``).
        told: one of the company's tables.
    """
    kinds = dict((*CONTRACTS[told.table].landed_columns, *DOOR_COLUMNS))
    selected = ", ".join(f"cast({sql} as {kinds[name]}) as {identifier(name)}" for name, sql in told.columns.items())
    opened.register("shown", told.shown)
    opened.execute(f"delete from landing.{told.table}")
    opened.execute(f"insert into landing.{told.table} by name select {selected} from shown")
    opened.unregister("shown")


def in_words(codes: pd.Series, vocabulary: Sequence[str]) -> pd.Series:
    """Words of codes; a negative code is none."""
    numbers = np.maximum(codes.to_numpy(dtype=np.int64), -1)
    return pd.Series(pd.Categorical.from_codes(numbers, pd.Index(list(vocabulary))), index=codes.index)
