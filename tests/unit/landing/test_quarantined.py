"""Quarantine: seen by its owner, tried again once, thrown away in time and not in silence."""

# ruff: noqa: DTZ001 - naive UTC

import os
from dataclasses import replace
from datetime import datetime

import pytest

from pipeline.contracts import CONTRACTS
from pipeline.extract import FileReader, SourceFile
from pipeline.landing import (
    expire,
    expired_rows,
    promote,
    quarantined_days,
    quarantined_rows,
    quarantined_rules,
    replay_day,
)
from pipeline.landing.store import accepted_folder, read_outcome
from tests.unit.landing.laboratory import DAY

HEADER = "order_id,ordered_at,order_type,net_amount\n"
BAD = "2,2025-11-30 10:00,Vente,5\n3,2025-11-30 10:00,Vente,x\n"
GOOD = "1,2025-11-30 10:00,sale,10.00\n"
MENDED = {"columns": {"order_type": {"from": "order_type", "values": {"Vente": "sale"}, "otherwise": "keep"}}}


def replay(lab):
    """Try the day again without its files; whether anything changed."""
    for file in lab.home.drop.rglob("*.*"):
        file.unlink()
    mapping = lab.mapping()

    def read_kept(name, file, day):
        reader = FileReader(replace(mapping, format="jsonl", encoding="utf-8"), CONTRACTS[lab.table])
        return reader, SourceFile(path=file, name=name, day=day)

    changed = replay_day(
        lab.home, mapping, CONTRACTS[lab.table], DAY, read_kept=read_kept, settings=lab.settings
    )  # fmt: skip
    if changed:
        promote(lab.home, lab.table, DAY)
    return changed


def counts(lab):
    content = read_outcome(accepted_folder(lab.home, lab.table, DAY))
    names = ("received", "loaded", "quarantined", "duplicate", "set_aside")
    for file in content["files"]:
        assert file["received"] == sum(file[name] for name in names[1:])
    return tuple(content[f"row_count_{name}"] for name in names)


def test_rows_and_rules_can_be_seen_by_table_day_and_rule(lab):
    lab.land_one("2025-12-01.csv", HEADER + GOOD + BAD)
    assert list(quarantined_days(lab.home)) == [("orders", DAY, "waiting")]
    rows = list(quarantined_rows(lab.home))
    assert [(row.line, row.file) for row in rows] == [
        (2, "crm/orders/2025-12-01.csv"),
        (3, "crm/orders/2025-12-01.csv"),
    ]
    assert "Vente" in rows[0].raw
    assert "Vente" not in repr(rows[0])
    rules = {rule.reason: rule.row_count for rule in quarantined_rules(lab.home, table="orders")}
    assert rules == {"net_amount: not a number": 1, "order_type: not among the allowed values": 2}
    assert [rule.reason for rule in quarantined_rules(lab.home, rule="net_amount")] == ["net_amount: not a number"]
    assert list(quarantined_rows(lab.home, table="customers")) == []
    before = [row.id for row in rows]
    lab.accept()
    assert [row.id for row in quarantined_rows(lab.home)] == before
    assert len(set(before)) == 2


def test_what_a_mended_mapping_reads_is_loaded_once_from_the_files(lab):
    lab.drop("2025-12-01.csv", HEADER + GOOD + BAD)
    lab.accept()
    lab.block = MENDED
    lab.accept()
    assert counts(lab) == (3, 2, 1, 0, 0)
    assert [outcome.status for outcome in lab.land()] == ["unchanged"]


def test_what_a_mended_mapping_reads_is_loaded_once_from_kept_rows(lab):
    lab.drop("2025-12-01.csv", HEADER + GOOD + BAD)
    lab.accept()
    assert counts(lab) == (3, 1, 2, 0, 0)
    assert not replay(lab), "the mapping is the same"
    lab.block = MENDED
    assert replay(lab)
    assert counts(lab) == (3, 2, 1, 0, 0)
    assert lab.rows("order_id, net_amount::int, _source_line", accepted=True) == [("1", 10, 1), ("2", 5, 2)]
    assert lab.quarantined() == [(3, ["net_amount: not a number"])]
    assert not replay(lab), "nothing loads twice"


def test_the_same_bytes_come_of_files_and_of_kept_rows(lab, files_of):
    lab.drop("2025-12-01.csv", HEADER + GOOD + BAD)
    lab.accept()
    lab.block = MENDED
    replay(lab)
    kept = lab.rows("* exclude (_source_file)", accepted=True)
    content = read_outcome(accepted_folder(lab.home, "orders", DAY))
    lab.drop("2025-12-01.csv", HEADER + GOOD + BAD)
    lab.accept()
    assert lab.rows("* exclude (_source_file)", accepted=True) == kept
    assert read_outcome(accepted_folder(lab.home, "orders", DAY))["content_hash"] == content["content_hash"]


def test_kept_rows_that_repeat_a_loaded_row_are_duplicates_and_others_stay_in_conflict(lab):
    repeated = GOOD.replace("sale", "Vente")
    lab.drop("2025-12-01.csv", HEADER + GOOD + repeated + repeated.replace("10.00", "11.00") + "7,2025,x\n")
    lab.accept()
    lab.block = MENDED
    replay(lab)
    reasons = [reason for row in quarantined_rows(lab.home) for reason in row.reasons]
    assert "row: fewer columns than the header" in reasons
    assert counts(lab)[:2] == (4, 1)
    assert reasons.count("key: same key with different content") == 2


def test_rows_the_mapping_leaves_out_now_are_set_aside(lab):
    lab.drop("2025-12-01.csv", HEADER + GOOD + BAD)
    lab.accept()
    lab.block = {"where": [{"column": "order_type", "not_in": ["Vente"]}]}
    assert replay(lab)
    assert counts(lab) == (3, 1, 0, 0, 2)
    assert list(quarantined_days(lab.home)) == []


def test_groups_and_answers_are_tried_again_whole(make_lab):
    columns = {"order_id": "id", "ordered_at": {"min": "at"}, "order_type": {"constant": "sale"}}
    block = {"group_by": ["id"], "columns": {**columns, "net_amount": {"sum": "price"}}}
    lab = make_lab(**block)
    lab.drop("2025-12-01.csv", 'id,at,price\n1,2025-11-30,"2,5"\n2,2025-11-30,1\n1,2025-11-30,1\n')
    lab.accept()
    lab.block = {**block, "decimal_mark": ","}
    assert replay(lab)
    assert sorted(lab.rows("order_id, net_amount::double", accepted=True)) == [("1", 3.5), ("2", 1.0)]
    assert counts(lab) == (2, 2, 0, 0, 0)


def test_one_answer_of_a_wide_line_is_tried_again_alone(make_lab):
    block = {"unpivot": {"columns": {"a": "nps", "b": "csat"}}, "columns": {"survey_id": {"constant": "s"}}}
    lab = make_lab("survey_responses", **block)
    lab.drop("2025-12-01.csv", "response_id,a,b\n1,9,99\n2,8,4\n")
    lab.accept()
    assert counts(lab) == (4, 3, 1, 0, 0)
    lab.block = {**block, "columns": {**block["columns"], "score": {"from": "score", "no_answer": [99]}}}
    assert replay(lab)
    assert counts(lab) == (4, 4, 0, 0, 0)


def test_quarantine_is_thrown_away_in_time_and_counted(lab):
    lab.drop("2025-12-01.csv", HEADER + GOOD + BAD)
    lab.accept()
    folder = lab.home.quarantine / "orders" / f"extract_date={DAY}"
    written = datetime(2025, 12, 2).timestamp()
    os.utime(folder, (written, written))
    assert expire(lab.home, days=90, now=datetime(2026, 3, 1)) == {}
    assert expire(lab.home, days=90, now=datetime(2026, 3, 5)) == {"orders": 2}
    assert not folder.exists()
    assert expired_rows(lab.home, "orders") == 2
    assert (lab.home.quarantine / "expired.json").stat().st_mode & 0o777 == 0o600
    assert [outcome.status for outcome in lab.land()] == ["unchanged"], "no figure depends on it"


@pytest.mark.parametrize("state", ["waiting"])
def test_rows_of_a_day_that_waits_are_kept(lab, state):
    lab.land_one("2025-12-01.csv", HEADER + GOOD + BAD)
    assert expire(lab.home, days=1, now=datetime(2030, 1, 1)) == {}
    assert [entry[2] for entry in quarantined_days(lab.home)] == [state]
