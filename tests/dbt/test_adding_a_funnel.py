"""The funnel the docs walk through: its rows are added to the seeds, and its entries are counted as they should be."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.defs.modelling import NodeResult
from pipeline.settings import PROJECT_ROOT, Settings
from tests.dbt.compiling import compiled_model

pytestmark = pytest.mark.end_to_end

SEEDS = ("touchpoints", "touchpoint_mappings", "funnels", "funnel_step_definitions", "funnel_step_touchpoints")
MODELS = (
    "int_touchpoint_kinds__numbered", "int_funnel_subjects__listed", "int_funnel_subjects__touched",
    "int_funnel_touchpoints__matched", "int_funnel_entries__chained", "int_funnel_entries__touched",
    "int_funnel_entries__attributed", "int_funnels__observed", "fct_funnel_steps",
)  # fmt: skip
START = datetime(2025, 3, 1, 10)  # noqa: DTZ001 - stored time stamps are naive UTC
HOUR = timedelta(hours=1)
EVENTS = [
    ("reads and stays", "web_events", "home_view", START),
    ("reads and stays", "web_events", "newsletter_signup", START + HOUR),
    ("reads and stays", "messages", "marketing_clicked", START + 200 * HOUR),
    ("signs up too late", "web_events", "page_view", START),
    ("signs up too late", "web_events", "newsletter_signup", START + 25 * HOUR),
    ("never clicks", "web_events", "home_view", START),
    ("never clicks", "web_events", "newsletter_signup", START + 2 * HOUR),
    ("signs up unasked", "web_events", "newsletter_signup", START),
    ("signs up unasked", "messages", "marketing_clicked", START + HOUR),
    ("only clicks", "messages", "marketing_clicked", START),
]


def _load_seeds(opened: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The seeds shipped with the rows the page adds to them."""
    page = (PROJECT_ROOT / "docs" / "funnels.md").read_text(encoding="utf-8")
    added = dict(re.findall(r"^(\w+)\.csv\n((?: +.+\n)+)", page, flags=re.MULTILINE))
    opened.execute("create schema build.seeds")
    for seed in SEEDS:
        text = (PROJECT_ROOT / "dbt_project" / "seeds" / f"{seed}.csv").read_text(encoding="utf-8")
        file = folder / f"{seed}.csv"
        file.write_text(text + re.sub(r"^ +", "", added[seed], flags=re.MULTILINE), encoding="utf-8")
        opened.execute(f"create table build.seeds.{seed} as from read_csv('{file}', sample_size = -1)")


def _touch(opened: duckdb.DuckDBPyConnection) -> None:
    """What the customers did, as touchpoints; everything was delivered."""
    opened.execute("create schema build.intermediate; create schema build.marts; create schema build.landing")
    opened.execute(
        "create table events (customer_key varchar, source_table varchar, source_value varchar, moment timestamp)"
    )
    opened.executemany("insert into events values (?, ?, ?, ?)", EVENTS)
    unused = ", ".join(
        f"cast(null as varchar) as {name}"
        for name in ("account_id", "session_key", "form_id", "order_id", "case_id", "contract_id", "traffic_channel")
    )
    opened.execute(
        "create table build.intermediate.int_touchpoints__sessionized as select customer_key, true as is_known, "
        f"touchpoint, moment as occurred_at, 'web' as channel, 'mobile' as device, {unused} "
        "from events inner join build.seeds.touchpoint_mappings using (source_table, source_value)"
    )
    opened.execute(
        "create table build.landing.table_availability as select distinct source_table as table_name, "
        "true as is_available, date '2025-12-31' as last_extract_date from build.seeds.touchpoint_mappings; "
        "create table build.landing.table_deliveries (table_name varchar, lateness_p99_days bigint); "
        "create table build.landing.run_parameters as select timestamp '2025-12-31 23:00:00' as as_of_at"
    )


@pytest.fixture
def built_with_it(
    settings: Settings, built: list[NodeResult], tmp_path: Path
) -> Callable[[str], list[tuple[object, ...]]]:
    """Asks the models, run on the seeds with the new rows."""
    assert built
    opened = duckdb.connect()
    opened.execute("attach ':memory:' as build")
    _load_seeds(opened, tmp_path)
    _touch(opened)
    for model in MODELS:
        schema = "marts" if model.startswith("fct") else "intermediate"
        opened.execute(f"create table build.{schema}.{model} as {compiled_model(settings, model)}")
    return lambda sql: opened.execute(sql).fetchall()


def test_a_funnel_is_added_by_rows_alone(built_with_it: Callable[[str], list[tuple[object, ...]]]) -> None:
    counted = built_with_it(
        "select entry_step, step, step_id, count(*), count(*) filter (where step_outcome = 'converted'), "
        "count(*) filter (where step_outcome = 'dropped') from build.marts.fct_funnel_steps "
        "where funnel_id = 'newsletter' group by all order by all"
    )
    assert counted == [
        (1, 1, "offer", 3, 2, 1),
        (1, 2, "sign_up", 2, 1, 1),
        (1, 3, "first_click", 1, 0, 0),
        (2, 2, "sign_up", 1, 1, 0),
        (2, 3, "first_click", 1, 0, 0),
    ]
