"""Verification and questions: a release can be read, and nothing else can."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline import publish
from pipeline.publish.fingerprints import file_fingerprints
from pipeline.warehouse import connection


@pytest.fixture
def release(make_release):
    return make_release()[0]


def test_an_untouched_release_is_as_its_manifest_says(sealed):
    assert publish.verify_release(sealed) == []


@pytest.mark.parametrize("name", ["tables/kpi_latest.parquet", "parcours.duckdb", "report/index.html"])
@pytest.mark.parametrize("place", [0.0, 0.5, 0.999])
def test_one_changed_byte_is_found(release, name, place):
    file = release / name
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    file.chmod(0o644)
    file.write_bytes(content)
    problems = publish.verify_release(release)
    assert f"{name} was changed" in problems


def test_rows_changed_behind_a_forged_file_hash_are_found(release):
    manifest = publish.read_manifest(release)
    facts = {**manifest.tables, "kpi_latest": publish.TableFacts(5, "0" * 64)}
    file = release / "manifest.json"
    text = file.read_text(encoding="utf-8").replace(manifest.tables["kpi_latest"].sha256, facts["kpi_latest"].sha256)
    file.chmod(0o644)
    file.write_text(text, encoding="utf-8")
    assert publish.verify_release(release) == [
        "tables/kpi_latest.parquet differs from the manifest",
        "kpi_latest in parcours.duckdb differs from the manifest",
    ]


def test_missing_and_foreign_files_are_found(release):
    (release / "tables" / "segment_clv.parquet").unlink()
    (release / "tables" / "extra.parquet").write_bytes(b"")
    problems = publish.verify_release(release)
    assert problems[:2] == ["tables/segment_clv.parquet is missing", "tables/extra.parquet is not in the manifest"]


QUESTIONS = {
    "select count(*) as n from kpi_latest": [{"n": 5}],
    "with k as (from kpi_latest) select max(kpi_id) as k from k": [{"k": "kpi 4"}],
    "from kpi_latest select count(*) as n;": [{"n": 5}],
    "select segment from segment_clv where value is null": [{"segment": "all"}],
}


@pytest.mark.parametrize("sql", QUESTIONS)
def test_questions_are_answered(sealed, sql):
    assert publish.query_release(sealed, sql).to_dict("records") == QUESTIONS[sql]


@pytest.mark.parametrize("sql", ["show tables", "describe kpi_latest", "summarize kpi_latest", "explain select 1"])
def test_looking_around_is_allowed(sealed, sql):
    assert len(publish.query_release(sealed, sql)) > 0


FORBIDDEN = [
    "insert into kpi_latest select * from kpi_latest", "update kpi_latest set value = 0", "delete from kpi_latest",
    "drop table kpi_latest", "create table t as select 1", "create temp table t as select 1",
    "copy kpi_latest to '{out}'", "explain analyze copy kpi_latest to '{out}'", "export database '{out}'",
    "attach '{out}'", "from read_csv('{file}')", "from '{file}'", "from read_text('{file}')", "from glob('*')",
    "from read_parquet('{parquet}')", "from parquet_metadata('{parquet}')", "install httpfs", "load httpfs",
    "select 1; select 2", "", "pragma database_list", "set threads = 1", "set enable_external_access = true",
    "reset lock_configuration", "call pragma_version()", "checkpoint", "select getenv('HOME')",
    "explain analyze insert into kpi_latest from kpi_latest", "from query('drop table kpi_latest')",
    "from read_blob('{database}')", "from read_text('{database}')", "from read_blob('{database}.wal')",
    "from read_csv('{database}')", "from '{database}'", "attach '{database}' as again",
    "set disabled_filesystems = ''", "from read_duckdb('{database}')",
]  # fmt: skip


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_nothing_is_written_and_nothing_else_is_read(sealed, tmp_path, sql):
    file, out = tmp_path / "secret.csv", tmp_path / "out"
    file.write_text("a\n1\n", encoding="utf-8")
    parquet, database = sealed / "tables" / "kpi_latest.parquet", sealed / "parcours.duckdb"
    before = file_fingerprints(sealed)
    with pytest.raises(publish.QueryError):
        publish.query_release(sealed, sql.format(file=file, out=out, parquet=parquet, database=database))
    assert not out.exists()
    assert file_fingerprints(sealed) == before


def test_wrong_sql_is_answered_with_the_tables_there_are(sealed):
    with pytest.raises(
        publish.QueryError, match=r"(?s)nope.*tables: data_coverage, data_coverage_daily, data_quality, kpi_latest"
    ):
        publish.query_release(sealed, "from nope")


def test_a_release_can_be_asked_by_two_at_once(sealed):
    with connection(sealed / "parcours.duckdb", read_only=True) as open_elsewhere:
        assert publish.query_release(sealed, "select count(*) as n from kpi_latest").to_dict("records") == [{"n": 5}]
        assert open_elsewhere.execute("select count(*) from kpi_latest").fetchall() == [(5,)]
    with ThreadPoolExecutor(4) as readers:
        answers = readers.map(lambda _: len(publish.query_release(sealed, "from kpi_latest")), range(12))
        assert list(answers) == [5] * 12
