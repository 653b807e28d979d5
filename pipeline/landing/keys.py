"""What tells a row from every other, and its content, each as one text.

Belongs here: SQL of keys and row hashes. Does not belong here: which rows share one (``judge``). A key of one column
is that column as it landed: exact, and it costs nothing to make; only several columns, or the row, are hashed.
"""

from collections.abc import Sequence

from pipeline.contracts import Contract
from pipeline.warehouse import identifier

_SEPARATOR = "chr(31)"
_NULL_MARKER = "chr(30)"


def key_sql(contract: Contract, *, is_key_row: bool) -> str:
    """SQL of a row's key over its landed columns; where the row is the key, over ``_row_hash`` and ``_occurrence``."""
    if is_key_row:
        return _hash_of(["_row_hash", "_occurrence"])
    landed = [contract.column(name).landed_name for name in contract.key]
    columns = [identifier(name) for name in landed if name]
    return f"{columns[0]}::varchar" if len(columns) == 1 else _hash_of(columns)


def row_hash(contract: Contract) -> str:
    """SQL of the hash of all that lands of a row."""
    return _hash_of([identifier(name) for name, _ in contract.landed_columns])


def _hash_of(columns: Sequence[str]) -> str:
    parts = ", ".join(f"coalesce({column}::varchar, {_NULL_MARKER})" for column in columns)
    return f"sha256(concat_ws({_SEPARATOR}, {parts}))"
