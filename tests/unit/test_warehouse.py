"""Connections, the one-writer lock, quoting."""

import subprocess
import sys
from contextlib import contextmanager

import duckdb
import pytest

from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse import WarehouseBusyError, connection, current_writer, identifier, literal, literals, one_writer

HOLD = """
import sys
from pathlib import Path
from pipeline.warehouse import one_writer
with one_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(lock):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()


def test_a_second_process_is_refused_in_words_and_let_in_afterwards(tmp_path):
    lock = tmp_path / "warehouse" / ".lock"
    with another_process(lock) as process:
        with pytest.raises(WarehouseBusyError) as caught, one_writer(lock):
            pass
        assert f"process {process.pid}, since 2" in str(caught.value)
        assert "Nothing was touched" in str(caught.value)
        assert "parcours status" in str(caught.value)
    with one_writer(lock):
        assert lock.with_name(".lock-holder").exists()
    assert not lock.with_name(".lock-holder").exists()


def test_a_killed_writer_leaves_no_lock_behind(tmp_path):
    lock = tmp_path / ".lock"
    with another_process(lock) as process:
        assert current_writer(lock).startswith(f"process {process.pid}, since 2")
        process.kill()
        process.wait()
        assert lock.with_name(".lock-holder").exists()
        assert current_writer(lock) is None, "a note left behind is no writer"
        with one_writer(lock):
            assert current_writer(lock) is not None
    assert current_writer(lock) is None


def test_one_process_may_enter_twice_and_stays_the_holder_until_it_has_left_twice(tmp_path):
    lock = tmp_path / ".lock"
    with one_writer(lock):
        with one_writer(lock):
            pass
        assert lock.with_name(".lock-holder").exists()
        code = HOLD.replace("sys.stdin.read()", "pass")
        second = subprocess.run(
            [sys.executable, "-c", code, str(lock)], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
        )
        assert "WarehouseBusyError" in second.stderr
    assert not lock.with_name(".lock-holder").exists()


def test_the_lock_is_given_back_when_the_work_fails(tmp_path):
    lock = tmp_path / ".lock"
    with pytest.raises(KeyError), one_writer(lock):
        raise KeyError
    with another_process(lock):
        pass


@pytest.mark.parametrize("name", ["plain", 'with "quotes"', "Customer ID", "select", "é'è", 'a"; drop table t; --'])
def test_whatever_is_quoted_comes_back_as_it_was(name):
    with connection() as memory:
        row = memory.execute(f"select {literal(name)} as {identifier(name)}")
        assert row.description[0][0] == name
        assert row.fetchall() == [(name,)]


def test_a_list_of_texts_is_quoted_one_by_one():
    assert literals(["a", "b'c"]) == "'a', 'b''c'"
    assert literals([]) == ""


def test_a_text_no_engine_can_store_is_refused():
    with pytest.raises(ValueError, match="NUL"):
        literal("a\x00b")


def test_a_connection_speaks_utc_and_is_closed_on_leaving(tmp_path):
    file = tmp_path / "deep" / "file.duckdb"
    with connection(file, threads=1) as opened:
        opened.execute("create table t as select 1 as a")
        settings = opened.execute("select current_setting('TimeZone'), current_setting('threads')").fetchone()
        assert settings == ("UTC", 1)
        assert opened.execute("select current_setting('autoinstall_known_extensions')").fetchone() == (False,)
    with pytest.raises(duckdb.Error):
        opened.execute("select 1")
    with connection(file, read_only=True) as reading, pytest.raises(duckdb.Error, match="read-only"):
        reading.execute("insert into t values (2)")


def test_no_progress_is_drawn_into_what_a_command_writes():
    with connection() as opened:
        assert opened.execute("select current_setting('enable_progress_bar')").fetchone() == (False,)


def test_reading_a_file_that_is_not_there_makes_none(tmp_path):
    with pytest.raises(duckdb.Error), connection(tmp_path / "none.duckdb", read_only=True):
        pass
    assert list(tmp_path.iterdir()) == []
