"""A model that grows as one would at first have it grow breaks the law, and is found out: the other tests can fail."""

import re

import pytest

from tests.law.life import Life

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]

MODEL = "int_sessions__aggregated"
HEAD = "{{ config(materialized='incremental', unique_key='session_key') }}\n"
OWN_CONFIG = re.compile(r"\{\{ config\(.*?\) \}\}\n", re.DOTALL)
TAIL = (
    "\n{% if is_incremental() %}\n"
    "where started_at >= (select max(started_at) - interval 3 days from {{ this }})\n{% endif %}\n"
)


def test_a_model_that_looks_back_three_days_is_right_until_something_comes_later(tmp_path):
    life = Life(tmp_path / "home")
    (file,) = life.history.settings.dbt_project.rglob(f"{MODEL}.sql")
    query = OWN_CONFIG.sub("", file.read_text(encoding="utf-8"))
    file.write_text(HEAD + query + TAIL, encoding="utf-8")
    life.run()
    life.company.next_day()
    life.run()
    life.expect_no_difference()
    life.company.late_events(17)
    life.company.next_day()
    life.run()
    with pytest.raises(AssertionError, match=f"{MODEL} differs"):
        life.expect_no_difference()
