"""The analysis pass on a grocer's real baskets, no further than the predictions; figures computed here without it."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.analysis.lifetime import write_lifetime
from pipeline.defs import course, modelling
from pipeline.defs.session import open_session
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.warehouse import connection, one_writer

REAL = PROJECT_ROOT.parent / "shared" / "data" / "real"
LAST_DAY = date(2018, 1, 1)
pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real data sets are not beside this checkout"),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with customers and orders landed, the models of the pass built, and the pass run."""
    home = tmp_path_factory.mktemp("grocer")
    made = Settings(home=home, drop=REAL, sources=Path(__file__).with_name("grocery.yaml"))
    with one_writer(made.paths.lock_file):
        session = open_session(made)
        for table in ("customers", "orders"):
            course.land_and_judge(session, table, LAST_DAY, LAST_DAY)
        course.write_facts(session, LAST_DAY)
        results = modelling.build_models(made, session.dbt_variables, modelling.BEFORE_ANALYSIS)
        assert [each for each in results if not each.is_good] == []
        write_lifetime(made.paths.build_file, made.paths.analysis)
    return made


def _ask(settings: Settings, sql: str) -> pd.DataFrame:
    with connection(settings.paths.build_file, read_only=True) as opened:
        return opened.execute(sql.replace("@analysis", str(settings.paths.analysis))).df()


def test_repeat_days_are_those_counted_by_hand(settings: Settings) -> None:
    lines = pd.read_csv(REAL / "completejourney_transactions_sample.csv.gz")
    lines["day"] = pd.to_datetime(lines["transaction_timestamp"]).dt.normalize()
    baskets = lines.groupby(["household_id", "basket_id"]).agg(day=("day", "min"), value=("sales_value", "sum"))
    bought = baskets[baskets["value"] > 0].reset_index()
    days = bought.groupby("household_id")["day"].agg(["nunique", "min", "max"])
    found = _ask(
        settings,
        "select count(*) as customers, sum(repeat_count) as repeats, sum(recency_days) as recency, "
        "sum(age_days) as age from intermediate.int_customer_transactions__aggregated",
    ).iloc[0]
    assert found["customers"] == len(days)
    assert found["repeats"] == (days["nunique"] - 1).sum()
    assert found["recency"] == (days["max"] - days["min"]).dt.days.sum()
    assert found["age"] == (pd.Timestamp(LAST_DAY) - days["min"]).dt.days.sum()


def test_the_hold_out_tells_how_far_the_models_are_off(settings: Settings) -> None:
    found = _ask(settings, "from '@analysis/clv_backtests.parquet' where scope = 'all' and fit_group = 'all'")
    assert set(found["actual_count"]) == {21_935}
    assert found["error_rate"].abs().max() < 0.06
    assert found["value_error_rate"].abs().max() < 0.02
    assert found["passed"].all()
    used = _ask(settings, "select distinct method, is_fallback from '@analysis/clv_predictions.parquet'")
    assert used.to_dict("records") == [{"method": "predicted", "is_fallback": False}]


def test_every_household_is_valued_for_every_horizon(settings: Settings) -> None:
    found = _ask(
        settings,
        "select horizon_months, count(*) as customers, count(expected_margin_amount) as valued "
        "from '@analysis/clv_predictions.parquet' group by 1 order by 1",
    )
    buyers = _ask(settings, "select count(*) as n from intermediate.int_customer_transactions__aggregated")["n"][0]
    assert found["horizon_months"].tolist() == [12, 24, 36]
    assert set(found["customers"]) == set(found["valued"]) == {buyers}
