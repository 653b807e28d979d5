"""Every bad input has a message a person understands, naming file and remedy; nothing is lost."""

import gzip

import pytest

HEADER = "order_id,ordered_at,order_type,net_amount\n"
GOOD = "1,2025-11-30 10:00,sale,10.00\n"


def problem(outcome):
    assert not outcome.is_readable
    assert outcome.content["row_count_loaded"] == 0
    return outcome.problems[0]


def test_missing_required_column_is_named_with_the_nearest(lab):
    message = problem(lab.land_one("2025-12-01.csv", "order_id,orderd_at,order_type,net_amount\n1,2025-11-30,sale,1\n"))
    assert "crm/orders/2025-12-01.csv" in message
    assert "`ordered_at` is missing" in message
    assert "`orderd_at`" in message


def test_wrong_delimiter_says_which_it_probably_is(lab):
    message = problem(lab.land_one("2025-12-01.csv", (HEADER + GOOD).replace(",", ";")))
    assert "semicolon" in message
    assert 'delimiter: ";"' in message


def test_truncated_gzip(lab):
    whole = gzip.compress(((HEADER + GOOD * 5000) + "x" * 100).encode())
    file = lab.drop("2025-12-01.csv.gz", "")
    file.write_bytes(whole[: len(whole) // 2])
    assert "ends too early" in problem(lab.land()[0])


def test_no_gzip_at_all(lab):
    lab.drop("2025-12-01.csv.gz", "").write_bytes(b"plain text")
    assert "not a whole gzip archive" in problem(lab.land()[0])


@pytest.mark.parametrize("content", ["", "\n\n", "   \n"])
def test_empty_file(lab, content):
    assert "empty" in problem(lab.land_one("2025-12-01.csv", content))


def test_header_only_is_a_day_without_rows(lab):
    outcome = lab.land_one("2025-12-01.csv", HEADER)
    assert outcome.is_readable
    assert outcome.content["row_count_received"] == 0
    assert lab.rows() == []


def test_a_date_in_the_wrong_format_quarantines_the_row(lab):
    outcome = lab.land_one("2025-12-01.csv", HEADER + GOOD + "2,30/11/2025 10:00,sale,5\n")
    assert outcome.content["quarantine_reasons"] == {"ordered_at: not a time written as ISO 8601": 1}
    assert lab.quarantined() == [(2, ["ordered_at: not a time written as ISO 8601"])]
    assert "30/11/2025" in lab.quarantined("_raw")[0][0]


def test_same_key_with_different_content_quarantines_all_of_them(lab):
    outcome = lab.land_one("2025-12-01.csv", HEADER + GOOD + GOOD.replace("10.00", "11.00") + "2,2025-11-30,sale,1\n")
    assert outcome.content["quarantine_reasons"] == {"key: same key with different content": 2}
    assert [row[0] for row in lab.rows("order_id")] == ["2"]


def test_unknown_column_is_kept_out_and_reported(lab):
    outcome = lab.land_one("2025-12-01.csv", HEADER.replace("\n", ",colour\n") + GOOD.replace("\n", ",red\n"))
    assert outcome.content["files"][0]["unknown_columns"] == ["colour"]
    assert len(lab.rows()) == 1
    assert "customer_id" in outcome.content["files"][0]["missing_optional_columns"]


def test_ignored_column_is_not_reported(make_lab):
    lab = make_lab(ignore=["colour"])
    outcome = lab.land_one("2025-12-01.csv", HEADER.replace("\n", ",colour\n") + GOOD.replace("\n", ",red\n"))
    assert outcome.content["files"][0]["unknown_columns"] == []


def test_rows_with_another_column_count_are_quarantined_in_their_place(lab):
    outcome = lab.land_one(
        "2025-12-01.csv", HEADER + GOOD + "2,2025-11-30\n3,2025-11-30,sale,3,extra\n4,2025-11-30,sale,4\n"
    )
    assert lab.quarantined() == [
        (2, ["row: fewer columns than the header"]),
        (3, ["row: more columns than the header"]),
    ]
    assert lab.rows("order_id, _source_line") == [("1", 1), ("4", 4)]
    assert outcome.content["row_count_received"] == 4


def test_a_quote_never_closed_does_not_swallow_the_rest(lab):
    message = problem(lab.land_one("2025-12-01.csv", HEADER + GOOD + '2,"2025-11-30,sale,1\n3,2025-11-30,sale,1\n'))
    assert "never closed" in message


def test_wrong_encoding_is_an_error_of_the_file(lab):
    message = problem(lab.land_one("2025-12-01.csv", HEADER + "é,2025-11-30,sale,1\n", encoding="windows-1252"))
    assert "not utf-8" in message
    assert "encoding" in message


def test_no_parquet(lab):
    assert "not a whole Parquet file" in problem(lab.land_one("2025-12-01.parquet", b"PAR1 but no"))


def test_twice_the_same_column(lab):
    assert "`order_id` twice" in problem(
        lab.land_one("2025-12-01.csv", HEADER.replace("order_type", "order_id") + GOOD)
    )


def test_no_json_object(lab):
    assert "JSON" in problem(lab.land_one("2025-12-01.jsonl", "[1]\nnonsense\n"))


def test_one_unreadable_part_keeps_the_whole_day_out(lab):
    lab.drop("2025-12-01.part1.csv", HEADER + GOOD)
    outcome = lab.land_one("2025-12-01.part2.csv", "")
    assert len(outcome.problems) == 1
    assert not (lab.home.pending / "orders" / "extract_date=2025-12-01" / "data.parquet").exists()


def test_reasons_never_hold_a_value(lab):
    outcome = lab.land_one("2025-12-01.csv", HEADER + "1,secret@example.org,private,word\n")
    assert not {"secret", "private", "word"} & set(str(outcome.content["quarantine_reasons"]).split())
    assert len(outcome.content["quarantine_reasons"]) == 3
