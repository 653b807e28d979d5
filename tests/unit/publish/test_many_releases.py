"""Readers while releases are published, processes killed while they publish, and releases that are let go."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import publish
from pipeline.publish import assembly, manifest, pointer, retention
from pipeline.settings import PROJECT_ROOT
from tests.unit.publish.tiny_release import tiny, told

NOW = datetime(2026, 1, 1, 5, 30)  # noqa: DTZ001  naive UTC, as everywhere
PUBLISHES = 200


def test_readers_meet_no_error_and_no_mixed_release_while_200_are_published(tmp_path):
    tiny(tmp_path, 0)
    seen: list[set[int]] = []
    faults: list[BaseException] = []
    is_over = threading.Event()

    def read():
        while not is_over.is_set():
            try:
                served = publish.current_release(tmp_path)
                assert served is not None
                seen.append(told(served))
            except BaseException as error:  # noqa: BLE001  whatever a reader meets is a finding
                faults.append(error)
            time.sleep(0.15)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, PUBLISHES + 1):
        tiny(tmp_path, number)
        names = publish.retirable(tmp_path, publish.Policy(newest=40, months=0))
        publish.retire(tmp_path, names, reason="retention", at=NOW)
    is_over.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert [numbers for numbers in seen if len(numbers) != 1] == []
    assert len({next(iter(numbers)) for numbers in seen}) > 5, "the readers really saw releases change"
    assert told(publish.current_release(tmp_path)) == {PUBLISHES}
    assert len(publish.release_folders(tmp_path)) == 40


class _Killed(BaseException):
    """Stands for the end of the process: nothing in the product catches it."""


_FILES = {module.__file__ for module in (assembly, manifest, pointer, retention)}


def _die_at_line(number):
    """Let the process die before the n-th line that publishing executes."""
    passed = {"lines": 0}

    def trace(frame, event, _):
        if frame.f_code.co_filename not in _FILES:
            return None
        if event == "line":
            passed["lines"] += 1
            if passed["lines"] == number:
                raise _Killed
        return trace

    return trace


def _publish_and_let_go(releases, number):
    tiny(releases, number)
    names = publish.retirable(releases, publish.Policy(newest=2, months=0))
    publish.retire(releases, names, reason="retention", at=NOW)


def test_a_process_that_dies_before_any_line_leaves_the_old_release_or_the_new_one(tmp_path):
    deaths, number = 0, 10
    for each in range(1, number):
        tiny(tmp_path, each)
    for line in range(1, 2000, 4):
        before = told(publish.current_release(tmp_path))
        sys.settrace(_die_at_line(line))
        try:
            _publish_and_let_go(tmp_path, number)
        except _Killed:
            deaths += 1
        else:
            break
        finally:
            sys.settrace(None)
        served = publish.current_release(tmp_path)
        assert served is not None
        assert told(served) in (before, {number})
        if deaths % 10 == 0:
            assert publish.verify_release(served) == []
        _publish_and_let_go(tmp_path, number)
        assert told(publish.current_release(tmp_path)) == {number}, "the run after a killed one ends what it began"
        assert not list(tmp_path.glob(".retired-*"))
        number += 1
    assert deaths >= 50, f"{deaths} kill points"


def test_a_process_that_is_killed_leaves_the_old_release_or_the_new_one(tmp_path):
    chance, number = random.Random(7), 1  # noqa: S311  when to kill, not a secret
    tiny(tmp_path, 0)
    for _ in range(5):
        command = [sys.executable, "-m", "tests.unit.publish.tiny_release", str(tmp_path), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT_ROOT, env=dict(os.environ)) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0.02, 0.2))
            process.send_signal(signal.SIGKILL)
        served = publish.current_release(tmp_path)
        assert served is not None
        (found,) = told(served)
        assert publish.verify_release(served) == []
        assert found >= number - 1
        number = found + 1
        assert told(tiny(tmp_path, number)) == {number}


def _names(folders):
    return [folder.name for folder in folders]


def test_the_newest_the_served_the_one_before_and_the_last_of_a_month_stay(tmp_path):
    made = [tiny(tmp_path, number) for number in range(0, 80, 8)]  # January to March
    publish.point_current_at(tmp_path, made[3].name)
    gone = publish.retirable(tmp_path, publish.Policy(newest=2, months=2))
    kept = [folder.name for folder in made if folder.name not in gone]
    days = {folder.name: publish.read_manifest(folder).as_of_date for folder in made}
    assert made[3].name in kept
    assert kept[-2:] == _names(made[-2:])
    assert max(name for name in kept if days[name].startswith("2000-02"))
    assert not [name for name in kept if days[name].startswith("2000-01") and name != made[3].name]
    assert publish.retire(tmp_path, gone, reason="retention", at=NOW) == sorted(gone)
    assert sorted(_names(publish.release_folders(tmp_path))) == sorted(kept)
    log = (tmp_path / retention.RETIRED).read_text(encoding="utf-8").splitlines()
    assert len(log) == len(gone)
    assert all('"reason": "retention"' in line for line in log)


def test_the_served_release_is_never_taken_away(tmp_path):
    served = tiny(tmp_path, 1)
    with pytest.raises(ValueError, match="is served and cannot be taken away"):
        publish.retire(tmp_path, [served.name], reason="erasure", at=NOW)
    assert publish.current_release(tmp_path) == served
    assert isinstance(served, Path)
