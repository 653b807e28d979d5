"""Reasons of the data in the language of the page: every one the models write is known here."""

import csv
import re

import pytest
import yaml

from pipeline.report.plans import PLANS
from pipeline.report.queries import WEEKS_SHOWN
from pipeline.report.views.reasons import REASONS, reason
from pipeline.report.words import speaking
from pipeline.settings import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"
MODELS = (
    "published/kpi_latest.sql", "published/dim_segments.sql", "published/cross_kpi_findings.sql",
    "intermediate/kpis/int_kpis__judged.sql", "intermediate/frictions/int_friction_types__declared.sql",
)  # fmt: skip


def _written() -> set[str]:
    """The texts the models put into a reason: literals of several words."""
    texts = set()
    for model in MODELS:
        sql = re.sub(r"--.*", "", (DBT / "models" / model).read_text(encoding="utf-8"))
        texts |= {text for text in re.findall(r"'([a-z][^'_]* [^'_]*)'", sql) if text[0].isalpha()}
    with (DBT / "seeds" / "friction_types.csv").open(encoding="utf-8") as seed:
        texts |= {row["unavailable_reason"] for row in csv.DictReader(seed)}
    return texts - {""}


def test_every_reason_the_models_write_is_known() -> None:
    written = _written()
    assert len(written) >= 9
    assert {text for text in written if not any(sentence.startswith(text) for sentence in REASONS)} == set()


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("nothing in this window is mature yet: it takes 60 days",
         "rien n’est encore mûr dans cette fenêtre : il faut 60 jours"),
        ("nps: no observation in this window", "nps: aucune observation dans cette fenêtre"),
        ("no accepted extract of shipments, web_events", "aucune extraction acceptée de shipments, web_events"),
        ("something else", "something else"),
        (None, ""),
    ],
)  # fmt: skip
def test_reasons_are_translated_with_what_they_name(text, french) -> None:
    with speaking("fr"):
        assert reason(text) == french
    assert reason(text) == (text or "")


def test_periods_that_are_said_are_those_of_the_models() -> None:
    variables = yaml.safe_load((DBT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    days = {plan.slot: plan.period for plan in PLANS}
    for slot in ("journey_map", "strengths", "effectiveness", "coherence"):
        assert days[slot] == f"The last {variables['experience_window_days']} days."
    assert days["weekly"] == f"The last {WEEKS_SHOWN} weeks."
    short, long = variables["verbatim_windows_days"]
    assert days["terms"] == f"The last {long} days; the last weeks are its last {short} days."
