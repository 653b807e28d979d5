"""What the house rules are checked on: the files that are, or are about to be, under version control."""

import subprocess
from functools import lru_cache
from pathlib import Path

from pipeline.settings import PROJECT_ROOT

_GENERATED = {".venv", "target", "dbt_packages", "logs", "parcours_home", "node_modules", "__pycache__"}


@lru_cache(maxsize=1)
def repository_files() -> tuple[Path, ...]:
    """Files git tracks or would track; without git (an unpacked archive), all that is not generated."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = listed.stdout.splitlines()
    if listed.returncode or not names:
        names = [str(path.relative_to(PROJECT_ROOT)) for path in PROJECT_ROOT.rglob("*")]
        names = [name for name in names if not _is_generated(Path(name))]
    return tuple(sorted(path for name in names if (path := PROJECT_ROOT / name).is_file()))


def _is_generated(path: Path) -> bool:
    return any(part in _GENERATED or part in {".git", ".cache"} or part.endswith("_cache") for part in path.parts)


def files(suffix: str, *, under: str = "") -> list[Path]:
    """Files with that suffix in a folder of the repository."""
    folder = PROJECT_ROOT / under
    return [path for path in repository_files() if path.suffix == suffix and path.is_relative_to(folder)]


def name(path: Path) -> str:
    """Path inside the repository, for messages and test ids."""
    return path.relative_to(PROJECT_ROOT).as_posix()
