"""What landing works with: its inputs as protocols, its results as values, its errors.

Belongs here: shapes. Does not belong here: SQL, files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import duckdb


class KeyMismatchError(ValueError):
    """The home was landed with another pseudonym key than the one at hand."""


class MissingTableError(ValueError):
    """A table no release can be made without has no file at all."""


class UnknownPersonError(ValueError):
    """Nothing in landing bears the number of a person; nothing was touched."""


class ConservationError(RuntimeError):
    """Rows received are not rows loaded, quarantined, duplicate and set aside: a fault of the program."""


class LandingError(RuntimeError):
    """The engine failed on a day; its own words may hold a value, so they are not repeated."""


class DroppedFile(Protocol):
    """A file in the drop folder."""

    @property
    def name(self) -> str:
        """Path relative to the drop folder."""

    @property
    def sha256(self) -> str:
        """Hash of its bytes."""

    @property
    def size_bytes(self) -> int:
        """Size on disk."""

    @property
    def replacement(self) -> int:
        """N of the suffix ``.rN``, 0 without."""

    def is_as_hashed(self) -> bool:
        """Whether the bytes are still those the hash was taken of."""


class Column(Protocol):
    """A column of a file; see `pipeline.extract.profile.ColumnProfile`."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def filled_count(self) -> int: ...  # noqa: D102
    @property
    def filled_share(self) -> float: ...  # noqa: D102
    @property
    def mean_length(self) -> float: ...  # noqa: D102


class Texts(Protocol):
    """What became of the texts of a file; see `pipeline.extract.mending.TextFacts`."""

    @property
    def repaired_cell_count(self) -> int: ...  # noqa: D102
    @property
    def suspect_cell_count(self) -> int: ...  # noqa: D102
    @property
    def lost_cell_count(self) -> int: ...  # noqa: D102
    @property
    def repairs_relation(self) -> str | None: ...  # noqa: D102


class Staged(Protocol):
    """A file as typed rows; see `pipeline.extract.stage.StagedFile`."""

    @property
    def rows_table(self) -> str: ...  # noqa: D102
    @property
    def raw_relation(self) -> str: ...  # noqa: D102
    @property
    def row_count(self) -> int: ...  # noqa: D102
    @property
    def source_row_count(self) -> int: ...  # noqa: D102
    @property
    def set_aside_count(self) -> int: ...  # noqa: D102
    @property
    def unknown_columns(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def missing_optional_columns(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def columns(self) -> Sequence[Column]: ...  # noqa: D102
    @property
    def texts(self) -> Texts: ...  # noqa: D102
    @property
    def encoding(self) -> str: ...  # noqa: D102
    @property
    def problem(self) -> str | None: ...  # noqa: D102


class Streamed(Staged, Protocol):
    """A staged file that may be read as it comes; see `pipeline.extract.staged.StagedFile`."""

    @property
    def is_streamed(self) -> bool: ...  # noqa: D102
    def settled(  # noqa: D102
        self, connection: duckdb.DuckDBPyConnection, row_count: int
    ) -> "Streamed | None": ...
    def narrowed(self, connection: duckdb.DuckDBPyConnection, lines: str) -> bool: ...  # noqa: D102


class Reader(Protocol):
    """Turns a file into typed rows on a connection."""

    def __call__(
        self,
        connection: duckdb.DuckDBPyConnection,
        file: Any,  # noqa: ANN401 - the reader knows its own kind of file
        *,
        prefix: str,
        scratch: Path,
        is_streamed: bool = False,
    ) -> Streamed:
        """Make the temporary tables of a file, named with a prefix; views, if asked and possible."""


class TableMapping(Protocol):
    """What landing needs to know of a mapping."""

    @property
    def table(self) -> str: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    @property
    def is_key_row(self) -> bool: ...  # noqa: D102
    @property
    def files(self) -> tuple[str, ...]: ...  # noqa: D102


Scale = tuple[float | None, float | None, bool]
"""Least and greatest answer (or open), and whether only whole numbers are answers."""


@dataclass(frozen=True)
class Tombstones:
    """What is kept of people who were forgotten, so that a file sent again does not bring them back.

    Attributes:
        key: secret the hashes were made with: the pseudonym key of the day they were forgotten.
        hashes: kind of identifier to HMAC-SHA256 of ``<kind>:<identifier as it lands>``, in hexadecimal.
    """

    key: bytes = field(repr=False)
    hashes: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class DoorSettings:
    """What holds for every table at the door.

    Attributes:
        key: secret the pseudonyms are made with.
        key_fingerprint: name of that key.
        reporting_currency: currency that needs no exchange rate.
        business_time_zone: zone that gives an instant its day.
        scales: survey question to its scale.
        threads: threads of DuckDB.
        future_tolerance_hours: how long after its extract day something may have happened.
        tombstones: people whose rows do not land, by the key of the day they were forgotten; empty for nobody.
    """

    key: bytes = field(repr=False)
    key_fingerprint: str
    reporting_currency: str = "EUR"
    business_time_zone: str = "Europe/Paris"
    scales: Mapping[str, Scale] = field(default_factory=dict)
    threads: int = 2
    future_tolerance_hours: int = 24
    tombstones: tuple[Tombstones, ...] = ()


@dataclass(frozen=True)
class DayOutcome:
    """What became of one extract day of one table.

    Attributes:
        table: the table.
        extract_date: the day.
        status: ``landed`` (now pending) or ``unchanged`` (the same input was landed before).
        is_pending: whether the day waits for door 1.
        content: what ``outcome.json`` holds.
    """

    table: str
    extract_date: date
    status: str
    is_pending: bool
    content: dict[str, Any]

    @property
    def is_readable(self) -> bool:
        """Whether every file of the day could be read."""
        return bool(self.content["is_readable"])

    @property
    def problems(self) -> Sequence[str]:
        """What is wrong with unreadable files, ready to show."""
        return [f"{problem['file']}: {problem['message']}" for problem in self.content["problems"]]
