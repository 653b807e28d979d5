"""Records taken out of files of every kind; what is left is byte for byte what it was."""

import gzip
import json

import duckdb
import pytest

from pipeline.contracts import CONTRACTS
from pipeline.extract import FileReader, NotRemovableError, discover, every_file, parse_sources, write_without

CSV = 'id;text\r\n1;a\r\n\r\n2;"two\r\nlines"\r\n3;"é; ""so"""\r\n'


def mapping(**block):
    content = {"version": 1, "company": {}, "sources": {"crm": {"tables": {"orders": block}}}}
    return parse_sources(content, name="sources.yaml").mappings["orders"]


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "drop" / "crm" / "orders"
    folder.mkdir(parents=True)

    def put(name, content):
        (folder / name).write_bytes(content)
        return tmp_path / "drop"

    return put


def without(drop, found, lines, scratch):
    scratch.mkdir()
    (file,) = every_file(drop, found)
    return write_without(file, found, lines=lines, scratch=scratch).read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_csv_keeps_every_other_byte(drop, tmp_path, encoding, pack):
    name = "2025-12-01.csv" if pack is bytes else "2025-12-01.csv.gz"
    folder = drop(name, pack(CSV.encode(encoding)))
    left = without(folder, mapping(delimiter=";"), {2}, tmp_path / "scratch")
    left = left if pack is bytes else gzip.decompress(left)
    assert left.decode(encoding) == 'id;text\r\n1;a\r\n\r\n3;"é; ""so"""\r\n'


def test_json_lines_and_documents(drop, tmp_path):
    lines = b'{"a": 1}\n\n{"a": 2}\n{"a": 3}\n'
    assert without(drop("2025-12-01.jsonl", lines), mapping(), {2}, tmp_path / "one") == b'{"a": 1}\n\n{"a": 3}\n'
    document = json.dumps({"data": {"items": [{"a": 1}, {"a": "é"}]}}).encode()
    (tmp_path / "drop" / "crm" / "orders" / "2025-12-01.jsonl").unlink()
    found = mapping(format="json", records="data.items")
    left = without(drop("2025-12-01.json", document), found, {1}, tmp_path / "two")
    assert json.loads(left) == {"data": {"items": [{"a": "é"}]}}


def test_parquet_and_zstandard(drop, tmp_path):
    folder = tmp_path / "drop" / "crm" / "orders"
    with duckdb.connect() as opened:
        opened.execute(f"copy (select unnest([1, 2, 3]) as a) to '{folder / '2025-12-01.parquet'}'")
        left = without(tmp_path / "drop", mapping(), {1, 3}, tmp_path / "one")
        (tmp_path / "left.parquet").write_bytes(left)
        assert opened.execute(f"select a from '{tmp_path / 'left.parquet'}'").fetchall() == [(2,)]
        (folder / "2025-12-01.parquet").unlink()
        opened.execute(
            f"copy (select unnest(['id,x', '1,a', '2,b']) as line) to '{folder / '2025-12-01.csv.zst'}' "
            "(format csv, header false, delimiter '|', quote '', escape '', compression zstd)"
        )
        (tmp_path / "left.csv.zst").write_bytes(without(tmp_path / "drop", mapping(), {1}, tmp_path / "two"))
        assert opened.execute(f"select id, x from read_csv('{tmp_path / 'left.csv.zst'}')").fetchall() == [(2, "b")]


def test_a_document_that_is_not_as_the_mapping_says_is_left_to_a_human(drop, tmp_path):
    folder = drop("2025-12-01.json", b'{"other": []}')
    with pytest.raises(NotRemovableError):
        without(folder, mapping(format="json", records="data.items"), {1}, tmp_path / "scratch")


def test_files_that_were_replaced_are_looked_at_too(drop):
    drop("2025-12-01.csv", b"order_id\n1\n")
    folder = drop("2025-12-01.r1.csv", b"order_id\n1\n")
    assert [file.name for file in every_file(folder, mapping())] == [
        "crm/orders/2025-12-01.csv",
        "crm/orders/2025-12-01.r1.csv",
    ]
    assert sum(map(len, discover(folder, mapping()).values())) == 1


def test_the_numbers_are_those_of_staging(drop, tmp_path):
    rest = "2025-11-30T10:00:00Z,sale,1"
    rows = [f"o1,{rest}", f'"o\n2",{rest}', "", f"o3,{rest}", "o4", f"o5,{rest}"]
    folder = drop("2025-12-01.csv", ("order_id,ordered_at,order_type,net_amount\n" + "\n".join(rows) + "\n").encode())
    found = mapping(ignore=["*"])
    (file,) = every_file(folder, found)
    (scratch := tmp_path / "scratch").mkdir()
    with duckdb.connect() as opened:
        staged = FileReader(found, CONTRACTS["orders"])(opened, file, prefix="p", scratch=scratch)
        lines = dict(opened.execute(f"select order_id, _line from {staged.rows_table}").fetchall())
    left = write_without(file, found, lines={lines["o3"]}, scratch=scratch).read_text(encoding="utf-8")
    assert "o3" not in left
    assert all(name in left for name in ("o1", "o\n2", "o4", "o5"))
