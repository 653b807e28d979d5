"""Tombstones: what is kept of people who were forgotten, so that they stay forgotten.

Belongs here: the file and its hashes. Does not belong here: turning rows away, which the landing door does. A tombstone
is an HMAC: without the key of its day nobody can tell whose it is, with it only who already knows the identifier can.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.privacy.keys import PseudonymKey, load_key
from pipeline.settings import Home

Hashes = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Generation:
    """Tombstones that were made with one key.

    Attributes:
        key: the pseudonym key of those days.
        hashes: kind of identifier to hashes.
    """

    key: PseudonymKey
    hashes: Hashes = field(default_factory=dict)


def tombstone(kind: str, value: str, key: PseudonymKey) -> str:
    """HMAC-SHA256 (RFC 2104) of ``<kind>:<value>``, in hexadecimal.

    Args:
        kind: kind of identifier, so that an order of some number is not a customer of that number.
        value: the identifier as it lands.
        key: the pseudonym key it landed with.
    """
    return hmac.new(key.secret, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def read_tombstones(home: Home) -> list[Generation]:
    """All tombstones of a home, in order of the fingerprints of their keys; empty where nobody was forgotten.

    Raises:
        PseudonymKeyError: a key they were made with is gone or broken.
    """
    return [
        Generation(
            load_key(_key_file(home, fingerprint)), {kind: frozenset(hashes) for kind, hashes in sorted(kinds.items())}
        )
        for fingerprint, kinds in sorted(_read(home).items())
    ]


def add_tombstones(home: Home, identifiers: Hashes, key: PseudonymKey) -> int:
    """Keep a tombstone of every identifier; the key is kept with them, for it will be needed after a re-key too.

    Args:
        home: the home.
        identifiers: identifiers as they land, by kind.
        key: the pseudonym key they landed with.

    Returns:
        How many are new.
    """
    known = _read(home)
    own = known.setdefault(key.fingerprint, {})
    before = sum(map(len, own.values()))
    for kind, values in identifiers.items():
        hashes = {tombstone(kind, value, key) for value in values}
        own[kind] = sorted({*own.get(kind, ()), *hashes})
    write_private(_key_file(home, key.fingerprint), key.secret.hex() + "\n")
    write_private(_file(home), json.dumps(known, sort_keys=True, indent=1) + "\n")
    return sum(map(len, own.values())) - before


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read; it appears whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    partial = file.with_name(f"_{file.name}")
    partial.touch(mode=0o600)
    partial.write_text(text, encoding="utf-8")
    partial.chmod(0o600)
    partial.replace(file)


def _read(home: Home) -> dict[str, dict[str, list[str]]]:
    file = _file(home)
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _file(home: Home) -> Path:
    return home.pseudonym_key.parent / "tombstones.json"


def _key_file(home: Home, fingerprint: str) -> Path:
    return home.pseudonym_key.parent / "tombstone_keys" / f"{fingerprint}.key"
