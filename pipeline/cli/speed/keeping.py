"""What was measured, kept as JSON beside the homes: a bench that was stopped goes on where it was.

Belongs here: writing and reading measurements, the folders of a bench. Does not belong here: measuring.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.cli.speed.processes import MeasurementError, Taken, taken

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Measurement = TypeVar("Measurement", bound="DataclassInstance")
_NO_DAY = "-"


@dataclass(frozen=True)
class Company:
    """A sample company; homes are run on it, it is not one.

    Attributes:
        folder: holds ``drop``, ``sources.yaml`` and ``truth.json``.
    """

    folder: Path

    @property
    def last(self) -> date:
        """Its last extract day."""
        return date.fromisoformat(self._truth()["last_day"])

    @property
    def events(self) -> int:
        """Web events delivered."""
        return int(self._truth()["files"]["rows"]["web_events"])

    def _truth(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "truth.json").read_text(encoding="utf-8")))


def kept(
    file: Path, kind: Callable[..., Measurement], measure: Callable[[], Iterable[Measurement]]
) -> list[Measurement]:
    """What was measured before, or else what is measured now.

    Args:
        file: the JSON file it is kept in.
        kind: dataclass of a measurement; its values are plain.
        measure: measures, if there is no file.

    Raises:
        MeasurementError: the file holds measurements of another kind, of an earlier version say.
    """
    if not file.exists():
        found = list(measure())
        file.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps([asdict(each) for each in found], indent=1)
        file.write_text(content, encoding="utf-8")
        return found
    try:
        return [kind(**each) for each in json.loads(file.read_text(encoding="utf-8"))]
    except TypeError as error:
        raise MeasurementError(f"{file} does not hold what is measured today ({error}); remove it") from None


def sample_company(folder: Path, *, event_count: int | None = None, customer_count: int = 0) -> Company:
    """The sample company, written unless it is there."""
    from pipeline.sample import write_sample  # noqa: PLC0415

    if not (folder / "truth.json").exists():  # written last
        fresh(folder)
        write_sample(folder, event_count=event_count, customer_count=customer_count)
    return Company(folder)


def fresh(folder: Path) -> Path:
    """A folder of the bench without what an earlier, unfinished measurement left in it."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def run(
    home: Path, company: Company, *, first: date | None = None, last: date | None = None, threads: int = 2
) -> Taken:
    """The daily job over extract days, in a process of its own."""
    days = [str(day) if day else _NO_DAY for day in (first, last)]
    return taken(["run", str(home), str(company.folder), *days, str(threads)])
