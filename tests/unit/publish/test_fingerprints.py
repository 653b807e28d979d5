"""Hashes that tell contents apart and nothing else."""

import os

from pipeline.publish.fingerprints import (
    file_fingerprints,
    folder_fingerprint,
    sorted_copy,
    table_fingerprint,
    text_fingerprint,
)
from pipeline.publish.manifest import Ingredients, release_id
from pipeline.warehouse import connection


def test_a_folder_hashes_by_names_and_contents_alone(tmp_path):
    for place in ("one", "two"):
        folder = tmp_path / place / "models"
        (folder / "sub").mkdir(parents=True)
        for name in ("a.sql", "sub/b.sql") if place == "one" else ("sub/b.sql", "a.sql"):
            (folder / name).write_text(name, encoding="utf-8")
    one, two = tmp_path / "one" / "models", tmp_path / "two" / "models"
    os.utime(two / "a.sql", (0, 0))
    before = folder_fingerprint([one])
    assert folder_fingerprint([two]) == before
    (one / "__pycache__").mkdir()
    (one / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert folder_fingerprint([one]) == before
    (two / "a.sql").rename(two / "c.sql")
    assert folder_fingerprint([two]) != before
    (one / "a.sql").write_text("other", encoding="utf-8")
    assert folder_fingerprint([one]) != before


def test_texts_hash_in_their_order_and_do_not_run_together():
    assert text_fingerprint(["a", "b"]) == text_fingerprint(iter(["a", "b"]))
    assert len({text_fingerprint(parts) for parts in (["a", "b"], ["b", "a"], ["ab"], ["ab", ""], [])}) == 5


def test_a_table_hashes_the_same_in_any_order_and_in_any_file(tmp_path):
    with connection() as memory:
        memory.execute("create table t as select i, cast(i as decimal(18, 2)) as m, null as n from range(100) r (i)")
        memory.execute("create table shuffled as from t order by hash(i)")
        memory.execute("create table without_one as from t where i > 0")
        memory.execute("create table twice as from t union all from t")
        count = sorted_copy(memory, "shuffled", tmp_path / "it's.parquet")
        prints = [table_fingerprint(memory, name) for name in ("t", "shuffled", "without_one", "twice")]
        from_file = table_fingerprint(memory, f"read_parquet('{tmp_path}/it''s.parquet')")
    assert count == 100
    assert prints[0] == prints[1] == from_file
    assert len(set(prints)) == 3


def test_an_empty_table_has_a_hash_too(tmp_path):
    with connection() as memory:
        memory.execute("create table t (a integer)")
        assert sorted_copy(memory, "t", tmp_path / "t.parquet") == 0
        assert len(table_fingerprint(memory, "t")) == 64


def test_every_file_of_a_folder_is_hashed(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(b"")
    assert file_fingerprints(tmp_path) == {"sub/a": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}


def test_a_release_is_named_by_its_day_and_everything_it_is_made_of():
    parts = ["inputs", "seeds", "code", "key"]
    name = release_id("2025-12-01", Ingredients(*parts))
    assert name.startswith("2025-12-01-")
    assert len(name) == len("2025-12-01-") + 12
    others = {release_id("2025-12-01", Ingredients(*[*parts[:n], "other", *parts[n + 1 :]])) for n in range(4)}
    assert len(others | {name, release_id("2025-12-02", Ingredients(*parts))}) == 6
