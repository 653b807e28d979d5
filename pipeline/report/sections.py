"""Which part of the page is drawn from which table, in which order and what it means.

Belongs here: the list of parts with definition and query. Does not belong here: views, templates.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.report.facts import ReleaseFacts
from pipeline.report.parts import Part
from pipeline.report.queries import Row, Rows, Tables
from pipeline.report.views.actions import alerts, enablers, findings, initiatives
from pipeline.report.views.coherence import coherence, experience_value
from pipeline.report.views.common import SegmentKey
from pipeline.report.views.experience import effectiveness, moments, strengths
from pipeline.report.views.flows import transitions
from pipeline.report.views.friction import friction
from pipeline.report.views.funnels import funnels
from pipeline.report.views.journey import journey_maps
from pipeline.report.views.kpis import kpi_tiles
from pipeline.report.views.listing import Listing, all_or_own, per_segment
from pipeline.report.views.retention import cohort_grids, retention_lines, survival_lines
from pipeline.report.views.voice import themes

Views = Mapping[SegmentKey, Any]
Viewer = Callable[[Rows, Tables, ReleaseFacts], Views]


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """A part before its table is read; texts are English, as `Part` has them."""

    slot: str
    what: str
    table: str
    view: Viewer
    query: str
    definition: str


def parts_of(loaded: Tables, facts: ReleaseFacts) -> list[Part]:
    """Every part that follows the segment, drawn from what is in the release."""
    found = []
    for plan in _PLANS:
        rows = loaded[plan.table]
        views = None if rows is None else plan.view(rows, loaded, facts)
        found.append(
            Part(
                slot=plan.slot,
                what=plan.what,
                table=plan.table,
                views=views,
                query=plan.query,
                definition=plan.definition,
            )
        )
    return found


def _alone(view: Callable[[Rows, ReleaseFacts], Views]) -> Viewer:
    """A view that needs no other table."""
    return lambda rows, _, facts: view(rows, facts)


def _listed(view: Callable[[Sequence[Row], ReleaseFacts], Listing]) -> Viewer:
    """A listing of each segment's own rows."""
    return lambda rows, _, facts: per_segment(rows, facts, view)


def _events(view: Callable[[Sequence[Row], ReleaseFacts], Listing]) -> Viewer:
    """A listing of events: all of them under all customers."""
    return lambda rows, _, facts: all_or_own(rows, facts, view)


_PLANS: Final = (
    _Plan(
        slot="tiles", what="KPIs", table="kpi_latest",
        view=lambda rows, loaded, facts: kpi_tiles(rows, loaded["kpi_daily"], facts),
        query="and window_days = 28\norder by kpi_group, kpi_id",
        definition="Numerator, denominator, window and source of each KPI stand in the KPI catalogue.",
    ),
    _Plan(
        slot="journey_map", what="Journey map", table="journey_map", view=_alone(journey_maps),
        query="order by stage_number, touch_count desc nulls last, touchpoint",
        definition="Share of the journeys that met a touchpoint; answers count for the stage asked about.",
    ),
    _Plan(
        slot="strengths", what="Strengths and weaknesses", table="journey_strengths", view=_listed(strengths),
        query="order by stage, touchpoint",
        definition="Mean of the answers about a place less that of all other answers, −100 to +100.",
    ),
    _Plan(
        slot="moments", what="Moments of truth", table="moments_of_truth", view=_listed(moments),
        query="order by moment_rank nulls last, stage, touchpoint",
        definition="Shown to matter: the interval leaves out zero and the false discovery rate is at most 5 %.",
    ),
    _Plan(
        slot="effectiveness", what="Touchpoint effectiveness", table="touchpoint_effectiveness",
        view=_listed(effectiveness), query="order by method, credited_share desc nulls last, touchpoint",
        definition="Credit for conversions by first touch, last touch, equal parts, and removal from a Markov chain.",
    ),
    _Plan(
        slot="transitions", what="Transitions", table="touchpoint_transitions",
        view=lambda rows, loaded, facts: transitions(rows, loaded["journey_map"], facts),
        query="and scope = 'session' and window_days = 90\norder by transition_count desc nulls last",
        definition="Share of all steps that leave a touchpoint.",
    ),
    _Plan(
        slot="funnels", what="Funnels", table="funnel_steps", view=_alone(funnels),
        query="and entry_step = 1\norder by funnel_id, step",
        definition="An entry counts for the step it began with; it is pending until the window is over.",
    ),
    _Plan(
        slot="retention", what="Retention by month", table="segment_retention", view=_alone(retention_lines),
        query="order by activity_window_days, period_start",
        definition="Customers at the end of the month less those won in it, over customers at its start.",
    ),
    _Plan(
        slot="survival", what="Survival curves", table="segment_survival", view=_alone(survival_lines),
        query="order by activity_window_days, weeks_since_first_order",
        definition="Kaplan–Meier: a customer is lost after so many days without an order.",
    ),
    _Plan(
        slot="cohorts", what="Cohorts", table="segment_cohorts", view=_alone(cohort_grids),
        query="and cohort_grain = 'month'\norder by cohort_start, periods_since_first_order",
        definition="Share of the cohort's customers who ordered again in that month after their first order.",
    ),
    _Plan(
        slot="friction", what="Friction ranking", table="segment_friction_ranking", view=_alone(friction),
        query="order by friction_rank nulls last, friction_type",
        definition="Ranks count only frictions shown to matter (false discovery rate 5 %).",
    ),
    _Plan(
        slot="enablers", what="Enablers", table="segment_enablers", view=_listed(enablers),
        query="order by enabler_rank nulls last, enabler_type",
        definition="Shown to help: the interval leaves out zero and the false discovery rate is at most 5 %.",
    ),
    _Plan(
        slot="themes", what="Themes of what customers write", table="verbatim_themes", view=_listed(themes),
        query="and window_days = 90\norder by n desc nulls last, theme",
        definition="Texts with the theme over all texts; themes come from a published list of words.",
    ),
    _Plan(
        slot="coherence", what="Coherence of channels", table="channel_coherence", view=_listed(coherence),
        query="order by kpi_id, channel",
        definition="Coherent: the interval of the gap lies within what was agreed as the same.",
    ),
    _Plan(
        slot="experience_value", what="What experience is worth", table="cx_value", view=_listed(experience_value),
        query="order by measure, band", definition="Customers by their last answer before the follow-up began.",
    ),
    _Plan(
        slot="findings", what="Findings over several KPIs", table="cross_kpi_findings", view=_events(findings),
        query="order by rule_id",
        definition="Rules over several KPIs, judged in every segment that has enough customers.",
    ),
    _Plan(
        slot="initiatives", what="Initiatives", table="initiative_results", view=_events(initiatives),
        query="order by starts_on, initiative_id",
        definition="The gain is the effect in money over the period; the return is gain less cost over cost.",
    ),
    _Plan(
        slot="alerts", what="Alerts", table="alerts", view=_events(alerts),
        query="order by opened_on desc, alert_id", definition="A figure left the range its own past lets expect.",
    ),
)  # fmt: skip
