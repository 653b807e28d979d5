"""`parcours bench recovery`: a home made by hand scored against a truth made by hand, and what is shown."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from click.testing import Result

from pipeline.cli import recovering
from pipeline.cli.recovering import RecoveryError, score_company
from pipeline.cli.starting import write_demo_key
from pipeline.cli.terminal import say
from pipeline.landing.personal import hmac_sql, normalised_email, set_pads
from pipeline.privacy import load_or_create_key
from pipeline.scorecard import SCORE_NAMES, Card, Score, Standing, make_card, not_built
from pipeline.settings import Settings

TRUTH = {
    "persons": "select 1 as person_id, 'B2C' as customer_type, true as is_customer, 120.0 as expected_value_12m",
    "identifiers": """
        select 1 as person_id, 'crm' as identifier_type, 'C1' as identifier, true as is_linkable, false as is_shared
        union all select 1, 'anonymous', 'b1', true, false
        union all select 1, 'email', ' Anne@Example.com ', true, false
    """,
    "journeys": """
        select 'checkout' as funnel_id, 1 as person_id, 's1' as subject, 1 as entry_number, 1 as entry_step,
            unnest([1, 2]) as step, true as is_linkage_certain, 'dropped' as entry_state
    """,
    "frictions": """
        select unnest(['late_delivery', 'payment_failure', 'failed_search', 'page_error']) as friction_type,
            unnest([40.0, 30.0, 20.0, 0.0]) as cost_amount, true as is_effective, true as is_measurable
    """,
    "verbatims": "select 'feedback' as source_table, '1' as row_id, 'delivery' as theme",
}
PRODUCT = {
    "marts.fct_funnel_steps": """
        select 'checkout' as funnel_id, 'key' as customer_key, 1 as entry_step, unnest([1, 2]) as step,
            unnest(['converted', 'dropped']) as step_outcome
    """,
    "published.segment_friction_ranking": """
        select unnest(['payment_failure', 'failed_search', 'page_error']) as friction_type,
            unnest([1, 2, null]) as friction_rank, unnest([31.0, 18.0, 1.0]) as value_at_stake_amount,
            'all' as segment_dimension
    """,
}
PREDICTIONS = """
    create table analysis.clv_predictions as
    select 'a' as customer_key, 'B2C' as fit_group, 12 as horizon_months, 2.0 as expected_order_count,
        cast(60 as decimal(18, 4)) as expected_spend_amount, cast(50 as decimal(18, 4)) as expected_margin_amount,
        false as is_fallback
    union all select 'b', 'B2C', 12, null, null, 6, true
    union all select 'b', 'B2C', 24, null, null, 600, true
"""  # 2 × 60, and a run rate of 6 / 0.5


def _email_hash(settings: Settings, email: str) -> str:
    memory = duckdb.connect()
    set_pads(memory, load_or_create_key(settings.paths.pseudonym_key).secret)
    found = memory.execute(f"select {hmac_sql(normalised_email('email'))} from (select ?::varchar as email)", [email])
    return str(found.fetchall()[0][0])


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home that looks as if a sample company had gone through it."""
    settings = Settings(home=tmp_path / "home")
    write_demo_key(settings)
    root = settings.paths.root
    (root / "truth").mkdir()
    memory = duckdb.connect()
    for name, sql in TRUTH.items():
        memory.execute(f"copy ({sql}) to '{root / 'truth' / f'{name}.parquet'}'")
    facts = {"scenario": "mixed", "seed": 5, "processes": {}, "degradations": [], "first_day": "2024-01-01",
             "last_day": "2025-12-31"}  # fmt: skip
    (root / "truth.json").write_text(json.dumps(facts), encoding="utf-8")
    settings.paths.build_file.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.paths.build_file)) as build:
        for schema in ("intermediate", "marts", "published", "analysis"):
            build.execute(f"create schema {schema}")
        for relation, sql in PRODUCT.items():
            build.execute(f"create table {relation} as {sql}")
        build.execute(
            "create table intermediate.int_identifiers__resolved as select unnest(['crm', 'anonymous', 'email']) "
            "as identifier_type, unnest(['C1', 'b1', ?]) as identifier, 'key' as customer_key",
            [_email_hash(settings, "anne@example.com")],
        )
    cells = pd.DataFrame({"family": "x", "seed": 1, "low": [0.0], "high": [1.0], "parameter": [0.5]})
    monkeypatch.setattr(recovering, "run_coverage_study", lambda _settings, _seeds: cells)
    return settings


def _by_name(card: Card) -> dict[str, Score]:
    return {score.name: score for score in card.scores}


def test_a_home_is_scored_against_its_truth(scored: Settings) -> None:
    card = score_company(scored)
    found = _by_name(card)
    assert (card.scenario, card.seed) == ("mixed", 5)
    assert found["identity_precision"].n == 3  # the e-mail address is known by its hash
    assert found["identity_recall"].value == 1.0
    assert (found["funnel_exact"].value, found["funnel_exact"].n) == (1.0, 2)
    assert found["interval_coverage"].value == 1.0
    assert found["friction_ndcg10"].value == pytest.approx((30 + 20 / 1.5849625) / (40 + 30 / 1.5849625 + 20 / 2))
    assert found["friction_rank_correlation"].value == pytest.approx(1.0)


def test_what_is_not_there_is_not_built(scored: Settings) -> None:
    found = _by_name(score_company(scored))
    missing = {name for name, score in found.items() if score.standing is Standing.NOT_BUILT}
    assert missing == {name for name in SCORE_NAMES if name.startswith(("clv", "alerts", "theme"))}


def test_predictions_are_scored_once_they_are_there(scored: Settings) -> None:
    with duckdb.connect(str(scored.paths.build_file)) as build:
        build.execute("create table analysis.clv_fits as select 'B2C' as fit_group, 'bg_nbd' as model, "
                      "'r' as parameter, 1.0 as estimate")  # fmt: skip
        build.execute(PREDICTIONS)
        build.execute("create table intermediate.int_customer_transactions__aggregated as "
                      "select unnest(['a', 'b']) as customer_key, 0.5 as margin_rate")  # fmt: skip
    found = _by_name(score_company(scored))
    assert found["clv_value_error"].value == pytest.approx(0.1)
    assert found["clv_parameter_error"].standing is Standing.NOT_APPLICABLE  # not this scenario
    facts = json.loads((scored.paths.root / "truth.json").read_text(encoding="utf-8"))
    facts |= {"scenario": "clv_clean", "processes": {"B2C": {"r": 1.0}}}
    (scored.paths.root / "truth.json").write_text(json.dumps(facts), encoding="utf-8")
    assert _by_name(score_company(scored))["clv_parameter_error"].value == pytest.approx(0.0)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    """A card that needs no company."""
    made = make_card("calm", 3, [
        Score("funnel_exact", 0.75, 8, "cells of checkout"),
        *(not_built(name, "later") for name in SCORE_NAMES if name != "funnel_exact"),
    ])  # fmt: skip

    def noisy(settings: Settings, **company: object) -> None:
        say(f"Extract days of {company}")

    monkeypatch.setattr(recovering, "run_company", noisy)
    monkeypatch.setattr(recovering, "score_company", lambda _settings: made)
    return made


def test_the_table_says_why_there_is_no_number(parcours: Callable[..., Result], card: Card) -> None:
    result = parcours("bench", "recovery", "--scenario", "calm", "--seed", "3")
    assert result.exit_code == 0
    assert "0.7500" in result.stdout
    assert "not built" in result.stdout


def test_json_is_all_that_is_written(parcours: Callable[..., Result], card: Card) -> None:
    result = parcours("bench", "recovery", "--scenario", "calm", "--seed", "3", "--json")
    assert json.loads(result.stdout) == card.as_json()
    assert "Extract days" in result.stderr


def test_a_scenario_nobody_knows_is_an_error(parcours: Callable[..., Result]) -> None:
    result = parcours("bench", "recovery", "--scenario", "doomsday")
    assert result.exit_code == 1
    assert "there is no scenario doomsday; there are calm," in result.stderr


def test_a_home_with_another_company_is_left_alone(parcours: Callable[..., Result], tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "sources.yaml").write_text("mine", encoding="utf-8")
    result = parcours("bench", "recovery", "--home", str(kept))
    assert result.exit_code == 1
    assert "holds something else; nothing was touched" in result.stderr
    assert [path.name for path in kept.iterdir()] == ["sources.yaml"]


def test_a_run_without_a_release_is_an_error(parcours: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(settings: Settings, **company: object) -> None:
        raise RecoveryError("no release was published: door 2 is closed")

    monkeypatch.setattr(recovering, "run_company", fails)
    result = parcours("bench", "recovery")
    assert result.exit_code == 1
    assert "door 2 is closed" in result.stderr
