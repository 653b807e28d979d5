"""The pass as a whole: every table, every way of falling back, the same bytes every time."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.analysis.lifetime import write_lifetime
from pipeline.analysis.tables import TABLES
from tests.unit.analysis.simulated import RENEWALS, draw, table, write_build

VALUE_TABLES = [name for name in TABLES if name.startswith("clv_")]


def _run(folder: Path, customers: pd.DataFrame, **options: Any) -> dict[str, pd.DataFrame]:
    folder.mkdir(parents=True, exist_ok=True)
    written = write_lifetime(write_build(folder, customers, **options), folder / "analysis")
    return {name: duckdb.read_parquet(str(folder / "analysis" / f"{name}.parquet")).df() for name in written}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], Path]:
    customers = pd.concat([table(draw(1, 2000)), table(draw(2, 80), group="tiny")], ignore_index=True)
    folder = tmp_path_factory.mktemp("usual")
    return customers, _run(folder, customers, renewals=RENEWALS), folder


def test_every_customer_and_horizon_has_one_row(usual: tuple) -> None:
    customers, tables, _ = usual
    rows = tables["clv_predictions"]
    assert len(rows) == 3 * len(customers)
    assert not rows.duplicated(["customer_key", "horizon_months"]).any()
    assert set(rows["method"]) == {"predicted"}
    assert rows["p_alive"].between(0, 1).all()
    assert (rows["expected_order_count"] >= 0).all()
    wide = rows.pivot_table(
        index="customer_key", columns="horizon_months", values="expected_margin_amount", aggfunc="sum"
    )
    assert (wide[36] >= wide[24]).all()
    assert (wide[24] >= wide[12]).all()
    # Under BG/NBD everyone who bought once would be alive for sure; p_alive comes from a model that can tell.
    assert rows["p_alive"].max() < 1


def test_the_same_input_gives_the_same_bytes_in_any_order(usual: tuple, tmp_path: Path) -> None:
    customers, tables, folder = usual
    _run(tmp_path / "again", customers.sample(frac=1, random_state=3), renewals=RENEWALS[::-1])
    for name in tables:
        first, second = (path / "analysis" / f"{name}.parquet" for path in (folder, tmp_path / "again"))
        assert first.read_bytes() == second.read_bytes(), name


def test_a_small_group_takes_the_parents_parameters_and_says_so(usual: tuple) -> None:
    _, tables, _ = usual
    rows = tables["clv_predictions"].query("fit_group == 'tiny'")
    assert set(rows["parameter_group"]) == {"all"}
    assert rows["is_fallback"].all()
    assert set(rows["reason"]) == {"parameters of all: fewer than 500 customers or 100 repeat buyers"}
    own = tables["clv_predictions"].query("fit_group == 'b2c'")
    assert set(own["parameter_group"]) == {"b2c"}
    assert not own["is_fallback"].any()
    assert set(own["reason"]) == {""}
    assert set(tables["clv_fits"].query("fit_group == 'tiny'")["status"]) == {"parent"}
    assert set(tables["clv_covariances"]["fit_group"]) == {"all", "b2c"}


def test_fits_are_published_with_their_diagnostics(usual: tuple) -> None:
    _, tables, _ = usual
    fits = tables["clv_fits"]
    assert not fits.duplicated(["fit_group", "model", "parameter"]).any()
    chosen = fits.query("fit_group == 'b2c' and is_chosen")
    assert chosen["model"].nunique() == 2
    assert len(chosen) == 7
    assert (chosen["low"] < chosen["estimate"]).all()
    assert (chosen["estimate"] < chosen["high"]).all()
    assert fits["reason"].str.contains("used for p_alive").any()
    pairs = tables["clv_covariances"].query("fit_group == 'b2c'")
    assert len(pairs) == 4 * 4 + 3 * 3
    matrix = pairs.pivot_table(index="position_a", columns="position_b", values="covariance").to_numpy()
    assert matrix[0, 1] == matrix[1, 0]
    variances = dict(zip(chosen["parameter"], chosen["log_estimate_se"] ** 2, strict=True))
    diagonal = pairs.query("position_a == position_b").set_index("parameter_a")["covariance"]
    assert diagonal.to_dict() == pytest.approx(variances, rel=1e-4)


def test_backtests_and_independence_are_published(usual: tuple) -> None:
    _, tables, _ = usual
    tests = tables["clv_backtests"]
    assert set(tests.query("fit_group == 'b2c' and scope == 'all'")["model"]) == {"bg_nbd", "mbg_nbd", "pareto_nbd"}
    assert len(tests.query("fit_group == 'b2c' and scope == 'decile' and model == 'bg_nbd'")) == 10
    # The small group is judged with the parent's parameters.
    assert set(tests.query("fit_group == 'tiny'")["model"]) == set(
        tables["clv_predictions"].query("fit_group == 'tiny'")["model"]
    )
    spend = tables["clv_frequency_spend"].set_index("fit_group")
    assert abs(spend.loc["b2c", "spearman"]) < 0.2
    assert not spend["uses_bands"].any()


def test_contracts_are_fitted_and_small_plans_take_the_parent(usual: tuple) -> None:
    _, tables, _ = usual
    fits = tables["clv_contract_fits"].set_index(["fit_group", "parameter"])
    assert fits.loc[("all", "alpha"), "status"] == "ok"
    assert fits.loc[("tiny", "alpha"), "status"] == "parent"
    assert fits.loc[("tiny", "alpha"), "estimate"] == fits.loc[("all", "alpha"), "estimate"]
    assert fits["is_chosen"].all()


def test_contracts_that_cannot_be_fitted_say_why(tmp_path: Path) -> None:
    rows = [("all", 1, 6, 2), ("plan", 1, 6, 2)]
    fits = _run(tmp_path, table(draw(3, 5)), renewals=rows)["clv_contract_fits"]
    assert set(fits["status"]) == {"failed"}
    assert fits["estimate"].isna().all()
    assert not fits["is_chosen"].any()
    assert fits["reason"].str.contains("fewer than 30 contracts or 5 losses").all()


def _whole(customers: pd.DataFrame, folder: Path, **options: Any) -> tuple[set[str], set[str], pd.DataFrame]:
    tables = _run(folder, customers, **options)
    rows = tables["clv_predictions"]
    assert len(rows) == 3 * len(customers)
    assert rows["is_fallback"].all()
    return set(rows["method"]), set(rows["reason"]), tables["clv_fits"]


def test_without_customers_every_table_is_there_and_empty(tmp_path: Path) -> None:
    tables = _run(tmp_path, table(draw(1, 5)).head(0))
    assert {name: len(rows) for name, rows in tables.items()} == dict.fromkeys(VALUE_TABLES, 0)
    assert {name: list(rows.columns) for name, rows in tables.items()} == {
        name: list(TABLES[name]) for name in VALUE_TABLES
    }


def test_without_settings_every_table_is_there_and_empty(tmp_path: Path) -> None:
    path = write_build(tmp_path, table(draw(1, 5)))
    with duckdb.connect(str(path)) as build:
        build.execute("delete from intermediate.int_value_settings__derived")
    assert set(write_lifetime(path, tmp_path / "analysis").values()) == {0}


def test_one_customer(tmp_path: Path) -> None:
    methods, reasons, fits = _whole(table(draw(1, 3)).head(1), tmp_path)
    assert methods == {"run_rate"}
    assert all("fewer than 500 customers" in reason for reason in reasons)
    assert fits["estimate"].isna().all()


def test_no_repeat_buyers(tmp_path: Path) -> None:
    base = draw(1, 900)
    alone = type(base)(base.born, base.buyer[:0], base.day[:0], base.value[:0])
    methods, reasons, _ = _whole(table(alone), tmp_path)
    assert methods == {"run_rate"}
    assert all(reason.endswith("all: fewer than 30 customers or 20 repeat buyers") for reason in reasons)


def test_all_refunded(tmp_path: Path) -> None:
    """Repeat purchases without a value left: nobody has spent anything."""
    customers = table(draw(1, 900))
    for name in ("repeat_spend_mean_amount", "calibration_repeat_spend_mean_amount", "holdout_value_amount"):
        customers[name] = customers[name] * 0
    methods, reasons, _ = _whole(customers, tmp_path)
    assert methods == {"run_rate"}
    assert reasons == {"spend: nobody has spent anything on a second day"}


def test_constant_spend(tmp_path: Path) -> None:
    customers = table(draw(1, 900))
    for name in ("repeat_spend_mean_amount", "calibration_repeat_spend_mean_amount"):
        customers[name] = customers[name].where(customers[name].isna(), 25.0)
    methods, reasons, _ = _whole(customers, tmp_path)
    assert methods == {"run_rate"}
    assert reasons == {"spend: a parameter runs to its bound"}


def test_heavy_tail(tmp_path: Path) -> None:
    customers = table(draw(1, 900))
    rng = np.random.default_rng(5)
    count = np.maximum(customers["repeat_count"].to_numpy(), 1)
    wild = rng.gamma(6 * count, 60 / rng.gamma(0.7, size=len(customers))) / count
    for name in ("repeat_spend_mean_amount", "calibration_repeat_spend_mean_amount"):
        customers[name] = customers[name].where(customers[name].isna(), wild.round(4))
    methods, reasons, _ = _whole(customers, tmp_path)
    assert methods == {"run_rate"}
    assert reasons == {"spend: the spend distribution has no mean (q <= 1)"}


def test_a_base_that_stopped_buying_fails_the_gate(tmp_path: Path) -> None:
    customers = table(draw(1, 2500))
    held = customers["holdout_repeat_count"]
    customers["holdout_repeat_count"] = held.where(held.isna(), np.floor(held / 3))
    methods, reasons, fits = _whole(customers, tmp_path)
    assert methods == {"run_rate"}
    assert all("hold-out error" in reason for reason in reasons)
    assert not fits.query("model == 'bg_nbd'")["is_chosen"].any()


def test_a_group_unlike_its_parent_is_not_valued_by_it(tmp_path: Path) -> None:
    odd = table(draw(2, 450), group="odd")
    for name in ("holdout_repeat_count", "holdout_value_amount"):
        odd[name] = odd[name] * 0
    tables = _run(tmp_path, pd.concat([table(draw(1, 6000)), odd]))
    rows = tables["clv_predictions"].query("fit_group == 'odd'")
    assert set(rows["method"]) == {"run_rate"}
    assert rows["reason"].str.contains("all: nobody bought in the hold-out").all()
    assert set(tables["clv_predictions"].query("fit_group == 'b2c'")["method"]) == {"predicted"}


def test_without_retention_nothing_is_carried_on(tmp_path: Path) -> None:
    customers = table(draw(1, 40))
    customers["annual_retention_rate"] = np.nan
    methods, reasons, _ = _whole(customers, tmp_path)
    assert methods == {"not_available"}
    assert all(reason.endswith("no yearly retention for a run rate") for reason in reasons)


def test_without_a_holdout_nothing_is_believed(tmp_path: Path) -> None:
    customers = table(draw(1, 900))
    for name in [column for column in customers if column.startswith(("calibration_", "holdout_"))]:
        customers[name] = np.nan
    methods, _, _ = _whole(customers, tmp_path, holdout=0)
    assert methods == {"run_rate"}
