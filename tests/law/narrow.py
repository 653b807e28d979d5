"""A part of the dbt project: some models and all they stand on, without unit tests, so that it parses in seconds.

Belongs here: choosing files. Does not belong here: changing what is in them.
"""

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.settings import PROJECT_ROOT, Settings

_WHOLE = PROJECT_ROOT / "dbt_project"
_NAMED = re.compile(r"['\"](\w+)['\"]")
_UNDATED = ("models/_docs", "macros", "seeds")
"""Folders that are taken whole."""


class NarrowSettings(Settings):
    """A home whose dbt project is a part of that of the product, in the folder ``project`` of the home."""

    @property
    def dbt_project(self) -> Path:
        """The part."""
        return self.paths.root / "project"


def write_narrow_project(settings: NarrowSettings, models: Iterable[str]) -> None:
    """Copy some models, whatever they and their tests refer to, and all macros and seeds."""
    target = settings.dbt_project
    shared = [path for folder in _UNDATED for path in (_WHOLE / folder).rglob("*") if path.is_file()]
    sources = [_WHOLE / "models" / "staging" / name for name in ("landing.yml", "analysis.yml")]
    settled = [*(_WHOLE / name for name in ("dbt_project.yml", "profiles.yml")), *shared, *sources]
    referred = [name for path in shared if path.suffix in (".sql", ".yml") for name in _referred(path)]
    for path in {*settled, *_standing_on([*models, *referred])}:
        copy = target / path.relative_to(_WHOLE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def _standing_on(models: Iterable[str]) -> Iterator[Path]:
    """The files of models and of all models they refer to."""
    known = {path.stem: path for path in (_WHOLE / "models").rglob("*.sql")}
    waiting, seen = list(models), set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:  # a seed
            continue
        seen.add(name)
        for path in (known[name], known[name].with_suffix(".yml")):
            if path.is_file():
                yield path
                waiting += _referred(path)


def _referred(path: Path) -> list[str]:
    return _NAMED.findall(path.read_text(encoding="utf-8"))
