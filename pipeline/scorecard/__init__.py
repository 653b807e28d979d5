"""How right the product is: its tables against the truth of an invented company.

Belongs here: scores, and generated facts of which everything is known. Does not belong here: making the company, or
running the pipeline on it.
"""

from pipeline.scorecard.alerts import NAMES as ALERT_SCORES
from pipeline.scorecard.alerts import days_until, false_openings, score_alerts, within
from pipeline.scorecard.clv import score_parameters, score_values
from pipeline.scorecard.coverage import Coverage, coverage_by, pooled_coverage, score_coverage
from pipeline.scorecard.frictions import ndcg, rank_correlation, ranked_types, score_frictions, true_costs
from pipeline.scorecard.funnels import score_funnels
from pipeline.scorecard.identity import score_identity
from pipeline.scorecard.model import (
    LOWER_IS_BETTER,
    SCORE_NAMES,
    Card,
    Score,
    Standing,
    make_card,
    not_applicable,
    not_built,
)
from pipeline.scorecard.themes import NAMES as THEME_SCORES
from pipeline.scorecard.themes import score_themes

__all__ = [
    "ALERT_SCORES",
    "LOWER_IS_BETTER",
    "SCORE_NAMES",
    "THEME_SCORES",
    "Card",
    "Coverage",
    "Score",
    "Standing",
    "coverage_by",
    "days_until",
    "false_openings",
    "make_card",
    "ndcg",
    "not_applicable",
    "not_built",
    "pooled_coverage",
    "rank_correlation",
    "ranked_types",
    "score_alerts",
    "score_coverage",
    "score_frictions",
    "score_funnels",
    "score_identity",
    "score_parameters",
    "score_themes",
    "score_values",
    "true_costs",
    "within",
]
