"""Which release is served: the symbolic link ``current``, switched atomically.

Belongs here: the pointer. Does not belong here: what a release holds.
"""

import os
from pathlib import Path

CURRENT = "current"


def current_release(releases: Path) -> Path | None:
    """Folder of the release that is served, or ``None`` before the first."""
    pointer = releases / CURRENT
    return pointer.resolve() if pointer.exists() else None


def point_current_at(releases: Path, release: str) -> None:
    """Serve another release; readers see the old one or the new one, nothing between.

    Raises:
        FileNotFoundError: there is no such release.
    """
    if not (releases / release).is_dir():
        raise FileNotFoundError(
            f"there is no release {release} in {releases.name}/; `parcours releases list` shows them"
        )
    temporary = releases / f".{CURRENT}-{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(release, target_is_directory=True)
    temporary.replace(releases / CURRENT)


def release_folders(releases: Path) -> list[Path]:
    """Folders of all sealed releases, oldest as-of date first."""
    if not releases.is_dir():
        return []
    return sorted(
        path for path in releases.iterdir() if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )
