"""Folders of landing: where a day is, how it gets there, how it is promoted or refused.

Belongs here: paths, renames, JSON. Does not belong here: rows.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.landing.model import DayOutcome, KeyMismatchError
from pipeline.settings import Home

DATA, OUTCOME, VERDICT = "data.parquet", "outcome.json", "verdict.json"
ROWS, REPAIRS = "rows.parquet", "repairs.parquet"


def accepted_folder(home: Home, table: str, day: date) -> Path:
    """Folder of an accepted extract day."""
    return home.landing / table / f"extract_date={day.isoformat()}"


def pending_folder(home: Home, table: str, day: date) -> Path:
    """Folder of an extract day that waits for door 1, or was refused."""
    return home.pending / table / f"extract_date={day.isoformat()}"


def quarantine_folder(home: Home, table: str, day: date) -> Path:
    """Folder of the quarantined rows of an extract day."""
    return home.quarantine / table / f"extract_date={day.isoformat()}"


def pending_quarantine_folder(home: Home, table: str, day: date) -> Path:
    """Folder of the quarantined rows of a day that waits for door 1, or was refused."""
    return home.quarantine / "_pending" / table / f"extract_date={day.isoformat()}"


@contextmanager
def scratch(home: Home) -> Iterator[Path]:
    """A private folder for copies of what is read: they hold personal data, and a killed run leaves them behind."""
    private_folder(home, root := home.quarantine / "_scratch")
    folder = Path(tempfile.mkdtemp(dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def private_folder(home: Home, folder: Path) -> None:
    """Make a folder below quarantine; none on the way is open to others."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in (folder, *folder.parents):
        each.chmod(0o700)
        if each == home.quarantine:
            break


def sweep(home: Home, table: str) -> None:
    """Throw away what a killed run left half done."""
    leftovers = [home.quarantine / "_scratch", _trash(home), *(home.pending / table).glob("_*")]
    for folder in (*leftovers, *(home.landing / table).glob("_replaced_*")):
        shutil.rmtree(folder, ignore_errors=True)


def _trash(home: Home) -> Path:
    return home.landing / "_trash"


def _days_in(folder: Path) -> list[date]:
    if not folder.is_dir():
        return []
    return sorted(
        date.fromisoformat(path.name.removeprefix("extract_date="))
        for path in folder.glob("extract_date=*")
        if (path / OUTCOME).is_file()
    )


def pending_days(home: Home, table: str) -> list[date]:
    """Extract days that wait for door 1, ascending; refused days among them, to be judged again."""
    return _days_in(home.pending / table)


def accepted_days(home: Home, table: str) -> list[date]:
    """Accepted extract days of a table, ascending."""
    return _days_in(home.landing / table)


def pending_outcomes(home: Home, table: str) -> list[DayOutcome]:
    """What door 1 is to judge: the outcome of every pending day, ascending, refused days among them."""
    return [
        DayOutcome(
            table,
            day,
            "pending",
            is_pending=True,
            content=read_outcome(pending_folder(home, table, day)) or {},
        )
        for day in pending_days(home, table)
    ]


def is_refused(home: Home, table: str, day: date) -> bool:
    """Whether door 1 refused the pending version of a day."""
    return (pending_folder(home, table, day) / VERDICT).is_file()


def read_outcome(folder: Path) -> dict[str, Any] | None:
    """The outcome kept in a folder, or ``None``."""
    file = folder / OUTCOME
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def write_json(file: Path, content: dict[str, Any]) -> None:
    """Write JSON whose bytes depend on the content alone."""
    file.write_text(json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def replace_folder(home: Home, new: Path, target: Path) -> None:
    """Put a finished folder where another may be; a reader sees the old one or the new one, never both."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = _trash(home) / f"{target.parent.name}_{target.name}"
    shutil.rmtree(old, ignore_errors=True)
    old.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def promote(home: Home, table: str, day: date) -> None:
    """Accept a pending day: from now on builds see it, in place of an earlier version.

    Raises:
        ValueError: the day does not wait, or one of its files could not be read.
    """
    pending = pending_folder(home, table, day)
    outcome = read_outcome(pending)
    if outcome is None:
        raise ValueError(f"{table}: extract day {day} does not wait for acceptance. Land it first.")
    if not outcome["is_readable"]:
        raise ValueError(f"{table}: extract day {day} has a file that cannot be read. Put a mended file in the drop.")
    (pending / VERDICT).unlink(missing_ok=True)
    is_any = outcome["row_count_quarantined"] + outcome["text_counts"]["repaired_cell"] > 0
    _promote_quarantine(home, table, day, is_any=is_any)
    replace_folder(home, pending, accepted_folder(home, table, day))


def _promote_quarantine(home: Home, table: str, day: date, *, is_any: bool) -> None:
    waiting, target = pending_quarantine_folder(home, table, day), quarantine_folder(home, table, day)
    # Nothing waits if a promotion was cut short after this step: then the target is right already.
    if waiting.is_dir() or not is_any:
        shutil.rmtree(target, ignore_errors=True)
    if waiting.is_dir():
        private_folder(home, target.parent)
        waiting.rename(target)


def drop_pending(home: Home, table: str, day: date) -> None:
    """Remove a pending version that is out of date, with its quarantine."""
    shutil.rmtree(pending_folder(home, table, day), ignore_errors=True)
    shutil.rmtree(pending_quarantine_folder(home, table, day), ignore_errors=True)


def withdraw(home: Home, table: str, day: date) -> None:
    """Forget a refused day whose files are no longer delivered; its quarantine is kept."""
    shutil.rmtree(pending_folder(home, table, day), ignore_errors=True)


def refuse(home: Home, table: str, day: date, reasons: list[str]) -> None:
    """Leave a pending day out of every build, with the reasons beside it.

    Raises:
        ValueError: the day does not wait.
    """
    pending = pending_folder(home, table, day)
    if read_outcome(pending) is None:
        raise ValueError(f"{table}: extract day {day} does not wait for acceptance. Land it first.")
    write_json(pending / VERDICT, {"reasons": list(reasons)})


def retract(home: Home, table: str, day: date, reason: str) -> None:
    """Take the accepted version of a refused day away, and say so among its reasons."""
    file = pending_folder(home, table, day) / VERDICT
    reasons = json.loads(file.read_text(encoding="utf-8"))["reasons"]
    write_json(file, {"reasons": [*reasons, reason]})
    shutil.rmtree(accepted_folder(home, table, day))
    shutil.rmtree(quarantine_folder(home, table, day), ignore_errors=True)


def accepted_outcomes(home: Home, table: str) -> list[tuple[date, dict[str, Any]]]:
    """Accepted extract days of a table with their outcomes, ascending."""
    folders = [(day, accepted_folder(home, table, day)) for day in accepted_days(home, table)]
    return [(day, read_outcome(folder) or {}) for day, folder in folders]


def current_folder(home: Home, table: str, day: date) -> Path | None:
    """The version of a day that counts for later days: waiting and not refused, else accepted, else none."""
    pending = pending_folder(home, table, day)
    if (pending / DATA).is_file() and not is_refused(home, table, day):
        return pending
    accepted = accepted_folder(home, table, day)
    return accepted if (accepted / DATA).is_file() else None


def landed_files(home: Home, table: str) -> list[tuple[date, Path]]:
    """Every extract day of a table that counts for others, with its data file, ascending."""
    days = sorted({*accepted_days(home, table), *pending_days(home, table)})
    folders = [(day, current_folder(home, table, day)) for day in days]
    return [(day, folder / DATA) for day, folder in folders if folder is not None]


def outcomes(home: Home, table: str) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """Every version of every day of a table.

    Yields:
        (day, ``accepted``, ``waiting`` or ``refused``, outcome); an accepted day may have a newer one.
    """
    for day in accepted_days(home, table):
        yield day, "accepted", read_outcome(accepted_folder(home, table, day)) or {}
    for day in pending_days(home, table):
        status = "refused" if is_refused(home, table, day) else "waiting"
        yield day, status, read_outcome(pending_folder(home, table, day)) or {}


def check_key(home: Home, tables: list[str], key_fingerprint: str | None) -> None:
    """Stop when anything was landed with another pseudonym key than the one at hand (``None``: there is none).

    Raises:
        KeyMismatchError: some extract day bears another fingerprint; nothing was touched.
    """
    for table in tables:
        for day, _, outcome in outcomes(home, table):
            other = outcome.get("key_fingerprint")
            if other != key_fingerprint:
                at_hand = f"the key at hand is {key_fingerprint}" if key_fingerprint else "there is no key at hand"
                raise KeyMismatchError(
                    f"{table}, extract day {day}, was landed with pseudonym key {other}; {at_hand}. Restore the first "
                    "key, or land everything again in a new home. Nothing was touched."
                )
