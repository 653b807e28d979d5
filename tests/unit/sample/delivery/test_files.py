"""Extracts are written as their owners would: formats, encodings, headers, and nothing that depends on the clock."""

import gzip
import io

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.sample.delivery.files import Layout, history_name, layout_of, write_rows
from pipeline.sample.delivery.messes import Messes
from pipeline.sample.delivery.names import UNKNOWN_EMAIL, directory_of, has_text, scrambled
from pipeline.sample.delivery.rendering import Hand, categorical, open_engine

ROWS = "select * from (values (1, 'Noël ’ 5 €'), (2, null)) as t (n, texte)"
FRENCH = Hand(is_french=True, decimal_mark=",")


@pytest.fixture
def engine():
    with open_engine() as opened:
        yield opened


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "Noël ’ 5 €"), ("windows-1252", "Noël ' 5 €"), ("iso-8859-15", "Noël ' 5 €")],
)
def test_french_files_have_their_encoding_and_their_line_ends(engine, tmp_path, encoding, text):
    path = tmp_path / "2025-12-18.csv"
    write_rows(engine, ROWS, path, Layout(".csv", ".csv", FRENCH, encoding))
    assert path.read_bytes().decode(encoding) == f"n;texte\r\n1;{text}\r\n2;\r\n"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_an_archive_holds_no_clock_and_no_name(engine, tmp_path):
    first, second = tmp_path / "one.csv.gz", tmp_path / "two.csv.gz"
    for path in (first, second):
        write_rows(engine, ROWS, path, Layout(".csv.gz", ".csv", Hand(is_french=False)))
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()).decode() == "n,texte\n1,Noël ’ 5 €\n2,\n"
    assert int.from_bytes(first.read_bytes()[4:8], "little") == 0


def test_what_an_encoding_lacks_becomes_a_question_mark(engine, tmp_path):
    path = tmp_path / "2025-12-18.csv"
    write_rows(engine, "select 'merci 👍' as texte", path, Layout(".csv", ".csv", FRENCH, "iso-8859-15"))
    assert path.read_bytes() == b"texte\r\nmerci ?\r\n"


def test_json_lines_are_objects_and_parquet_keeps_its_types(engine, tmp_path):
    write_rows(engine, ROWS, tmp_path / "a.jsonl.gz", Layout(".parquet", ".jsonl.gz", Hand(is_french=False)))
    lines = io.TextIOWrapper(io.BytesIO(gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes())), encoding="utf-8")
    assert lines.readline() == '{"n":1,"texte":"Noël ’ 5 €"}\n'
    write_rows(engine, ROWS, tmp_path / "a.parquet", Layout(".parquet", ".jsonl.gz", Hand(is_french=False)))
    described = duckdb.execute(f"describe select * from '{tmp_path / 'a.parquet'}'").fetchall()
    assert [row[1] for row in described] == ["INTEGER", "VARCHAR"]


def test_several_blocks_are_parts_of_one_day():
    layout = layout_of("order_items", Messes())
    assert history_name(layout, block=0, block_count=1) == "2025-12-17.csv.gz"
    assert history_name(layout, block=1, block_count=3) == "2025-12-17.part-0002.csv.gz"


def test_times_amounts_and_names_are_written_in_sql_as_they_should_be(engine):
    row = engine.execute(
        "select french_time(timestamp '2025-10-26 00:30:00'), french_time(timestamp '2025-12-31 22:59:59'), "
        "iso_time(timestamp '2025-12-31 22:59:59'), money(-1205)::varchar, opaque(5), opaque(18446744073709551615), "
        "customer_name(-1), customer_name(7), loyalty_name(1), encoded_twice('Déçu, à l’été')"
    ).fetchone()
    assert row == (
        "26/10/2025 02:30:00", "31/12/2025 23:59:59", "2025-12-31T22:59:59Z", "-12.05", "0000000000000005", "f" * 16,
        None, "C000007", "F40000001", "DÃ©Ã§u, Ã\xa0 lâ€™Ã©tÃ©",
    )  # fmt: skip


def test_numbers_are_mixed_without_collision():
    numbers = np.arange(200_000)
    assert len(np.unique(scrambled(numbers, salt=7))) == len(numbers)
    assert not np.array_equal(scrambled(numbers, salt=7), scrambled(numbers, salt=11))


def test_words_of_codes_may_repeat_and_negative_codes_have_none():
    shown = categorical(np.array([0, 2, -1, 1], dtype=np.int8), ("a", "b", "a"))
    assert shown.isna().tolist() == [False, False, True, False]
    assert [each for each in shown if isinstance(each, str)] == ["a", "a", "b"]


def test_a_shared_number_is_one_address_and_a_missing_one_is_none():
    persons = pd.DataFrame(
        {"email": [3, 3, -1, -2], "phone": [12_345, -1, 10**7, 3 * 10**7], "first_name": [0, 1, 2, 3], "last_name": 1}
    )
    directory = directory_of(persons)
    emails = directory.emails_of(np.array([0, 1, 2, 3, -1])).tolist()
    assert emails[0] == emails[1] == "lea.darcy3@example.fr"
    assert emails[3] == UNKNOWN_EMAIL
    assert pd.isna(emails[2])
    assert pd.isna(emails[4])
    assert directory.phones_of(np.array([0, 2])).tolist() == ["01 99 00 23 45", "02 61 91 00 00"]
    assert has_text(persons["phone"].to_numpy()).tolist() == [True, False, True, False]
