"""Alert rules as people write them: seeds read into values.

Belongs here: reading ``alert_rules``, ``alert_routes``, ``alert_calendar`` and what alerts need of ``kpi_catalogue``.
Does not belong here: applying them. ``*`` stands for everything; the line that names more wins.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pipeline.alerts.kpi import Kpi

Made = TypeVar("Made")
ANY = "*"
LATENESS_DAYS = 2
"""Days a window stays open for late rows, as ``lateness_allowance_days`` of the models."""


class AlertRulesError(ValueError):
    """A seed of the alerts is wrong; the message names file and line."""


@dataclass(frozen=True)
class Rule:
    """How one KPI is watched.

    Attributes:
        minimum_change: least relative change that is worth an alert, however sure it is.
        critical_change: relative change of the whole from which it is critical.
        budget_weight: share of the false-alarm budget relative to other KPIs.
        least_difference: least difference in the unit that is worth an alert.
    """

    minimum_change: float = 0.05
    critical_change: float = 0.25
    budget_weight: float = 1.0
    least_difference: float = 0.0


@dataclass(frozen=True)
class Route:
    """Which channel hears of what."""

    owner: str
    severity: str
    kpi_group: str
    channel: str


@dataclass(frozen=True)
class Occasion:
    """Days that are like no others: neither tested nor part of a baseline."""

    first_day: date
    last_day: date
    kpi_id: str


@dataclass(frozen=True)
class RuleBook:
    """All rules of a home."""

    kpis: Mapping[str, Kpi]
    rules: Mapping[str, Rule]
    routes: Sequence[Route]
    calendar: Sequence[Occasion]

    def rule(self, kpi_id: str) -> Rule:
        """The rule of a KPI, else the one of all."""
        return self.rules.get(kpi_id) or self.rules.get(ANY) or Rule()

    def channels(self, *, owner: str, severity: str, group: str) -> list[str]:
        """Channels that hear of an alert, in the order of the seed; those that name more, if any do, alone."""
        fitting = [
            (sum(part != ANY for part in (route.owner, route.severity, route.kpi_group)), route.channel)
            for route in self.routes
            if route.owner in (ANY, owner) and route.severity in (ANY, severity) and route.kpi_group in (ANY, group)
        ]
        most = max((named for named, _ in fitting), default=0)
        return list(dict.fromkeys(channel for named, channel in fitting if named == most))


def read_rules(*folders: Path) -> RuleBook:
    """Read the seeds, each from the first folder that has it.

    Raises:
        FileNotFoundError: no folder has one of them.
        AlertRulesError: a line cannot be understood.
    """
    return RuleBook(
        kpis={kpi.kpi_id: kpi for kpi in _each(folders, "kpi_catalogue", _kpi)},
        rules=dict(_each(folders, "alert_rules", _rule)),
        routes=_each(folders, "alert_routes", _route),
        calendar=_each(folders, "alert_calendar", _occasion),
    )


def _each(folders: Sequence[Path], name: str, make: Callable[[Mapping[str, str]], Made]) -> list[Made]:
    for folder in folders:
        file = folder / f"{name}.csv"
        if not file.is_file():
            continue
        found = list[Made]()
        with file.open(encoding="utf-8-sig", newline="") as handle:
            for number, row in enumerate(csv.DictReader(handle), 2):
                try:
                    found.append(make(row))
                except (KeyError, ValueError, TypeError) as error:
                    raise AlertRulesError(f"{name}.csv, line {number}: {error}") from None
        return found
    raise FileNotFoundError(f"{name}.csv is in none of the seed folders; `parcours init` writes it")


def _kpi(row: Mapping[str, str]) -> Kpi:
    maturity = int(row["maturity_days"])
    return Kpi(
        kpi_id=row["kpi_id"],
        kpi_group=row["kpi_group"],
        label_en=row["label_en"],
        label_fr=row["label_fr"],
        unit=row["unit"],
        direction=row["direction"],
        interval_kind=row["interval_kind"],
        tables=tuple(row["required_tables"].split("|")),
        minimum_n=int(row["minimum_n"]),
        lag_days=maturity + (LATENESS_DAYS if maturity else 0),
        bound=float(row["alert_bound"]) if row["alert_bound"] else None,
        owner=row["owner"],
        is_watched=row["alert_rule"] != "none" and row["aggregation"] != "period" and row["direction"] != "neither",
        is_stock=row["aggregation"] == "state",
        least_units=_units_of_a_quantile(row["quantile"]),
    )


def _units_of_a_quantile(quantile: str) -> int:
    """Units a day needs on either side of its quantile: one, or the day's figure is its largest value."""
    share = float(quantile) if quantile else 0.5
    return round(1 / min(share, 1 - share)) if quantile else 1


def _rule(row: Mapping[str, str]) -> tuple[str, Rule]:
    rule = Rule(float(row["minimum_change"]), float(row["critical_change"]), float(row["budget_weight"]))
    if not (rule.minimum_change >= 0 and rule.critical_change >= 0 and rule.budget_weight > 0):
        raise ValueError("changes are not negative, and a weight is above 0")
    return row["kpi_id"], rule


def _route(row: Mapping[str, str]) -> Route:
    if row["severity"] not in (ANY, "warning", "critical"):
        raise ValueError(f"severity is warning, critical or *, not {row['severity']!r}")
    return Route(row["owner"], row["severity"], row["kpi_group"], row["channel"])


def _occasion(row: Mapping[str, str]) -> Occasion:
    first, last = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
    if last < first:
        raise ValueError(f"{last} lies before {first}")
    return Occasion(first, last, row["kpi_id"])
