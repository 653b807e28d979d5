"""The second half of a run: what is written for readers, and when."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from pipeline import publish
from pipeline.defs import releasing
from pipeline.settings import Settings

MADE_OF = publish.Ingredients(inputs="a" * 64, seeds="b" * 64, code="c" * 64, key_fingerprint="d" * 16)
NOW = datetime(2025, 1, 3, tzinfo=UTC).replace(tzinfo=None)


@pytest.fixture
def written(monkeypatch):
    """Releases that were written for readers."""
    found: list[str] = []
    nothing = lambda *_: None  # noqa: E731
    monkeypatch.setattr(releasing, "run_day", lambda _: date(2025, 1, 2))
    monkeypatch.setattr(releasing, "ingredients", lambda _: MADE_OF)
    monkeypatch.setattr(releasing, "_staged_facts", lambda _: (1, 0, False))
    monkeypatch.setattr(releasing, "retire_due", nothing)
    monkeypatch.setattr(publish, "reopen_staged", lambda releases, _: publish.StagedRelease(releases, {}))
    monkeypatch.setattr(publish, "seal", lambda _, manifest, releases: (releases / manifest.release_id, True))
    monkeypatch.setattr(releasing.alerting, "evaluate_release", lambda _, staged, *__: (staged, None))
    monkeypatch.setattr(releasing.alerting, "take_in", nothing)
    monkeypatch.setattr(releasing.gating, "note", nothing)
    monkeypatch.setattr(releasing.gating, "retire_old", nothing)
    monkeypatch.setattr(releasing, "_write_for_readers", lambda *given: found.append(given[-1].release_id))
    return found


def test_a_release_that_was_made_before_is_not_written_for_readers_again(written, tmp_path):
    company = SimpleNamespace(name="Shop", reporting_currency="EUR", business_time_zone="Europe/Paris")
    session = SimpleNamespace(settings=Settings(home=tmp_path), company=company)
    folder, _ = releasing.seal_staged(session, NOW)
    assert written == [folder.name]
    folder.mkdir(parents=True)
    again, _ = releasing.seal_staged(session, NOW)
    assert again == folder
    assert written == [folder.name]
