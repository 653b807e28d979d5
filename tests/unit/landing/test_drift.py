"""Columns that change between files are named per file, renaming only guessed, values never shifted."""

from datetime import date, timedelta

import pytest

from pipeline.landing import drifts, promote, remarks

HEADER = ["order_id", "ordered_at", "order_type", "net_amount", "sales_channel"]
D1 = date(2025, 12, 1)


def table(header, *, channel="web", amount="10.5", rows=30):
    cells = {"sales_channel": channel, "net_amount": amount}
    lines = [",".join(_cell(name, n, cells) for name in header) for n in range(rows)]
    return ",".join(header) + "\n" + "\n".join(lines) + "\n"


def _cell(name, n, cells):
    known = {"order_id": f"o{n}", "ordered_at": "2025-11-30 10:00", "order_type": "sale"}
    return cells.get(name) or known.get(name, "x")


def found(lab, *contents, names="{day}.csv"):
    for place, content in enumerate(contents):
        lab.drop(names.format(day=D1 + timedelta(days=place)), content)
    for outcome in lab.land():
        promote(lab.home, lab.table, outcome.extract_date)
    last = drifts(lab.home, lab.table).get(D1 + timedelta(days=len(contents) - 1), [])
    return [(drift.kind, drift.column) for drift in last], [drift.text for drift in last]


def test_the_same_columns_are_no_drift(lab):
    assert found(lab, table(HEADER), table(HEADER)) == ([], [])


def test_a_new_column(lab):
    assert found(lab, table(HEADER), table([*HEADER, "colour"]))[0] == [("new", "colour")]


def test_a_missing_column(lab):
    assert found(lab, table(HEADER), table(HEADER[:-1])) == (
        [("missing", "sales_channel")],
        ["`sales_channel` is missing"],
    )


def test_a_renamed_column_is_a_guess(lab):
    kinds, texts = found(lab, table(HEADER), table([*HEADER[:-1], "sale_channel"], rows=30))
    assert kinds == [("renamed", "sale_channel")]
    assert "may be `sales_channel` renamed" in texts[0]
    assert "a guess" in texts[0]


def test_a_retyped_column(make_lab):
    lab = make_lab(columns={"sales_channel": "sales_channel"})
    kinds, texts = found(lab, table(HEADER, channel="web"), table(HEADER, channel="17"))
    assert kinds == [("retyped", "sales_channel")]
    assert texts == ["`sales_channel` holds number, and held text before"]


def test_another_order_of_columns_moves_no_value(lab):
    kinds, _ = found(lab, table(HEADER), table(HEADER[::-1], amount="7"))
    assert kinds == [("reordered", "")]
    rows = lab.rows("net_amount::int, order_type, sales_channel", D1 + timedelta(days=1), accepted=True)
    assert set(rows) == {(7, "sale", "web")}


def test_a_file_without_a_header_is_refused(lab):
    body = table(HEADER).split("\n", 1)[1]
    lab.drop("2025-12-01.csv", body)
    outcome = lab.land()[0]
    assert not outcome.is_readable


def test_rows_of_another_width_are_never_shifted(lab):
    lines = table(HEADER).splitlines()
    content = "\n".join([lines[0], *(f"extra,{line}" for line in lines[1:])]) + "\n"
    outcome = lab.land_one("2025-12-01.csv", content)
    assert outcome.content["row_count_loaded"] == 0
    assert outcome.content["quarantine_reasons"] == {"row: more columns than the header": 30}


def test_keys_that_json_leaves_out_are_missed_only_if_most_objects_had_them(make_lab):
    lab = make_lab("feedback")
    base = '"feedback_id": "{n}", "published_at": "2025-11-30", "platform": "p"'
    full = "".join("{" + base.replace("{n}", str(n)) + (', "rating": 3' if n < 3 else "") + "}\n" for n in range(30))
    bare = "".join('{"feedback_id": "%d", "published_at": "2025-11-30"}\n' % n for n in range(30))  # noqa: UP031
    assert found(lab, full, bare, names="{day}.jsonl")[0] == [("missing", "platform")]


def test_formats_are_compared_with_their_own_kind(lab):
    lab.drop("2025-12-01.csv", table(HEADER))
    lab.drop("2025-12-02.jsonl", '{"order_id":"1","ordered_at":"2025-11-30","order_type":"sale","net_amount":1}\n')
    lab.land()
    assert drifts(lab.home, "orders") == {}


@pytest.mark.parametrize("value", ["zoe@example.org", "0612345678"])
def test_a_name_that_looks_like_a_value_is_not_told(lab, value):
    _, texts = found(lab, table(HEADER), table([*HEADER, value]))
    assert value not in " ".join(texts)


def test_remarks_are_rows_of_data_quality(lab):
    lab.drop("2025-12-01.csv", table(HEADER))
    lab.drop("2025-12-02.csv", table([*HEADER, "colour"], channel="dÃ©jÃ\xa0 vu Ã©"))
    outcome = lab.land()[1]
    rows = remarks(outcome, drifts(lab.home, "orders")[outcome.extract_date])
    assert [(row["expectation"], row["is_met"]) for row in rows] == [("schema_drift", False), ("text_repair", True)]
    assert "30 cells repaired" in rows[1]["observed_value"]
    assert {row["severity"] for row in rows} == {"warning"}
