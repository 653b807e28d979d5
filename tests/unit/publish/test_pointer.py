"""The link to the served release."""

import threading
from pathlib import Path

import pytest

from pipeline import publish
from pipeline.publish.pointer import CURRENT


@pytest.fixture
def releases(tmp_path):
    for name in ("a", "b", ".staging-c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name, encoding="utf-8")
    return tmp_path


def test_before_the_first_release_nothing_is_served(tmp_path):
    assert publish.current_release(tmp_path / "nowhere") is None
    assert publish.release_folders(tmp_path / "nowhere") == []


def test_the_link_is_relative_so_that_a_home_can_be_moved(releases, tmp_path_factory):
    publish.point_current_at(releases, "a")
    assert not (releases / CURRENT).readlink().is_absolute()
    moved = releases.rename(tmp_path_factory.mktemp("elsewhere") / "moved")
    assert publish.current_release(moved) == moved / "a"


def test_only_sealed_releases_are_listed(releases):
    publish.point_current_at(releases, "b")
    assert [folder.name for folder in publish.release_folders(releases)] == ["a", "b"]


def test_a_release_that_is_not_there_cannot_be_served(releases):
    publish.point_current_at(releases, "a")
    with pytest.raises(FileNotFoundError, match="releases list"):
        publish.point_current_at(releases, "z")
    assert publish.current_release(releases) == releases / "a"


@pytest.mark.parametrize("method", ["unlink", "symlink_to", "replace"])
def test_between_any_two_steps_of_a_switch_some_release_is_served(releases, monkeypatch, method):
    publish.point_current_at(releases, "a")
    real, seen = getattr(Path, method), []

    def watched(self, *arguments, **options):
        result = real(self, *arguments, **options)
        seen.append((releases / CURRENT / "file").exists())
        return result

    monkeypatch.setattr(Path, method, watched)
    publish.point_current_at(releases, "b")
    assert seen
    assert all(seen)


def test_readers_see_one_release_or_the_other_and_never_none(releases):
    publish.point_current_at(releases, "a")
    seen, is_over = [], threading.Event()

    def read():
        while not is_over.is_set():
            try:
                seen.append((releases / CURRENT / "file").read_text(encoding="utf-8"))
            except OSError as error:
                seen.append(repr(error))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(300):
        publish.point_current_at(releases, "ab"[number % 2])
    is_over.set()
    reader.join()
    assert set(seen) <= {"a", "b"}
    assert len(seen) > 10
    assert sorted(path.name for path in releases.iterdir()) == [".staging-c", "a", "b", CURRENT]
