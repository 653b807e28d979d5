"""dbt knows which models and seeds alerts stand on."""

import re
from pathlib import Path

import yaml

from pipeline.alerts import rules
from pipeline.defs import alert_inputs
from pipeline.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models"
_RELATION = re.compile(r"\b(?:marts|staging|seeds|published)\.(\w+)")
_PARQUET = re.compile(r"\b(\w+)\.parquet\b")
_SEED = re.compile(r'_each\(\w+, "(\w+)"')


def test_the_exposure_names_every_model_and_seed_alerts_read() -> None:
    text = Path(alert_inputs.__file__).read_text(encoding="utf-8")
    published = {path.stem for path in (MODELS / "published").glob("*.sql")}
    read = set(_RELATION.findall(text)) | (set(_PARQUET.findall(text)) & published)
    read |= set(_SEED.findall(Path(rules.__file__).read_text(encoding="utf-8")))
    exposures = yaml.safe_load((MODELS / "published" / "alerts.exposures.yml").read_text(encoding="utf-8"))
    (exposure,) = exposures["exposures"]
    named = [re.fullmatch(r"ref\('(\w+)'\)", reference)[1] for reference in exposure["depends_on"]]
    assert named == sorted(read)
