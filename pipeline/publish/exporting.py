"""Tables written for spreadsheets, which run a text that begins like a formula.

Belongs here: making a CSV text harmless. Does not belong here: what is in it.
"""

import re

import pandas as pd

_FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")


def as_csv(frame: pd.DataFrame) -> str:
    """A frame as CSV in which no text is a formula.

    A text, or a column's name, that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end gets an apostrophe in
    front, which spreadsheets take for "this is text". Numbers stay as they are, and so does text that is a number.
    """
    header = [str(_harmless(str(name))) for name in frame.columns]
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    safe = [column if pd.api.types.is_numeric_dtype(column) else column.map(_harmless) for column in columns]
    return pd.concat(safe, axis="columns").to_csv(index=False, header=header) if safe else frame.to_csv(index=False)


def _harmless(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    # A lone carriage return ends a row for some readers, though no writer quotes it.
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else text
