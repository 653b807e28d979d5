"""Which release is served: the symbolic link ``current``, switched atomically.

Belongs here: the pointer. Does not belong here: what a release holds.
"""

import os
from pathlib import Path

CURRENT = "current"
_NEXT = ".current-next"


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
    withdraw(releases)


def announce(releases: Path, release: str) -> None:
    """Say which release is about to be sealed and served, so that a later run can finish what a killed one began."""
    withdraw(releases)
    (releases / _NEXT).symlink_to(release, target_is_directory=True)


def is_announced(releases: Path, release: str) -> bool:
    """Whether the run that sealed a release meant to serve it and did not live to do so."""
    pointer = releases / _NEXT
    return pointer.is_symlink() and pointer.readlink() == Path(release)


def withdraw(releases: Path) -> None:
    """Forget what was announced."""
    (releases / _NEXT).unlink(missing_ok=True)


def release_folders(releases: Path) -> list[Path]:
    """Folders of all sealed releases, oldest as-of date first."""
    if not releases.is_dir():
        return []
    return sorted(
        path for path in releases.iterdir() if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )
