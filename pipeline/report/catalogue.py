"""KPIs of the catalogue in words: what is divided by what, in which unit, how sure, and whose convention it is.

Belongs here: the words for the codes of the seed `kpi_catalogue`. Does not belong here: any definition, which the seed
holds.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

INTERVALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "proportion": "Wilson, on the effective number of units (clustered by customer)",
        "amount_share": "Wilson, on the effective number of units of money (clustered by customer)",
        "nps": "adjusted Wald (one promoter and one detractor added), in points",
        "ratio": "Student's t, delta method, clustered by customer",
        "money_total": "normal, from the squared totals of customers",
        "mean": "Student's t, clustered by customer",
        "count": "Poisson (Byar) times the dispersion between customers",
        "quantile": "Kaplan–Meier with open cases, log-log bounds; open where the data do not bound it",
        "difference": "Newcombe, on the effective numbers of units (clustered by customer)",
        "mean_difference": "from Student's t of both sides, clustered by customer",
        "given": "that of the table it is read from",
    }
)
"""How the 95 % interval is made, by `interval_kind`."""
UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ratio": "share, 0–1",
        "points": "points, −100 to 100",
        "score": "score, 0–100",
        "rating": "rating, 1–5",
        "per_100": "per 100",
        "per_customer": "per customer",
        "multiple": "times",
    }
)
"""Units that do not speak for themselves."""
WINDOWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "additive": "sums of days",
        "distinct": "computed anew for each window, a person's last answer",
        "quantile": "computed anew for each window",
        "state": "that of the window's last day",
        "period": "whole months",
    }
)
"""What a window of several days is made of, by `aggregation`."""


def formula(kpi: Mapping[str, Any]) -> str:
    """What is computed, as a formula in words.

    Args:
        kpi: a row of the catalogue; empty cells are empty texts or None.
    """
    above, below = str(kpi["numerator_en"]), str(kpi["denominator_en"])
    kind = kpi["interval_kind"]
    if kind == "money_total":
        return f"sum of [{above}]"
    if kind == "count":
        return f"number of [{above}]"
    if kind == "quantile":
        share = float(kpi["quantile"])
        name = "median" if share == 0.5 else f"{100 * share:g}th percentile"
        return f"{name} of [{above}] over [{below}]"
    divided = f"[{above}] ÷ [{below}]"
    if kind in {"difference", "mean_difference"}:
        return f"{divided} of the first group − the same of the second"
    is_in_hundreds = kind == "nps" or kpi["unit"] == "per_100"
    return f"100 × {divided}" if is_in_hundreds else divided


def kpi_facts(kpi: Mapping[str, Any]) -> dict[str, str]:
    """What the data dictionary says of a KPI: a text by title.

    Args:
        kpi: a row of the catalogue; empty cells are empty texts or None.
    """
    unit, days = str(kpi["unit"]), int(kpi["maturity_days"])
    return {
        "definition": str(kpi["definition_en"]),
        "en français": str(kpi["definition_fr"]),
        "formula": formula(kpi),
        "population": str(kpi["population_en"]),
        "unit": f"{UNITS.get(unit, unit)}; {str(kpi['direction']).replace('_', ' ')}",
        "grain": f"KPI, day or window, segment dimension, segment; windows: {WINDOWS[kpi['aggregation']]}",
        "interval (95 %)": INTERVALS[kpi["interval_kind"]],
        "mature after": f"{days} days" if days else "at once",
        "small n below": str(kpi["minimum_n"]),
        "source of the convention": str(kpi["source"]),
    }
