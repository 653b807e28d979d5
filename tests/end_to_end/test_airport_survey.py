"""NPS, CSAT and ease of a real survey, through the models that publish them, against plain pandas.

Answers of an airport's customers in 2017: how likely they would recommend it (0–10), the airport as a whole (Q7ALL,
1–5) and how easy it was to find the way (Q14FIND, 1–5). 0 and 6 mean that there is no answer.
"""

from collections.abc import Iterator
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.cli.studies.models import build_models, compile_models, laboratory
from pipeline.settings import PROJECT_ROOT, Settings

REAL = PROJECT_ROOT.parent / "shared" / "data" / "real"
pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real data sets are not beside this checkout"),
]
ASKED = {"NETPRO": "nps", "Q7ALL": "csat", "Q14FIND": "ces"}


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """One row per respondent and question answered: response_id, day, question, score."""
    people = pd.read_csv(REAL / "sfo_survey_2017_fact_survey.csv.gz")
    told = people[["RESPNUM_PK", "inferred_date", "NETPRO"]].rename(columns={"NETPRO": "score"}).assign(asked="NETPRO")
    rated = pd.read_csv(REAL / "sfo_survey_2017_fact_ratings.csv.gz")
    rated = rated[rated["question_code"].isin(ASKED)].rename(
        columns={"RESPNUM_FK": "RESPNUM_PK", "question_code": "asked", "rating_value": "score"}
    )
    rated = rated.merge(people[["RESPNUM_PK", "inferred_date"]], on="RESPNUM_PK")
    rows = pd.concat([told, rated], ignore_index=True)
    is_answer = np.where(rows["asked"] == "NETPRO", rows["score"].between(0, 10), rows["score"].between(1, 5))
    return rows[is_answer].drop_duplicates(["RESPNUM_PK", "asked"])


@pytest.fixture(scope="module")
def published(answers: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pd.DataFrame]:
    """The KPIs over the last 365 days, all respondents."""
    settings = Settings(home=tmp_path_factory.mktemp("airport"))
    project = compile_models(settings, ("kpi_latest", "survey_polarities"))
    with laboratory(project, as_of=date(2017, 8, 31)) as opened:
        _land(opened, answers)
        build_models(opened, project)
        yield (
            opened.execute("select * from published.kpi_latest where window_days = 365 and segment_dimension = 'all'")
            .df()
            .set_index("kpi_id")
        )


def _land(opened: duckdb.DuckDBPyConnection, answers: pd.DataFrame) -> None:
    opened.register("answers", answers.assign(question=answers["asked"].map(ASKED)))
    opened.execute("update seeds.survey_questions set scale_max = 5 where question_id = 'ces'")
    opened.execute(
        "insert into landing.survey_responses by name select asked || RESPNUM_PK as _key_hash, '' as _row_hash, "
        "date '2017-08-31' as _extract_date, cast(RESPNUM_PK as varchar) as response_id, 'airport' as survey_id, "
        "question as question_id, cast(inferred_date as timestamp) + interval 12 hour as answered_at, score "
        "from answers"
    )
    opened.unregister("answers")


def _scores(answers: pd.DataFrame, asked: str) -> pd.Series:
    return answers.loc[answers["asked"] == asked, "score"]


def test_nps(published: pd.DataFrame, answers: pd.DataFrame) -> None:
    scores = _scores(answers, "NETPRO")
    assert published.loc["nps", "n"] == len(scores) == 2_746
    expected = 100 * ((scores >= 9).mean() - (scores <= 6).mean())
    assert published.loc["nps", "value"] == pytest.approx(expected, abs=1e-6)


def test_csat(published: pd.DataFrame, answers: pd.DataFrame) -> None:
    scores = _scores(answers, "Q7ALL")
    assert published.loc["csat", "n"] == len(scores)
    assert published.loc["csat", "value"] == pytest.approx((scores >= 4).mean(), abs=1e-6)
    low, high = _wilson((scores >= 4).sum(), len(scores) - 1)  # one person, one answer: a design effect of n / (n - 1)
    assert published.loc["csat", ["value_low", "value_high"]].tolist() == pytest.approx([low, high], abs=1e-5)


def test_ease_as_effort_and_as_share_of_low_effort(published: pd.DataFrame, answers: pd.DataFrame) -> None:
    effort = 100 * (5 - _scores(answers, "Q14FIND")) / 4
    assert published.loc["effort_score", "n"] == len(effort)
    assert published.loc["effort_score", "value"] == pytest.approx(effort.mean(), abs=1e-5)
    assert published.loc["low_effort_share", "value"] == pytest.approx((effort <= 100 / 3).mean(), abs=1e-6)


def _wilson(successes: int, effective: int) -> tuple[float, float]:
    z, share = 1.959963984540054, successes / (effective + 1)
    middle = share + z * z / (2 * effective)
    half = z * np.sqrt(share * (1 - share) / effective + (z / (2 * effective)) ** 2)
    return (middle - half) / (1 + z * z / effective), (middle + half) / (1 + z * z / effective)
