"""The demo lives in a home of its own, with a key everybody knows."""

from pipeline.cli.starting import demo_settings, write_demo_key
from pipeline.privacy.keys import load_or_create_key
from pipeline.settings import PROJECT_ROOT, Settings


def test_the_demo_shares_nothing_with_the_users_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PARCOURS_DROP", str(tmp_path / "my extracts"))
    monkeypatch.setenv("PARCOURS_SOURCES", str(tmp_path / "mine.yaml"))
    monkeypatch.setenv("PARCOURS_SEEDS", str(tmp_path / "my seeds"))
    demo = demo_settings(Settings(home=tmp_path / "home", dbt_threads=1))
    assert demo.paths.root == tmp_path / "home" / "demo"
    assert demo.paths.drop == demo.paths.root / "drop"
    assert demo.sources_file == demo.paths.root / "sources.yaml"
    assert demo.seeds_folder == PROJECT_ROOT / "dbt_project" / "seeds"
    assert demo.dbt_threads == 1


def test_the_demo_key_is_the_same_everywhere_and_never_replaces_one(tmp_path):
    fingerprints = set()
    for name in ("one", "two"):
        settings = Settings(home=tmp_path / name)
        write_demo_key(settings)
        fingerprints.add(load_or_create_key(settings.paths.pseudonym_key).fingerprint)
        assert settings.paths.pseudonym_key.stat().st_mode & 0o077 == 0
    assert len(fingerprints) == 1
    own = Settings(home=tmp_path / "own")
    key = load_or_create_key(own.paths.pseudonym_key)
    write_demo_key(own)
    assert load_or_create_key(own.paths.pseudonym_key) == key
