"""The life of an alert: one message per event, no flapping, parts spoken for by the whole."""

from dataclasses import replace
from datetime import date, timedelta

from pipeline.alerts.lifecycle import COOL_DOWN_DAYS, GOOD_DAYS_TO_RESOLVE, NEW_LEVEL_DAYS, live_a_day, told
from pipeline.alerts.model import Alert, Finding, Happening, Health, Severity, State
from tests.unit.alerts.home import LAST, alert, finding


def day(number: int) -> date:
    return LAST + timedelta(days=number)


def live(days: list[tuple[list[Finding], Health]], alerts: dict[str, Alert] | None = None) -> tuple[dict, list]:
    """Several days; the health is that of everything not found wrong."""
    known, events = dict(alerts or {}), []
    for number, (found, health) in enumerate(days):
        prints = {each.finding.subject.fingerprint: health for each in known.values()}
        life = live_a_day(known, found, prints, day(number))
        known, events = life.alerts, [*events, *life.events]
    return known, events


def happenings(events: list) -> list[Happening]:
    return [event.happening for event in events]


def test_an_alert_opens_once_and_is_told_once_however_long_it_lasts() -> None:
    known, events = live([([finding()], Health.BAD)] * 5)
    assert happenings(events) == [Happening.OPENED]
    (one,) = known.values()
    assert (one.state, one.opened_on, one.seen_on) == (State.OPEN, day(0), day(4))


def test_it_takes_three_good_days_to_be_over() -> None:
    good = ([], Health.GOOD)
    _known, events = live([([finding()], Health.BAD), *[good] * (GOOD_DAYS_TO_RESOLVE - 1)])
    assert happenings(events) == [Happening.OPENED]
    _, events = live([([finding()], Health.BAD), *[good] * GOOD_DAYS_TO_RESOLVE])
    assert happenings(events) == [Happening.OPENED, Happening.RESOLVED]
    assert events[-1].alert.resolution == "recovered"


def test_a_day_that_cannot_tell_neither_counts_nor_resets() -> None:
    days = [([finding()], Health.BAD), ([], Health.GOOD), ([], Health.UNCLEAR), ([], Health.GOOD), ([], Health.GOOD)]
    assert happenings(live(days)[1]) == [Happening.OPENED, Happening.RESOLVED]


def test_a_bad_day_in_between_starts_anew() -> None:
    days = [([finding()], Health.BAD), ([], Health.GOOD), ([], Health.GOOD), ([finding()], Health.BAD)]
    _known, events = live([*days, ([], Health.GOOD), ([], Health.GOOD)])
    assert happenings(events) == [Happening.OPENED]


def test_back_within_the_cool_down_is_the_same_alert_without_a_word() -> None:
    good = [([], Health.GOOD)] * GOOD_DAYS_TO_RESOLVE
    known, events = live([([finding()], Health.BAD), *good, ([finding()], Health.BAD)])
    assert happenings(events) == [Happening.OPENED, Happening.RESOLVED]
    (one,) = known.values()
    assert one.is_open
    later = [([], Health.GOOD)] * (COOL_DOWN_DAYS + 1)
    known, events = live([([finding()], Health.BAD), *good, *later, ([finding()], Health.BAD)])
    assert happenings(events) == [Happening.OPENED, Happening.RESOLVED, Happening.OPENED]
    assert len({event.key for event in events}) == 3


def test_worse_is_told_once() -> None:
    worse = finding(severity=Severity.CRITICAL)
    _, events = live([([finding()], Health.BAD), ([worse], Health.BAD), ([worse], Health.BAD)])
    assert happenings(events) == [Happening.OPENED, Happening.ESCALATED]


def test_what_nobody_answers_becomes_critical_and_what_is_acknowledged_does_not() -> None:
    _, events = live([([finding()], Health.BAD)] * 9)
    assert happenings(events) == [Happening.OPENED, Happening.ESCALATED]
    known = alert(state=State.ACKNOWLEDGED, opened_on=day(0))
    _, events = live([([finding()], Health.BAD)] * 9, {known.alert_id: known})
    assert events == []


def test_what_stays_is_a_new_level() -> None:
    known = alert(state=State.ACKNOWLEDGED, opened_on=day(-NEW_LEVEL_DAYS))
    _, events = live([([finding()], Health.BAD)], {known.alert_id: known})
    assert [(event.happening, event.alert.resolution) for event in events] == [(Happening.RESOLVED, "new level")]


def test_a_bound_crossed_for_a_month_is_no_new_level() -> None:
    crossed = finding(rule="fixed_bound")
    known = alert(finding=crossed, state=State.ACKNOWLEDGED, opened_on=day(-NEW_LEVEL_DAYS))
    assert live([([crossed], Health.BAD)], {known.alert_id: known})[1] == []


def test_a_drop_of_the_whole_explains_its_parts() -> None:
    parts = [finding(dimension="device", segment="mobile", score=-9), finding(dimension="region", segment="north")]
    known, _ = live([([*parts, finding()], Health.BAD)])
    assert [each.finding.subject.segment for each in known.values()] == ["all"]


def test_a_window_that_still_holds_bad_days_is_no_new_alert_when_the_whole_is_over() -> None:
    over = [([finding(day=day(0))], Health.BAD)] + [([], Health.GOOD)] * GOOD_DAYS_TO_RESOLVE
    begun = {"stale": day(0), "fresh": day(1)}
    part = finding(dimension="device", segment="mobile", day=day(4))
    for name, count in (("stale", 1), ("fresh", 2)):
        known, _ = live([*over, ([replace(part, first_day=begun[name])], Health.BAD)])
        assert len(known) == count


def test_lost_orders_and_lost_steps_are_one_loss() -> None:
    orders = finding("web_events", kind="data", rule="tracking")
    steps = finding("web_events", kind="data", rule="checkout_steps", score=-9)
    volume = finding("web_events", kind="data", rule="volume")
    known, _ = live([([orders, steps, volume], Health.BAD)])
    assert {each.finding.subject.rule for each in known.values()} == {"checkout_steps", "volume"}


def test_overlapping_segments_are_one_alert_and_disjoint_ones_are_two() -> None:
    mobile = finding(dimension="device", segment="mobile", score=-9)
    north = finding(dimension="region", segment="north", score=-6)
    desktop = finding(dimension="device", segment="desktop", score=-5)
    known, _ = live([([north, mobile], Health.BAD), ([north, mobile, desktop], Health.BAD)])
    assert sorted(each.finding.subject.segment for each in known.values()) == ["desktop", "mobile"]


def test_another_kpi_is_another_alert() -> None:
    known, _ = live([([finding("a"), finding("b")], Health.BAD)])
    assert len(known) == 2


def test_a_fact_of_a_day_is_over_when_it_is_not_there() -> None:
    stale = finding("orders", kind="data", rule="stale_extract")
    _, events = live([([stale], Health.BAD), ([], Health.GOOD)])
    assert happenings(events) == [Happening.OPENED, Happening.RESOLVED]


def test_a_backfill_and_a_muted_subject_are_not_told() -> None:
    _, events = live([([finding()], Health.BAD)])
    fresh = {"today": day(1), "fresh_days": 3}
    assert len(told(events, muted={}, **fresh)) == 1
    assert told(events, muted={}, today=day(365), fresh_days=3) == []
    fingerprint = finding().subject.fingerprint
    assert told(events, muted={fingerprint: day(0)}, **fresh) == []
    assert len(told(events, muted={fingerprint: day(-1)}, **fresh)) == 1


def test_a_day_lived_twice_gives_the_same_life() -> None:
    known, _ = live([([finding()], Health.BAD)])
    again = live_a_day(known, [finding()], {}, day(0))
    assert (again.alerts, again.events) == (known, ())


def test_an_opening_and_its_end_have_keys_of_their_own() -> None:
    one = alert()
    keys = {f"{replace(one, opened_on=day(n)).alert_id}" for n in range(3)}
    assert len(keys) == 3
