"""A staged file: what reading a file hands to the landing door.

Belongs here: the shape, and what a file read as it comes still owes. Does not belong here: making it (``stage``).
"""

from dataclasses import dataclass, field, replace

import duckdb

from pipeline.extract.mending import TextFacts
from pipeline.extract.profile import ColumnProfile
from pipeline.extract.quotes import count_records
from pipeline.extract.rawtable import Stream


@dataclass(frozen=True)
class StagedFile:
    """A file as typed rows in temporary tables, or in views that read it as they are asked (a stream).

    Attributes:
        rows_table: SQL relation of ``_line``, ``_part``, every contract column typed, ``_is_time_ambiguous`` and
            ``_reasons`` (``column: what is wrong``, separated by line feeds; NULL for a row without fault).
        raw_relation: SQL relation ``_line``, ``_raw``: the source rows as JSON text.
        row_count: rows in ``rows_table``; not known of a stream, whatever the counts say.
        source_row_count: data rows in the file.
        set_aside_count: source rows the filters left out, and empty answers left out when unpivoting.
        unknown_columns: columns of the file nobody asked for.
        missing_optional_columns: contract columns the file has no source for.
        columns: what the columns of the file look like, in its order.
        texts: what was found and done about double encoding.
        encoding: encoding the text was read with; empty for Parquet.
        problem: why the file cannot be read, with a remedy; ``None`` for one that can.
        stream: set where the rows are views of the file. Then ``rows_table`` has ``_is_marked`` (a row that fails, or
            has a text that is padded or may be double-encoded) too, and counts are not known yet.
        prefix: start of the names of the temporary tables.
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
    stream: Stream | None = None
    prefix: str = ""
    row_count: int = 0

    @property
    def is_streamed(self) -> bool:
        """Whether every query reads the file anew."""
        return self.stream is not None

    def settled(self, connection: duckdb.DuckDBPyConnection, row_count: int) -> "StagedFile | None":
        """The file with its counts, once all its rows were read; ``None`` if the rows cannot be trusted.

        Args:
            connection: where the rows were read.
            row_count: how many were read.
        """
        stream = self.stream
        if stream is None:
            return self
        if stream.errors and connection.execute(f"select 1 from {stream.errors} limit 1").fetchall():
            return None
        if stream.quoted and count_records(*stream.quoted) != row_count + 1:
            return None
        return replace(self, source_row_count=row_count)

    def narrowed(self, connection: duckdb.DuckDBPyConnection, lines: str) -> bool:
        """Let a stream give some lines only, read once and kept.

        Args:
            connection: where it is.
            lines: SQL query of line numbers.

        Returns:
            Whether their texts can be trusted one by one; those that may be encoded twice are weighed together.
        """
        if self.stream is None:
            return True
        connection.execute(
            f"create or replace temp table {self.prefix}_some as "
            f"select * from {self.prefix}_raw where _line in ({lines})"
        )
        connection.execute(f"create or replace temp view {self.prefix}_source as {self.stream.some}")
        return not connection.execute(self.stream.suspects).fetchall()
