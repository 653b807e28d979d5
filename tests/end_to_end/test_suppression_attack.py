"""Every hidden count of a release, attacked with all that the release shows beside it."""

from collections import Counter
from dataclasses import dataclass

import duckdb
import pytest

from pipeline import publish
from tests.unit.privacy.attack import ContradictionError, ranges, relation, values_held

pytestmark = pytest.mark.end_to_end
MINIMUM = 10


@dataclass(frozen=True)
class Whole:
    """Parts that add up to the row of their whole: the segments of a dimension, unless said otherwise.

    Attributes:
        table: the table.
        count: the count that is attacked.
        cell: what tells wholes apart.
        part: what tells the parts of a whole apart.
        parts: which rows are parts.
        whole: which rows are wholes.
        line: what keeps parts of a whole apart that each add up to it.
        is_absent: a count that is missing where the row is not hidden is of nobody, not a hidden one.
        values: how many a hidden count must be able to have; of a KPI's units fewer, for whoever has none counts too.
    """

    table: str
    count: str
    cell: str
    part: str = "segment"
    parts: str = "segment_dimension <> 'all'"
    whole: str = "segment_dimension = 'all'"
    line: str = "segment_dimension"
    is_absent: bool = False
    values: int = MINIMUM


STAGES = {"parts": "(touchpoint = 'all' and stage <> 'all') or stage = 'none'", "whole": "stage = 'all'"}
TOUCHPOINTS = {"parts": "touchpoint <> 'all' and stage <> 'none'", "whole": "touchpoint = 'all' and stage <> 'all'"}
SEGMENT = "segment_dimension, segment"
WHOLES = (
    Whole("dim_segments", "segment_customer_count", "as_of_date"),
    Whole("segment_clv", "customer_count", "method, horizon"),
    Whole("segment_clv_distribution", "customer_count", "method, horizon, band"),
    Whole("segment_cohorts", "cohort_customer_count", "cohort_grain, cohort_start, periods_since_first_order"),
    Whole("segment_retention", "start_customer_count", "period_start, activity_window_days"),
    Whole("segment_second_purchases", "cohort_customer_count", "period_start"),
    Whole("segment_contract_retention", "opportunity_count", "renewal_number"),
    Whole("segment_survival", "at_risk_count", "activity_window_days, weeks_since_first_order"),
    Whole("funnel_steps", "entrant_count", "funnel_id, entry_step, step"),
    Whole("funnel_steps_weekly", "entrant_count", "funnel_id, entry_step, step, entry_week"),
    Whole("journey_summary", "journey_total", "funnel_id, aspect, aspect_value"),
    Whole("journey_map", "touch_count", "stage, touchpoint", is_absent=True),
    Whole("journey_map", "n", "stage, touchpoint"),
    Whole("journey_map", "csat_n", "stage, touchpoint"),
    Whole("journey_map", "effort_n", "stage, touchpoint"),
    Whole("journey_map", "waiting_minutes_n", "stage, touchpoint"),
    Whole("journey_map", "touch_count", SEGMENT, part="stage", line="''", is_absent=True, **STAGES),
    Whole(
        "journey_map", "touch_count", f"stage, {SEGMENT}", part="touchpoint", line="''", is_absent=True, **TOUCHPOINTS
    ),
    Whole("journey_map", "csat_n", f"stage, {SEGMENT}", part="touchpoint", line="''", **TOUCHPOINTS),
    Whole("journey_strengths", "n", "stage, touchpoint"),
    Whole("touchpoint_effectiveness", "n", "method, touchpoint"),
    Whole("moments_of_truth", "n", "touchpoint"),
    Whole("moments_of_truth", "bad_count", "touchpoint"),
    Whole("cx_value", "n", "measure, band"),
    Whole("cx_value", "n", f"measure, {SEGMENT}", part="band", parts="band <> 'all'", whole="band = 'all'", line="''"),
    Whole("channel_coherence", "n", "kpi_id, channel"),
    Whole("verbatim_themes", "verbatim_count", "window_days, theme"),
    Whole("verbatim_themes", "n", "window_days, theme"),
    Whole("verbatim_themes", "previous_n", "window_days, theme"),
    Whole("segment_friction_ranking", "journey_count", "friction_type"),
    Whole("segment_enablers", "journey_count", "enabler_type"),
    Whole("kpi_daily", "n", "kpi_id, metric_date", values=MINIMUM // 2),
    Whole("kpi_latest", "n", "kpi_id, window_days", values=MINIMUM // 2),
)


def told(release: duckdb.DuckDBPyConnection, whole: Whole) -> tuple[list[str], Counter[str]]:
    """Hidden cells that hold too few values, and what was attacked.

    Cells that do not add up to their whole (people are in two segments, a KPI is no sum) tell nothing by subtraction,
    and are counted apart.
    """
    rows = release.execute(
        f"select concat_ws(' ', {whole.cell}), {whole.line}, {whole.part}, {whole.count}, is_suppressed, "
        f"{whole.parts}, {whole.whole} from {whole.table}"
    ).fetchall()
    totals = {cell: count for cell, _, _, count, is_hidden, _, is_whole in rows if is_whole and not is_hidden}
    lines: dict[tuple[str, str], dict[str, float | None]] = {}
    for cell, line, part, count, is_hidden, is_part, _ in rows:
        if is_part and totals.get(cell) is not None and (is_hidden or count is not None or not whole.is_absent):
            lines.setdefault((cell, line), {})[part] = None if is_hidden or count is None else float(count)
    found, seen = [], Counter[str]()
    for (cell, line), parts in sorted(lines.items()):
        if None not in parts.values():
            continue
        try:
            solved = ranges([relation(parts, float(totals[cell]))])
        except ContradictionError:
            seen["does not add up"] += 1
            continue
        if len(solved) == len(parts):  # nothing of the line is shown, so the whole is all that is known
            seen["wholly hidden"] += len(solved)
            continue
        seen["attacked"] += len(solved)
        found += [
            f"{whole.table}: {cell}, {line} {part}: {held}"
            for part, held in solved.items()
            if values_held(held) < whole.values
        ]
    return found, seen


@pytest.fixture(scope="module")
def release(origin):
    folder = publish.current_release(origin.settings.paths.releases)
    with duckdb.connect(str(folder / "parcours.duckdb"), read_only=True) as opened:
        yield opened


@pytest.mark.parametrize("whole", WHOLES, ids=lambda whole: f"{whole.table}-{whole.count}-{whole.part}")
def test_no_hidden_segment_is_told_by_its_whole(release, whole):
    found, _ = told(release, whole)
    assert found == []


def test_the_attack_has_something_to_attack(release):
    attacked = sum(told(release, whole)[1]["attacked"] for whole in WHOLES)
    assert attacked > 100


def test_no_day_of_a_segment_is_told_by_a_window(release):
    """The window less the days of it that are shown; a day without a row has nobody in it, or nothing shown at all."""
    told_days = release.execute(
        """
        select latest.kpi_id, latest.window_days, latest.segment_dimension, latest.segment
        from kpi_latest as latest
        inner join kpi_daily as daily
            on latest.kpi_id = daily.kpi_id and latest.segment_dimension = daily.segment_dimension
            and latest.segment = daily.segment and daily.window_days = 1
            and daily.metric_date between latest.window_end - latest.window_days + 1 and latest.window_end
        where latest.window_days > 1 and not latest.is_suppressed and latest.kpi_id <> 'case_backlog'
        group by all
        having count(*) filter (where daily.is_suppressed) = 1 and count(*) filter (where not daily.is_suppressed) > 0
        """
    ).fetchall()
    assert told_days == []


@pytest.mark.parametrize(
    ("table", "count"),
    [
        ("verbatim_terms", "first_n"),
        ("verbatim_terms", "second_n"),
        ("initiative_results", "n"),
        ("account_kpis", "account_count"),
    ],
)
def test_what_has_no_whole_shows_no_count_of_few(release, table, count):
    assert release.execute(f"select * from {table} where {count} < {MINIMUM}").fetchall() == []


@pytest.mark.parametrize(
    ("table", "segment"),
    [
        ("account_kpis", "latest.segment_dimension = 'customer_type' and latest.segment = 'B2B'"),
        (
            "cross_kpi_findings",
            "latest.segment_dimension = repeated.segment_dimension and latest.segment = repeated.segment",
        ),
    ],
)
def test_what_repeats_a_kpi_shows_it_only_where_the_kpi_is_shown(release, table, segment):
    hidden = release.execute(
        f"select * from {table} as repeated inner join kpi_latest as latest on latest.kpi_id = repeated.kpi_id "
        f"and latest.window_days = repeated.window_days and {segment} "
        "where latest.is_suppressed and repeated.value is not null"
    ).fetchall()
    assert hidden == []


def test_the_frictions_of_a_hidden_touchpoint_are_not_told_by_its_stage(release):
    """Where a stage says what frictions cost, no hidden touchpoint of it has any; else two at least have."""
    told_values = release.execute(
        """
        select whole.stage, whole.segment_dimension, whole.segment
        from journey_map as whole
        inner join journey_map as part using (stage, segment_dimension, segment)
        where whole.touchpoint = 'all' and part.touchpoint <> 'all' and whole.stage <> 'all'
        group by all
        having
            abs(max(whole.friction_value_amount) - coalesce(sum(part.friction_value_amount), 0)) > 0.5
            and bool_or(part.is_suppressed)
        """
    ).fetchall()
    assert told_values == []
