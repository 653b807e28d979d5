"""Rows per table, part and event day, and shares of what surely happened that tracking saw, as watched series.

Belongs here: turning counts of a day into series with their own rules. Does not belong here: testing them. A part of a
table that falls silent (mobile events of a blocked script) shows here before any KPI can be believed.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from pipeline.alerts.data_rules import DATA_OWNER
from pipeline.alerts.kpi import Kpi
from pipeline.alerts.replay import STEPS, TRACKING, VOLUME
from pipeline.alerts.rules import ANY, LATENESS_DAYS, Occasion, Rule, RuleBook
from pipeline.alerts.series import Series, arrange

_FEWEST_ROWS = 30
_RULES = {ANY: Rule(minimum_change=0.3, critical_change=0.5)}
"""Volumes follow the year; a third less within a week does not."""
_RULE_OF_SHARES = Rule(minimum_change=0.1, critical_change=0.5, least_difference=0.01)
"""Fewer than one in a hundred not seen may be late, or beyond midnight, however sure."""
_SHARES = {
    TRACKING: ("Share of online orders seen by tracking", "Part des commandes en ligne vues par le suivi"),
    STEPS: (
        "Share of checkout steps whose step before was seen by tracking",
        "Part des étapes de commande dont l'étape précédente a été vue par le suivi",
    ),
}


def arrange_volumes(
    counts: pd.DataFrame, as_of: date, *, calendar: Sequence[Occasion], lags: Mapping[str, int]
) -> tuple[Series, RuleBook]:
    """Series of data, and their rules.

    Args:
        counts: measure (``volume``, ``tracking`` or ``checkout_steps``), table_name, metric_date, part_dimension, part,
            row_count, whole_count (of shares: what should have been seen; else 1).
        as_of: the last column.
        calendar: days like no others.
        lags: days until nearly all rows of a table have come; where that is not known two, but none for shares, so
            that they are judged no later than the KPIs they speak for.
    """
    names = counts["measure"] + ":" + counts["table_name"]
    kpis = {}
    for name in sorted(names.unique()):
        measure, table = name.split(":", 1)
        kpis[name] = _watched(name, measure, table, lags.get(table, 0 if measure in _SHARES else LATENESS_DAYS))
    is_share = counts["measure"].isin(list(_SHARES))
    cells = pd.DataFrame(
        {
            "kpi_id": names,
            "metric_date": counts["metric_date"],
            "segment_dimension": counts["part_dimension"],
            "segment": counts["part"],
            "numerator": counts["row_count"].astype("float64"),
            "denominator": counts["whole_count"].astype("float64").where(is_share, 1.0),
            "n": counts["whole_count"].astype("float64").where(is_share, counts["row_count"].astype("float64")),
            "value": 0.0,
        }
    )
    rules = _RULES | {name: _RULE_OF_SHARES for name, kpi in kpis.items() if kpi.kpi_group in _SHARES}
    book = RuleBook(kpis=kpis, rules=rules, routes=(), calendar=calendar)
    return arrange(cells, book, as_of, has_seasons=False), book


def _watched(name: str, measure: str, table: str, lag_days: int) -> Kpi:
    is_share = measure in _SHARES
    labels = _SHARES.get(measure, (f"Rows of {table} a day", f"Lignes de {table} par jour"))
    return Kpi(
        kpi_id=name,
        kpi_group=measure if is_share else VOLUME,
        label_en=labels[0],
        label_fr=labels[1],
        unit="ratio" if is_share else "count",
        direction="higher_is_better",
        interval_kind="proportion" if is_share else "count",
        tables=(table,),
        minimum_n=_FEWEST_ROWS,
        lag_days=lag_days,
        bound=None,
        owner=DATA_OWNER,
    )
