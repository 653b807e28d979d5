"""One life of the shop that meets what can happen, in few runs; each build is what a rebuild makes."""

from datetime import timedelta

import pytest

from tests.law.life import Life

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The shop after its first run."""
    lived = Life(tmp_path_factory.mktemp("law") / "home")
    lived.run()
    return lived


def test_late_rows_corrections_a_login_a_merge_and_a_gap(life: Life) -> None:
    company = life.company
    company.late_events(17)
    company.correct(3)
    company.log_in(29)
    company.link(2, 4)
    company.next_day(held=("web_events", "orders"))
    company.own_order(1)
    company.next_day()
    life.run()
    life.expect_no_difference()


def test_a_killed_run_a_filled_gap_a_split_resends_a_lost_day_and_a_leap(life: Life) -> None:
    company = life.company
    company.move_account(5)
    company.renew(1)
    company.resend(4, "change")
    company.next_day()
    life.run_killed("int_sessions__aggregated")
    company.deliver_held(echoed=True)
    company.split(2, 4)
    company.resend(40, "remove")
    company.resend(33, "add")
    company.resend(len(company.files) - 1, "hide")
    company.next_day()
    life.decide("merge", 6, 7)
    life.land()
    life.take_out(7)
    life.history.build(company.today + timedelta(days=40))
    life.expect_no_difference()
