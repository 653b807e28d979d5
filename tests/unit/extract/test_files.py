"""Which files make a day, and what must not be read."""

from datetime import date

import pytest

from pipeline.extract import UndatedFileError, UnsafePathError, discover, parse_sources


def mapping(**block):
    content = {"version": 1, "company": {}, "sources": {"crm": {"tables": {"orders": block}}}}
    return parse_sources(content, name="s").mappings["orders"]


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "drop" / "crm" / "orders"
    path.mkdir(parents=True)
    return path


def names(days):
    return {day.isoformat(): [file.path.name for file in files] for day, files in days.items()}


def test_days_parts_and_replacements(folder):
    for name in (
        "2025-12-02.csv", "2025-12-01.b.csv", "2025-12-01.a.csv.gz", "2025-12-03.csv", "2025-12-03.r2.csv",
        "2025-12-03.r10.b.csv", "2025-12-03.r10.csv", ".2025-12-04.csv", "2025-12-05.csv.part", "README.md",
    ):  # fmt: skip
        (folder / name).write_text("x")
    assert names(discover(folder.parents[1], mapping())) == {
        "2025-12-01": ["2025-12-01.a.csv.gz", "2025-12-01.b.csv"],
        "2025-12-02": ["2025-12-02.csv"],
        "2025-12-03": ["2025-12-03.r10.b.csv", "2025-12-03.r10.csv"],
    }


def test_a_constant_day_for_a_one_off_file(folder):
    (folder / "all.csv").write_text("x")
    found = discover(folder.parents[1], mapping(files="crm/orders/all.csv", extract_day=date(2010, 12, 10)))
    assert names(found) == {"2010-12-10": ["all.csv"]}


@pytest.mark.parametrize("name", ["orders.csv", "2025-13-01.csv"])
def test_a_file_without_a_day_is_not_passed_over(folder, name):
    (folder / name).write_text("x")
    with pytest.raises(UndatedFileError, match="extract_day"):
        discover(folder.parents[1], mapping())


def test_a_link_out_of_the_drop_is_refused(folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("x")
    (folder / "2025-12-01.csv").symlink_to(secret)
    with pytest.raises(UnsafePathError, match="leads out"):
        discover(folder.parents[1], mapping())


def test_no_drop_folder_is_no_file(tmp_path):
    assert discover(tmp_path / "nowhere", mapping()) == {}


def test_a_day_in_the_name_of_a_folder_counts_where_the_file_has_none(folder):
    for name in ("day=2025-12-01/part-0.csv", "day=2025-12-01/part-1.csv", "day=2025-12-02/2025-12-03.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("a\n", encoding="utf-8")
    found = names(discover(folder.parents[1], mapping(files="crm/orders/day=*/*")))
    assert found == {"2025-12-01": ["part-0.csv", "part-1.csv"], "2025-12-03": ["2025-12-03.csv"]}


def test_the_hash_is_of_the_bytes(folder):
    (folder / "2025-12-01.csv").write_bytes(b"abc")
    (file,) = discover(folder.parents[1], mapping())[date(2025, 12, 1)]
    assert file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file.name == "crm/orders/2025-12-01.csv"
