"""Staging, completing and sealing a release."""

import os
import stat
from dataclasses import asdict
from pathlib import Path

import pytest

from pipeline import publish
from pipeline.publish.assembly import staging_folder
from pipeline.warehouse import connection


def _names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_release_holds_published_tables_facts_database_report_and_manifest(make_release):
    folder, is_new = make_release()
    assert is_new
    assert publish.table_names(folder) == [
        "data_coverage", "data_coverage_daily", "data_quality", "kpi_latest", "segment_clv",
    ]  # fmt: skip
    assert _names(folder) == ["manifest.json", "parcours.duckdb", "report", "tables"]
    manifest = publish.read_manifest(folder)
    assert {name: facts.row_count for name, facts in manifest.tables.items()} == {
        "data_coverage": 16, "data_coverage_daily": 0, "data_quality": 2, "kpi_latest": 5, "segment_clv": 1,
    }  # fmt: skip
    assert set(manifest.files) == {
        "parcours.duckdb", "report/index.html", *(f"tables/{name}.parquet" for name in manifest.tables)
    }  # fmt: skip
    with connection(folder / "parcours.duckdb", read_only=True) as database:
        tables = database.execute("select table_name, comment from duckdb_tables() order by 1").fetchall()
        columns = database.execute("select comment from duckdb_columns() where column_name = 'kpi_id'").fetchall()
    assert dict(tables)["kpi_latest"] == "One row per KPI, said by 'us'"
    assert columns == [("The KPI",)]


def test_a_sealed_release_cannot_be_written_by_accident(make_release):
    folder, _ = make_release()
    writable = [
        path for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & (stat.S_IWUSR | stat.S_IWOTH)
    ]
    assert writable == []


def test_leftovers_of_an_earlier_attempt_are_thrown_away(home, make_release):
    leftover = staging_folder(home.releases, "2025-11-30-aaaa") / "tables"
    leftover.mkdir(parents=True)
    (leftover / "old.parquet").write_bytes(b"half")
    folder, _ = make_release()
    assert _names(home.releases) == sorted(["current", folder.name])


def test_staged_facts_read_back_are_those_that_were_staged(home):
    staged = publish.stage_tables(home.build_file, home.landing_facts, home.releases, "r")
    assert asdict(publish.reopen_staged(home.releases, "r")) == asdict(staged)
    with pytest.raises(FileNotFoundError, match="run again"):
        publish.reopen_staged(home.releases, "other")


def test_the_same_release_again_changes_nothing(home, make_release):
    folder, _ = make_release()
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in home.releases.rglob("*")}
    assert make_release() == (folder, False)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in home.releases.rglob("*")} == before


def test_the_same_ingredients_with_other_tables_are_never_published(home, make_release, change_build):
    folder, _ = make_release()
    change_build("update published.kpi_latest set value = value + 1")
    with pytest.raises(publish.NotReproducibleError, match=r"kpi_latest come out differently.*Nothing was changed"):
        make_release()
    assert _names(home.releases) == sorted(["current", folder.name])
    assert publish.verify_release(folder) == []


def test_a_table_that_vanished_is_a_difference_too(make_release, change_build):
    make_release()
    change_build("drop table published.segment_clv")
    with pytest.raises(publish.NotReproducibleError, match="segment_clv"):
        make_release()


def test_current_moves_forward_and_never_to_an_older_day(home, make_release):
    first, _ = make_release("2025-12-01")
    later, _ = make_release("2025-12-03")
    assert publish.current_release(home.releases) == later
    older, is_new = make_release("2025-12-02")
    assert is_new
    assert publish.current_release(home.releases) == later
    same_day, _ = make_release("2025-12-03", inputs="corrected")
    assert publish.current_release(home.releases) == same_day
    assert publish.release_folders(home.releases) == sorted([first, older, later, same_day])


def test_a_release_rolled_back_from_is_not_served_again_by_the_same_run(home, make_release):
    first, _ = make_release("2025-12-01")
    make_release("2025-12-02")
    publish.point_current_at(home.releases, first.name)
    assert make_release("2025-12-02")[1] is False
    assert publish.current_release(home.releases) == first


STEPS = ["rename", "replace", "symlink_to", "write_text", "unlink"]


class _Killed(BaseException):
    """Stands for the end of the process: nothing in the product catches it."""


def _die_at(monkeypatch, method, call, *, is_after):
    """Let the process die just before or just after the n-th call of an operation on files."""
    real = getattr(Path, method)
    seen = {"calls": 0}

    def dying(self, *arguments, **options):
        seen["calls"] += 1
        if seen["calls"] == call and not is_after:
            raise _Killed
        result = real(self, *arguments, **options)
        if seen["calls"] == call:
            raise _Killed
        return result

    monkeypatch.setattr(Path, method, dying)


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("method", STEPS)
def test_a_run_killed_at_any_step_leaves_the_old_release_or_the_new_one(home, make_release, method, is_after):
    old, _ = make_release("2025-12-01")
    deaths = 0
    for call in range(1, 100):
        with pytest.MonkeyPatch.context() as patch:
            _die_at(patch, method, call, is_after=is_after)
            try:
                make_release(f"2025-12-0{2 + call % 2}", inputs=f"{method} {call} {is_after}")
            except _Killed:
                deaths += 1
            else:
                break
        served = publish.current_release(home.releases)
        assert served is not None
        assert publish.verify_release(served) == []
        new, _ = make_release(f"2025-12-0{2 + call % 2}", inputs=f"{method} {call} {is_after}")
        assert publish.verify_release(new) == []
        if publish.read_manifest(served).as_of_date <= publish.read_manifest(new).as_of_date:
            assert publish.current_release(home.releases) == new, "the run after a killed one serves its release"
        assert not [name for name in _names(home.releases) if name.startswith(".staging")]
        publish.point_current_at(home.releases, old.name)
    assert deaths > 0


def test_a_release_that_was_killed_before_its_switch_is_served_by_the_next_run(home, make_release, monkeypatch):
    old, _ = make_release("2025-12-01")
    with monkeypatch.context() as patch:
        _die_at(patch, "replace", 1, is_after=False)
        with pytest.raises(_Killed):
            make_release("2025-12-02")
    assert publish.current_release(home.releases) == old
    folder, is_new = make_release("2025-12-02")
    assert (publish.current_release(home.releases), is_new) == (folder, False)


def test_what_a_release_is_written_with_reaches_the_disk_before_the_rename(make_release, monkeypatch):
    order = []
    fsync, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda handle: order.append("sync") or fsync(handle))
    monkeypatch.setattr(Path, "rename", lambda self, target: order.append("rename") or rename(self, target))
    make_release()
    assert order == ["sync"] * 8 + ["rename"]
