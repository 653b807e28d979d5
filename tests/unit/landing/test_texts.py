"""Text at the door: detected encodings, repairs with their originals kept beside, and what is not certain."""

import duckdb
import pytest

from pipeline.landing import promote
from tests.unit.landing.laboratory import DAY

HEADER = "feedback_id,published_at,body\n"


def row(key, body):
    return f'{key},2025-11-30,"{body}"\n'


def damaged(text, codec="windows-1252"):
    return text.encode("utf-8").decode(codec)


@pytest.fixture
def lab(make_lab):
    return make_lab("feedback")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "iso-8859-15", "utf-16"])
@pytest.mark.parametrize("name", ["2025-12-01.csv", "2025-12-01.csv.gz", "2025-12-01.jsonl"])
def test_an_encoding_need_not_be_declared(lab, encoding, name):
    text = '{"feedback_id": "1", "published_at": "2025-11-30", "body": "Déçue à 5 €"}\n'
    content = text if name.endswith("jsonl") else HEADER + row(1, "Déçue à 5 €")
    lab.drop(name, content.encode(encoding))
    outcome = lab.land()[0]
    assert lab.rows("body") == [("Déçue à 5 €",)]
    assert outcome.content["files"][0]["encoding"] == encoding.removesuffix("-sig")


def test_an_encoding_that_is_not_certain_is_refused_with_the_candidates(lab):
    outcome = lab.land_one("2025-12-01.csv", HEADER + row(1, "Dvořák"), encoding="windows-1250")
    assert not outcome.is_readable
    assert "candidates: windows-1252, iso-8859-15" in outcome.problems[0]
    assert "Dvo" not in outcome.problems[0]


def test_repairs_are_landed_and_originals_kept_inside_the_door(lab):
    came = damaged("Déçu, l'été à Nîmes")
    outcome = lab.land_one("2025-12-01.csv", HEADER + row(1, came) + row(2, "déjà réparé") + row(3, came))
    assert lab.rows("body") == [("Déçu, l'été à Nîmes",), ("déjà réparé",), ("Déçu, l'été à Nîmes",)]
    assert outcome.content["text_counts"] == {"repaired_cell": 2, "suspect_cell": 0, "lost_cell": 0}
    promote(lab.home, "feedback", DAY)
    file = lab.home.quarantine / "feedback" / f"extract_date={DAY}" / "repairs.parquet"
    assert file.stat().st_mode & 0o777 == 0o600
    kept = duckdb.sql(f"select _source_line, _column, _original, _repaired from '{file}' order by 1").fetchall()
    assert kept == [(1, "body", came, "Déçu, l'été à Nîmes"), (3, "body", came, "Déçu, l'été à Nîmes")]
    for path in lab.home.landing.rglob("*.parquet"):
        assert came.encode() not in path.read_bytes()


def test_what_is_not_certain_stays_and_is_counted(lab):
    mixed, lost = "cœur " + damaged("brisé"), "prix \ufffd"
    outcome = lab.land_one("2025-12-01.csv", HEADER + row(1, mixed) + row(2, lost))
    assert lab.rows("body") == [(mixed,), (lost,)]
    assert outcome.content["text_counts"] == {"repaired_cell": 0, "suspect_cell": 1, "lost_cell": 1}


def test_a_file_encoded_twice_as_a_whole_is_read_with_its_header_and_its_value_map(make_lab):
    columns = {"feedback_id": "N°", "published_at": "Publié le", "body": "Détail", "platform": {
        "from": "Réseau", "values": {"Boutique en ligne é": "shop"}}}  # fmt: skip
    lab = make_lab("feedback", columns=columns)
    content = "N°,Publié le,Détail,Réseau\n1,2025-11-30,Très bien,Boutique en ligne é\n"
    outcome = lab.land_one("2025-12-01.csv", damaged(content, "iso-8859-1"))
    assert lab.rows("feedback_id, body, platform") == [("1", "Très bien", "shop")]
    assert outcome.content["text_counts"]["repaired_cell"] == 2


def test_a_quarantined_row_keeps_the_text_that_came(lab):
    came = damaged("Déçu")
    lab.land_one("2025-12-01.csv", HEADER + f'1,yesterday,"{came}"\n')
    assert came in lab.quarantined("_raw")[0][0]


def test_parquet_text_is_repaired_too(lab):
    file = lab.drop("2025-12-01.parquet", b"")
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select '1' as feedback_id, date '2025-11-30' as published_at, $text as body) to '{file}' "
            "(format parquet)",
            {"text": damaged(damaged("été"))},
        )
    assert lab.land()[0].content["text_counts"]["repaired_cell"] == 1
    assert lab.rows("body") == [("été",)]


def test_plain_text_writes_no_side_file(lab):
    lab.land_one("2025-12-01.csv", HEADER + row(1, "été, cœur, São Paulo, 5 €"))
    assert not list(lab.home.quarantine.rglob("*.parquet"))
