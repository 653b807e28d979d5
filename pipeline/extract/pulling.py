"""Which rows of a database are due, and where the last accepted day left off.

A pull writes one Parquet file into the drop folder, and from there on its rows go the way of any other file: a day is
landed again from the same file, never from a second query.

Belongs here: days, watermarks, files of pulls. Does not belong here: SQL of a database, the door.
"""

import hashlib
import json
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.extract.databases import Window, extract_rows, sample_rows
from pipeline.extract.files import SourceFile
from pipeline.extract.mapping import Mapping


@dataclass(frozen=True)
class Pull:
    """One file that was pulled.

    Attributes:
        day: extract day, ISO.
        file: name of the file, below the drop folder.
        sha256: hash of its bytes: a day whose accepted version has a file of this hash has taken the pull up.
        high: greatest watermark seen so far, as text.
        is_complete: whether the day was over when it was pulled.
        row_count: rows received from the query.
    """

    day: str
    file: str
    sha256: str
    high: str | None
    is_complete: bool
    row_count: int


def pulls(state: Path) -> list[Pull]:
    """Every pull remembered, by day."""
    if not state.is_file():
        return []
    return [Pull(**entry) for entry in json.loads(state.read_text(encoding="utf-8"))["pulls"]]


def pull_day(
    mapping: Mapping, day: date, *, drop: Path, state: Path, accepted: Collection[str], time_zone: str
) -> Pull | None:
    """Pull the rows of a database that are due on an extract day, unless they were pulled and accepted before.

    The next day begins where the last *accepted* one ended (less the overlap), so a day that is refused, or never came
    to the door, is made up for by the next.

    Args:
        mapping: mapping of the table, with its query.
        day: the extract day; rows with a later watermark wait for theirs.
        drop: the drop folder.
        state: where pulls are remembered.
        accepted: hashes of the files of accepted days.
        time_zone: business time zone, which ends the day.

    Returns:
        The pull, or ``None`` if nothing is due.

    Raises:
        SourceUnavailableError, SourceAccessError, MissingSecretError: see `pipeline.extract.databases`.
    """
    if mapping.query is None:
        return None
    known = pulls(state)
    taken = sorted((pull for pull in known if pull.sha256 in accepted), key=lambda pull: pull.day)
    this = day.isoformat()
    if any(pull.day > this or (pull.day == this and pull.is_complete) for pull in taken):
        return None
    before = [pull for pull in taken if pull.day < this]
    low = before[-1].high if before else None
    name = f"{mapping.source}/{mapping.table}/{this}.pulled.parquet"
    target = drop / name
    target.parent.mkdir(parents=True, exist_ok=True)
    window = Window(low, day, *_ends(day, time_zone, mapping.time_zone))
    # The folder is its owner's alone, and gone whatever happens: what is in it holds personal data.
    with tempfile.TemporaryDirectory(prefix="_pull-", dir=target.parent) as scratch:
        rows = Path(scratch) / "rows.parquet"
        found = extract_rows(mapping.query, window, target=rows, scratch=Path(scratch))
        rows.chmod(0o600)
        with rows.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        rows.replace(target)
    pull = Pull(this, name, digest, found.high or low, found.is_complete, found.row_count)
    _remember(state, [*_superseded(known, taken, this, drop), pull])
    return pull


@contextmanager
def sampled(mapping: Mapping) -> Iterator[SourceFile]:
    """Some rows of a database as a file, there while it is looked at.

    Raises:
        SourceUnavailableError, SourceAccessError, MissingSecretError: see `pipeline.extract.databases`.
    """
    if mapping.query is None:
        raise ValueError(f"{mapping.table} is read from files")
    with tempfile.TemporaryDirectory(prefix="parcours-") as folder:
        target = Path(folder) / "sample.parquet"
        sample_rows(mapping.query, target=target)
        yield SourceFile(path=target, name=f"{mapping.source}/{mapping.table}.parquet", day=date.min)


def _ends(day: date, business_zone: str, own_zone: str) -> tuple[datetime, datetime]:
    """The instant that ends a business day, as naive UTC and as naive local time of a source."""
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(business_zone))
    return end.astimezone(UTC).replace(tzinfo=None), end.astimezone(ZoneInfo(own_zone)).replace(tzinfo=None)


def _superseded(known: list[Pull], taken: list[Pull], day: str, drop: Path) -> list[Pull]:
    """The pulls to remember; earlier ones that were never accepted go, files and all, for this one holds their rows."""
    kept = []
    for pull in known:
        if pull in taken or pull.day > day:
            kept.append(pull)
        elif pull.day < day:
            (drop / pull.file).unlink(missing_ok=True)
    return kept


def _remember(state: Path, known: list[Pull]) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    content = {"pulls": [asdict(pull) for pull in sorted(known, key=lambda pull: (pull.day, pull.sha256))]}
    partial = state.with_name(f"_{state.name}")
    partial.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(state)
