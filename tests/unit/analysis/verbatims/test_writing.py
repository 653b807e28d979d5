"""What leaves the pass: never a text, never a word few people use, the same bytes every time."""

from pathlib import Path

import duckdb
import pytest

from pipeline.analysis.tables import TABLES
from pipeline.analysis.verbatims.writing import LEAST_CUSTOMERS, Verbatim, verbatim_tables, write_verbatims
from tests.unit.analysis.verbatims.seeds import SEEDS, rows_of, shipped_lexicon

NAMES = {
    "alice", "marie", "julie", "sophie", "claire", "pierre", "thomas", "nicolas", "emma", "louis",
    "camille", "paul", "anna", "john", "james", "mary", "david", "sarah", "rose",
}  # fmt: skip


def _tables(texts: list[tuple[str, str]]) -> dict:
    verbatims = (Verbatim(f"{number:05}", person, "fr", text) for number, (person, text) in enumerate(texts))
    return verbatim_tables(verbatims, shipped_lexicon())


def test_a_word_few_people_use_does_not_leave() -> None:
    few = [(f"p{number % (LEAST_CUSTOMERS - 1)}", "Zorglub a perdu mon colis.") for number in range(50)]
    many = [(f"p{number}", "Krapulax est en retard.") for number in range(LEAST_CUSTOMERS)]
    words = {row[2]: row[3] for row in _tables(few + many)["verbatim_words"]}
    assert "zorglub" not in words
    assert words["krapulax"] is False
    assert words["colis"] is words["retard"] is True


def test_forms_of_a_listed_word_are_counted_together_and_small_words_not_at_all() -> None:
    words = [row[2] for row in _tables([("a", "Les livraisons et la livraison sont livrées")])["verbatim_words"]]
    assert words.count("livraison") == 1
    assert not {"les", "et", "la", "sont"} & set(words)


def test_every_text_has_one_score_even_in_no_language() -> None:
    scores = _tables([("a", "Colis en retard."), ("b", "???"), ("c", "Das ist nicht gut und sehr schlecht")])[
        "verbatim_scores"
    ]
    assert [row[1] for row in scores] == ["fr", "fr", "other"] or [row[1] for row in scores] == [
        "fr",
        "unknown",
        "other",
    ]
    assert [row[2] is None for row in scores] == [False, True, True]


def test_no_first_name_is_in_the_vocabulary() -> None:
    listed = {row["word"] for row in rows_of(SEEDS / "verbatim_vocabulary.csv")}
    assert listed & NAMES == set()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    file = tmp_path / "build.duckdb"
    with duckdb.connect(str(file)) as build:
        build.execute("create schema seeds; create schema intermediate")
        for seed in ("verbatim_theme_types", "verbatim_lexicon", "verbatim_sentiments", "verbatim_vocabulary"):
            build.execute(
                f"create table seeds.{seed} as from read_csv('{SEEDS / seed}.csv', header = true, quote = '\"')"
            )
        build.execute(
            "create table intermediate.int_verbatims__collected as select format('{:05d}', 700 - i) as verbatim_key, "
            "'p' || i % 300 as person_key, 'fr' as delivered_language, "
            "'Secret ' || i || ' : colis en retard, vendeur gentil' as body from range(600) as numbers(i)"
        )
    return file


def test_no_text_is_written_and_the_bytes_are_the_same(build: Path, tmp_path: Path) -> None:
    counts = write_verbatims(build, tmp_path / "one")
    assert counts == write_verbatims(build, tmp_path / "two")
    assert counts["verbatim_scores"] == 600
    assert counts["verbatim_mentions"] == 1200
    for name in counts:
        one, two = (tmp_path / folder / f"{name}.parquet" for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
        columns = duckdb.sql(f"describe from '{one}'").fetchall()
        assert [column[0] for column in columns] == list(TABLES[name])
        assert not any("Secret 1" in str(row) for row in duckdb.sql(f"from '{one}'").fetchall())


def test_without_texts_every_table_is_there_and_empty(build: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(build)) as opened:
        opened.execute("delete from intermediate.int_verbatims__collected")
    assert set(write_verbatims(build, tmp_path / "none").values()) == {0}
