"""Files of an object store, found and read by the rules of the drop folder.

Belongs here: listing, fetching and watching objects over fsspec. Does not belong here: what is inside a file.
"""

import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.extract.errors import SourceAccessError, SourceUnavailableError, UnsafePathError
from pipeline.extract.files import SourceFile, by_day, dated_file
from pipeline.extract.mapping import Mapping
from pipeline.extract.places import Location

_TAGS = ("ETag", "etag", "md5Hash", "content_md5")
_LIBRARIES = {"s3": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure"}
_FAULTS = (  # of the libraries a store may have loaded: (module, class)
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("gcsfs.retry", "HttpError"),
    ("azure.core.exceptions", "AzureError"),
)


@dataclass(frozen=True)
class StoredFile(SourceFile):
    """A file of an object store; ``path`` is its key.

    Its hash is that of the tag the store gives to its content, so that a listing is enough to tell whether it
    changed; where a store gives none, of the bytes.

    Attributes:
        store: the file system.
        tag: the tag, and the size, as listed.
    """

    store: Any = field(default=None, repr=False, compare=False)
    tag: str | None = None
    stored_size: int = 0

    @cached_property
    def sha256(self) -> str:
        """Hash of tag and size, or of the bytes where there is no tag."""
        return self._hash_now(self.tag)

    def is_as_hashed(self) -> bool:
        """Whether the object still is the one the hash was taken of."""
        with _plain_faults(self.name):
            self.store.invalidate_cache()
            return self._hash_now(_tag(self.store.info(str(self.path)))) == self.sha256

    def _hash_now(self, tag: str | None) -> str:
        if tag is not None:
            return hashlib.sha256(tag.encode()).hexdigest()
        with _plain_faults(self.name), self.store.open(str(self.path), "rb") as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
            return digest.hexdigest()

    @property
    def size_bytes(self) -> int:
        """Size as listed."""
        return self.stored_size

    @contextmanager
    def local(self, scratch: Path) -> Iterator[SourceFile]:
        """A private copy, there while it is read."""
        endings = "".join(suffix for suffix in PurePosixPath(self.name).suffixes[-2:] if suffix.isascii())
        folder = Path(tempfile.mkdtemp(dir=scratch))
        copy = folder / f"object{re.sub(r'[^.A-Za-z0-9]', '', endings)}"
        try:
            with _plain_faults(self.name), self.store.open(str(self.path), "rb") as stream, copy.open("wb") as target:
                shutil.copyfileobj(stream, target, 1 << 20)
            yield SourceFile(path=copy, name=self.name, day=self.day, replacement=self.replacement)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def discover_objects(location: Location, mapping: Mapping) -> dict[date, list[SourceFile]]:
    """The files of a table in an object store, by extract day; see `pipeline.extract.finding.discover`.

    Raises:
        SourceUnavailableError: the store does not answer; trying again may help.
        SourceAccessError: the place does not exist, or may not be read.
        UnsafePathError: a key climbs out of its place.
        UndatedFileError: a file bears no extract day.
    """
    store, root = _open(location)
    found: dict[str, SourceFile] = {}
    for pattern in (written.replace("{day}*", "*").replace("{day}", "*") for written in mapping.files):
        matches = _matcher(pattern)
        with _plain_faults(location.url):
            listed = store.find(_fixed_part(root, pattern), detail=True)
        for key, facts in sorted(listed.items()):
            name = str(key).removeprefix(root).lstrip("/")
            if ".." in name.split("/"):
                raise UnsafePathError(f"{name} of table {mapping.table} climbs out of {location.url}. Rename it.")
            if not matches(name) or PurePosixPath(name).name.startswith((".", "_")):
                continue
            if (dated := dated_file(Path(str(key)), name, mapping)) is not None:
                found[name] = StoredFile(
                    path=dated.path,
                    name=name,
                    day=dated.day,
                    replacement=dated.replacement,
                    store=store,
                    tag=_tag(facts),
                    stored_size=int(facts.get("size") or 0),
                )
    return by_day(found)


def _open(location: Location) -> tuple[Any, str]:
    import fsspec  # noqa: PLC0415 - only a home with an object store pays for it

    scheme = location.url.partition("://")[0]
    try:
        store, root = fsspec.url_to_fs(location.url, **_arguments(scheme, dict(location.options)))
    except ImportError:
        extra = _LIBRARIES.get(scheme, scheme)
        raise SourceAccessError(
            f"{location.url}: the library for {scheme}:// is not installed. Install parcours[{extra}]."
        ) from None
    return store, str(root).rstrip("/")


def _arguments(scheme: str, options: dict[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
    if scheme in ("memory", "file"):
        return {}
    if "anonymous" in options:
        anonymous = bool(options["anonymous"])
        nobody: dict[str, Any] = {"token": "anon"} if scheme in ("gs", "gcs") and anonymous else {"anon": anonymous}
        arguments |= nobody
    client = {"region_name": options["region"]} if "region" in options else {}
    if "endpoint_url" in options:
        arguments["endpoint_url"] = options["endpoint_url"]
    if scheme == "s3" and client:
        arguments["client_kwargs"] = client
    return arguments | {key: options[key] for key in ("account_name", "project") if key in options}


def _tag(facts: dict[str, Any]) -> str | None:
    tag = next((facts[name] for name in _TAGS if facts.get(name)), None)
    return None if tag is None else f"{str(tag).strip(chr(34))}:{facts.get('size')}"


def _fixed_part(root: str, pattern: str) -> str:
    """The deepest folder all matches of a pattern lie in."""
    fixed = []
    for part in PurePosixPath(pattern).parts[:-1]:
        if any(mark in part for mark in "*?["):
            break
        fixed.append(part)
    return "/".join([root, *fixed])


def _matcher(pattern: str) -> Any:  # noqa: ANN401 - a bound method of a compiled pattern
    """A glob as the drop folder understands it: ``*`` stays within a folder, ``**`` does not."""
    regular = "".join(
        {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(piece, piece)
        if piece.startswith(("*", "?", "["))
        else re.escape(piece)
        for piece in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|[^*?\[]+|\[", pattern)
    )
    return re.compile(regular, re.DOTALL).fullmatch


@contextmanager
def _plain_faults(what: str) -> Iterator[None]:
    """Turn what a store's library throws into two kinds: what may pass, and what will not."""
    faults = tuple(
        getattr(sys.modules[module], name) for module, name in _FAULTS if hasattr(sys.modules.get(module), name)
    )
    try:
        yield
    except (FileNotFoundError, PermissionError) as error:
        kind = "does not exist" if isinstance(error, FileNotFoundError) else "may not be read"
        raise SourceAccessError(
            f"{what}: it {kind}. Check the address and the credentials in the environment."
        ) from None
    except (OSError, TimeoutError, *faults) as error:
        if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError"):
            raise SourceAccessError(f"{what}: no credentials. Put the provider's own into the environment.") from None
        raise SourceUnavailableError(f"{what}: the store does not answer ({type(error).__name__}).") from None
