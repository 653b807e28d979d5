"""The tables the analysis pass writes: names, columns and types, and how a file of them is written.

Belongs here: the shape of the pass's output, one place for writer and reader. Does not belong here: any number. The
same columns stand in ``dbt_project/models/staging/analysis.yml``, from which dbt makes empty tables before the first
pass; a test compares the two.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.warehouse import connection, identifier, literal

_GROUP = {"fit_group": "VARCHAR", "model": "VARCHAR"}
GRADIENTS = tuple(f"gradient_{position}" for position in range(1, 8))
"""Derivatives of a customer's value by the log-parameters of its group, in their fixed order."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "clv_fits": {
        **_GROUP,
        "parameter": "VARCHAR",
        "estimate": "DOUBLE",
        "log_estimate_se": "DOUBLE",
        "low": "DOUBLE",
        "high": "DOUBLE",
        "log_likelihood": "DOUBLE",
        "customer_count": "BIGINT",
        "repeater_count": "BIGINT",
        "is_chosen": "BOOLEAN",
        "status": "VARCHAR",
        "reason": "VARCHAR",
    },
    "clv_covariances": {
        **_GROUP,
        "parameter_a": "VARCHAR",
        "parameter_b": "VARCHAR",
        "position_a": "INTEGER",
        "position_b": "INTEGER",
        "covariance": "DOUBLE",
    },
    "clv_backtests": {
        **_GROUP,
        "scope": "VARCHAR",
        "decile": "INTEGER",
        "customer_count": "BIGINT",
        "predicted_count": "DOUBLE",
        "actual_count": "DOUBLE",
        "predicted_value": "DOUBLE",
        "actual_value": "DOUBLE",
        "error_rate": "DOUBLE",
        "error_sd": "DOUBLE",
        "value_error_rate": "DOUBLE",
        "value_error_sd": "DOUBLE",
        "passed": "BOOLEAN",
        "is_seasonal": "BOOLEAN",
    },
    "clv_predictions": {
        "customer_key": "VARCHAR",
        "fit_group": "VARCHAR",
        "parameter_group": "VARCHAR",
        "horizon_months": "INTEGER",
        "method": "VARCHAR",
        "model": "VARCHAR",
        "expected_order_count": "DOUBLE",
        "expected_spend_amount": "DECIMAL(18,4)",
        "expected_margin_amount": "DECIMAL(18,4)",
        "process_variance": "DOUBLE",
        **dict.fromkeys(GRADIENTS, "DOUBLE"),
        "p_alive": "DOUBLE",
        "is_fallback": "BOOLEAN",
        "reason": "VARCHAR",
    },
    "clv_frequency_spend": {
        "fit_group": "VARCHAR",
        "spearman": "DOUBLE",
        "n": "BIGINT",
        "uses_bands": "BOOLEAN",
    },
    "clv_contract_fits": {
        **_GROUP,
        "parameter": "VARCHAR",
        "estimate": "DOUBLE",
        "log_estimate_se": "DOUBLE",
        "low": "DOUBLE",
        "high": "DOUBLE",
        "log_likelihood": "DOUBLE",
        "contract_count": "BIGINT",
        "is_chosen": "BOOLEAN",
        "status": "VARCHAR",
        "reason": "VARCHAR",
    },
    "touchpoint_credits": {
        "segment_dimension": "VARCHAR",
        "segment": "VARCHAR",
        "touchpoint": "VARCHAR",
        "method": "VARCHAR",
        "conversion_count": "BIGINT",
        "credited_count": "DOUBLE",
        "share": "DOUBLE",
        "share_low": "DOUBLE",
        "share_high": "DOUBLE",
        "removal_effect": "DOUBLE",
        "removal_effect_low": "DOUBLE",
        "removal_effect_high": "DOUBLE",
    },
    "verbatim_scores": {
        "verbatim_key": "VARCHAR",
        "language": "VARCHAR",
        "sentiment": "DECIMAL(5,4)",
        "word_count": "INTEGER",
    },
    "verbatim_mentions": {
        "verbatim_key": "VARCHAR",
        "theme": "VARCHAR",
        "sentiment": "DECIMAL(5,4)",
    },
    "verbatim_words": {
        "verbatim_key": "VARCHAR",
        "language": "VARCHAR",
        "word": "VARCHAR",
        "is_listed": "BOOLEAN",
    },
}


def write_table(folder: Path, name: str, columns: Mapping[str, Sequence[Any]]) -> int:
    """Write one table of the pass as Parquet, in the order given; the file appears whole or not at all.

    Args:
        folder: where; made if need be.
        name: a table of ``TABLES``.
        columns: values per column, all columns of the table, of one length; empty means a table of no rows.

    Returns:
        How many rows were written.

    Raises:
        KeyError: no such table, or a column of it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    types = TABLES[name]
    given = columns or {column: [] for column in types}
    frame = pd.DataFrame({column: given[column] for column in types})
    casts = ", ".join(f"cast({identifier(column)} as {kind}) as {identifier(column)}" for column, kind in types.items())
    target = folder / f"{name}.parquet"
    draft = target.with_suffix(".draft")
    with connection(threads=1) as memory:
        memory.register("given", frame)
        memory.execute(f"copy (select {casts} from given) to {literal(str(draft))} (format parquet, compression zstd)")
    draft.replace(target)
    return len(frame)
