"""How far lifetime value lies from the process that made the purchases.

Belongs here: error of process parameters and of expected value. Does not belong here: fitting.
"""

import math
from collections.abc import Mapping

import pandas as pd

from pipeline.scorecard.model import Score, not_applicable

PARAMETERS = ("r", "alpha", "a", "b", "p", "q", "v")
"""Parameters of BG/NBD (r, alpha, a, b) and Gamma-Gamma (p, q, v) that the company is made by."""


def score_parameters(processes: Mapping[str, Mapping[str, float]], fits: pd.DataFrame) -> Score:
    """Mean |log(estimate / true)| over parameters and groups (``clv_clean`` only: elsewhere no one process is true).

    Args:
        processes: true parameters by group (customer type), rates per day, values in the reporting currency.
        fits: fit_group, model, parameter, estimate; BG/NBD and Gamma-Gamma, in days. Other models are left out.

    Returns:
        ``clv_parameter_error``; its note says the error per group.
    """
    wanted = fits[fits["model"].isin(("bg_nbd", "gamma_gamma")) & fits["parameter"].isin(PARAMETERS)]
    errors: dict[str, list[float]] = {}
    for group, true in processes.items():
        for row in wanted[wanted["fit_group"] == group].to_dict("records"):
            if row["estimate"] is not None and row["estimate"] > 0:
                error = abs(math.log(row["estimate"] / float(true[row["parameter"]])))
                errors.setdefault(group, []).append(error)
    every = [error for found in errors.values() for error in found]
    if not every:
        return not_applicable("clv_parameter_error", "no group of customers was fitted by BG/NBD and Gamma-Gamma")
    parts = [f"{group} {sum(found) / len(found):.3f}" for group, found in errors.items()]
    note = f"parameters; mean |log(estimate / true)|: {', '.join(parts)}"
    if missing := sorted(set(processes) - set(errors)):
        note += f"; not fitted: {', '.join(missing)}"
    return Score("clv_parameter_error", sum(every) / len(every), len(every), note)


def score_values(persons: pd.DataFrame, predictions: pd.DataFrame) -> Score:
    """|Σ predicted − Σ expected| / Σ expected over 12 months.

    Args:
        persons: the truth: customer_type, is_customer, expected_value_12m.
        predictions: the product: customer_type, predicted_value_12m, is_fallback; one row per customer.

    Returns:
        ``clv_value_error``; its note gives the signed error per customer type.
    """
    customers = persons[persons["is_customer"]]
    expected = float(customers["expected_value_12m"].sum())
    predicted = float(predictions["predicted_value_12m"].astype("float64").sum())
    if expected <= 0:
        return not_applicable("clv_value_error", "no customer is expected to buy again")
    true = customers.groupby("customer_type")["expected_value_12m"].sum()
    made = predictions.groupby("customer_type")["predicted_value_12m"].sum().astype("float64")
    parts = [f"{name} {made.get(name, 0.0) / value - 1:+.1%}" for name, value in true.items() if value > 0]
    note = f"customers; predicted {predicted:,.0f} against {expected:,.0f} expected ({', '.join(parts)})"
    if fallbacks := int(predictions["is_fallback"].sum()):
        note += f"; {fallbacks:,} of them not by a model of their group"
    return Score("clv_value_error", abs(predicted - expected) / expected, len(predictions), note)
