"""Every bad input has a message a person understands, naming file and remedy; nothing is lost."""

import gzip

import duckdb
import pytest

from pipeline.landing import LandingError

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


def test_a_declared_encoding_that_is_wrong_is_an_error_of_the_file(make_lab):
    lab = make_lab(encoding="utf-8")
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


def test_quotes_that_only_seem_to_pair_do_not_swallow_what_is_between(make_lab):
    lab = make_lab("order_items")
    lines = "".join(f"{key},1,Mouse,1,9\n" for key in range(3, 50))
    content = 'order_id,line_number,product_name,quantity,unit_price\n1,1,Screen 15",1,9\n2,1,"Screen 27,1,9\n' + lines
    assert "never closed" in problem(lab.land_one("2025-12-01.csv", content))


def test_a_blank_line_before_the_header_is_no_header(lab):
    lab.land_one("2025-12-01.csv", "\r\n  \n" + HEADER + GOOD + GOOD.replace("1,", "2,", 1))
    assert lab.rows("order_id, _source_line") == [("1", 1), ("2", 2)]


@pytest.mark.parametrize("value", ["zoe@example.org", "06 12 34 56 78"])
def test_a_file_without_a_header_does_not_tell_who_is_in_it(lab, value):
    message = problem(lab.land_one("2025-12-01.csv", f"1,{value},{value},Durand\n"))
    assert "twice" in message
    assert value not in message
    lab.drop("2025-12-01.csv", HEADER.replace("\n", f",{value}\n") + GOOD.replace("\n", ",x\n"))
    assert value not in str(lab.land()[0].content["files"][0]["unknown_columns"])


@pytest.mark.parametrize(
    ("expression", "one", "other"),
    [
        ({"multiply": ["a", "b"]}, "99999999999", "99999999999"),
        ({"multiply": ["a", "b"]}, "99999999", "99999999"),
        ({"multiply": ["a", "b", "b", "b", "b"]}, "999999", "99999999"),
        ({"negate": {"multiply": ["a", "b"]}}, "99999999999", "99999999999"),
    ],
)
def test_a_product_that_is_too_large_costs_its_row_only(make_lab, expression, one, other):
    lab = make_lab(columns={"net_amount": expression})
    header = "order_id,ordered_at,order_type,a,b\n"
    outcome = lab.land_one("2025-12-01.csv", f"{header}1,2025-11-30,sale,{one},{other}\n2,2025-11-30,sale,1000000,1\n")
    assert outcome.content["quarantine_reasons"] == {"net_amount: too large": 1}
    assert lab.rows("order_id") == [("2",)]


def test_a_sum_that_is_too_large_costs_its_group_only(make_lab):
    columns = {"order_id": "order_id", "ordered_at": {"min": "at"}, "order_type": {"constant": "sale"}}
    lab = make_lab(group_by=["order_id"], columns={**columns, "net_amount": {"sum": "price"}})
    large = "1,2025-11-30,99999999999999\n"
    outcome = lab.land_one("2025-12-01.csv", "order_id,at,price\n" + large * 3 + "2,2025-11-30,1\n2,2025-11-30,2\n")
    assert outcome.content["quarantine_reasons"] == {"net_amount: too large": 1}
    assert lab.rows("order_id, net_amount::int") == [("2", 3)]


def test_the_words_of_the_engine_are_not_repeated(lab, monkeypatch):
    def fails(*_, **__):
        raise duckdb.ConversionException("could not cast zoe@example.org")

    monkeypatch.setattr("pipeline.extract.reader.stage_file", fails)
    with pytest.raises(LandingError) as caught:
        lab.land_one("2025-12-01.csv", HEADER + GOOD)
    assert "zoe" not in str(caught.value)
    assert "crm/orders/2025-12-01.csv" in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("written", "is_good"),
    [("12 34", False), ("1 234 56", False), ("1 234", True), ("1\u202f234\u202f567.5", True), ("- 5", False)],
)
def test_spaces_in_a_number_only_group_thousands(lab, written, is_good):
    outcome = lab.land_one("2025-12-01.csv", HEADER + f"1,2025-11-30,sale,{written}\n")
    assert outcome.content["row_count_loaded"] == int(is_good)


@pytest.mark.parametrize(("written", "is_good"), [("9.99999", False), ("9", True), ("9.0000000", True), ("1e1", True)])
def test_a_score_is_not_rounded_onto_its_scale(make_lab, written, is_good):
    lab = make_lab("survey_responses")
    content = f"response_id,survey_id,question_id,score\n1,s,nps,{written}\n"
    assert lab.land_one("2025-12-01.csv", content).content["row_count_loaded"] == int(is_good)


def test_a_two_digit_year_is_not_taken_for_antiquity(make_lab):
    lab = make_lab(timestamp_format="%d/%m/%Y")
    outcome = lab.land_one("2025-12-01.csv", HEADER + "1,30/11/25,sale,1\n2,30/11/2025,sale,1\n")
    assert outcome.content["quarantine_reasons"] == {"ordered_at: not in the years 1900 to 2100": 1}


def test_marks_of_patterns_in_a_name_are_only_marks(lab):
    for key, name in enumerate(("2025-12-01.parquet", "2025-12-01[1].parquet", "2025-12-01*.parquet")):
        file = lab.drop("2025-12-01.copy", b"")
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select {key} as order_id, 'nan'::double as customer_id, timestamp '2025-11-30' as ordered_at, "
                f"'sale' as order_type, 5.0 as net_amount) to '{file}' (format parquet)"
            )
        file.rename(file.with_name(name))
    outcome = lab.land()[0]
    assert outcome.content["row_count_duplicate"] == 0
    assert sorted(lab.rows("order_id, customer_id")) == [("0", None), ("1", None), ("2", None)]


def test_lines_that_end_in_two_ways_are_all_read(make_lab):
    lab = make_lab("feedback")
    lab.land_one(
        "2025-12-01.csv",
        'feedback_id,published_at,body\r\n1,2025-11-30,"two\nlines"\n2,2025-11-30,one\r\n3,2025-11-30,\n',
    )
    assert lab.rows("feedback_id, body") == [("1", "two\nlines"), ("2", "one"), ("3", None)]


def test_a_day_without_events_is_an_archive_with_nothing_in_it(make_lab):
    lab = make_lab("web_events")
    outcome = lab.land_one("2025-12-01.jsonl.gz", "\n")
    assert outcome.is_readable
    assert outcome.content["row_count_received"] == 0
    assert outcome.content["files"][0]["columns"] == []
