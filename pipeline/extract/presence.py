"""Whether a file has the columns its mapping needs, and which it has beside them.

Belongs here: missing and unknown columns. Does not belong here: their values.
"""

import difflib

from pipeline.contracts import Contract
from pipeline.extract.errors import UnreadableFileError, shown_name
from pipeline.extract.expressions import source_columns
from pipeline.extract.files import SourceFile
from pipeline.extract.mapping import Mapping
from pipeline.extract.rawtable import RawTable


def missing_columns(raw: RawTable, file: SourceFile, mapping: Mapping, contract: Contract) -> tuple[str, ...]:
    """Contract columns without a source in the file.

    Raises:
        UnreadableFileError: a column is missing that a required or key column, a filter or a group needs.
    """
    present = set(raw.columns) | mapping.made_columns
    for shaping in mapping.shaping_columns():
        if shaping not in present:
            _raise_missing(shaping, "the mapping filters or shapes rows with it", raw, file)
    missing = []
    mapped = dict(mapping.columns)
    for column in contract.columns:
        sources = source_columns(mapped[column.name]) if column.name in mapped else (column.name,)
        absent = [source for source in sources if source not in present]
        if not absent:
            continue
        if column.is_required or (column.name in contract.key and not mapping.is_key_row):
            _raise_missing(absent[0], f"`{column.name}` of {contract.table} needs it", raw, file)
        missing.append(column.name)
    return tuple(missing)


def unknown_columns(raw: RawTable, mapping: Mapping, contract: Contract) -> tuple[str, ...]:
    """Columns of the file that are neither mapped, nor of the contract, nor ignored on purpose."""
    if "*" in mapping.ignore:
        return ()
    known = mapping.used_columns() | {column.name for column in contract.columns} | set(mapping.ignore)
    return tuple(shown_name(name) for name in raw.columns if name not in known)


def _raise_missing(column: str, why: str, raw: RawTable, file: SourceFile) -> None:
    near = difflib.get_close_matches(column, raw.columns, n=1)
    hint = f"The file has `{shown_name(near[0])}`: is that it? " if near else ""
    raise UnreadableFileError(
        file.name,
        f"column `{column}` is missing; {why}.",
        f"{hint}Mend the file, or name its column in the mapping.",
    )
