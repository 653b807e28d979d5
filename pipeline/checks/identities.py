"""Identities of published tables as SQL: sums that must close, and by how much they do not.

Belongs here: what compares columns of one row, which no expectation can say. Does not belong here: bounds
(``expectations/published``). A gap is zero where the identity holds and empty where one of its parts is.
"""

from collections.abc import Mapping

from pipeline.warehouse import identifier

_MONEY_ROUNDING = 0.005
_RATE_ROUNDING = 1e-6


def _beyond(gap: str, allowed: str) -> str:
    """How far a gap goes beyond what rounding explains; a hair more, because sums of doubles are inexact."""
    return f"case when ({gap}) is not null then greatest(abs({gap}) - ({allowed}) - 1e-9, 0) end"


_FUNNEL = {"count_gap": "entrant_count - (converted_count + dropped_count + pending_count)"}
_LTV_GAP = "clv_amount - net_revenue_amount + coalesce(costs_amount, 0)"
_MEAN_GAP = "clv_mean_amount * valued_customer_count - clv_amount"
_NEW = "new_customer_count + reactivated_customer_count"

_IDENTITIES: dict[str, dict[str, str]] = {
    "funnel_steps": _FUNNEL,
    "funnel_steps_weekly": _FUNNEL,
    "segment_retention": {
        "end_count_gap": f"end_customer_count - retained_customer_count - ({_NEW})",
        "churn_gap": _beyond("retention_rate + churn_rate - 1", str(2 * _RATE_ROUNDING)),
    },
    "segment_clv": {
        "value_gap": _beyond(_LTV_GAP, str(3 * _MONEY_ROUNDING)),
        "mean_gap": _beyond(_MEAN_GAP, f"{_MONEY_ROUNDING} * (valued_customer_count + 1)"),
    },
    "segment_contract_retention": {"contract_count_gap": "opportunity_count - renewed_count - lost_count"},
}
_PARTS: dict[str, tuple[str, ...]] = {
    "funnel_steps": ("entrant_count", "converted_count", "dropped_count", "pending_count"),
    "funnel_steps_weekly": ("entrant_count", "converted_count", "dropped_count", "pending_count"),
    "segment_retention": (
        "end_customer_count", "retained_customer_count", "new_customer_count",
        "reactivated_customer_count", "retention_rate", "churn_rate",
    ),
    "segment_clv": (
        "costs_amount", "clv_mean_amount", "valued_customer_count", "clv_amount", "net_revenue_amount",
    ),
    "segment_contract_retention": ("opportunity_count", "renewed_count", "lost_count"),
}  # fmt: skip


def identity_parts(table: str, columns: frozenset[str]) -> tuple[str, ...]:
    """Columns the identities of a table compare; none if the table has no identity, or not all of them."""
    parts = _PARTS.get(table, ())
    return parts if set(parts) <= columns else ()


def identity_sql(table: str) -> Mapping[str, str]:
    """Derived column to SQL, over a relation that holds the parts as doubles."""
    return _IDENTITIES.get(table, {})


def with_derived(table: str, relation: str, columns: frozenset[str], measures: tuple[str, ...]) -> str:
    """A relation with the derived columns its suite judges, as SQL.

    Args:
        table: name of the published table.
        relation: quoted relation or table function.
        columns: the columns it has.
        measures: columns that a suppressed row may not show.
    """
    parts = identity_parts(table, columns)
    doubles = ", ".join(f"cast({identifier(name)} as double) as {identifier(name)}" for name in parts)
    source = f"(select * replace ({doubles}) from {relation})" if parts else relation
    derived = [f"{sql} as {name}" for name, sql in identity_sql(table).items()] if parts else []
    if measures and "is_suppressed" in columns:
        shown = " + ".join(f"cast({identifier(name)} is not null as integer)" for name in measures)
        derived.append(f"case when is_suppressed then {shown} else 0 end as suppressed_measure_count")
    return f"(select *, {', '.join(derived)} from {source})" if derived else relation
