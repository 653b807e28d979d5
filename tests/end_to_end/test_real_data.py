"""The product on data nobody here made, with nothing but a source mapping and seeds, against plain pandas.

Online Retail II (year 1), web events of a demonstration shop, answers of an airport survey. Every expected figure is
computed here, from the files, without the product.
"""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.cli.running import RunReport, run_daily
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.warehouse import connection

REAL = PROJECT_ROOT.parent / "shared" / "data" / "real"
HERE = Path(__file__).parent
pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real data sets are not beside this checkout"),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("real")
    return Settings(home=home, drop=REAL, sources=HERE / "sources.yaml", seeds=HERE / "seeds")


@pytest.fixture(scope="module")
def run(settings: Settings) -> RunReport:
    report = run_daily(settings, first=None, last=None, as_of=None)
    assert report.is_good, report.failures
    return report


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    frame = duckdb.read_parquet(str(REAL / "online_retail_2010.parquet")).df()
    frame["pence"] = (frame["Quantity"] * (frame["Price"] * 10_000).round().astype("int64")).astype("int64")
    frame["day"] = pd.to_datetime(frame["InvoiceDate"]).dt.normalize()
    return frame


@pytest.fixture(scope="module")
def purchases(lines: pd.DataFrame) -> pd.DataFrame:
    """Customer and day of every invoice that is a sale above zero."""
    sales = lines[~lines["Invoice"].str.startswith(("C", "A"))]
    invoices = sales.groupby("Invoice").agg(
        customer=("Customer ID", "first"), at=("InvoiceDate", "min"), pence=("pence", "sum")
    )
    invoices = invoices[(invoices["pence"] > 0) & invoices["customer"].notna()]
    return pd.DataFrame({"customer": invoices["customer"], "day": pd.to_datetime(invoices["at"]).dt.normalize()})


def build(settings: Settings, sql: str) -> pd.DataFrame:
    with connection(settings.paths.build_file, read_only=True) as opened:
        return opened.execute(sql).df()


def released(run: RunReport, sql: str) -> pd.DataFrame:
    assert run.release is not None
    with connection(run.release / "parcours.duckdb", read_only=True) as opened:
        return opened.execute(sql).df()


def test_nothing_is_lost_at_the_door(run: RunReport, lines: pd.DataFrame) -> None:
    coverage = released(run, "from data_coverage").set_index("table_name")
    assert coverage.loc["order_items", "loaded_count"] == len(lines) == 525_461
    assert coverage.loc["orders", "loaded_count"] == lines["Invoice"].nunique() == 28_816
    assert coverage.loc["customers", "loaded_count"] == lines["Customer ID"].nunique() == 4_383
    assert coverage.loc["customers", "set_aside_count"] == lines["Customer ID"].isna().sum() == 107_927
    assert coverage.loc["web_events", "loaded_count"] == 31_106
    counts = coverage[["loaded_count", "quarantined_count", "duplicate_count", "set_aside_count"]].sum(axis=1)
    assert (counts == coverage["received_count"]).all()
    assert coverage["quarantined_count"].sum() == 0


def test_net_revenue_is_net_of_everything(settings: Settings, run: RunReport, lines: pd.DataFrame) -> None:
    found = build(settings, "select sum(numerator) as total from marts.fct_kpi_windows where kpi_id = 'net_revenue' "
                            "and window_days = 1 and segment_dimension = 'all'")["total"][0]  # fmt: skip
    assert round(float(found), 4) == lines["pence"].sum() / 10_000
    assert round(float(found), 2) == 9_539_484.63


def test_customers_and_their_observed_value(run: RunReport, lines: pd.DataFrame) -> None:
    found = released(run, "from segment_clv where segment_dimension = 'all' and horizon = 'to_date'").iloc[0]
    sold = lines[~lines["Invoice"].str.startswith(("C", "A")) & lines["Customer ID"].notna()]
    amounts = sold.groupby("Invoice").agg(customer=("Customer ID", "first"), pence=("pence", "sum"))
    buyers = set(amounts.loc[amounts["pence"] > 0, "customer"])
    total = lines[lines["Customer ID"].isin(buyers)]["pence"].sum() / 10_000
    assert found["customer_count"] == len(buyers)
    assert found["method"] == "observed_revenue"
    assert float(found["clv_amount"]) == pytest.approx(total, abs=0.005)


def test_nps_with_its_n(settings: Settings, run: RunReport) -> None:
    survey = pd.read_csv(REAL / "sfo_survey_2017_fact_survey.csv.gz")
    scores = survey["NETPRO"][survey["NETPRO"].between(0, 10)]
    sql = "select sum(numerator) as balance, sum(n) as n from marts.fct_kpi_windows where kpi_id = 'nps' "
    days = build(settings, sql + "and window_days = 1 and segment_dimension = 'all'").iloc[0]
    assert days["n"] == len(scores) == 2_746
    expected = 100 * ((scores >= 9).sum() - (scores <= 6).sum()) / len(scores)
    assert 100 * float(days["balance"]) / days["n"] == pytest.approx(expected, abs=1e-9)
    day = survey[survey["inferred_date"] == "2017-05-13"]
    answers = day["NETPRO"][day["NETPRO"].between(0, 10)]
    row = released(run, "from kpi_daily where kpi_id = 'nps' and metric_date = date '2017-05-13' and segment = 'all'")
    promoters, detractors, n = (answers >= 9).sum(), (answers <= 6).sum(), len(answers)
    assert row["n"][0] == n
    assert row["value"][0] == pytest.approx(100 * (promoters - detractors) / n, abs=1e-6)
    p, d = (promoters + 1) / (n + 2), (detractors + 1) / (n + 2)
    half = 1.959963984540054 * np.sqrt((p + d - (p - d) ** 2) / (n + 2))
    assert row["value_low"][0] == pytest.approx(100 * (p - d - half), abs=1e-5)
    assert row["value_high"][0] == pytest.approx(100 * (p - d + half), abs=1e-5)


def test_users_reaching_each_step_of_the_journey(run: RunReport) -> None:
    steps = {
        1: {"home", "catalog", "promo_page"},
        2: {"product_view", "search", "compare", "review_page", "wishlist_add"},
        3: {"purchase"},
        4: {"purchase"},
    }
    expected = dict.fromkeys(steps, 0)
    events = pd.read_csv(REAL / "ecom_events_2024.csv.gz")
    events["timestamp"] = pd.to_datetime(events["timestamp"])
    for _, user in events.groupby("user_id"):
        rows = list(zip(user["timestamp"], user["event"], range(len(user)), strict=True))
        for step in _first_entry(rows, steps, window=pd.Timedelta(days=180)):
            expected[step] += 1
    found = released(run, "from funnel_steps where funnel_id = 'five_stage' and entry_step = 1 and "
                          "segment_dimension = 'all' order by step").set_index("step")  # fmt: skip
    assert found["subject_count"].to_dict() == expected


def _first_entry(
    rows: list[tuple[pd.Timestamp, str, int]], steps: dict[int, set[str]], *, window: pd.Timedelta
) -> list[int]:
    """Steps a visitor reaches in the first entry; the data spans less than one window, so there is no second."""
    starts = [at for at, event, _ in rows if event in steps[1]]
    if not starts:
        return []
    now, deadline, used, reached = min(starts), min(starts) + window, set(), []
    for step, wanted in steps.items():
        matching = sorted(
            (at, place) for at, event, place in rows if event in wanted and now <= at <= deadline and place not in used
        )
        if not matching:
            break
        now = matching[0][0]
        used.add(matching[0][1])
        reached.append(step)
    return reached


def test_monthly_retention_with_a_90_day_window(run: RunReport, purchases: pd.DataFrame) -> None:
    found = released(run, "from segment_retention where segment_dimension = 'all' and activity_window_days = 90 "
                          "order by period_start").set_index("period_start")  # fmt: skip
    months = pd.date_range("2010-04-01", "2010-11-01", freq="MS")
    assert list(found.index) == list(months)

    def active(at: pd.Timestamp) -> set[float]:
        inside = (purchases["day"] >= at - pd.Timedelta(days=90)) & (purchases["day"] < at)
        return set(purchases.loc[inside, "customer"])

    for month in months:
        start, end = active(month), active(month + pd.offsets.MonthBegin(1))
        earlier = set(purchases.loc[purchases["day"] < month, "customer"])
        row = found.loc[month]
        assert row["start_customer_count"] == len(start)
        assert row["retained_customer_count"] == len(start & end)
        assert row["new_customer_count"] == len(end - start - earlier)
        assert row["reactivated_customer_count"] == len((end - start) & earlier)
        assert row["retention_rate"] == pytest.approx(len(start & end) / len(start), abs=1e-6)


def test_sets_that_share_no_customer_are_not_linked(run: RunReport) -> None:
    row = released(run, "from kpi_latest where kpi_id = 'linked_web_event_share' and window_days = 365 and "
                        "segment = 'all'").iloc[0]  # fmt: skip
    assert row["n"] == 31_106
    assert row["value"] == 0


def test_cohorts_by_quarter(run: RunReport, purchases: pd.DataFrame) -> None:
    first = purchases.groupby("customer")["day"].transform("min").dt.to_period("Q")
    since = (purchases["day"].dt.to_period("Q").astype("int64") - first.astype("int64")).rename("since")
    expected = purchases.groupby([first.rename("cohort"), since])["customer"].nunique()
    found = released(
        run,
        "select cohort_start, periods_since_first_order as since, active_customer_count from segment_cohorts "
        "where cohort_grain = 'quarter' and segment_dimension = 'all' and not is_suppressed",
    )
    assert len(found) == 15  # five quarters, the triangle of them
    for row in found.itertuples():
        assert row.active_customer_count == expected[(pd.Period(row.cohort_start, "Q"), row.since)]


def test_survival_is_that_of_the_first_long_gap(run: RunReport, purchases: pd.DataFrame) -> None:
    end = pd.Timestamp("2010-12-10") - pd.Timedelta(days=90)
    times = []
    for _, days in purchases.drop_duplicates().sort_values("day").groupby("customer")["day"]:
        starts = days[(days.shift(-1).fillna(pd.Timestamp.max) - days > pd.Timedelta(days=90)) & (days <= end)]
        if days.iloc[0] <= end:
            left = len(starts) > 0
            times.append(((starts.iloc[0] if left else end).to_datetime64() - days.iloc[0].to_datetime64(), left))
    survival, frame = 1.0, pd.DataFrame(times, columns=["time", "left"])
    for week in range(27):
        for day in range(7 * week, 7 * week + 7):
            at = pd.Timedelta(days=day)
            gone, there = (frame["left"] & (frame["time"] == at)).sum(), (frame["time"] >= at).sum()
            survival *= 1 - gone / there
        found = released(
            run,
            f"from segment_survival where segment_dimension = 'all' and activity_window_days = 90 "
            f"and weeks_since_first_order = {week}",
        )
        assert found["survival_rate"][0] == pytest.approx(survival, abs=2e-6)


def test_models_that_see_no_churn_are_said_to_be_off_and_not_used(run: RunReport) -> None:
    found = released(run, "from clv_backtests where fit_group = 'all' and decile = 0")
    assert set(found["actual_count"]) == {6907.0}
    assert found["error_rate"].abs().max() < 0.1  # purchases are right within a tenth,
    assert found["value_error_rate"].abs().min() > 0.15  # what they are worth before Christmas is not
    assert not found["is_passed"].any()
    assert found["is_seasonal"].all()
    value = released(run, "from segment_clv where segment_dimension = 'all' and method = 'predicted'")
    assert set(value["model"]) == {"run_rate"}
    assert value["is_fallback"].all()
    assert value["clv_mean_low_amount"].notna().all()
