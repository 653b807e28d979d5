"""The KPIs whose intervals are studied, each with its process and parameters.

Belongs here: which KPI follows which process. Does not belong here: the processes (``observations``).
"""

from pipeline.scorecard import compared_observations as compared
from pipeline.scorecard import observations

PEOPLE = 4000
"""People expected per set of facts."""
_SCALE = [0.0, 16.6667, 33.3333, 50.0, 66.6667, 83.3333, 100.0]

PROCESSES = (
    observations.informative_proportion("visit_to_purchase", level=0.05, rate=0.06),
    observations.proportion("cart_abandonment", level=0.7, rate=0.02, concentration=4),
    observations.proportion("checkout_abandonment", level=0.4, rate=0.015, concentration=4),
    observations.proportion("failed_search_rate", level=0.12, rate=0.02, concentration=5, bout=1.6),
    observations.proportion("linked_web_event_share", level=0.55, rate=0.03, concentration=0.2, bout=6.0),
    observations.proportion("csat", level=0.75, rate=0.012, concentration=3),
    observations.proportion("low_effort_share", level=0.5, rate=0.012, concentration=3),
    observations.proportion("survey_response_rate", level=0.2, rate=0.03, concentration=2),
    observations.once_each("second_purchase_90d", level=0.28),
    observations.score("nps", rate=0.015, scores=[1.0, 0.0, -1.0], shares=[0.45, 0.3, 0.25], concentration=2),
    observations.score(
        "effort_score", rate=0.012, scores=_SCALE, shares=[0.2, 0.25, 0.2, 0.15, 0.1, 0.06, 0.04], concentration=4
    ),
    observations.score(
        "review_rating",
        rate=0.01,
        scores=[1.0, 2.0, 3.0, 4.0, 5.0],
        shares=[0.1, 0.1, 0.15, 0.25, 0.4],
        concentration=2,
    ),
    observations.traffic("contact_rate", rate=0.01, base_rate=0.02),
    observations.order_value("average_order_value", rate=0.02),
    observations.refunds("refund_rate", rate=0.02, refund_rate=0.08),
    observations.revenue("net_revenue", rate=0.02, refund_rate=0.06, people_count=PEOPLE),
)
"""KPIs that stand for shares, means, NPS and money; others of these kinds are observed like one of them."""

COMPARED = (
    compared.duration("first_response", quantile=0.5, rate=0.02, median_hours=8, own=0.8, spread=1.0),
    compared.duration("first_response_p90", quantile=0.9, rate=0.02, median_hours=8, own=0.8, spread=1.0),
    compared.difference("mobile_gap", levels=(0.3, 0.4), rate=0.015, concentration=3),
    compared.spend_difference("member_spend_gap", rate=0.03, member_share=0.4, uplift=0.1),
    compared.state("case_backlog", rate=0.03, bout=1.4, people_count=PEOPLE),
)
"""KPIs that are no ratio of sums."""
