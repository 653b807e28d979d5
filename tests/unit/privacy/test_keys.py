"""The pseudonym key: made once, kept private, named by a fingerprint."""

import hashlib

import pytest

from pipeline.privacy.keys import PseudonymKeyError, load_or_create_key


def test_a_key_is_made_once_and_kept_private(tmp_path):
    file = tmp_path / "privacy" / "pseudonym.key"
    key = load_or_create_key(file)
    assert len(key.secret) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert load_or_create_key(file) == key
    assert key.fingerprint == hashlib.sha256(b"parcours-key:" + key.secret).hexdigest()[:16]


def test_homes_have_different_keys(tmp_path):
    assert load_or_create_key(tmp_path / "a" / "key").secret != load_or_create_key(tmp_path / "b" / "key").secret


def test_the_secret_is_not_shown(tmp_path):
    key = load_or_create_key(tmp_path / "a" / "key")
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_a_broken_key_file_is_not_overwritten(tmp_path):
    file = tmp_path / "key"
    file.write_text("oops")
    with pytest.raises(PseudonymKeyError, match="backup"):
        load_or_create_key(file)
    assert file.read_text() == "oops"
