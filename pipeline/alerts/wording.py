"""Sentences of alerts, English and French: numbers as people of each language write them.

Belongs here: formatting and phrasing. Does not belong here: deciding what is said.
"""

from datetime import date

from pipeline.alerts.kpi import Kpi
from pipeline.alerts.model import Measure

_NARROW = " "  # no break inside a number
_WINDOWS_FR = {"slow": "lente dérive"}


def number(value: float, unit: str, language: str, *, is_change: bool = False) -> str:
    """A value with its unit.

    Args:
        value: in the unit of the KPI (shares 0–1).
        unit: unit of the catalogue.
        language: ``en`` or ``fr``.
        is_change: a difference of two values: with its sign, a share in points.
    """
    sign = "+" if is_change else ""
    if unit == "ratio":
        text, after = f"{100 * value:{sign}.1f}", "points" if is_change else "%"
    else:
        digits = 0 if unit == "count" or abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
        text, after = f"{value:{sign},.{digits}f}", {"amount": "", "count": ""}.get(unit, unit)
    if language == "fr":
        text = text.replace(",", _NARROW).replace(".", ",")
        after = {"days": "jours", "hours": "heures", "months": "mois", "rating": "sur 5"}.get(after, after)
    words = {"ratio": "", "per_100": "per 100", "per_customer": "per customer", "score": "", "multiple": ""}
    french = {"per_100": "pour 100", "per_customer": "par client"}
    after = (french if language == "fr" else {}).get(unit, words.get(unit, after)) if unit != "ratio" else after
    return f"{text}{_NARROW}{after}".strip()


def days(first: date, last: date, language: str) -> str:
    """A span of days in words."""
    if first == last:
        return f"on {first}" if language == "en" else f"le {first}"
    return f"from {first} to {last}" if language == "en" else f"du {first} au {last}"


def who(dimension: str, segment: str, language: str) -> str:
    """A segment in words."""
    if dimension == "all":
        return "all customers" if language == "en" else "tous les clients"
    return f"{dimension} {segment}"


def hidden_sentences(kpi: Kpi, dimension: str, segment: str) -> tuple[str, str]:
    """That something is wrong with a segment whose numbers may not be shown."""
    return (
        f"{kpi.label_en} ({who(dimension, segment, 'en')}) is worse than usual; its numbers are suppressed.",
        f"{kpi.label_fr} ({who(dimension, segment, 'fr')}) est moins bon que d'habitude ; ses chiffres sont masqués.",
    )


def kpi_sentences(
    kpi: Kpi, dimension: str, segment: str, first: date, last: date, measure: Measure, *, is_bound: bool = False
) -> tuple[str, str]:
    """What is wrong with a KPI, in one sentence of each language.

    Args:
        kpi: the KPI.
        dimension: segment dimension.
        segment: the segment.
        first: first day of the window.
        last: its last day.
        measure: the numbers; ``expected`` is the bound where ``is_bound``.
        is_bound: whether a fixed bound was crossed.
    """
    value, expected = measure.value or 0.0, measure.expected or 0.0
    texts = []
    for language, label in (("en", kpi.label_en), ("fr", kpi.label_fr)):
        now, usual = number(value, kpi.unit, language), number(expected, kpi.unit, language)
        change = number(value - expected, kpi.unit, language, is_change=True)
        span, where = days(first, last, language), who(dimension, segment, language)
        n = f"{measure.n or 0:,}" if language == "en" else f"{measure.n or 0:,}".replace(",", _NARROW)
        if is_bound:
            against = f"beyond the bound of {usual}" if language == "en" else f"au-delà de la limite de {usual}"
        elif measure.window == "slow":
            against = f"eroding from {usual}" if language == "en" else f"s'érode depuis {usual}"
        else:
            against = f"usually {usual}" if language == "en" else f"d'habitude {usual}"
        texts.append(f"{label} ({where}): {now} {span}, {against} ({change}, n = {n}).")
    return texts[0], texts[1]
