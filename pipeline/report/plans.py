"""The list of parts: from which table each is drawn, over which days, in which order and what it means.

Belongs here: one plan per part, with definition and query. Does not belong here: views, templates, what a plan is.
"""

from typing import Final

from pipeline.report.sections import Plan, alone, events, in_window, listed, whole, windowed, windows_of
from pipeline.report.views.accounts import accounts
from pipeline.report.views.actions import alerts, enablers, findings, initiatives
from pipeline.report.views.coherence import coherence, experience_value
from pipeline.report.views.experience import effectiveness, moments, strengths
from pipeline.report.views.flows import transitions
from pipeline.report.views.friction import friction
from pipeline.report.views.funnels import funnels
from pipeline.report.views.journey import journey_maps
from pipeline.report.views.kpis import kpi_tiles, tile_periods
from pipeline.report.views.retention import cohort_grids, retention_lines, survival_lines
from pipeline.report.views.spread import spread
from pipeline.report.views.voice import terms, themes
from pipeline.report.views.weekly import weekly_lines

PLANS: Final = (
    Plan(
        slot="tiles", is_titled=False, what="KPIs", table="kpi_latest",
        periods=tile_periods, view=lambda rows, loaded, facts, days: kpi_tiles(rows, loaded, facts, days=days),
        query="and window_days = {days}\norder by kpi_group, kpi_id",
        definition="Numerator, denominator, window and source of each KPI stand in the KPI catalogue.",
        period="The last {days} days.",
    ),
    Plan(
        slot="accounts", what="KPIs of business customers", table="account_kpis", view=whole(accounts),
        periods=windows_of, is_whole=True, query="where window_days = {days}\norder by kpi_id",
        definition="The value of the KPI among business customers; its interval takes whole companies.",
        period="The last {days} days.",
    ),
    Plan(
        slot="journey_map", what="Journey map", table="journey_map", view=alone(journey_maps),
        query="order by stage_number, touch_count desc nulls last, touchpoint",
        definition="Share of the journeys that met a touchpoint; answers count for the stage asked about.",
        period="The last 365 days.",
    ),
    Plan(
        slot="strengths", what="Strengths and weaknesses", table="journey_strengths", view=listed(strengths),
        query="order by stage, touchpoint",
        definition="Mean of the answers about a place less that of all other answers, −100 to +100.",
        period="The last 365 days.",
    ),
    Plan(
        slot="moments", what="Moments of truth", table="moments_of_truth", view=listed(moments),
        query="order by moment_rank nulls last, stage, touchpoint",
        definition="Shown to matter: the interval leaves out zero and the false discovery rate is at most 5 %.",
        period="All days whose follow-up is over.",
    ),
    Plan(
        slot="effectiveness", what="Touchpoint effectiveness", table="touchpoint_effectiveness",
        view=listed(effectiveness), query="order by method, credited_share desc nulls last, touchpoint",
        definition="Credit for conversions by first touch, last touch, equal parts, and removal from a Markov chain.",
        period="The last 365 days.",
    ),
    Plan(
        slot="transitions", what="Transitions", table="touchpoint_transitions",
        periods=windows_of,
        view=lambda rows, loaded, facts, days: transitions(in_window(rows, days), loaded["journey_map"], facts),
        query="and scope = 'session' and window_days = {days}\norder by transition_count desc nulls last",
        definition="Share of all steps that leave a touchpoint.",
        period="The last {days} days.",
    ),
    Plan(
        slot="funnels", is_titled=False, what="Funnels", table="funnel_steps", view=alone(funnels),
        query="and entry_step = 1\norder by funnel_id, step",
        definition="An entry counts for the step it began with; it is pending until the window is over.",
        period="All entries.",
    ),
    Plan(
        slot="weekly", what="Funnel by week", table="funnel_steps_weekly",
        view=lambda rows, loaded, facts, _: weekly_lines(rows, loaded["funnel_steps"], facts),
        query="and entry_step = 1\norder by funnel_id, step, entry_week",
        definition="Converted over entered, by the week of entry; a week that is not over has a provisional rate.",
        period="The last 26 weeks.",
    ),
    Plan(
        slot="retention", what="Retention by month", table="segment_retention", view=alone(retention_lines),
        query="order by activity_window_days, period_start",
        definition="Customers at the end of the month less those won in it, over customers at its start.",
        period="Month by month.",
    ),
    Plan(
        slot="survival", what="Survival curves", table="segment_survival", view=alone(survival_lines),
        query="order by activity_window_days, weeks_since_first_order",
        definition="Kaplan–Meier: a customer is lost after so many days without an order.",
        period="Since the first order of each customer.",
    ),
    Plan(
        slot="cohorts", what="Cohorts", table="segment_cohorts", view=alone(cohort_grids),
        query="and cohort_grain = 'month'\norder by cohort_start, periods_since_first_order",
        definition="Share of the cohort's customers who ordered again in that month after their first order.",
        period="Month by month.",
    ),
    Plan(
        slot="spread", what="How lifetime value is spread", table="segment_clv_distribution", view=listed(spread),
        query="order by method, horizon, band",
        definition="Customers in order of their value, cut into bands of as many each.",
        period="As of the last day.",
    ),
    Plan(
        slot="friction", what="Friction ranking", table="segment_friction_ranking", view=alone(friction),
        query="order by friction_rank nulls last, friction_type",
        definition="Ranks count only frictions shown to matter (false discovery rate 5 %).",
        period="All visits whose horizon has closed.",
    ),
    Plan(
        slot="enablers", what="Enablers", table="segment_enablers", view=listed(enablers),
        query="order by enabler_rank nulls last, enabler_type",
        definition="Shown to help: the interval leaves out zero and the false discovery rate is at most 5 %.",
        period="All visits whose horizon has closed.",
    ),
    Plan(
        slot="themes", what="Themes of what customers write", table="verbatim_themes",
        periods=windows_of, view=windowed(themes), query="and window_days = {days}\norder by n desc nulls last, theme",
        definition="Texts with the theme over all texts; themes come from a published list of words.",
        period="The last {days} days.",
    ),
    Plan(
        slot="terms", what="Words that tell groups apart", table="verbatim_terms", view=whole(terms), is_whole=True,
        query="order by is_distinctive desc, q_value, comparison, language, term",
        definition="Log-odds with a Dirichlet prior over people; only words of a published list are shown.",
        period="The last 365 days; the last weeks are its last 90 days.",
    ),
    Plan(
        slot="coherence", what="Coherence of channels", table="channel_coherence", view=listed(coherence),
        query="order by kpi_id, channel",
        definition="Coherent: the interval of the gap lies within what was agreed as the same.",
        period="The last 365 days.",
    ),
    Plan(
        slot="experience_value", what="What experience is worth", table="cx_value", view=listed(experience_value),
        query="order by measure, band", definition="Customers by their last answer before the follow-up began.",
        period="All answers whose follow-up is over.",
    ),
    Plan(
        slot="findings", what="Findings over several KPIs", table="cross_kpi_findings", view=events(findings),
        query="order by rule_id",
        definition="Rules over several KPIs, judged in every segment that has enough customers.",
        period="The days each rule names.",
    ),
    Plan(
        slot="initiatives", what="Initiatives", table="initiative_results", view=events(initiatives),
        query="order by starts_on, initiative_id",
        definition="The gain is the effect in money over the period; the return is gain less cost over cost.",
        period="The days around each start.",
    ),
    Plan(
        slot="alerts", what="Alerts", table="alerts", view=events(alerts),
        query="order by opened_on desc, alert_id", definition="A figure left the range its own past lets expect.",
        period="All alerts so far.",
    ),
)  # fmt: skip
