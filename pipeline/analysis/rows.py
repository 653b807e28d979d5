"""Results of the fits as columns of the pass's tables, rounded so that the same input gives the same bytes.

Belongs here: names, order and digits. Does not belong here: computing what is written, or customers' rows
(``prediction_rows``).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.analysis import gamma_gamma, shifted_beta_geometric
from pipeline.analysis.backtest import Row
from pipeline.analysis.contracts_fit import ContractDecision
from pipeline.analysis.customers import Settings
from pipeline.analysis.fallback import NOT_AVAILABLE, PREDICTED, RUN_RATE, Decision
from pipeline.analysis.fitting import Candidate, GroupFit
from pipeline.analysis.optimum import Optimum
from pipeline.analysis.tables import TABLES
from pipeline.analysis.triples import Floats

Columns = Mapping[str, Sequence[Any]]
_Z_95 = 1.959963984540054
_NOTHING = {"estimate": None, "log_estimate_se": None, "low": None, "high": None, "log_likelihood": None}


def significant(values: Floats, digits: int = 6) -> Floats:
    """Values rounded to significant digits; NaN and infinities stay."""
    values = np.asarray(values, dtype=np.float64)
    usable = np.isfinite(values) & (values != 0)
    size = np.floor(np.log10(np.abs(values), out=np.zeros_like(values), where=usable))
    factor = 10.0 ** (digits - 1 - size)
    return np.where(usable, np.round(values * factor) / factor, values)


def number(value: float, digits: int = 6) -> float | None:
    """One value to significant digits; ``None`` where it is not a number."""
    return float(significant(np.array([value]), digits)[0]) if np.isfinite(value) else None


def _columns(name: str, rows: Iterable[Mapping[str, Any]]) -> Columns:
    """Rows as columns of a table, none left out."""
    listed = list(rows)
    return {column: [row[column] for row in listed] for column in TABLES[name]} if listed else {}


def _parameters(names: Sequence[str], values: Floats, optimum: Optimum) -> list[dict[str, Any]]:
    """One row per parameter: estimate, standard error of its logarithm, 95 % interval."""
    errors = np.sqrt(np.diag(optimum.covariance))
    return [
        {
            "parameter": name,
            "estimate": number(value),
            "log_estimate_se": number(error),
            "low": number(value * np.exp(-_Z_95 * error)),
            "high": number(value * np.exp(_Z_95 * error)),
            "log_likelihood": round(optimum.log_likelihood, 3) if np.isfinite(optimum.log_likelihood) else None,
        }
        for name, value, error in zip(names, values, errors, strict=True)
    ]


def _candidate_rows(fit: GroupFit, candidate: Candidate) -> list[dict[str, Any]]:
    shown = candidate.now or candidate.past
    chosen = fit.chosen is not None and candidate.name == fit.chosen.name
    reason = candidate.failure
    if not reason and candidate.now is None:
        reason = "fitted before the hold-out only, where another model did better"
    if candidate.now is not None and fit.of_alive is candidate.now:
        reason = f"{reason}; used for p_alive" if reason else "used for p_alive"
    status = "failed" if candidate.failure else "ok"
    return [
        {"model": candidate.name, **row, "is_chosen": chosen, "status": status, "reason": reason}
        for row in _parameters(shown.model.parameters, shown.values, shown.optimum)
    ]


def _spend_rows(fit: GroupFit) -> list[dict[str, Any]]:
    if fit.spend is None:
        return []
    failure = fit.failure_of_spend
    return [
        {
            "model": gamma_gamma.NAME,
            **row,
            "is_chosen": fit.chosen is not None,
            "status": "failed" if failure else "ok",
            "reason": failure,
        }
        for row in _parameters(gamma_gamma.PARAMETERS, fit.spend.fit.values, fit.spend.fit.optimum)
    ]


def _model_rows(fit: GroupFit) -> list[dict[str, Any]]:
    """Rows of every model of a group, without saying whose they are."""
    return [row for candidate in fit.candidates for row in _candidate_rows(fit, candidate)] + _spend_rows(fit)


def _fit_rows(fit: GroupFit, decision: Decision) -> list[dict[str, Any]]:
    """Own models, and one more row or set of rows that says what is used instead where they are not."""
    rows = [] if fit.small else _model_rows(fit)
    if decision.method == PREDICTED and decision.parameters is not fit and decision.parameters is not None:
        taken = [row for row in _model_rows(decision.parameters) if row["is_chosen"]]
        own = {row["model"] for row in rows}
        rows += [{**row, "status": "parent", "reason": decision.reason} for row in taken if row["model"] not in own]
        for row in rows:
            row["is_chosen"] = row["status"] == "parent"
    elif decision.method in {RUN_RATE, NOT_AVAILABLE}:
        rows.append(
            {"model": decision.method, "parameter": "none", **_NOTHING, "is_chosen": True, "status": decision.method,
             "reason": decision.reason}
        )  # fmt: skip
    facts = {"fit_group": fit.name, "customer_count": fit.customers, "repeater_count": fit.repeaters}
    return [{**facts, **row} for row in rows]


def _covariance_rows(fit: GroupFit) -> list[dict[str, Any]]:
    """All pairs within the chosen purchase model, and within the spend model; the two are independent."""
    if fit.chosen is None or fit.chosen.now is None or fit.spend is None:
        return []
    now = fit.chosen.now
    blocks = (
        (now.model.name, now.model.parameters, now.optimum.covariance, 1),
        (gamma_gamma.NAME, gamma_gamma.PARAMETERS, fit.spend.fit.optimum.covariance, 5),
    )
    return [
        {
            "fit_group": fit.name, "model": model, "parameter_a": first, "parameter_b": second,
            "position_a": start + row, "position_b": start + column, "covariance": number(matrix[row, column], 9),
        }
        for model, names, matrix, start in blocks
        for row, first in enumerate(names)
        for column, second in enumerate(names)
    ]  # fmt: skip


def _test_rows(name: str, model: str, rows: Sequence[Row], *, is_seasonal: bool) -> list[dict[str, Any]]:
    return [
        {
            "fit_group": name, "model": model, "scope": "all" if row.decile is None else "decile",
            "decile": row.decile, "customer_count": row.customers,
            "predicted_count": number(row.predicted_count), "actual_count": row.actual_count,
            "predicted_value": number(row.predicted_value), "actual_value": round(row.actual_value, 2),
            "error_rate": number(row.error_rate), "error_sd": number(row.error_sd),
            "value_error_rate": number(row.value_error_rate), "value_error_sd": number(row.value_error_sd),
            "passed": row.passed, "is_seasonal": is_seasonal,
        }
        for row in rows
    ]  # fmt: skip


def _backtest_rows(fit: GroupFit, decision: Decision, settings: Settings) -> list[dict[str, Any]]:
    tests = [(candidate.name, candidate.test) for candidate in fit.candidates if candidate.test]
    if not tests and decision.test and decision.parameters and decision.parameters.chosen:
        tests = [(decision.parameters.chosen.name, decision.test)]
    return [
        row
        for model, test in tests
        for row in _test_rows(fit.name, model, (test.whole, *test.deciles), is_seasonal=settings.is_seasonal)
    ]


def _frequency_spend_row(fit: GroupFit, decision: Decision) -> dict[str, Any]:
    used = decision.parameters.spend if decision.parameters else fit.spend
    correlation = fit.spend.correlation if fit.spend else None
    return {
        "fit_group": fit.name,
        "spearman": None if correlation is None else round(correlation, 6),
        "n": fit.spend.customers if fit.spend else 0,
        "uses_bands": bool(used and used.uses_bands),
    }


def fit_tables(
    fits: Mapping[str, GroupFit], decisions: Mapping[str, Decision], settings: Settings
) -> dict[str, Columns]:
    """Tables on the fits: parameters, covariances, back-tests, independence of frequency and spend."""
    pairs = [(fits[name], decisions[name]) for name in sorted(fits)]
    return {
        "clv_fits": _columns("clv_fits", (row for pair in pairs for row in _fit_rows(*pair))),
        "clv_covariances": _columns("clv_covariances", (row for fit, _ in pairs for row in _covariance_rows(fit))),
        "clv_backtests": _columns(
            "clv_backtests", (row for pair in pairs for row in _backtest_rows(*pair, settings))
        ),
        "clv_frequency_spend": _columns(
            "clv_frequency_spend", (_frequency_spend_row(*pair) for pair in pairs)
        ),
    }  # fmt: skip


def no_customer_tables() -> dict[str, Columns]:
    """The same tables and that of predictions, empty."""
    return {name: {} for name in TABLES if name.startswith("clv_") and name != "clv_contract_fits"}


def contract_tables(decisions: Mapping[str, ContractDecision]) -> dict[str, Columns]:
    """The table of contract fits."""
    rows = []
    for name, decision in sorted(decisions.items()):
        shown = decision.used or decision.own
        facts = {
            "fit_group": name, "model": shifted_beta_geometric.NAME, "contract_count": decision.contracts,
            "is_chosen": decision.used is not None, "status": decision.status, "reason": decision.reason,
        }  # fmt: skip
        parameters = shifted_beta_geometric.PARAMETERS
        known = (
            _parameters(parameters, shown.values, shown.optimum)
            if shown else [{"parameter": parameter, **_NOTHING} for parameter in parameters]
        )  # fmt: skip
        rows += [{**facts, **row} for row in known]
    return {"clv_contract_fits": _columns("clv_contract_fits", rows)}
