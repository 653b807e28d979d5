"""SQL of the rules of a contract: each gives a reason, naming rule and column, for a row that breaks it.

Belongs here: row rules. Does not belong here: duplicates and days, which need to see other rows.
"""

from collections.abc import Mapping
from datetime import date

from pipeline.contracts import Column, ColumnType, Contract
from pipeline.landing.chronology import time_arms
from pipeline.landing.model import DoorSettings, Scale
from pipeline.landing.references import reference_arms
from pipeline.warehouse import identifier, literal, literals

_DAYS = (ColumnType.DATE, ColumnType.TIMESTAMP)
_NUMBERS = (ColumnType.INTEGER, ColumnType.AMOUNT, ColumnType.RATE)


def row_reasons(contract: Contract, settings: DoorSettings, *, day: date, is_key_row: bool) -> str:
    """SQL of a row's reasons, those of the mapping first; NULL for a row without fault.

    Reads the contract's columns, ``_event_at``, ``_extract_date``, ``_reasons`` and, where amounts are
    judged,
    ``_rate_since``: the first day a rate of the row's currency is known for; where rows are held against other
    tables, ``_happened_<n>`` (see ``references``).
    """
    arms = _arms(contract, settings, day, is_key_row=is_key_row) + reference_arms(contract.table, settings)
    cases = "".join(f", case when {test} then {literal(reason)} end" for test, reason in arms)
    return (
        "case when starts_with(coalesce(_reasons, ''), 'row: ') then _reasons "
        f"else nullif(concat_ws(chr(10), _reasons{cases}), '') end"
    )


def is_faulty(contract: Contract, settings: DoorSettings, *, day: date) -> str:
    """SQL truth, never NULL: a row of a stream breaks some rule; which ones, `row_reasons` tells."""
    tests = [f"{identifier(column.name)} is null" for column in contract.columns if column.is_required]
    tests += [test for test, _ in _arms(contract, settings, day, is_key_row=False, is_required_too=False)]
    return f"coalesce({' or '.join(['_is_marked', *tests])}, false)"


def _arms(
    contract: Contract, settings: DoorSettings, day: date, *, is_key_row: bool, is_required_too: bool = True
) -> list[tuple[str, str]]:
    arms = [arm for column in contract.columns for arm in _column_arms(column, is_required_too=is_required_too)]
    if not is_key_row:
        empty = " and ".join(f"{identifier(name)} is null" for name in contract.key)
        if not any(contract.column(name).is_required for name in contract.key):
            arms.append((empty, "key: empty"))
    if contract.scored_by:
        arms += _score_arms(contract.scored_by, settings.scales)
    if contract.amount_columns:
        arms.append(_rate_arm(contract, settings))
    return arms + time_arms(contract, settings, day)


def _column_arms(column: Column, *, is_required_too: bool) -> list[tuple[str, str]]:
    name = identifier(column.name)
    arms = []
    if column.is_required and is_required_too:
        # A value that could not be read has its reason already; it is not missing as well.
        unread = f"contains(chr(10) || coalesce(_reasons, ''), chr(10) || {literal(column.name + ': ')})"
        arms.append((f"{name} is null and not {unread}", f"{column.name}: required value is missing"))
    if column.type in _DAYS:  # a two-digit year read as a year of four digits is the usual cause
        outside = f"{name} < date '1900-01-01' or {name} >= date '2101-01-01'"
        arms.append((outside, f"{column.name}: not in the years 1900 to 2100"))
    if column.allowed:
        arms.append((f"{name} not in ({literals(column.allowed)})", f"{column.name}: not among the allowed values"))
    if column.minimum is not None:
        arms.append((f"{name} < {column.minimum!r}", f"{column.name}: less than {column.minimum:g}"))
    if column.maximum is not None:
        arms.append((f"{name} > {column.maximum!r}", f"{column.name}: more than {column.maximum:g}"))
    return arms


def _score_arms(question: str, scales: Mapping[str, Scale]) -> list[tuple[str, str]]:
    name = identifier(question)
    known = literals(sorted(scales)) or "''"
    arms = [(f"{name} not in ({known})", f"{question}: not a known survey question")]
    outside, broken = [], []
    for key, (least, greatest, is_whole) in sorted(scales.items()):
        bounds = [f"score < {float(least)!r}"] if least is not None else []
        bounds += [f"score > {float(greatest)!r}"] if greatest is not None else []
        if bounds:
            outside.append(f"({name} = {literal(key)} and ({' or '.join(bounds)}))")
        if is_whole:
            broken.append(key)
    if outside:
        arms.append((" or ".join(outside), "score: off the scale of its question"))
    if broken:
        whole = f"{name} in ({literals(broken)}) and score <> trunc(score)"
        arms.append((whole, "score: not a whole number, as its question wants"))
    return arms


def _rate_arm(contract: Contract, settings: DoorSettings) -> tuple[str, str]:
    amounts = " or ".join(f"{identifier(name)} is not null" for name in contract.amount_columns)
    zone = literal(settings.business_time_zone)
    day = f"coalesce(timezone({zone}, timezone('UTC', _event_at))::date, _extract_date)"
    known = f"coalesce({day} >= _rate_since, false)"
    foreign = f"currency <> {literal(settings.reporting_currency)}"
    # Not with AND, which asks both sides of every row.
    test = f"(case when {foreign} and ({amounts}) then not {known} else false end)"
    return (test, "currency: no exchange rate on or before the day")
