"""Frames the way Great Expectations can judge them: NumPy below, nothing of Arrow.

Belongs here: reading Parquet and changing dtypes. Does not belong here: what the columns mean.
"""

from pathlib import Path

import pandas as pd

from pipeline.warehouse import connection, literal


def numpy_backed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with extension dtypes (text, nullable numbers, Arrow) turned into what NumPy has.

    Nullable numbers become floats with NaN, everything else becomes objects with ``None`` for gaps.
    """
    columns = {name: _plain(frame[name]) for name in frame.columns}
    return pd.DataFrame(columns, index=frame.index, columns=frame.columns)


def _plain(column: pd.Series) -> pd.Series:
    if not pd.api.types.is_extension_array_dtype(column.dtype):
        return column
    if pd.api.types.is_bool_dtype(column.dtype) and not column.hasnans:
        return column.astype(bool)
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        return column.astype(float)
    values = column.astype(object)
    return values.where(values.notna(), None)


def frame_of(parquet: Path) -> pd.DataFrame:
    """A Parquet file as a NumPy-backed frame; money comes as floats, which is enough to judge it."""
    with connection() as duck:
        frame = duck.execute(f"select * from read_parquet({literal(str(parquet))})").df()
    return numpy_backed(frame)
