"""dbt knows which models the report stands on."""

import re

import yaml

from pipeline.report.columns import COLUMNS
from pipeline.settings import PROJECT_ROOT

PUBLISHED = PROJECT_ROOT / "dbt_project" / "models" / "published"


def test_the_exposure_names_every_model_the_report_reads() -> None:
    text = (PUBLISHED / "report.exposures.yml").read_text(encoding="utf-8")
    (exposure,) = yaml.safe_load(text)["exposures"]
    named = [re.fullmatch(r"ref\('(\w+)'\)", reference).group(1) for reference in exposure["depends_on"]]
    models = {path.stem for path in PUBLISHED.glob("*.sql")}
    assert named == sorted(set(COLUMNS) & models)
