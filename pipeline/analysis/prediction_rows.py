"""Rows of every customer and horizon: predicted, carried on, or not available.

Belongs here: the table of predictions. Does not belong here: the calculus behind it (``prediction``).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.analysis.customers import Customers, Settings
from pipeline.analysis.fallback import NOT_AVAILABLE, PREDICTED, RUN_RATE, Decision
from pipeline.analysis.prediction import Prediction, predict, run_rate
from pipeline.analysis.rows import significant
from pipeline.analysis.tables import GRADIENTS, TABLES
from pipeline.analysis.triples import Floats

Block = dict[str, Any]


def _common(customers: Customers, decision: Decision, months: int) -> Block:
    """Columns that do not depend on the method; NULL where a method has no number."""
    size = len(customers)
    nothing = np.full(size, np.nan)
    return {
        "customer_key": customers.key,
        "fit_group": customers.group,
        "parameter_group": np.full(size, decision.parameters.name if decision.parameters else None, dtype=object),
        "horizon_months": np.full(size, months, dtype=np.int32),
        "method": np.full(size, decision.method, dtype=object),
        "model": np.full(size, decision.method, dtype=object),
        "expected_order_count": nothing,
        "expected_spend_amount": nothing,
        "expected_margin_amount": nothing,
        "process_variance": nothing,
        **dict.fromkeys(GRADIENTS, np.zeros(size)),
        "p_alive": nothing,
        "is_fallback": np.full(size, decision.is_fallback),
        "reason": np.full(size, decision.reason, dtype=object),
    }


def _predicted(common: Block, ahead: Prediction, p_alive: Floats, model: str) -> Block:
    """The columns of a prediction; without a margin rate there is none."""
    known = np.isfinite(ahead.margin)
    gradient = np.where(known, ahead.gradient, 0.0)
    return common | {
        "method": np.where(known, PREDICTED, NOT_AVAILABLE).astype(object),
        "model": np.where(known, model, NOT_AVAILABLE).astype(object),
        "expected_order_count": np.where(known, np.round(ahead.orders, 6), np.nan),
        "expected_spend_amount": np.where(known, np.round(ahead.spend, 4), np.nan),
        "expected_margin_amount": np.where(known, np.round(ahead.margin, 4), np.nan),
        "process_variance": np.where(known, significant(ahead.variance), np.nan),
        **{name: significant(gradient[position]) for position, name in enumerate(GRADIENTS)},
        "p_alive": np.round(p_alive, 6),
        "is_fallback": common["is_fallback"] | ~known,
        "reason": np.where(known, common["reason"], "no margin rate").astype(object),
    }


def _group_blocks(customers: Customers, decision: Decision, settings: Settings) -> list[Block]:
    commons = [_common(customers, decision, months) for months in settings.horizons]
    fit = decision.parameters
    if fit is not None and fit.chosen and fit.chosen.now and fit.spend:
        histories = (customers.count, customers.recency, customers.age, customers.spend)
        alive = fit.of_alive.p_alive(*histories[:3]) if fit.of_alive else np.full(len(customers), np.nan)
        predictions = predict(
            fit.chosen.now, fit.spend, histories, customers.margin_rate,
            horizons=settings.horizons, discount_rate=settings.discount_rate,
        )  # fmt: skip
        return [
            _predicted(common, ahead, alive, fit.chosen.name)
            for common, ahead in zip(commons, predictions, strict=True)
        ]  # fmt: skip
    if decision.method != RUN_RATE:
        return commons
    return [
        common | {
            "expected_margin_amount": np.round(
                run_rate(customers.year_margin, customers.retention, months=months,
                         discount_rate=settings.discount_rate), 4,
            ),
        }
        for common, months in zip(commons, settings.horizons, strict=True)
    ]  # fmt: skip


def prediction_tables(
    customers: Customers, decisions: Mapping[str, Decision], settings: Settings
) -> dict[str, Mapping[str, Any]]:
    """The table of predictions: every customer, every horizon; by group, horizon and key."""
    blocks = [
        block
        for name in customers.groups()
        for block in _group_blocks(customers.of_group(name), decisions[name], settings)
    ]
    return {
        "clv_predictions": {
            name: np.concatenate([block[name] for block in blocks]) for name in TABLES["clv_predictions"]
        }
    }
