"""SQL that turns a text into a typed value, or NULL where it is none. Nothing is guessed.

Belongs here: one function per type, local times. Does not belong here: which column gets which type.
"""

import re
from dataclasses import dataclass

import duckdb

from pipeline.contracts import ColumnType
from pipeline.extract.mapping import Mapping
from pipeline.extract.zones import set_zone
from pipeline.warehouse import literal

_NUMBER = r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
_ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_OFFSET = r" ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_ISO_TIME = rf"{_ISO_DAY}([T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]+)?)?({_OFFSET})?)?"
_GROUPING = "[ \u00a0\u202f\u2019]"
_GROUPED = rf"[+-]?[0-9]{{1,3}}({_GROUPING}[0-9]{{3}})+([.,][0-9]*)?"
_EXACT = r"[+-]?[0-9]*([.][0-9]{0,4}0*)?([eE][+]?[0-9]+)?"  # at most the decimals of an AMOUNT
# Subsets of the above that are quick to tell and nearly always met.
_FULL_TIME = rf"{_ISO_DAY}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}([.][0-9]{{1,6}})?Z?"
_PLAIN_NUMBER = r"-?[0-9]{1,9}([.][0-9]{1,4})?"
_WORDS_OF_TRUTH = (
    ("true", ("true", "t", "1", "yes", "y", "oui", "o", "vrai")),
    ("false", ("false", "f", "0", "no", "n", "non", "faux")),
)
_MACROS = (
    "create or replace temp macro local_of(utc, zone) as timezone(zone, timezone('UTC', utc))",
    # An offset in force one day before or after: at a change of clocks the two differ, and a local time is
    # read with both. Both hold: it exists twice. None holds: it does not exist.
    "create or replace temp macro read_with(lt, near, zone) as lt - (local_of(near, zone) - near)",
    """create or replace temp macro is_read(lt, near, zone) as
        local_of(read_with(lt, near, zone), zone) = lt""",
    """create or replace temp macro utc_of(lt, zone) as case
        when is_read(lt, lt - interval 1 day, zone) and is_read(lt, lt + interval 1 day, zone)
            then least(read_with(lt, lt - interval 1 day, zone), read_with(lt, lt + interval 1 day, zone))
        when is_read(lt, lt - interval 1 day, zone) then read_with(lt, lt - interval 1 day, zone)
        when is_read(lt, lt + interval 1 day, zone) then read_with(lt, lt + interval 1 day, zone) end""",
    """create or replace temp macro is_twice(lt, zone) as coalesce(
        is_read(lt, lt - interval 1 day, zone) and is_read(lt, lt + interval 1 day, zone)
        and read_with(lt, lt - interval 1 day, zone) <> read_with(lt, lt + interval 1 day, zone), false)""",
)


def prepare(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Teach a connection to turn local times of a zone into naive UTC, unless it was taught before."""
    if connection.execute("select getvariable('local zone')").fetchall()[0][0] == zone:
        return
    for macro in _MACROS:
        connection.execute(macro)
    set_zone(connection, zone)
    connection.execute(f'set variable "local zone" = {literal(zone)}')


@dataclass(frozen=True)
class Layouts:
    """How a mapping writes numbers and times; a native column is always written canonically."""

    decimal_mark: str = "."
    date_format: str | None = None
    timestamp_format: str | None = None

    @classmethod
    def of(cls, mapping: Mapping) -> "Layouts":
        """The layouts of a mapping."""
        return cls(mapping.decimal_mark, mapping.date_format, mapping.timestamp_format)


CANONICAL = Layouts()


def is_like(text: str, pattern: str) -> str:
    """SQL truth: the text as a whole matches the pattern."""
    return f"regexp_full_match({text}, {literal(pattern)})"


def _number(text: str, layouts: Layouts) -> str:
    """SQL text of a number with a point. Grouping marks count only where they cannot be a decimal mark."""
    stripped = f"regexp_replace({text}, {literal(_GROUPING)}, '', 'g')"
    bare = f"case when {is_like(text, _GROUPED)} then {stripped} else {text} end"
    mark, other = (",", ".") if layouts.decimal_mark == "," else (".", ",")
    grouped = rf"[+-]?[0-9]{{1,3}}(([{other}][0-9]{{3}})+[{mark}][0-9]+|([{other}][0-9]{{3}}){{2,}})"
    ungrouped = f"case when {is_like(bare, grouped)} then replace({bare}, '{other}', '') else {bare} end"
    if mark == ".":
        return ungrouped
    plain = is_like(ungrouped, r"[+-]?([0-9]+(,[0-9]*)?|,[0-9]+)([eE][+-]?[0-9]+)?")
    return f"case when {plain} then replace({ungrouped}, ',', '.') end"


def parse_number(text: str, layouts: Layouts, *, kind: str, is_exact: bool = False) -> str:
    """SQL of a DECIMAL; NULL where the text is no number, or none that can be kept without rounding."""
    number = _number(text, layouts)
    is_number = is_like(number, _NUMBER) + (f" and {is_like(number, _EXACT)}" if is_exact else "")
    plain = (
        f"when {is_like(text, _PLAIN_NUMBER)} then try_cast({text} as {kind}) " if layouts.decimal_mark == "." else ""
    )
    return f"case {plain}when {is_number} then try_cast({number} as {kind}) end"


def parse(text: str, kind: ColumnType, layouts: Layouts, *, is_exact: bool = False) -> str:
    """SQL of a typed value (timestamps: see `parse_time`)."""
    if kind is ColumnType.INTEGER:
        number = _number(text, layouts)
        whole = is_like(number, "[+-]?[0-9]+([.]0*)?")
        plain = f"when try_cast({text} as bigint)::varchar = {text} then try_cast({text} as bigint)"
        return f"case {plain} when {whole} then try_cast(try_cast({number} as decimal(38, 4)) as bigint) end"
    if kind in (ColumnType.AMOUNT, ColumnType.RATE):
        return parse_number(text, layouts, kind=kind.sql, is_exact=is_exact)
    if kind is ColumnType.DATE:
        if layouts.date_format:
            return f"cast(try_strptime({text}, {literal(layouts.date_format)}) as date)"
        midnight = is_like(text, _ISO_DAY + "([T ]00:00(:00([.]0+)?)?)?")
        return f"case when {midnight} then try_cast({text}[1:10] as date) end"
    if kind is ColumnType.BOOLEAN:
        plain = f"when {text} = 'true' then true when {text} = 'false' then false"
        # Arm by arm, because a comparison with a list of values would become a join over all rows.
        arms = " ".join(f"when {literal(word)} then {truth}" for truth, words in _WORDS_OF_TRUTH for word in words)
        return f"case {plain} else case lower({text}) {arms} end end"
    return text


def parse_time(text: str, layouts: Layouts) -> tuple[str, str]:
    """Parse a time in SQL.

    Returns:
        SQL of a time without zone, and SQL of the UTC instant where the text bears an offset (else NULL).
    """
    layout = layouts.timestamp_format
    if layout:
        parsed = f"try_strptime({text}, {literal(layout)})"
        if "%z" in layout:
            return "null::timestamp", f"timezone('UTC', {parsed})"
        return f"cast({parsed} as timestamp)", "null::timestamp"
    has_offset = is_like(text, rf"{_ISO_DAY}[T ].*[0-9]{_OFFSET}")
    is_time = is_like(text, _ISO_TIME)
    full = f"regexp_replace(replace({text}, ' +', '+'), '([+-][0-9]{{2}})([0-9]{{2}})$', '\\1:\\2')"
    local = f"case when {is_time} and not {has_offset} then try_cast({text} as timestamp) end"
    instant = f"case when {is_time} and {has_offset} then timezone('UTC', try_cast({full} as timestamptz)) end"
    return local, instant


def parse_instant(text: str, layouts: Layouts) -> str:
    """SQL of the UTC instant of a time that is UTC where it bears no offset."""
    local, instant = parse_time(text, layouts)
    if layouts.timestamp_format:
        return f"coalesce({instant}, {local})"
    plain = f"when {is_like(text, _FULL_TIME)} then try_cast({text} as timestamp)"
    return f"case {plain} else coalesce({instant}, {local}) end"


_WORDS = {
    ColumnType.INTEGER: "not a whole number",
    ColumnType.AMOUNT: "not a number",
    ColumnType.RATE: "not a number",
    ColumnType.DATE: "not a date",
    ColumnType.TIMESTAMP: "not a time",
    ColumnType.BOOLEAN: "not yes or no",
}


def failure_of(kind: ColumnType, layouts: Layouts, *, is_exact: bool = False) -> str:
    """What to call a text that is no value of a type."""
    layout = {ColumnType.DATE: layouts.date_format, ColumnType.TIMESTAMP: layouts.timestamp_format}.get(kind)
    if kind in (ColumnType.DATE, ColumnType.TIMESTAMP):
        return f"{_WORDS[kind]} written as {re.sub(r'[^ -~]', '?', layout) if layout else 'ISO 8601'}"
    decimals = " of at most 4 decimals" if is_exact and kind is not ColumnType.BOOLEAN else ""
    return _WORDS[kind] + (" with a decimal comma" if layouts.decimal_mark == "," else "") + decimals
