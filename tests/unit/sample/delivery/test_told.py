"""What a block delivers without files: the rows a landing table would hold after the last drop."""

import duckdb
import pandas as pd
import pytest

from pipeline.contracts import CONTRACTS
from pipeline.sample import load_scenarios, make_books, make_world, teach_names, told_tables

SEED, CUSTOMERS = 3, 120


@pytest.fixture(scope="module")
def told() -> dict[str, pd.DataFrame]:
    return delivered("calm")


def delivered(scenario: str) -> dict[str, pd.DataFrame]:
    """Rows of every table, texts and amounts as they would be landed."""
    planted = load_scenarios()[scenario]
    world = make_world(scenario=planted, seed=SEED, customer_count=CUSTOMERS)
    world.others.update(make_books(seed=SEED, customer_count=CUSTOMERS))
    found = {}
    with duckdb.connect() as engine:
        teach_names(engine)
        for table in told_tables(world, planted, seed=SEED):
            engine.register("shown", table.shown)
            selected = ", ".join(f'{sql} as "{name}"' for name, sql in table.columns.items())
            found[table.table] = engine.execute(f"select {selected} from shown").df()
    return found


def test_every_table_is_told_once_a_row_under_its_own_names(told: dict[str, pd.DataFrame]) -> None:
    assert set(told) == set(CONTRACTS)
    for table, frame in told.items():
        assert frame["_key_hash"].is_unique, table
        known = {name for name, _ in CONTRACTS[table].landed_columns}
        assert set(frame.columns) - {"_key_hash", "_event_at"} <= known
    assert told["customers"]["email_hash"].dropna().str.fullmatch("[0-9a-f]{32}").all()
    answers = told["survey_responses"]
    assert answers.groupby("response_id")["question_id"].nunique().eq(5).all()
    assert answers[answers["score"].notna()]["answered_at"].notna().all()
    assert (told["orders"]["net_amount"].abs() < 100_000).all()


def test_lost_tracking_loses_events_of_its_days_only() -> None:
    whole, lossy = delivered("calm")["web_events"], delivered("tracking_loss")["web_events"]
    lost = set(whole["event_id"]) - set(lossy["event_id"])
    days = whole[whole["event_id"].isin(lost)]["occurred_at"]
    assert len(lost) > 0
    assert pd.Timestamp("2025-11-30 22:00") <= days.min() <= days.max() <= pd.Timestamp("2025-12-10 23:00")
