"""Clean rows are landed in one pass, and whatever is not clean comes out as if every file had been read whole."""

import random
import shutil
from datetime import date

import duckdb
import pytest

from pipeline.contracts import CONTRACTS
from pipeline.extract import FileReader
from pipeline.landing import stream
from tests.unit.landing.laboratory import DAY

HEADER = "event_id,occurred_at,anonymous_id,event_name,page_path,search_result_count,is_internal\n"
CLEAN = [f"e{n},2025-11-30T10:00:{n:02}Z,a{n},page_view,/p{n},{n},false" for n in range(30)]
ODD = [
    "e1,2025-11-30T10:00:01Z,a1,page_view,/p1,1,false",  # again
    "e2,2025-11-30T10:00:01Z,a1,purchase,/p1,1,false",  # in conflict
    "f1, 2025-11-30 10:00:00 ,a1, search ,/p1, 7 ,oui",  # padded, written otherwise
    "f2,2025-11-30T10:00:01Z,,page_view,/p1,1,false",
    "f3,yesterday,a1,page_view,/p1,1,false",
    "f4,2025-11-30T10:00:01Z,a1,page_view,/p1,-1,false",
    "f5,2025-11-30T10:00:01Z,a1,page_view,/p1,1.5,false",
    "f6,2025-11-30T10:00:01Z,a1,page_view,/p1,1e3,false",
    "f7,2025-11-30T10:00:1.5Z,a1,page_view,/p1,1,false",
    "f8,2026-11-30T10:00:01Z,a1,page_view,/p1,1,false",
    ",2025-11-30T10:00:01Z,a1,page_view,/p1,1,false",
    "f9,2025-11-30T10:00:01Z,zoe@example.fr,page_view,/p1?name=zoe,1,FALSE",
    "g1,2025-11-30T10:00:01Z,a1,recherche été,/é\u00a0,1,",
    "g2,2025-11-30T11:00:01+01:00,a1,page_view,/p1,+1,0",
    'g3,2025-11-30T10:00:01Z,a1,page_view,"/a,b",1,false',
    'g4,2025-11-30T10:00:01Z,a1,page_view," /a ",1,""',
]
BROKEN = ["h1,2025-11-30T10:00:01Z,a1", "h2,2025-11-30T10:00:01Z,a1,rÃ©seau,/p1,1,false", 'h3,2025-11-30,a1,"x"y,,,']


def landed(lab, read=None):
    """What became of everything that was dropped: rows, quarantine, outcome without the hashes of input."""
    outcomes = lab.land(read=read)
    found = []
    for outcome in outcomes:
        content = {key: value for key, value in outcome.content.items() if "fingerprint" not in key}
        quarantined = lab.quarantined("*", outcome.extract_date) if content["row_count_quarantined"] else []
        rows = lab.rows("*", outcome.extract_date) if outcome.is_readable else []
        found.append((content, rows, quarantined))
    return found


def whole(lab):
    """A reader that never streams."""
    reader = lab.reader()

    def read(connection, file, *, prefix, scratch, is_streamed=False):
        return FileReader.__call__(reader, connection, file, prefix=prefix, scratch=scratch)

    return read


def both_ways(lab):
    streamed = landed(lab)
    shutil.rmtree(lab.home.root)
    return streamed, landed(lab, read=whole(lab))


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_give_the_same(make_lab, seed, monkeypatch):
    chance = random.Random(seed)  # noqa: S311
    monkeypatch.setattr(stream, "_FEW", 1000)
    lab = make_lab("web_events")
    for day in (DAY, date(2025, 12, 2)):
        for part in ("a", "b"):
            lines = chance.sample(CLEAN, 20) + chance.sample(ODD, chance.randrange(len(ODD)))
            lines += chance.sample(BROKEN, 1) if chance.random() < 0.3 else []
            chance.shuffle(lines)
            lab.drop(f"{day}.{part}.csv", HEADER + "\n".join(lines) + "\n")
    streamed, read_whole = both_ways(lab)
    assert streamed == read_whole


def test_a_clean_day_is_written_once_and_a_faulty_row_does_not_change_that(make_lab, monkeypatch):
    judged = []
    judge_day = stream.judge_day
    monkeypatch.setattr(stream, "judge_day", lambda opened, staged, case: judged.append(case.day) or judge_day(opened, staged, case))  # fmt: skip  # noqa: E501
    monkeypatch.setattr("pipeline.landing.course.judge_day", lambda *_: pytest.fail("the files are read whole"))
    lab = make_lab("web_events")
    lab.drop("2025-12-01.csv", HEADER + "\n".join(CLEAN) + "\n")
    assert lab.land()[0].content["row_count_loaded"] == len(CLEAN)
    assert judged == []
    lab.drop("2025-12-02.csv", HEADER + "\n".join(["n1,2025-11-30,a,page_view,,,", *ODD[3:5]]) + "\n")
    assert lab.land()[1].content["row_count_quarantined"] == 2
    assert judged == [date(2025, 12, 2)]


@pytest.mark.parametrize("kind", ["BIGINT", "VARCHAR", "DOUBLE"])
def test_parquet_is_streamed_too(make_lab, kind):
    lab = make_lab("web_events")
    file = lab.drop("2025-12-01.parquet", b"")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select i::varchar as event_id, timestamp '2025-11-30' as occurred_at, 'a' || i as anonymous_id, "
            f"case when i = 7 then '' else ' x ' end as event_name, i::{kind} as search_result_count, "
            f"i % 2 = 0 as is_internal from range(2000) as t (i)) to '{file}' (format parquet)"
        )
    streamed, read_whole = both_ways(lab)
    assert streamed == read_whole
    assert streamed[0][0]["row_count_quarantined"] == 1
    assert streamed[0][1][0][4] == "x"


def test_the_key_of_one_column_is_that_column(make_lab):
    lab = make_lab("web_events")
    lab.land_one("2025-12-01.csv", HEADER + CLEAN[0] + "\n")
    assert lab.rows("event_id, _key_hash, _row_hash") == [("e0", "e0", None)]
    assert dict(CONTRACTS["web_events"].landed_columns)["event_id"] == "VARCHAR"


@pytest.mark.parametrize("first", ["jsonl", "parquet"])
def test_every_file_is_read_once_whatever_formats_its_days_have(make_lab, first):
    lab, read = make_lab("web_events"), []
    second = "parquet" if first == "jsonl" else "jsonl"
    for day, form in enumerate((first, second, "csv", first, second), start=1):
        rows = f"select 'e{day}' as event_id, timestamp '2025-11-30' as occurred_at, 'a' as anonymous_id, "
        rows += "'x' as event_name"
        how = "format json" if form == "jsonl" else f"format {form}"
        with duckdb.connect() as connection:
            connection.execute(f"copy ({rows}) to '{lab.drop(f'2025-12-0{day}.{form}', b'')}' ({how})")
    reader = lab.reader()

    def reads(connection, file, **how):
        read.append(file.name)
        return reader(connection, file, **how)

    assert [outcome.content["row_count_loaded"] for outcome in lab.land(read=reads)] == [1] * 5
    assert len(read) == 5


def order_of(lab, day):
    """Files and lines in the order they stand in."""
    data = f"read_parquet('{lab.home.landing}/*/*/extract_date={day}/data.parquet', hive_partitioning = false)"
    with duckdb.connect() as connection:
        return connection.execute(f"select _source_file, _source_line from {data}").fetchall()


@pytest.mark.parametrize(
    ("odd", "loaded"), [("", 9000), (ODD[3] + "\n", 9000), ("e7,2025-11-30T10:00:01Z,a1,page_view,/p,1,false\n", 9001)]
)
def test_rows_stand_in_the_order_of_files_and_lines_and_need_no_sorting(make_lab, monkeypatch, odd, loaded):
    asked, copy_to = [], stream.copy_to
    monkeypatch.setattr(stream, "copy_to", lambda opened, query, file: asked.append(query) or copy_to(opened, query, file))  # fmt: skip  # noqa: E501
    lab = make_lab("web_events")
    for part in ("b", "a", "c"):
        lines = [f"{part}{n},2025-11-30T10:00:00Z,a{n},page_view,/p{n},{n},false\n" for n in range(3000)]
        lab.drop(f"2025-12-01.{part}.csv", HEADER + "".join(lines[:70]) + odd + "".join(lines[70:]))
    assert lab.land()[0].content["row_count_loaded"] == loaded
    found = order_of(lab, "2025-12-01")
    assert len(found) == loaded
    assert found == sorted(found)
    assert [query for query in asked if "order by" in query] == []


def test_rows_out_of_order_are_sorted(make_lab, monkeypatch):
    monkeypatch.setattr(stream, "_is_in_order", lambda *_: False)
    lab = make_lab("web_events")
    lab.drop("2025-12-01.csv", HEADER + "\n".join([*CLEAN, ODD[4]]) + "\n")
    lab.land()
    found = order_of(lab, "2025-12-01")
    assert len(found) == len(CLEAN)
    assert found == sorted(found)
