"""Keys, erasure and export of a person.

Belongs here: what the product owes the people in the data. Does not belong here: hashing, which landing does.
"""

from pipeline.privacy.export import export_rows, write_readme
from pipeline.privacy.identities import Identities
from pipeline.privacy.keys import PseudonymKey, PseudonymKeyError, load_or_create_key, replace_key
from pipeline.privacy.receipts import (
    Left,
    Receipt,
    Removed,
    read_receipts,
    receipt_id,
    releases_due,
    settle,
    write_receipt,
)
from pipeline.privacy.tombstones import add_tombstones, read_tombstones, write_private

__all__ = [
    "Identities",
    "Left",
    "PseudonymKey",
    "PseudonymKeyError",
    "Receipt",
    "Removed",
    "add_tombstones",
    "export_rows",
    "load_or_create_key",
    "read_receipts",
    "read_tombstones",
    "receipt_id",
    "releases_due",
    "replace_key",
    "settle",
    "write_private",
    "write_readme",
    "write_receipt",
]
