"""Every hidden count of a release, attacked with all that the release shows beside it."""

from collections import Counter
from dataclasses import dataclass

import duckdb
import pytest

from pipeline import publish
from tests.unit.privacy.attack import ContradictionError, ranges, relation, values_held

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("sample_home")]
MINIMUM = 10


@dataclass(frozen=True)
class Whole:
    """Segments of a dimension that add up to the row `all` of their cell."""

    table: str
    count: str
    cell: str


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
    Whole("kpi_daily", "n", "kpi_id, metric_date"),
    Whole("kpi_latest", "n", "kpi_id, window_days"),
)


def told(release: duckdb.DuckDBPyConnection, whole: Whole) -> tuple[list[str], Counter[str]]:
    """Hidden cells that hold too few values, and what was attacked.

    Cells of a dimension that do not add up to their whole (people are in two segments, a KPI is no sum) tell nothing by
    subtraction, and are counted apart.
    """
    rows = release.execute(
        f"select concat_ws(' ', {whole.cell}) as cell, segment_dimension, segment, {whole.count}, is_suppressed "
        f"from {whole.table}"
    ).fetchall()
    totals = {cell: count for cell, dimension, _, count, is_hidden in rows if dimension == "all" and not is_hidden}
    parts: dict[tuple[str, str], dict[str, float | None]] = {}
    for cell, dimension, segment, count, is_hidden in rows:
        if dimension != "all" and totals.get(cell) is not None:
            parts.setdefault((cell, dimension), {})[segment] = None if is_hidden or count is None else float(count)
    found, seen = [], Counter[str]()
    for (cell, dimension), segments in sorted(parts.items()):
        if None not in segments.values():
            continue
        try:
            solved = ranges([relation(segments, float(totals[cell]))])
        except ContradictionError:
            seen["does not add up"] += 1
            continue
        if len(solved) == len(segments):  # nothing of the dimension is shown, so the whole is all that is known
            seen["wholly hidden"] += len(solved)
            continue
        seen["attacked"] += len(solved)
        found += [
            f"{whole.table}: {cell}, {dimension} {segment}: {held}"
            for segment, held in solved.items()
            if values_held(held) < MINIMUM
        ]
    return found, seen


@pytest.fixture(scope="module")
def release(origin):
    folder = publish.current_release(origin.settings.paths.releases)
    with duckdb.connect(str(folder / "parcours.duckdb"), read_only=True) as opened:
        yield opened


@pytest.mark.parametrize("whole", WHOLES, ids=lambda whole: whole.table)
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
