"""Whether alerts find planted degradations, how soon, and how often they cry wolf.

Belongs here: matching alerts with degradations. Does not belong here: raising alerts.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from pipeline.scorecard.model import Score, not_applicable

NAMES = ("alerts_precision", "alerts_recall", "alerts_delay_days_p90", "alerts_false_per_week")
GRACE_DAYS = 7
"""Days after a degradation's end in which an alert about it is still right: windows still hold its days."""


def score_alerts(degradations: pd.DataFrame, alerts: pd.DataFrame, *, observed_days: int) -> tuple[Score, ...]:
    """Precision, recall, delay and false alarms.

    An alert is right when a degradation of the same KPI, in the same segment or told of all customers, was going on
    that day or ended at most seven days before. A degradation is found when an alert is right about it; its delay
    is from its first day to the first such alert.

    Args:
        degradations: the truth: kpi_id, segment_dimension, segment, first_day, last_day (dates).
        alerts: the product: kpi_id, segment_dimension, segment, alerted_on (date).
        observed_days: days on which an alert could have been raised.

    Returns:
        The four scores of ``NAMES``.

    Raises:
        ValueError: no day was observed.
    """
    if observed_days <= 0:
        raise ValueError(f"alerts need days on which they could be raised, not {observed_days}")
    planted = degradations.reset_index(drop=True).rename_axis("planted").reset_index()
    raised = alerts.reset_index(drop=True).rename_axis("raised").reset_index()
    right = _matches(planted, raised)
    false_count = len(raised) - right["raised"].nunique()
    return (
        _precision(right, len(raised)),
        _recall(right, len(planted)),
        _delay(right),
        Score(NAMES[3], 7 * false_count / observed_days, observed_days, f"days observed; {false_count} false alerts"),
    )


def false_openings(openings: pd.DataFrame) -> pd.DataFrame:
    """Statistical alerts on KPIs and frictions, all of them false where nothing degrades.

    Args:
        openings: kind, rule and what else is known of each alert opened.
    """
    return openings[(openings["kind"] == "kpi") & (openings["rule"] == "own_past")]


def within(openings: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Openings that are about a day of a span.

    Args:
        openings: ``alerted_on`` is the day each is about.
        first: first day of the span.
        last: last day.
    """
    days = pd.to_datetime(openings["alerted_on"])
    return openings[(days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))]


def days_until(openings: pd.DataFrame, first: date, names: Sequence[str]) -> int | None:
    """Mature days from the first day of an incident, 1 on that day, to the first alert about it.

    Args:
        openings: of one company: kpi_id and alerted_on.
        first: first day of the incident.
        names: KPIs, tables or frictions that may tell of it.

    Returns:
        ``None`` if there is none.
    """
    about = openings[openings["kpi_id"].isin(names)]
    days = (pd.to_datetime(about["alerted_on"]) - pd.Timestamp(first)).dt.days + 1
    found = days[days >= 1]
    return None if found.empty else int(found.min())


def _matches(planted: pd.DataFrame, raised: pd.DataFrame) -> pd.DataFrame:
    both = planted.merge(raised, on="kpi_id", suffixes=("", "_raised"))
    same = (both["segment_dimension"] == both["segment_dimension_raised"]) & (both["segment"] == both["segment_raised"])
    days = pd.to_datetime(both["alerted_on"])
    first, last = pd.to_datetime(both["first_day"]), pd.to_datetime(both["last_day"])
    in_time = (days >= first) & (days <= last + pd.Timedelta(days=GRACE_DAYS))
    told_of_all = both["segment_dimension_raised"] == "all"
    return both.assign(delay=(days - first).dt.days)[(same | told_of_all) & in_time]


def _precision(right: pd.DataFrame, raised_count: int) -> Score:
    if raised_count == 0:
        return not_applicable(NAMES[0], "no alert was raised")
    return Score(NAMES[0], right["raised"].nunique() / raised_count, raised_count, "alerts raised")


def _recall(right: pd.DataFrame, planted_count: int) -> Score:
    if planted_count == 0:
        return not_applicable(NAMES[1], "nothing degrades in this scenario")
    return Score(NAMES[1], right["planted"].nunique() / planted_count, planted_count, "planted degradations")


def _delay(right: pd.DataFrame) -> Score:
    delays = right.groupby("planted")["delay"].min().to_numpy("float64")
    if len(delays) == 0:
        return not_applicable(NAMES[2], "no degradation was found")
    return Score(NAMES[2], float(np.quantile(delays, 0.9)), len(delays), "degradations found")
