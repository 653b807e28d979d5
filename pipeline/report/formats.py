"""How figures are written: thousands separators, one decimal for percentages, money with its currency.

Belongs here: value to text, nothing else. Does not belong here: HTML, rounding that feeds a calculation.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

Numeric = int | float | Decimal

MISSING: Final = "–"
NO_INTERVAL: Final = "no interval"
_MINUS: Final = "−"
_CURRENCY_SIGNS: Final[Mapping[str, str]] = {"EUR": "€", "GBP": "£", "USD": "$"}
_UNIT_DECIMALS: Final[Mapping[str, int]] = {
    "points": 1,
    "score": 1,
    "hours": 2,
    "days": 1,
    "minutes": 1,
    "seconds": 0,
    "months": 1,
    "count": 1,
}
_UNIT_WORDS: Final[Mapping[str, str]] = {
    "seconds": " s", "minutes": " min", "hours": " h", "days": " days", "months": " months", "count": "",
    "per_100": " per 100", "per_customer": " per customer", "rating": " of 5",
}  # fmt: skip
_ACRONYMS: Final[Mapping[str, str]] = {"b2b": "B2B", "b2c": "B2C", "clv": "CLV", "nps": "NPS", "csat": "CSAT"}


def number(value: Numeric | None, *, decimals: int = 0, signed: bool = False) -> str:
    """A number with thousands separators and a true minus sign; a dash for no value."""
    if value is None:
        return MISSING
    text = f"{abs(value):,.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        return text
    if value < 0:
        return _MINUS + text
    return "+" + text if signed else text


def percent(value: Numeric | None, *, signed: bool = False) -> str:
    """A share between 0 and 1 as a percentage with one decimal."""
    return MISSING if value is None else number(float(value) * 100, decimals=1, signed=signed) + "%"


def money(value: Numeric | None, currency: str, *, signed: bool = False) -> str:
    """An amount with its currency; cents only below one thousand."""
    if value is None:
        return MISSING
    size: Numeric = -value if value < 0 else value
    digits = number(size, decimals=2 if size < 1000 else 0)
    sign = _MINUS if value < 0 else "+" if signed and value > 0 else ""
    return sign + _CURRENCY_SIGNS.get(currency, currency + " ") + digits


def measure(value: Numeric | None, unit: str, currency: str) -> str:
    """A KPI value in its unit, as in the catalogue."""
    if unit == "ratio":
        return percent(value)
    if unit == "amount":
        return money(value, currency)
    decimals = 0 if unit == "count" and value == int(value or 0) else _UNIT_DECIMALS.get(unit, 2)
    text = number(value, decimals=decimals, signed=unit == "points")
    return text if value is None else text + _UNIT_WORDS.get(unit, "")


def change(difference: Numeric, unit: str, currency: str) -> str:
    """A difference between two values of a KPI; shares differ by percentage points."""
    if unit == "ratio":
        return number(float(difference) * 100, decimals=1, signed=True) + " pts"
    if unit == "amount":
        return money(difference, currency, signed=True)
    return number(difference, decimals=1, signed=True) + _UNIT_WORDS.get(unit, " pts")


def interval(low: Numeric | None, high: Numeric | None, unit: str, currency: str = "") -> str:
    """The two ends of a 95 % interval, or a word that there is none."""
    if low is None or high is None:
        return NO_INTERVAL
    return f"{measure(low, unit, currency)} to {measure(high, unit, currency)}"


def percentage_points(value: Numeric | None) -> str:
    """A difference of two shares in percentage points."""
    return MISSING if value is None else change(value, "ratio", "")


def name_of(code: str | None) -> str:
    """A code such as ``paid_search`` as a reader would write it."""
    if not code:
        return "Unknown"
    if code.lower() in _ACRONYMS:
        return _ACRONYMS[code.lower()]
    text = code.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
