"""The manifest of a release: what it holds, what it was made of, what was checked.

Belongs here: the manifest's shape, reading and writing it. Does not belong here: making a release.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.publish.fingerprints import text_fingerprint

MANIFEST = "manifest.json"
PROFILES = "profiles.json"


@dataclass(frozen=True)
class TableFacts:
    """Rows and content hash of one table of a release."""

    row_count: int
    sha256: str


@dataclass(frozen=True)
class Ingredients:
    """Hashes of all that a release's numbers depend on."""

    inputs: str
    seeds: str
    code: str
    key_fingerprint: str


@dataclass(frozen=True)
class Override:
    """A check that was unmet and overridden.

    Attributes:
        check: its name.
        reason: why the figures are right although it says otherwise.
        by: the human who answers for it.
        at: ISO instant (UTC).
    """

    check: str
    reason: str
    by: str
    at: str

    @property
    def text(self) -> str:
        """The override in words, as the report shows it."""
        return f"{self.check}: “{self.reason}” ({self.by}, {self.at[:10]})"


@dataclass(frozen=True)
class Manifest:
    """One release.

    Attributes:
        release_id: as-of date and hash of inputs, seeds and code.
        as_of_date: ISO day the release is made as of.
        published_at: ISO instant (UTC) of the rename.
        code_version: version of the product.
        reporting_currency: ISO 4217 code.
        business_time_zone: IANA name.
        ingredients: hashes of what went in.
        tables: rows and hash per table.
        checks_met: expectations met at both doors.
        checks_unmet: expectations not met; warnings all, but for those somebody overrode.
        previous_release_id: the release served before, if any.
        files: SHA-256 of every other file of the release.
        overrides: checks a named human overrode.
    """

    release_id: str
    as_of_date: str
    published_at: str
    code_version: str
    reporting_currency: str
    business_time_zone: str
    ingredients: Ingredients
    tables: dict[str, TableFacts] = field(default_factory=dict)
    checks_met: int = 0
    checks_unmet: int = 0
    previous_release_id: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


def release_id(as_of_date: str, ingredients: Ingredients) -> str:
    """The id of the release these ingredients give; the same ingredients give the same id."""
    parts = (ingredients.inputs, ingredients.seeds, ingredients.code, ingredients.key_fingerprint)
    return f"{as_of_date}-{text_fingerprint((as_of_date, *parts))[:12]}"


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write ``manifest.json`` into a release folder."""
    text = json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def write_profiles(folder: Path, profiles: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write ``profiles.json`` into a staged release: per table its columns, how full they are, how values spread.

    Later releases are held against it; it counts what the published tables show, nothing else.
    """
    content = {table: [dict(column) for column in columns] for table, columns in profiles.items()}
    (folder / PROFILES).write_text(json.dumps(content, sort_keys=True) + "\n", encoding="utf-8")


def read_profiles(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The profiles of a release by table; empty for a release made before there were any."""
    file = folder / PROFILES
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release.

    Raises:
        FileNotFoundError: the folder is no release.
    """
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    content["ingredients"] = Ingredients(**content["ingredients"])
    content["tables"] = {name: TableFacts(**facts) for name, facts in content["tables"].items()}
    content["overrides"] = tuple(Override(**each) for each in content.get("overrides", ()))
    return Manifest(**content)
