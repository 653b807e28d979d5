"""The key of a home that e-mail addresses and phone numbers are hashed with.

Belongs here: making, keeping and naming the key. Does not belong here: hashing, which the landing door does.
"""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

_KEY = re.compile(r"[0-9a-f]{64}")


class PseudonymKeyError(ValueError):
    """The key file does not hold a key."""


@dataclass(frozen=True)
class PseudonymKey:
    """The key and the name it goes by.

    Attributes:
        secret: 32 bytes; never shown, logged or stored elsewhere.
        fingerprint: 16 hexadecimal digits that tell keys apart and give nothing away.
    """

    secret: bytes = field(repr=False)
    fingerprint: str


def load_or_create_key(path: Path) -> PseudonymKey:
    """The key of a home, made on first use (file readable by its owner only).

    Args:
        path: the key file: 64 hexadecimal digits.

    Raises:
        PseudonymKeyError: the file holds something else; nothing is overwritten.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first; its key counts
            return load_or_create_key(path)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_bytes(32).hex() + "\n")
    return load_key(path)


def load_key(path: Path) -> PseudonymKey:
    """A key that was made before.

    Raises:
        PseudonymKeyError: the file is gone, or holds something else.
    """
    text = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else ""
    if not _KEY.fullmatch(text):
        raise PseudonymKeyError(
            f"{path.name} does not hold a key (64 hexadecimal digits). Restore it from your backup: "
            "with a new key the same person gets another pseudonym."
        )
    secret = bytes.fromhex(text)
    return PseudonymKey(secret, hashlib.sha256(b"parcours-key:" + secret).hexdigest()[:16])


def replace_key(path: Path) -> PseudonymKey:
    """Make a new key in place of the one at hand, which is gone then.

    Args:
        path: the key file.
    """
    new = path.with_name(f"_{path.name}")
    new.unlink(missing_ok=True)
    load_or_create_key(new)
    new.replace(path)
    return load_key(path)
