"""`parcours init` and the home of the demo: giving a user something to start from.

Belongs here: writing files a user then edits. Does not belong here: the files' content, which is data.
"""

import hashlib
import shutil
from pathlib import Path

from pipeline.contracts import CONTRACTS
from pipeline.settings import Settings

_TEMPLATE = Path(__file__).parent / "sources.template.yaml"
_DEMO_KEY = hashlib.sha256(b"parcours demo: invented people only").hexdigest()


def init_home(folder: Path, shipped_seeds: Path) -> list[Path]:
    """Write a source mapping, the seeds and the drop folders of a new home.

    Raises:
        FileExistsError: something of it is there; nothing was written.

    Returns:
        What was written.
    """
    sources, seeds = folder / "sources.yaml", folder / "seeds"
    for existing in (sources, seeds):
        if existing.exists():
            raise FileExistsError(f"{existing} exists; nothing was written. Give another folder, or move it away.")
    seeds.mkdir(parents=True)
    shutil.copyfile(_TEMPLATE, sources)
    for path in sorted(shipped_seeds.glob("*.csv")):
        shutil.copyfile(path, seeds / path.name)
    for contract in CONTRACTS.values():
        (folder / "drop" / contract.source / contract.table).mkdir(parents=True, exist_ok=True)
    return [sources, seeds, folder / "drop"]


def demo_settings(settings: Settings) -> Settings:
    """Settings of the demo's own home, which shares nothing with the user's."""
    home = settings.paths.root / "demo"
    return Settings(
        home=home,
        drop=home / "drop",
        sources=home / "sources.yaml",
        seeds=settings.dbt_project / "seeds",
        dbt_threads=settings.dbt_threads,
    )


def write_demo_key(settings: Settings) -> None:
    """Give the demo a key known to everybody, so that its releases are the same everywhere."""
    file = settings.paths.pseudonym_key
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(0o700)
        file.write_text(_DEMO_KEY + "\n", encoding="ascii")
        file.chmod(0o600)
