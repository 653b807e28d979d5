"""Configuration read once: mapping, key, scales, the code at hand."""

import pytest

from pipeline.defs.session import code_fingerprint, company_or_default, open_session, read_scales
from pipeline.extract import SourcesError
from pipeline.settings import PROJECT_ROOT, Settings

SHIPPED = PROJECT_ROOT / "dbt_project" / "seeds"
SOURCES = """\
version: 1
company: {name: Here, business_time_zone: America/Lima, reporting_currency: PEN}
sources: {crm: {tables: {orders: {}}}}
"""


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.settings.os.environ", {})
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return Settings(home=tmp_path)


def test_a_session_knows_company_key_and_scales(settings):
    session = open_session(settings)
    assert session.dbt_variables == {"business_time_zone": "America/Lima", "reporting_currency": "PEN"}
    door = session.door
    assert (door.reporting_currency, door.business_time_zone) == ("PEN", "America/Lima")
    assert door.key_fingerprint == session.key.fingerprint
    assert open_session(settings).key == session.key, "the key is made once"
    assert repr(session).count(session.key.secret.hex()) == 0
    assert session.code == code_fingerprint(settings)


def test_scales_are_those_of_the_seed():
    scales = read_scales(SHIPPED)
    assert (scales["nps"], scales["csat"], scales["ces"]) == ((0, 10, True), (1, 5, True), (1, 7, True))


def test_own_scales_count_before_those_shipped(tmp_path):
    (tmp_path / "survey_questions.csv").write_text(
        "\ufeffquestion_id,scale_min,scale_max,is_whole\nmood,0,100,False\nopen,,,true\n", encoding="utf-8"
    )
    assert read_scales(tmp_path, SHIPPED) == {"mood": (0.0, 100.0, False), "open": (None, None, True)}


def test_seeds_without_questions_fall_back_to_those_shipped(tmp_path):
    assert read_scales(tmp_path, SHIPPED) == read_scales(SHIPPED)
    with pytest.raises(FileNotFoundError, match="parcours init"):
        read_scales(tmp_path)


def test_without_a_usable_mapping_the_definitions_still_load(tmp_path):
    settings = Settings(home=tmp_path)
    assert company_or_default(settings).business_time_zone == "Europe/Paris"
    (tmp_path / "sources.yaml").write_text("version: 7", encoding="utf-8")
    assert company_or_default(settings).reporting_currency == "EUR"
    with pytest.raises(SourcesError):
        open_session(settings)
    assert not settings.paths.pseudonym_key.exists(), "nothing is made for a home that is not configured"
