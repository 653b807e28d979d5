"""Seeds of the alerts: the shipped ones are right, wrong lines are named, the route that names more wins."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.alerts.rules import AlertRulesError, Occasion, Route, Rule, RuleBook, read_rules
from pipeline.alerts.wording import number
from pipeline.settings import PROJECT_ROOT

SHIPPED = PROJECT_ROOT / "dbt_project" / "seeds"


def test_the_shipped_seeds_name_only_kpis_that_there_are() -> None:
    book = read_rules(SHIPPED)
    assert set(book.rules) - {"*"} <= set(book.kpis)
    assert {occasion.kpi_id for occasion in book.calendar} - {"*"} <= set(book.kpis)
    assert book.channels(owner="cx", severity="warning", group="service") == ["file"]
    assert all(book.rule(kpi_id).minimum_change >= 0 for kpi_id in book.kpis)
    assert Occasion(date(2025, 12, 25), date(2025, 12, 25), "*") in book.calendar


def test_the_line_that_names_more_wins() -> None:
    routes = (
        Route("*", "*", "*", "file"),
        Route("cx", "*", "*", "mail"),
        Route("cx", "critical", "*", "pager"),
        Route("cx", "critical", "*", "mail"),
    )
    book = RuleBook({}, {"*": Rule(0.1), "nps": Rule(0.2)}, routes, ())
    assert book.channels(owner="sales", severity="warning", group="value") == ["file"]
    assert book.channels(owner="cx", severity="warning", group="value") == ["mail"]
    assert book.channels(owner="cx", severity="critical", group="value") == ["pager", "mail"]
    assert (book.rule("nps").minimum_change, book.rule("csat").minimum_change) == (0.2, 0.1)


@pytest.mark.parametrize(
    ("name", "line", "what"),
    [
        ("alert_rules", "*,-1,0.2,1", "not negative"),
        ("alert_routes", "*,loud,*,file", "severity is warning"),
        ("alert_calendar", "2025-02-01,2025-01-01,*,a,b", "lies before"),
        ("alert_calendar", "1 May,2025-01-01,*,a,b", "line 2"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, name: str, line: str, what: str) -> None:
    header = (SHIPPED / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / f"{name}.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    with pytest.raises(AlertRulesError, match=what):
        read_rules(tmp_path, SHIPPED)


def test_a_seed_that_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"kpi_catalogue\.csv"):
        read_rules(tmp_path)


@pytest.mark.parametrize(
    ("value", "unit", "language", "is_change", "text"),
    [
        (0.4321, "ratio", "en", False, "43.2 %"),
        (0.4321, "ratio", "fr", False, "43,2 %"),
        (-0.051, "ratio", "fr", True, "-5,1 points"),
        (1234.5, "amount", "en", False, "1,234"),
        (1234.5, "amount", "fr", False, "1 234"),
        (5.25, "hours", "en", True, "+5.25 hours"),
        (5.25, "hours", "fr", False, "5,25 heures"),
        (3.2, "per_100", "en", False, "3.20 per 100"),
    ],
)
def test_numbers_are_written_as_people_write_them(
    *, value: float, unit: str, language: str, is_change: bool, text: str
) -> None:
    assert number(value, unit, language, is_change=is_change).replace("\u00a0", " ").replace("\u202f", " ") == text
