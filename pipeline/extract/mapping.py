"""The mapping of one table, and of a whole company, as frozen values.

Belongs here: what a checked ``sources.yaml`` says. Does not belong here: checking it, reading files.
"""

from dataclasses import dataclass
from datetime import date

from pipeline.contracts import Contract
from pipeline.extract.expressions import AnyExpression, Condition, From, source_columns
from pipeline.extract.places import Location, Query


@dataclass(frozen=True)
class Unpivot:
    """Wide columns turned into rows.

    Attributes:
        columns: (source column, name it gets in column ``name``).
        name: column that says which source column a row came from.
        value: column with its value.
        drop_null: whether empty values are set aside.
    """

    columns: tuple[tuple[str, str], ...]
    name: str
    value: str
    drop_null: bool = True


@dataclass(frozen=True)
class Mapping:
    """How files become rows of one contract.

    Attributes:
        table: contract table.
        source: silo, as the contract says.
        files: globs relative to the drop folder; ``{day}`` stands for the extract day.
        extract_day: constant day of a one-off file, or ``None`` to take it from the file name.
        format: ``csv``, ``jsonl``, ``parquet`` or ``None`` for by suffix.
        time_zone: zone of timestamps without an offset.
        is_key_row: whether the key is the row itself and its occurrence within the file.
        ignore: foreign columns left out on purpose; ``*`` means all.
        columns: (contract column, expression), in contract order.
        fingerprint: changes when the mapping changes.
        quote: quotation mark of CSV; empty if the file quotes nothing.
        header_rows: rows before the first data row of CSV.
        names: names of the columns of CSV without a header.
        records: where the list of records is in a JSON document, as ``data.items``.
        select: one SELECT over ``records`` that flattens them; ``None`` takes columns as they are.
        location: place in an object store; ``None`` is the drop folder.
        query: the query of a database; ``None`` for files.
        preset: vendor's shape the block was started from.
    """

    table: str
    source: str
    files: tuple[str, ...]
    extract_day: date | None
    format: str | None
    delimiter: str
    encoding: str
    decimal_mark: str
    date_format: str | None
    timestamp_format: str | None
    time_zone: str
    is_key_row: bool
    where: tuple[Condition, ...]
    group_by: tuple[str, ...]
    unpivot: Unpivot | None
    ignore: tuple[str, ...]
    columns: tuple[tuple[str, AnyExpression], ...]
    fingerprint: str
    quote: str = '"'
    header_rows: int = 1
    names: tuple[str, ...] = ()
    records: str | None = None
    select: str | None = None
    location: Location | None = None
    query: Query | None = None
    preset: str | None = None

    @property
    def made_columns(self) -> frozenset[str]:
        """Columns that exist only after unpivoting."""
        return frozenset((self.unpivot.name, self.unpivot.value)) if self.unpivot else frozenset()

    def shaping_columns(self) -> tuple[str, ...]:
        """Source columns that filters, groups and unpivoting cannot do without."""
        wanted = [condition.column for condition in self.where]
        wanted += self.group_by
        wanted += [column for column, _ in self.unpivot.columns] if self.unpivot else []
        return tuple(dict.fromkeys(column for column in wanted if column not in self.made_columns))

    def used_columns(self) -> frozenset[str]:
        """Every source column the mapping reads."""
        used = {column for _, expression in self.columns for column in source_columns(expression)}
        return frozenset(used | set(self.shaping_columns())) - self.made_columns


@dataclass(frozen=True)
class Company:
    """What holds for the whole company."""

    name: str
    business_time_zone: str
    reporting_currency: str


@dataclass(frozen=True)
class Sources:
    """A checked ``sources.yaml``: the company and one mapping per table it names."""

    company: Company
    mappings: dict[str, Mapping]


def identity_columns(contract: Contract) -> dict[str, AnyExpression]:
    """Every contract column from a source column of the same name."""
    return {column.name: From(column.name) for column in contract.columns}
