"""A release's alerts: a pure function of its cells, its data facts, the rules and the ledger so far.

Belongs here: from frames to the life after the release's day. Does not belong here: reading files, writing the ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from pipeline.alerts.data_rules import DataFacts, data_findings
from pipeline.alerts.failures import with_failures
from pipeline.alerts.model import Alert, Life
from pipeline.alerts.replay import Replayed, Watched, replay
from pipeline.alerts.rules import RuleBook
from pipeline.alerts.series import arrange
from pipeline.alerts.volumes import arrange_volumes

MOST_DAYS = 90
"""A first evaluation, or one after a long silence, lives through at most so many days; older ones are only history."""

_LONGEST_LAG = 7


@dataclass(frozen=True)
class Inputs:
    """What a release's alerts are made from.

    Attributes:
        as_of: the day of the release.
        cells: exact daily KPI cells, see ``series.arrange``.
        counts: rows per table and event day, see ``volumes.arrange_volumes``.
        facts: what is known of the data.
        context: (day, English, French) of initiatives and the like.
        failures: visits in which something failed, see ``failures.with_failures``; ``None`` without web analytics.
        hidden: (kpi, dimension, segment, day) of cells that are suppressed on publication.
    """

    as_of: date
    cells: pd.DataFrame
    counts: pd.DataFrame
    facts: DataFacts
    context: Sequence[tuple[date, str, str]] = ()
    failures: pd.DataFrame | None = None
    hidden: frozenset[tuple[str, str, str, date]] = frozenset()


def evaluate(
    inputs: Inputs, book: RuleBook, alerts: Mapping[str, Alert], *, evaluated_through: date | None
) -> Replayed:
    """Live through the days since the last evaluation.

    Args:
        inputs: of the release.
        book: rules of the home.
        alerts: the ledger's.
        evaluated_through: the last as-of day the ledger knows; ``None`` for a new one.

    Returns:
        The alerts after the day and all events; nothing happens on a day the ledger has lived through.
    """
    first = inputs.as_of - timedelta(days=MOST_DAYS - 1)
    if evaluated_through is not None:
        first = max(first, evaluated_through + timedelta(days=1))
    if first > inputs.as_of:
        return Replayed(Life(dict(alerts)), (), {})
    return replay(watch(inputs, book), alerts, first=first, last=inputs.as_of)


def watch(inputs: Inputs, book: RuleBook) -> Watched:
    """The series of a release, arranged."""
    volumes = None
    cells, rules = with_failures(inputs.cells, book, inputs.failures)
    if len(inputs.counts):
        volumes = arrange_volumes(inputs.counts, inputs.as_of, calendar=book.calendar, lags=_lags(inputs.facts))
    return Watched(
        kpis=arrange(cells, rules, inputs.as_of),
        book=rules,
        volumes=volumes[0] if volumes else None,
        volume_book=volumes[1] if volumes else None,
        facts={inputs.as_of: tuple(data_findings(inputs.facts))},
        context=inputs.context,
        is_hidden=lambda kpi_id, dimension, segment, day: (kpi_id, dimension, segment, day) in inputs.hidden,
    )


def _lags(facts: DataFacts) -> dict[str, int]:
    """Per table the days by which 99 % of its rows have come, a week at most."""
    known = facts.tables[["table_name", "lateness_p99_days"]].dropna()
    return {str(table): min(int(days), _LONGEST_LAG) for table, days in known.itertuples(index=False)}
