"""The vocabulary contracts are written in: column types, personal-data classes, deliveries.

Belongs here: the shape of a contract and what follows from it. Does not belong here: any particular table.
"""

from dataclasses import dataclass
from enum import StrEnum


class ColumnType(StrEnum):
    """Type of a landed column; the value is its DuckDB (and Parquet) type."""

    IDENTIFIER = "VARCHAR"
    TEXT = "TEXT"
    INTEGER = "BIGINT"
    AMOUNT = "DECIMAL(18,4)"
    RATE = "DECIMAL(18,8)"
    TIMESTAMP = "TIMESTAMP"
    DATE = "DATE"
    BOOLEAN = "BOOLEAN"

    @property
    def sql(self) -> str:
        """SQL type the column is stored with."""
        return "VARCHAR" if self in (ColumnType.IDENTIFIER, ColumnType.TEXT) else self.value


class PersonalData(StrEnum):
    """What happens to a column at the landing door because of what it says about a person."""

    NONE = "none"
    PSEUDONYM = "pseudonym"
    """An identifier the company made itself: lands as it is (hashed if it holds an ``@``), never published."""
    EMAIL = "email"
    """Normalised and HMAC-hashed at the door; lands as ``<name>_hash``."""
    PHONE = "phone"
    """Normalised and HMAC-hashed at the door; lands as ``<name>_hash``."""
    FREE_TEXT = "free_text"
    """E-mail addresses and phone numbers inside are redacted at the door."""
    URL = "url"
    """Query and fragment are cut off at the door: forms and links carry people in them."""
    DROPPED = "dropped"
    """Accepted in the extract so that it can be mapped, never landed."""


class Delivery(StrEnum):
    """How a table is delivered over extract days."""

    EVENTS = "events"
    """Facts: appended; a key that comes again with other content is quarantined."""
    UPSERTS = "upserts"
    """A later extract day wins; earlier versions stay in landing as history."""
    SNAPSHOT = "snapshot"
    """Each extract day is the whole table; absence closes validity."""


@dataclass(frozen=True)
class Column:
    """One column of an extract, as the contract wants it."""

    name: str
    type: ColumnType
    description: str
    is_required: bool = False
    personal_data: PersonalData = PersonalData.NONE
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def landed_name(self) -> str | None:
        """Name in landing; ``None`` for a column that never lands."""
        if self.personal_data is PersonalData.DROPPED:
            return None
        if self.personal_data in (PersonalData.EMAIL, PersonalData.PHONE):
            return f"{self.name}_hash"
        return self.name


@dataclass(frozen=True)
class Contract:
    """The shape of one table as it arrives, whatever the company calls its columns.

    Attributes:
        table: name of the table, in landing and everywhere after.
        source: silo it comes from: ``crm``, ``web``, ``surveys`` or ``reference``.
        description: one sentence, "One row per …".
        delivery: what a later extract day means for an earlier one.
        key: columns that tell a row from every other. Where a source has none, its mapping says ``key: row`` and
            the key becomes (hash of the row, occurrence number within the file).
        columns: the columns, in landing order.
        event_time: columns, first filled one counts, that date the row; empty for undated reference data.
        is_required: whether a release can be made without the table.
        amount_columns: amounts in the row's ``currency``, checked against the exchange rates.
        scored_by: column naming the survey question whose scale bounds ``score``.
    """

    table: str
    source: str
    description: str
    delivery: Delivery
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    event_time: tuple[str, ...] = ()
    is_required: bool = False
    amount_columns: tuple[str, ...] = ()
    scored_by: str | None = None

    def __post_init__(self) -> None:
        """Refuse a contract that contradicts itself.

        Raises:
            ValueError: a key, event time, amount or score column the contract does not have.
        """
        names = {column.name for column in self.columns}
        wanted = {*self.key, *self.event_time, *self.amount_columns, *([self.scored_by] if self.scored_by else [])}
        if missing := sorted(wanted - names):
            raise ValueError(f"contract {self.table}: no column named {', '.join(missing)}")

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: the contract has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"contract {self.table} has no column {name}")

    @property
    def landed_columns(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) of every column that lands, in order, without the door's own."""
        return tuple(
            (column.landed_name, column.type.sql if column.landed_name == column.name else "VARCHAR")
            for column in self.columns
            if column.landed_name is not None
        )


DOOR_COLUMNS: tuple[tuple[str, str], ...] = (
    ("_extract_date", "DATE"),
    ("_source_file", "VARCHAR"),
    ("_source_line", "BIGINT"),
    ("_key_hash", "VARCHAR"),
    ("_row_hash", "VARCHAR"),
    ("_event_at", "TIMESTAMP"),
    ("_is_time_ambiguous", "BOOLEAN"),
)
"""Columns the door adds to every landed row.

``_source_line`` counts data rows of the source file from 1 (first row of the group where a mapping groups rows);
``_key_hash`` tells the row from every other and is the same whenever the row is sent again: the key column itself where
the key is one column, a hash of the key columns where it is several, of the row and its occurrence where it is the row.
Treat it as opaque. ``_row_hash`` is filled in the last case only. ``_event_at`` is the instant (naive UTC) the row
counts at; ``_is_time_ambiguous`` marks a local time that exists twice, of which the first was taken.
"""
