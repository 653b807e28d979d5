"""One as-of day after another through the lives of alerts; a daily run is a replay of one day.

Belongs here: the order of a day (data first, KPIs whose data are in doubt withheld), and what an alert does to later
baselines. Does not belong here: judging, lives. A pure function: the same series, facts and alerts give the same life.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.alerts.evaluation import DayJudged, judge
from pipeline.alerts.explanation import explain, incidents
from pipeline.alerts.failures import tells_of_few
from pipeline.alerts.lifecycle import NEW_LEVEL, NEW_LEVEL_DAYS, OWN_PAST, live_a_day
from pipeline.alerts.model import Alert, Event, Finding, Happening, Health, Life, Measure, Subject
from pipeline.alerts.picture import recent_values
from pipeline.alerts.rules import RuleBook
from pipeline.alerts.series import Series
from pipeline.alerts.wording import hidden_sentences, who
from pipeline.statistics.charts import HISTORY_DAYS
from pipeline.statistics.panels import KeptBaselines

Flags: TypeAlias = npt.NDArray[np.bool_]

VOLUME, TRACKING, STEPS = "volume", "tracking", "checkout_steps"
_MEASURED = (VOLUME, TRACKING, STEPS)
_VOLUME_WINDOWS = ("1", "3", "7")


@dataclass(frozen=True)
class Watched:
    """All a replay looks at.

    Attributes:
        kpis: daily cells of the KPIs.
        book: rules of the home.
        volumes: rows per table and day, and shares that tell whether tracking works; ``None`` without them.
        volume_book: their rules.
        facts: findings on data of certain as-of days, made elsewhere (gates, extracts, quarantine).
        context: what may have to do with an alert, by day: initiatives, frictions, in both languages.
        is_hidden: whether the cell of a (kpi, dimension, segment, day) is suppressed on publication.
    """

    kpis: Series
    book: RuleBook
    volumes: Series | None = None
    volume_book: RuleBook | None = None
    facts: Mapping[date, Sequence[Finding]] = field(default_factory=dict)
    context: Sequence[tuple[date, str, str]] = ()
    is_hidden: Callable[[str, str, str, date], bool] = lambda kpi_id, dimension, segment, day: False  # noqa: ARG005


@dataclass(frozen=True)
class Replayed:
    """What a replay found.

    Attributes:
        life: all alerts after the last day, and all events in order.
        withheld: KPI findings kept back for doubtful data: (as-of day, fingerprint).
        tested: series tested on each as-of day.
    """

    life: Life
    withheld: tuple[tuple[date, str], ...]
    tested: Mapping[date, int]


def replay(watched: Watched, alerts: Mapping[str, Alert], *, first: date, last: date) -> Replayed:
    """Take as-of days into the lives of alerts, in order.

    Args:
        watched: series and rules.
        alerts: as they were before the first day.
        first: first as-of day.
        last: last as-of day.
    """
    kpis = _with_own_days(watched.kpis)
    doubtful = np.zeros(kpis.panel.x.shape, dtype=np.bool_)
    for alert in alerts.values():
        _learn(kpis, alert, doubtful)
    life, events, withheld = Life(dict(alerts)), list[Event](), list[tuple[date, str]]()
    of_volumes, of_kpis = KeptBaselines(), KeptBaselines()
    tested: dict[date, int] = {}
    for day in (first + timedelta(days=back) for back in range((last - first).days + 1)):
        standing = [alert.finding.subject for alert in life.alerts.values() if alert.is_open]
        about_data, data_health = _data_day(watched, day, standing, of_volumes)
        data_health |= _facts_health(watched, life.alerts, day)
        for finding in about_data:
            _doubt(kpis, finding, doubtful)
        judged = _kpi_day(kpis, watched.book, day, doubtful, standing, of_kpis)
        health = {**data_health, **judged.health}
        lived = live_a_day(life.alerts, [*about_data, *judged.findings], health, day)
        changed = [_explained(watched, kpis, event, lived.alerts.values()) for event in lived.events]
        after = {**lived.alerts, **{event.alert.alert_id: event.alert for event in changed}}
        for alert in after.values():
            if day in (alert.seen_on, alert.resolved_on):
                _learn(kpis, alert, doubtful)
        life, tested[day] = Life(after), judged.tested_count
        events += changed
        withheld += [(day, fingerprint) for fingerprint in judged.withheld]
    return Replayed(Life(life.alerts, tuple(events)), tuple(withheld), tested)


def _with_own_days(series: Series) -> Series:
    return replace(series, panel=replace(series.panel, clean=series.panel.clean.copy()))


def _column(series: Series, day: date) -> int:
    return (day - series.as_of_days[0]).days if series.as_of_days else -1


def _kpi_day(
    series: Series,
    book: RuleBook,
    day: date,
    doubtful: Flags,
    standing: Sequence[Subject],
    baselines: KeptBaselines,
) -> DayJudged:
    column = _column(series, day)
    if not HISTORY_DAYS - 1 <= column < len(series.as_of_days):
        return DayJudged((), {}, (), 0)
    asked = [subject for subject in standing if subject.kind == "kpi"]
    return judge(series, book, column, doubtful=doubtful, asked=asked, baselines=baselines)


def _data_day(
    watched: Watched, day: date, standing: Sequence[Subject], baselines: KeptBaselines
) -> tuple[list[Finding], dict[str, Health]]:
    """Findings on data of a day: those given, and volumes; and how open alerts on volumes are."""
    findings = list(watched.facts.get(day, ()))
    series, book = watched.volumes, watched.volume_book
    column = _column(series, day) if series is not None else -1
    if series is None or book is None or not HISTORY_DAYS - 1 <= column < len(series.as_of_days):
        return findings, {}
    nothing = np.zeros(series.panel.x.shape, dtype=np.bool_)
    asked = {_as_series(subject): subject for subject in standing if subject.rule in _MEASURED}
    judged = judge(
        series, book, column, doubtful=nothing, asked=list(asked), baselines=baselines, windows=_VOLUME_WINDOWS
    )
    findings += [_about_data(finding, series) for finding in judged.findings]
    known = {one.fingerprint: other.fingerprint for one, other in asked.items()}
    return findings, {known[fingerprint]: state for fingerprint, state in judged.health.items()}


def _as_series(subject: Subject) -> Subject:
    """The watched series behind an alert on a volume."""
    return Subject("kpi", OWN_PAST, f"{subject.rule}:{subject.name}", subject.segment_dimension, subject.segment)


def _facts_health(watched: Watched, alerts: Mapping[str, Alert], day: date) -> dict[str, Health]:
    """Facts are complete: where they are known, what they do not find is over."""
    subjects = {alert.finding.subject for alert in alerts.values() if alert.is_open} if day in watched.facts else set()
    facts = {subject for subject in subjects if subject.kind == "data" and subject.rule not in _MEASURED}
    return {subject.fingerprint: Health.GOOD for subject in facts}


def _data_subject(key: tuple[str, str, str], rule: str, table: str) -> Subject:
    return Subject("data", rule, table, key[1], key[2])


def _about_data(finding: Finding, series: Series) -> Finding:
    """A finding on a volume is one on data, of the table behind it."""
    kpi = next(kpi for kpi in series.kpis if kpi.kpi_id == finding.subject.name)
    key = (kpi.kpi_id, finding.subject.segment_dimension, finding.subject.segment)
    text_en, text_fr = (
        text.replace(who("all", "all", language), language_all)
        for text, language, language_all in ((finding.text_en, "en", "all"), (finding.text_fr, "fr", "tout"))
    )
    return replace(
        finding,
        subject=_data_subject(key, kpi.kpi_group, kpi.tables[0]),
        group="data",
        text_en=text_en,
        text_fr=text_fr,
    )


def _doubt(series: Series, finding: Finding, doubtful: Flags) -> None:
    """Mark the days of a finding on data as doubtful in all series that rest on the table."""
    for row, kpi in enumerate(series.kpis):
        if finding.subject.name in kpi.tables or finding.subject.name == kpi.kpi_id:
            begin, end = series.column_of(row, finding.first_day), series.column_of(row, finding.last_day)
            span = slice(max(begin, 0), max(end + 1, 0))
            doubtful[row, span] = True
            series.panel.clean[row, span] = False


def _learn(series: Series, alert: Alert, doubtful: Flags) -> None:
    """Keep the days of an alert out of later baselines; after a new level, learn from nothing before it."""
    finding = alert.finding
    if finding.subject.kind == "data":
        _doubt(series, replace(finding, last_day=max(finding.last_day, alert.seen_on)), doubtful)
        return
    for row, key in enumerate(series.keys):
        is_part = key[0] == finding.subject.name and (finding.subject.is_whole or key[1:] == _cell(finding.subject))
        if not is_part or finding.subject.rule != OWN_PAST:
            continue
        begin = max(series.column_of(row, finding.first_day), 0)
        until = max(_column(series, min(alert.seen_on, alert.opened_on + timedelta(days=NEW_LEVEL_DAYS))) + 1, 0)
        if alert.resolution == NEW_LEVEL:
            series.panel.clean[row, :begin] = False
            usable = series.panel.n[row, begin:until] > 0
            series.panel.clean[row, begin:until] = usable
        else:
            series.panel.clean[row, begin:until] = False


def _cell(subject: Subject) -> tuple[str, str]:
    return subject.segment_dimension, subject.segment


def _explained(watched: Watched, series: Series, event: Event, alerts: Iterable[Alert]) -> Event:
    """An opening with its reasons; what is suppressed on publication is told without a number."""
    finding = event.alert.finding
    if event.happening is Happening.RESOLVED or finding.subject.kind != "kpi":
        return event
    kpi_id, day = finding.subject.name, finding.last_day
    if watched.is_hidden(kpi_id, *_cell(finding.subject), day) or tells_of_few(finding):
        kpi = next(kpi for kpi in series.kpis if kpi.kpi_id == kpi_id)
        text_en, text_fr = hidden_sentences(kpi, *_cell(finding.subject))
        quiet = replace(finding, text_en=text_en, text_fr=text_fr, measure=Measure(window=finding.measure.window))
        return replace(event, alert=replace(event.alert, finding=quiet))

    def is_hidden(dimension: str, segment: str) -> bool:
        return watched.is_hidden(kpi_id, dimension, segment, day)

    if event.happening is Happening.ESCALATED:
        return event
    context = [*watched.context, *incidents(alerts)]
    told = explain(series, finding, context=context, is_hidden=is_hidden)
    history = recent_values(
        series, finding, is_hidden=lambda each: watched.is_hidden(kpi_id, *_cell(finding.subject), each)
    )
    explained = replace(event.alert, explanation_en=told.text_en, explanation_fr=told.text_fr, history=history)
    return replace(event, alert=explained)
