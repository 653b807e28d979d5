"""What a mapping can say is honoured: encodings, marks, layouts, filters, groups, time zones."""

# ruff: noqa: DTZ001 - landing stores naive UTC

from datetime import datetime
from decimal import Decimal

import duckdb
import pytest

HEADER = "order_id,ordered_at,order_type,net_amount\n"


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-15", "utf-16", "utf-8-sig"])
def test_encodings(make_lab, encoding):
    lab = make_lab(encoding="utf-8" if encoding == "utf-8-sig" else encoding)
    content = HEADER.replace("\n", ",sales_channel\n") + "1,2025-11-30,sale,1,Œuvre à 5 €\n"
    if encoding == "iso-8859-15":
        content = content.replace("Œuvre", "œuvre")
    lab.land_one("2025-12-01.csv", content, encoding=encoding)
    assert lab.rows("sales_channel")[0][0].lower() == "œuvre à 5 €"


def test_decimal_comma_semicolon_and_day_first(make_lab):
    lab = make_lab(delimiter=";", decimal_mark=",", timestamp_format="%d/%m/%Y %H:%M", time_zone="Europe/Paris")
    header = HEADER.replace(",", ";")
    outcome = lab.land_one(
        "2025-12-01.csv",
        header
        + "1;02/03/2025 10:30;sale;1234,56\n2;02/03/2025 10:30;sale;1.234,56\n"
        + "3;02/03/2025 10:30;sale;12.50\n",
    )
    assert lab.rows("net_amount, ordered_at") == [(Decimal("1234.5600"), datetime(2025, 3, 2, 9, 30))] * 2
    assert outcome.content["quarantine_reasons"] == {"net_amount: not a number with a decimal comma": 1}


def test_a_decimal_comma_not_declared_is_no_number(lab):
    outcome = lab.land_one("2025-12-01.csv", HEADER + '1,2025-11-30,sale,"12,50"\n')
    assert outcome.content["quarantine_reasons"] == {"net_amount: not a number": 1}


def test_a_fraction_is_no_whole_number(make_lab):
    lab = make_lab("order_items")
    lab.land_one("2025-12-01.csv", "order_id,line_number,quantity,unit_price\n1,1,2.0,3\n1,2,2.5,3\n")
    assert lab.rows("quantity") == [(2,)]
    assert lab.quarantined("_reasons") == [(["quantity: not a whole number"],)]


def test_quoted_newlines_and_quotes(make_lab):
    lab = make_lab("feedback")
    content = 'feedback_id,published_at,body\n1,2025-11-30,"two\nlines, ""quoted"""\n2,2025-11-30,one\n'
    lab.land_one("2025-12-01.csv", content)
    assert lab.rows("body, _source_line") == [('two\nlines, "quoted"', 1), ("one", 2)]


@pytest.mark.parametrize(
    ("written", "expected", "is_twice"),
    [
        ("2025-07-01 10:00", datetime(2025, 7, 1, 8), False),
        ("2025-01-01 10:00", datetime(2025, 1, 1, 9), False),
        ("2025-10-26 02:30", datetime(2025, 10, 26, 0, 30), True),
        ("2025-10-26 03:00", datetime(2025, 10, 26, 2), False),
        ("2025-10-26 01:59:59.5", datetime(2025, 10, 25, 23, 59, 59, 500000), False),
        ("2025-10-26T02:30:00+01:00", datetime(2025, 10, 26, 1, 30), False),
        ("2025-10-26T00:30:00Z", datetime(2025, 10, 26, 0, 30), False),
        ("2025-10-26 02:30:00+0100", datetime(2025, 10, 26, 1, 30), False),
    ],
)
def test_local_times(make_lab, written, expected, is_twice):
    lab = make_lab(time_zone="Europe/Paris")
    lab.land_one("2025-12-01.csv", HEADER + f"1,{written},sale,1\n")
    assert lab.rows("ordered_at, _event_at, _is_time_ambiguous") == [(expected, expected, is_twice)]


def test_a_local_time_that_does_not_exist_is_quarantined(make_lab):
    lab = make_lab(time_zone="Europe/Paris")
    outcome = lab.land_one("2025-12-01.csv", HEADER + "1,2025-03-30 02:30,sale,1\n2,2025-03-30 03:00,sale,1\n")
    assert list(outcome.content["quarantine_reasons"]) == [
        "ordered_at: a local time that does not exist (clocks went forward)"
    ]
    assert lab.rows("ordered_at") == [(datetime(2025, 3, 30, 1),)]


def test_half_hour_change_of_clocks(make_lab):
    lab = make_lab(time_zone="Australia/Lord_Howe")
    lab.land_one("2025-12-01.csv", HEADER + "1,2025-04-06 01:45,sale,1\n")
    assert lab.rows("ordered_at, _is_time_ambiguous") == [(datetime(2025, 4, 5, 14, 45), True)]


def test_wide_survey_becomes_answers(make_lab):
    lab = make_lab(
        "survey_responses",
        unpivot={"columns": {"NETPRO": "nps", "Q7ALL": "csat"}, "name": "question_id", "value": "score"},
        columns={
            "response_id": "RESPNUM",
            "survey_id": {"constant": "airport"},
            "score": {
                "when": {"column": "question_id", "in": ["nps"]},
                "then": {"from": "score", "no_answer": [11]},
                "otherwise": {"from": "score", "no_answer": [0, 6]},
            },
        },
    )
    content = "RESPNUM,NETPRO,Q7ALL\n1,9.0,5\n2,11.0,6\n3,,4\n4,12,3\n5,7.5,0\n"
    outcome = lab.land_one("2025-12-01.csv", content)
    assert sorted(lab.rows("response_id, question_id, score::int")) == [
        ("1", "csat", 5), ("1", "nps", 9), ("2", "csat", None), ("2", "nps", None), ("3", "csat", 4),
        ("4", "csat", 3), ("5", "csat", None),
    ]  # fmt: skip
    assert outcome.content["row_count_set_aside"] == 1
    assert outcome.content["quarantine_reasons"] == {
        "score: off the scale of its question": 1,
        "score: not a whole number, as its question wants": 1,
    }


def test_unknown_survey_question_is_quarantined(make_lab):
    lab = make_lab("survey_responses")
    outcome = lab.land_one("2025-12-01.csv", "response_id,survey_id,question_id,score\n1,s,mood,3\n")
    assert outcome.content["quarantine_reasons"] == {"question_id: not a known survey question": 1}


GROUPED = {
    "group_by": ["Invoice"],
    "columns": {
        "order_id": "Invoice",
        "customer_id": {"first": {"from": "Customer ID", "prefix": "R"}},
        "ordered_at": {"min": "Date"},
        "order_type": {
            "when": {"column": "Invoice", "starts_with": "C"},
            "then": {"constant": "refund"},
            "otherwise": {"constant": "sale"},
        },
        "currency": {"constant": "EUR"},
        "net_amount": {"sum": {"multiply": ["Quantity", "Price"]}},
    },
}


def test_groups_are_summed_exactly(make_lab, tmp_path):
    lab = make_lab(**GROUPED)
    file = lab.drop("2025-12-01.parquet", b"")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select * from (values ('1', 3, 0.1, '2025-11-30 10:00', 17.0::double),"
            " ('C2', -1, 0.3, '2025-11-30 11:00', null), ('1', 1, 0.2, '2025-11-30 09:00', 17.0))"
            f" as lines (Invoice, Quantity, Price, Date, \"Customer ID\")) to '{file}' (format parquet)"
        )
    lab.land()
    assert lab.rows("order_id, customer_id, order_type, net_amount, ordered_at, _source_line") == [
        ("1", "R17", "sale", Decimal("0.5000"), datetime(2025, 11, 30, 9), 1),
        ("C2", None, "refund", Decimal("-0.3000"), datetime(2025, 11, 30, 11), 2),
    ]


@pytest.mark.parametrize("price", ["x", ""])
def test_a_group_with_a_bad_line_is_quarantined_whole(make_lab, price):
    lab = make_lab(**GROUPED)
    outcome = lab.land_one(
        "2025-12-01.csv",
        f"Invoice,Quantity,Price,Date,Customer ID\n1,1,2,2025-11-30,5\n2,1,2,2025-11-30,5\n1,1,{price},2025-11-30,5\n",
    )
    assert [row[0] for row in lab.rows("order_id")] == ["2"]
    assert outcome.content["row_count_quarantined"] == 1
    assert lab.quarantined("_raw")[0][0].count('"Invoice":"1"') == 2


def test_filters_set_rows_aside_and_count_them(make_lab):
    lab = make_lab(where=[{"column": "order_type", "not_in": ["test"]}, {"column": "order_id", "is": "not_null"}])
    outcome = lab.land_one("2025-12-01.csv", HEADER + "1,2025-11-30,sale,1\n2,2025-11-30,test,1\n,2025-11-30,sale,1\n")
    assert outcome.content["row_count_set_aside"] == 2
    assert outcome.content["row_count_quarantined"] == 0
    assert len(lab.rows()) == 1


@pytest.mark.parametrize(
    ("otherwise", "landed", "reasons"),
    [
        (
            {},
            ["sale"],
            {"order_type: not among the mapped values": 1, "order_type: required value is missing": 0},
        ),
        ({"otherwise": "keep"}, ["sale", "refund"], {}),
        ({"otherwise": {"constant": "adjustment"}}, ["sale", "adjustment"], {}),
        ({"otherwise": None}, ["sale"], {"order_type: required value is missing": 1}),
    ],
)
def test_value_maps(make_lab, otherwise, landed, reasons):
    lab = make_lab(columns={"order_type": {"from": "order_type", "values": {"vente": "sale"}, **otherwise}})
    outcome = lab.land_one("2025-12-01.csv", HEADER + "1,2025-11-30,vente,1\n2,2025-11-30,refund,1\n")
    assert [row[0] for row in lab.rows("order_type")] == landed
    assert outcome.content["quarantine_reasons"] == {reason: count for reason, count in reasons.items() if count}


def test_json_lines_with_a_broken_line(make_lab):
    lab = make_lab("web_events")
    content = (
        '{"event_id": 1, "occurred_at": "2025-11-30T10:00:00Z", "anonymous_id": "a",'
        ' "event_name": "search"}\n'
        "{broken\n"
        '{"event_id": 2, "occurred_at": "2025-11-30T10:00:00Z", "anonymous_id": "a", "event_name": "search",'
        ' "is_internal": true, "odd \\"key\\"": 1}\n'
    )
    outcome = lab.land_one("2025-12-01.jsonl.gz", content)
    assert lab.rows("event_id, is_internal, _source_line") == [("1", None, 1), ("2", True, 3)]
    assert lab.quarantined() == [(2, ["row: not a JSON object"])]
    assert outcome.content["files"][0]["unknown_columns"] == ['odd "key"']


def test_zstandard_whole_and_cut_short(lab, tmp_path):
    file = lab.drop("2025-12-01.csv.zst", b"")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select range as order_id, '2025-11-30' as ordered_at, 'sale' as order_type, "
            "random() as net_amount "
            f"from range(20000)) to '{file}' (format csv, header, compression zstd)"
        )
    assert lab.land()[0].content["row_count_loaded"] == 20000
    file.write_bytes(file.read_bytes()[:-1000])
    assert "ends too early" in lab.land()[0].problems[0]


def test_currency_without_a_rate_is_quarantined(make_lab):
    rates = make_lab("fx_rates")
    rates.land_one("2025-12-01.csv", "currency,rate_date,rate\nUSD,2025-11-01,0.9\n")
    lab = make_lab()
    outcome = lab.land_one(
        "2025-12-01.csv",
        "order_id,ordered_at,order_type,net_amount,currency\n1,2025-11-01,sale,1,USD\n2,2025-10-31,sale,1,USD\n"
        "3,2025-11-01,sale,1,GBP\n4,2025-11-01,sale,1,EUR\n5,2025-11-01,sale,1,\n",
    )
    assert [row[0] for row in lab.rows("order_id")] == ["1", "4", "5"]
    assert outcome.content["quarantine_reasons"] == {"currency: no exchange rate on or before the day": 2}
    assert lab.land()[0].status == "unchanged"
    rates.land_one("2025-12-02.csv", "currency,rate_date,rate\nGBP,2025-11-01,1.1\n")
    assert lab.land()[0].content["row_count_loaded"] == 4
