"""`parcours callbacks`: keys of customers, in order, and what could not be looked at."""

import json

import pytest

from pipeline.settings import Settings
from pipeline.warehouse import connection


@pytest.fixture
def listed(home):
    """A build file with three customers to call back and no reviews delivered."""
    with connection(Settings(home=home).paths.build_file) as build:
        build.execute("create schema marts; create schema seeds; create schema landing")
        build.execute(
            "create table marts.fct_callbacks as select 4 - i as callback_rank, 'C' || i as customer_id, "
            "repeat('ab', 32) as customer_key, 'detractor' as reason, 5 as age_days, 'cx' as owner, 'fr' as language, "
            "if(i = 1, 'delivery|price', null) as themes, cast(10.5 as decimal(18, 4)) as value_at_risk_amount, "
            "'own' as value_basis, cast(null as decimal(18, 4)) as clv_amount from range(1, 4) as numbers(i)"
        )
        build.execute(
            "create table seeds.callback_reasons as select * from (values ('unanswered_review', 'feedback', 2), "
            "('detractor', 'survey_responses', 3)) as listed(reason, required_table, priority)"
        )
        build.execute(
            "create table landing.table_availability as select * from (values ('feedback', false), "
            "('survey_responses', true)) as listed(table_name, is_available)"
        )


def test_the_most_at_risk_come_first_and_what_was_not_delivered_is_said(parcours, listed):
    answer = parcours("callbacks", "--limit", "2")
    assert answer.exit_code == 0
    assert answer.stdout.index("C3") < answer.stdout.index("C2")
    assert "C1" not in answer.stdout
    assert "2 of 3" in answer.stdout
    assert "not available: unanswered_review (feedback was not delivered)" in answer.stdout


def test_machines_get_whole_keys(parcours, listed):
    rows = json.loads(parcours("callbacks", "--format", "json").stdout)
    assert [row["customer_id"] for row in rows] == ["C3", "C2", "C1"]
    assert rows[0]["customer_key"] == "ab" * 32
    assert rows[0]["themes"] is None
    lines = parcours("callbacks", "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("callback_rank,customer_id,customer_key")
    assert lines[3].split(",")[:2] == ["3", "C1"]


def test_before_the_first_run_it_says_what_to_do(parcours, home):
    answer = parcours("callbacks")
    assert answer.exit_code == 2
    assert "parcours run" in answer.output


def test_a_build_without_the_list_says_so(parcours, home):
    with connection(Settings(home=home).paths.build_file) as build:
        build.execute("create schema marts")
    assert parcours("callbacks").exit_code == 2


def test_nobody_is_shown_less_than_one(parcours, listed):
    assert parcours("callbacks", "--limit", "0").exit_code != 0
