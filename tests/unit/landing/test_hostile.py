"""Files that mean harm: each is refused or harmless, and nothing outside the home is touched."""

import gzip
import io
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.extract import FileReader, Limits, UnsafePathError
from pipeline.landing import promote
from tests.unit.landing.laboratory import DAY

HEADER = "order_id,ordered_at,order_type,net_amount\n"
GOOD = "1,2025-11-30 10:00,sale,10.00\n"
SMALL = Limits(unpacked_bytes=100 << 20, unpacked_ratio=20)


def problem(outcome):
    assert not outcome.is_readable
    return outcome.problems[0]


def archive(kind, members):
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w") as box:
            for name, text in members.items():
                box.writestr(name, text)
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz" if kind == "tar.gz" else "w") as box:
            for name, text in members.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(text)
                box.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["2025-12-01.zip", "2025-12-01.csv.zip", "2025-12-01.tar", "2025-12-01.tgz"])
def test_archives_of_several_files_are_refused_and_not_opened(lab, name):
    kind = "zip" if name.endswith("zip") else "tar.gz" if name.endswith("tgz") else "tar"
    content = archive(kind, {"../../escaped.csv": HEADER + GOOD, "/escaped.csv": HEADER + GOOD})
    assert "archive; it is not opened" in problem(lab.land_one(name, content))
    assert not list(lab.home.root.parent.rglob("escaped*"))


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_archives_under_another_name_are_refused(lab, kind):
    assert f"this is a {kind} archive" in problem(
        lab.land_one("2025-12-01.csv", archive(kind, {"../x.csv": HEADER + GOOD}))
    )


def test_an_archive_inside_gzip_is_refused(lab):
    lab.drop("2025-12-01.csv.gz", archive("tar", {"../x.csv": HEADER + GOOD}))
    assert "zero bytes" in problem(lab.land()[0])


@pytest.mark.parametrize(
    "name",
    ["2025-12-01..%2f..%2fescaped.csv", "2025-12-01;drop table raw--.csv", "2025-12-01'||(select 1)||'.csv",
     "2025-12-01\n.csv", '2025-12-01".csv', "2025-12-01 $(touch escaped).csv", "2025-12-01{a,b}.csv"],
)  # fmt: skip
def test_a_name_is_only_a_name(lab, name):
    assert lab.land_one(name, HEADER + GOOD).is_readable
    assert lab.rows("order_id, _source_file") == [("1", f"crm/orders/{name}")]
    assert not list(lab.home.root.parent.rglob("escaped"))


def test_a_link_out_of_the_drop_folder_stops_the_command(lab, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(HEADER + GOOD)
    lab.drop("2025-12-01.csv", HEADER + GOOD)
    (lab.home.drop / "crm" / "orders" / "2025-12-02.csv").symlink_to(secret)
    with pytest.raises(UnsafePathError, match="leads out of the drop folder"):
        lab.land()
    assert not lab.home.landing.exists()


def test_a_folder_that_is_a_link_out_of_the_drop_stops_the_command(make_lab, tmp_path):
    lab = make_lab(files=["crm/*/{day}*"])
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "2025-12-01.csv").write_text(HEADER + GOOD)
    (lab.home.drop / "crm").mkdir(parents=True)
    (lab.home.drop / "crm" / "orders").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafePathError):
        lab.land()


def small(lab):
    return FileReader(lab.mapping(), lab.reader().contract, SMALL)


def test_a_gzip_bomb_is_refused_before_it_fills_the_disk(lab):
    body = gzip.compress((HEADER + GOOD).encode() + b"\n" * (80 << 20))
    lab.drop("2025-12-01.csv", "").rename(lab.home.drop / "crm" / "orders" / "2025-12-01.csv.gz")
    (lab.home.drop / "crm" / "orders" / "2025-12-01.csv.gz").write_bytes(body)
    message = problem(lab.land(read=small(lab))[0])
    assert "unpacks to more than 20 times its size" in message
    assert "PARCOURS_UNPACKED_RATIO" in message
    assert not list((lab.home.quarantine / "_scratch").glob("*"))


def test_a_zstandard_bomb_is_refused_without_unpacking(lab):
    file = lab.drop("2025-12-01.csv.zst", b"")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select repeat('a', 1000) as order_id from range(90000)) "
            f"to '{file}' (format csv, header, compression zstd)"
        )
    assert file.stat().st_size < 1 << 20
    assert "unpacks to more than" in problem(lab.land(read=small(lab))[0])


def test_a_parquet_bomb_is_refused_by_its_cells(lab):
    file = lab.drop("2025-12-01.parquet", b"")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select '1' as order_id, timestamp '2025-11-30' as ordered_at, 'sale' as order_type, "
            f"1 as net_amount from range(30000000)) to '{file}' (format parquet, row_group_size 10000000)"
        )
    assert file.stat().st_size < 1 << 20
    assert "unpacks to more than" in problem(lab.land(read=small(lab))[0])


def test_the_limit_in_bytes_holds_whatever_the_ratio(lab):
    lab.drop("2025-12-01.csv", HEADER + GOOD * 2000)
    reader = FileReader(lab.mapping(), lab.reader().contract, replace(SMALL, unpacked_bytes=10_000))
    assert "PARCOURS_UNPACKED_GIGABYTES" in problem(lab.land(read=reader)[0])


@pytest.mark.parametrize("name", ["2025-12-01.csv", "2025-12-01.jsonl"])
def test_a_line_of_200_megabytes_is_refused(lab, name):
    file = lab.drop(name, HEADER + GOOD)
    with file.open("ab") as stream:
        for _ in range(200):
            stream.write(b"x" * (1 << 20))
    assert "a line is longer than 16 MiB" in problem(lab.land()[0])


def test_a_cell_of_many_lines_of_200_megabytes_is_quarantined_or_refused(lab):
    file = lab.drop("2025-12-01.csv", HEADER + GOOD + '2,2025-11-30,sale,"')
    with file.open("ab") as stream:
        for _ in range(40):
            stream.write((b"x" * 1023 + b"\n") * 1024)
        stream.write(b'"\n' + GOOD.replace("1,", "3,", 1).encode())
    outcome = lab.land()[0]
    loaded = outcome.content["row_count_loaded"]
    assert not outcome.is_readable or (loaded, outcome.content["row_count_quarantined"]) == (2, 1)


@pytest.mark.parametrize("name", ["2025-12-01.csv", "2025-12-01.jsonl"])
def test_nul_bytes_are_refused(lab, name):
    assert "zero bytes" in problem(lab.land_one(name, HEADER + GOOD + "2,2025-11-30,sa\x00le,1\n"))


def test_a_nul_in_a_json_text_does_no_harm(make_lab):
    lab = make_lab("feedback")
    lab.drop("2025-12-01.jsonl", '{"feedback_id":"1","published_at":"2025-11-30","body":"a\\u0000b","x\\u0000y":1}\n')
    outcome = lab.land()[0]
    assert not outcome.is_readable or outcome.content["row_count_received"] == 1


def test_sql_in_column_names_is_only_a_name(lab):
    names = ['"; drop table raw; --', "x') ; select 1 --", "a'b", 'q"uo', "order_id) from", "file_row_number", "_line"]
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    outcome = lab.land_one("2025-12-01.csv", HEADER.replace("\n", f",{quoted}\n") + GOOD.replace("\n", ",x" * 7 + "\n"))
    assert outcome.content["row_count_loaded"] == 1
    assert set(names) == set(outcome.content["files"][0]["unknown_columns"])
    content = (
        '{"order_id":"1","ordered_at":"2025-11-30","order_type":"sale","net_amount":1,"x\\") ; drop":1,"a\'b":2}\n'
    )
    assert lab.land_one("2025-12-02.jsonl", content).content["row_count_loaded"] == 1


def test_sql_in_parquet_column_names_is_only_a_name(lab):
    file = lab.drop("2025-12-01.parquet", b"")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select '1' as order_id, timestamp '2025-11-30' as ordered_at, 'sale' as order_type, "
            '1.0 as net_amount, 2 as "x""; drop table raw; --", 3 as "a\'b", 4 as "_line") '
            f"to '{file}' (format parquet)"
        )
    assert lab.land()[0].content["row_count_loaded"] == 1


def test_sql_and_formulas_in_values_land_as_text(lab):
    cell = "=1+1'); drop table door; --"
    lab.land_one("2025-12-01.csv", HEADER.replace("\n", ",sales_channel\n") + GOOD.replace("\n", f',"{cell}"\n'))
    promote(lab.home, "orders", DAY)
    assert lab.rows("sales_channel", accepted=True) == [(cell,)]


def test_a_file_that_may_not_be_read_is_an_error_of_the_system(lab, monkeypatch):
    closed = lab.drop("2025-12-01.csv", HEADER + GOOD)
    opened = Path.open

    def refusing(path, *arguments, **named):
        if path == closed:
            raise PermissionError(path)
        return opened(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refusing)  # a mode of 0 closes nothing to the superuser
    with pytest.raises(PermissionError):
        lab.land()
