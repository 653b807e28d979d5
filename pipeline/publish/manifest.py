"""The manifest of a release: what it holds, what it was made of, what was checked.

Belongs here: the manifest's shape, reading and writing it. Does not belong here: making a release.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipeline.publish.fingerprints import text_fingerprint

MANIFEST = "manifest.json"


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
        checks_unmet: expectations not met; all of them warnings, else there would be no release.
        previous_release_id: the release served before, if any.
        files: SHA-256 of every other file of the release.
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


def release_id(as_of_date: str, ingredients: Ingredients) -> str:
    """The id of the release these ingredients give; the same ingredients give the same id."""
    parts = (ingredients.inputs, ingredients.seeds, ingredients.code, ingredients.key_fingerprint)
    return f"{as_of_date}-{text_fingerprint((as_of_date, *parts))[:12]}"


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write ``manifest.json`` into a release folder."""
    text = json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release.

    Raises:
        FileNotFoundError: the folder is no release.
    """
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    content["ingredients"] = Ingredients(**content["ingredients"])
    content["tables"] = {name: TableFacts(**facts) for name, facts in content["tables"].items()}
    return Manifest(**content)
