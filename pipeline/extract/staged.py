"""A staged file: what reading a file hands to the landing door.

Belongs here: the shape. Does not belong here: making it (``stage``).
"""

from dataclasses import dataclass, field

from pipeline.extract.mending import TextFacts
from pipeline.extract.profile import ColumnProfile


@dataclass(frozen=True)
class StagedFile:
    """A file as typed rows in temporary tables.

    Attributes:
        rows_table: ``_line``, ``_part``, every contract column typed, ``_is_time_ambiguous``, ``_reasons``
            (``column: what is wrong``, separated by line feeds; NULL for a row without fault).
        raw_relation: SQL relation ``_line``, ``_raw``: the source rows as JSON text.
        source_row_count: data rows in the file.
        set_aside_count: source rows the filters left out, and empty answers left out when unpivoting.
        unknown_columns: columns of the file nobody asked for.
        missing_optional_columns: contract columns the file has no source for.
        columns: what the columns of the file look like, in its order.
        texts: what was found and done about double encoding.
        encoding: encoding the text was read with; empty for Parquet.
        problem: why the file cannot be read, with a remedy; ``None`` for one that can.
    """

    rows_table: str
    raw_relation: str
    source_row_count: int
    set_aside_count: int
    unknown_columns: tuple[str, ...]
    missing_optional_columns: tuple[str, ...]
    columns: tuple[ColumnProfile, ...] = ()
    texts: TextFacts = field(default_factory=TextFacts)
    encoding: str = ""
    problem: str | None = None
