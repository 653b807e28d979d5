"""A world in landing tables without files, and models rebuilt on a database in memory."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from pipeline.cli.studies.frictions import world_frictions
from pipeline.cli.studies.models import Model, Project, build_models, laboratory
from pipeline.cli.studies.worlds import land_told
from pipeline.sample import World, load_scenarios, make_books, make_world, teach_names, told_tables
from pipeline.scorecard import true_costs

EMPTY = Project(
    "build", (), {"seeds.colours": "select 'red' as colour"}, {"analysis.clv_fits": "select 1 as x limit 0"}
)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(scenario=load_scenarios()["mixed"], seed=2, customer_count=120)


def _landed(opened: duckdb.DuckDBPyConnection, sql: str) -> tuple:
    return opened.execute(sql).fetchall()[0]


def test_every_row_of_a_world_is_landed_once(world: World) -> None:
    books = make_books(seed=2, customer_count=120)
    whole = replace(world, others=world.others | books)
    with laboratory(EMPTY, as_of=date(2025, 12, 31)) as opened:
        teach_names(opened)
        for _ in range(2):  # what was there is gone
            for told in told_tables(whole, load_scenarios()["mixed"], seed=2):
                land_told(opened, told)
        counts = "select count(*), count(distinct _key_hash) from landing."
        for table, rows in (("web_events", len(world.events)), ("orders", len(world.orders))):
            assert _landed(opened, counts + table) == (rows, rows)
        accounts = (world.persons["customer"] >= 0).sum() + (world.persons["second_customer"] >= 0).sum()
        assert _landed(opened, "select count(distinct customer_id) from landing.customers") == (accounts,)
        paid = world.orders.query("order_type == 0")["net_amount"].sum() / 100
        assert float(_landed(opened, "select sum(net_amount) from landing.orders where order_type = 'sale'")[0]) == (
            pytest.approx(paid)
        )
        assert _landed(opened, "select count(*) from landing.web_events where event_name is null") == (0,)
        orphans = (
            "select count(*) from landing.orders where order_type = 'refund' "
            "and refunded_order_id not in (select order_id from landing.orders where order_type = 'sale')"
        )
        assert _landed(opened, orphans) == (0,)


def test_costs_of_a_world_are_in_euros_and_none_in_calm(world: World) -> None:
    lived = world.exposures[world.exposures["is_effective"] & world.exposures["is_measurable"]]
    cents = ((lived["probability_without"] - lived["probability_with"]) * lived["value"]).sum()
    assert true_costs(world_frictions(world)).sum() == pytest.approx(cents / 100)
    assert cents > 0
    calm = make_world(scenario=load_scenarios()["calm"], seed=2, customer_count=120)
    assert true_costs(world_frictions(calm)).sum() == 0


def test_models_are_rebuilt_on_what_landing_holds_now() -> None:
    count = Model(
        '"build"."marts"."counted"', "counted", "select count(*) as n from build.landing.orders", is_view=False
    )
    project = Project("build", (count,), EMPTY.seeds, EMPTY.empty)
    with laboratory(project, as_of=date(2025, 12, 31)) as opened:
        build_models(opened, project)
        assert _landed(opened, "select n from marts.counted") == (0,)
        opened.execute("insert into landing.orders by name select 'o1' as order_id")
        build_models(opened, project)
        assert _landed(opened, "select n from marts.counted") == (1,)
        assert _landed(opened, "select colour from seeds.colours") == ("red",)
        assert _landed(opened, "select as_of_at from landing.run_parameters")[0].isoformat() == "2025-12-31T23:00:00"
