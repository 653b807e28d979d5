from decimal import Decimal

import pytest

from pipeline.report import formats


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (1234567, 0, False, "1,234,567"),
        (-1234.56, 1, False, "−1,234.6"),
        (2.5, 1, True, "+2.5"),
        (-0.04, 1, True, "0.0"),
        (None, 0, False, "–"),
    ],
)
def test_number(value, decimals, signed, text):
    assert formats.number(value, decimals=decimals, signed=signed) == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (Decimal("1234567.89"), "EUR", "€1,234,568"),
        (Decimal("-12.5"), "GBP", "−£12.50"),
        (80, "CHF", "CHF 80.00"),
        (None, "EUR", "–"),
    ],
)
def test_money_has_its_currency_and_cents_only_when_small(value, currency, text):
    assert formats.money(value, currency) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.12345, "ratio", "12.3%"),
        (31.44, "points", "+31.4"),
        (28.26, "score", "28.3"),
        (999.5, "amount", "€999.50"),
        (5.26, "hours", "5.26 h"),
        (12, "count", "12"),
        (2.08, "count", "2.1"),
        (4.256, "rating", "4.26 of 5"),
        (7.5, "per_100", "7.50 per 100"),
        (None, "days", "–"),
    ],
)
def test_measure_follows_the_unit(value, unit, text):
    assert formats.measure(value, unit, "EUR") == text


def test_a_change_of_a_share_is_in_percentage_points():
    assert formats.change(-0.0234, "ratio", "EUR") == "−2.3 pts"


def test_a_change_of_a_duration_is_in_its_unit():
    assert formats.change(1.25, "hours", "EUR") == "+1.2 h"


def test_an_interval_with_an_open_end_is_none():
    assert formats.interval(0.1, None, "ratio") == "no interval"
    assert formats.interval(0.1, 0.25, "ratio") == "10.0% to 25.0%"


@pytest.mark.parametrize(("code", "text"), [("paid_search", "Paid search"), ("b2b", "B2B"), (None, "Unknown")])
def test_name_of(code, text):
    assert formats.name_of(code) == text
