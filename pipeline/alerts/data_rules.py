"""Data that degrade: gates, missing and stale extracts, volume, lateness, quarantine, drift, as findings.

Belongs here: rules over the facts landing and publishing wrote, as plain frames. Does not belong here: computing these
facts, and volumes by event day (``volumes``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

import pandas as pd

from pipeline.alerts.model import Finding, Measure, Severity, Subject
from pipeline.statistics import wilson

DATA_OWNER = "data"
_FEWEST_DAYS = 5
_FEWEST_ROWS = 30
_LATE_FROM = 0.05
_QUARANTINED_FROM = 0.02
_TIMES_USUAL = 3.0


@dataclass(frozen=True)
class DataFacts:
    """What is known of the data of one as-of day.

    Attributes:
        as_of: the day.
        tables: one row per table, as ``data_coverage``.
        daily: one row per table and accepted extract day, as ``data_coverage_daily``.
        outcomes: one row per table and extract day, as landing's ``extract_outcomes``.
        drifts: (table, what changed) of the newest day of a table.
        gates: (table, reason) of critical expectations unmet, at either door.
        overridden: (check, what somebody said) of unmet checks that a named human overrode for this release.
        blocked_kpis: (kpi_id, reason) of KPIs that are kept back because their data cannot be right.
    """

    as_of: date
    tables: pd.DataFrame
    daily: pd.DataFrame
    outcomes: pd.DataFrame
    drifts: Sequence[tuple[str, str]] = ()
    gates: Sequence[tuple[str, str]] = ()
    blocked_kpis: Sequence[tuple[str, str]] = ()
    overridden: Sequence[tuple[str, str]] = ()


def data_findings(facts: DataFacts) -> list[Finding]:
    """What is wrong with the data of a day; at most one finding per rule and table."""
    found = [*_refused(facts), *_stale(facts), *_volumes(facts), *_late(facts), *_quarantined(facts)]
    for rule, said, words in (
        ("schema_drift", facts.drifts, ("Columns changed", "Les colonnes ont changé")),
        ("gate_closed", facts.gates, ("A gate is closed", "Un contrôle bloque")),
        ("gate_overridden", facts.overridden, ("A closed gate was overridden", "Un contrôle bloquant a été levé")),
        ("kpi_blocked", facts.blocked_kpis, ("The KPI is kept back", "L'indicateur est retenu")),
    ):
        for table in sorted({table for table, _ in said}):
            why = "; ".join(sorted({reason for name, reason in said if name == table}))
            severity = Severity.WARNING if rule == "schema_drift" else Severity.CRITICAL
            found.append(data_finding(rule, table, facts.as_of, f"{words[0]}: {why}", f"{words[1]} : {why}", severity))
    return found


def data_finding(
    rule: str,
    table: str,
    day: date,
    text_en: str,
    text_fr: str,
    severity: Severity = Severity.WARNING,
    *,
    measure: Measure | None = None,
) -> Finding:
    """A finding on data of one day.

    Args:
        rule: name of the rule.
        table: table, KPI, channel or step it is about.
        day: the day.
        text_en: what is wrong, without the table's name and without a full stop.
        text_fr: the same in French.
        severity: how much it matters.
        measure: numbers, if there are any.
    """
    return Finding(
        subject=Subject("data", rule, table),
        severity=severity,
        first_day=day,
        last_day=day,
        measure=measure or Measure(),
        text_en=f"{table}: {text_en}.",
        text_fr=f"{table} : {text_fr}.",
        owner=DATA_OWNER,
        group="data",
    )


def _refused(facts: DataFacts) -> Iterable[Finding]:
    refused = facts.outcomes[facts.outcomes["status"] == "refused"]
    for table, days in refused.groupby("table_name")["extract_date"]:
        required = facts.tables.loc[facts.tables["table_name"] == table, "is_required"].any()
        names = ", ".join(str(pd.Timestamp(day).date()) for day in sorted(days))
        severity = Severity.CRITICAL if required else Severity.WARNING
        text = f"door 1 refused extract days {names}", f"la porte 1 a refusé les extraits du {names}"
        yield data_finding("refused_extract", str(table), facts.as_of, *text, severity)


def _stale(facts: DataFacts) -> Iterable[Finding]:
    """No extract for more than twice the usual gap, and a day."""
    for table, days in facts.daily.groupby("table_name")["extract_date"]:
        came = sorted(pd.Timestamp(day).date() for day in days)[-15:]
        if len(came) < _FEWEST_DAYS:
            continue
        usual = median((b - a).days for a, b in pairwise(came))
        silent = (facts.as_of - came[-1]).days
        if silent > 2 * usual:
            required = bool(facts.tables.loc[facts.tables["table_name"] == table, "is_required"].any())
            severity = Severity.CRITICAL if required else Severity.WARNING
            yield data_finding(
                "stale_extract",
                str(table),
                facts.as_of,
                f"no extract since {came[-1]}, {silent} days; usually every {usual:g} days",
                f"pas d'extrait depuis le {came[-1]}, {silent} jours ; d'habitude tous les {usual:g} jours",
                severity,
                measure=Measure(float(silent), float(usual)),
            )


def _newest(frame: pd.DataFrame, as_of: date) -> Iterable[tuple[str, pd.Series, pd.DataFrame]]:
    """Per table the extract of the as-of day, if there is one, and those before it."""
    days = pd.to_datetime(frame["extract_date"]).dt.date
    for table, rows in frame.assign(extract_date=days).sort_values("extract_date").groupby("table_name"):
        if rows["extract_date"].iloc[-1] == as_of:
            yield str(table), rows.iloc[-1], rows.iloc[:-1]


def _volumes(facts: DataFacts) -> Iterable[Finding]:
    for table, row, _ in _newest(facts.daily, facts.as_of):
        if row["is_unusual"] is True or (not pd.isna(row["is_unusual"]) and bool(row["is_unusual"])):
            received, expected = int(row["received_count"]), float(row["expected_count"])
            yield data_finding(
                "extract_volume",
                table,
                facts.as_of,
                f"{received:,} rows in the extract of {facts.as_of}, usually about {expected:,.0f}",
                f"{received} lignes dans l'extrait du {facts.as_of}, d'habitude environ {expected:.0f}",
                measure=Measure(float(received), expected),
            )


def _late(facts: DataFacts) -> Iterable[Finding]:
    for table, row, before in _newest(facts.daily, facts.as_of):
        past = before["late_share"].dropna().astype(float)
        now = row["late_share"]
        if pd.isna(now) or len(past) < _FEWEST_DAYS or int(row["received_count"]) < _FEWEST_ROWS:
            continue
        usual = float(past.median())
        if _surely(float(now), int(row["received_count"])) > max(_LATE_FROM, _TIMES_USUAL * usual):
            yield _rate("late_rows", table, facts.as_of, float(now), usual, ("came late", "sont arrivées en retard"))


def _quarantined(facts: DataFacts) -> Iterable[Finding]:
    accepted = facts.outcomes[facts.outcomes["status"] == "accepted"]
    for table, row, before in _newest(accepted, facts.as_of):
        received = int(row["received_count"])
        past = before[before["received_count"] > 0]
        if received < _FEWEST_ROWS or len(past) < _FEWEST_DAYS:
            continue
        now = float(row["quarantined_count"]) / received
        usual = float((past["quarantined_count"] / past["received_count"]).median())
        if _surely(now, received) > max(_QUARANTINED_FROM, _TIMES_USUAL * usual):
            words = ("broke their contract", "ne respectent pas leur contrat")
            yield _rate("quarantine_rate", table, facts.as_of, now, usual, words)


def _surely(rate: float, n: int) -> float:
    """The lower bound of a rate."""
    return wilson(round(rate * n), n).low


def _rate(rule: str, table: str, day: date, now: float, usual: float, words: tuple[str, str]) -> Finding:
    text_en = f"{100 * now:.1f} % of the rows of {day} {words[0]}, usually {100 * usual:.1f} %"
    text_fr = f"{100 * now:.1f} % des lignes du {day} {words[1]}, d'habitude {100 * usual:.1f} %".replace(".", ",")
    return data_finding(rule, table, day, text_en, text_fr, measure=Measure(now, usual))
