"""How figures are written: thousands separators, one decimal for percentages, money with its currency.

Belongs here: value to text, nothing else. Does not belong here: HTML, rounding that feeds a calculation.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from pipeline.report.words import say, spoken

Numeric = int | float | Decimal

MISSING: Final = "–"
NO_INTERVAL: Final = "no interval"
_MINUS: Final = "−"
_FRENCH_MARKS: Final = str.maketrans({",": "\u202f", ".": ","})
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
_SIGNED: Final = frozenset({"points", "signed_score"})
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
    if spoken() == "fr":
        text = text.translate(_FRENCH_MARKS)
    if not text.strip("0.,\u202f"):
        return text
    if value < 0:
        return _MINUS + text
    return "+" + text if signed else text


def percent(value: Numeric | None, *, signed: bool = False) -> str:
    """A share between 0 and 1 as a percentage with one decimal."""
    sign = "\u00a0%" if spoken() == "fr" else "%"
    return MISSING if value is None else number(float(value) * 100, decimals=1, signed=signed) + sign


def percent_tick(value: float) -> str:
    """A share on an axis: without decimals where it has none."""
    sign = "\u00a0%" if spoken() == "fr" else "%"
    return number(value * 100, decimals=0 if abs(value * 100 - round(value * 100)) < 1e-6 else 1) + sign


def money(value: Numeric | None, currency: str, *, signed: bool = False) -> str:
    """An amount with its currency; cents only below one thousand."""
    if value is None:
        return MISSING
    size: Numeric = -value if value < 0 else value
    digits = number(size, decimals=2 if size < 1000 else 0)
    sign = _MINUS if value < 0 else "+" if signed and value > 0 else ""
    if spoken() == "fr":
        return f"{sign}{digits}\u00a0{_CURRENCY_SIGNS.get(currency, currency)}"
    return sign + _CURRENCY_SIGNS.get(currency, currency + " ") + digits


def whole_money(value: Numeric, currency: str) -> str:
    """An amount without cents, for axes."""
    return money(round(value), currency).replace(".00", "").replace(",00\u00a0", "\u00a0")


def measure(value: Numeric | None, unit: str, currency: str) -> str:
    """A KPI value in its unit, as in the catalogue."""
    if unit == "ratio":
        return percent(value)
    if unit == "amount":
        return money(value, currency)
    if unit == "points_of_share":
        return percentage_points(value)
    value, unit = _legible(value, unit)
    decimals = 0 if unit == "count" and value == int(value or 0) else _UNIT_DECIMALS.get(unit, 2)
    text = number(value, decimals=decimals, signed=unit in _SIGNED)
    return text if value is None else text + _unit(unit, "")


def change(difference: Numeric, unit: str, currency: str) -> str:
    """A difference between two values of a KPI; shares differ by percentage points."""
    if unit == "ratio":
        return number(float(difference) * 100, decimals=1, signed=True) + say(" pts")
    if unit == "amount":
        return money(difference, currency, signed=True)
    shown, unit = _legible(difference, unit)
    return number(shown, decimals=1, signed=True) + _unit(unit, " pts")


def _legible(value: Numeric | None, unit: str) -> tuple[Numeric | None, str]:
    """Less than an hour is told in minutes."""
    if unit == "hours" and value is not None and abs(float(value)) < 1:
        return float(value) * 60, "minutes"
    return value, unit


def day(value: date | None) -> str:
    """A day as the language writes it; a dash for none."""
    if value is None:
        return MISSING
    return f"{value:%d/%m/%Y}" if spoken() == "fr" else f"{value:%Y-%m-%d}"


def month(value: date) -> str:
    """The month of a day as the language writes it."""
    return f"{value:%m/%Y}" if spoken() == "fr" else f"{value:%Y-%m}"


def _unit(unit: str, otherwise: str) -> str:
    words = _UNIT_WORDS.get(unit, otherwise)
    return say(words) if words else ""


def interval(low: Numeric | None, high: Numeric | None, unit: str, currency: str = "") -> str:
    """The two ends of a 95 % interval, or a word that there is none."""
    if low is None or high is None:
        return say(NO_INTERVAL)
    lowest = measure(low, unit, currency)
    if unit == "points_of_share":
        lowest = lowest.removesuffix(say(" pts"))
    return say("{low} to {high}", low=lowest, high=measure(high, unit, currency))


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
