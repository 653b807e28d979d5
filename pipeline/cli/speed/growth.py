"""How much larger a build file is after many daily runs than one built at once from the same extracts.

Belongs here: the sizes. Does not belong here: delivering the history day by day (``redelivery``), running.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.cli.speed.keeping import Company, fresh, run, sample_company
from pipeline.cli.speed.processes import taken
from pipeline.cli.speed.redelivery import deliver_daily
from pipeline.settings import Settings
from pipeline.warehouse import connection

GROWTH_RUNS = 30
GROWTH_EVENTS = 20_000


@dataclass(frozen=True)
class Growth:
    """A build file after daily runs, and one built at once.

    Attributes:
        runs: daily runs after the first, which holds all before them.
        sizes: bytes of the file after the first run and after each daily one.
        free: bytes of the file after all of them that hold nothing; the next run writes there first.
        fresh_size: bytes of a file built at once from the same extracts.
        cpu_s: CPU seconds of all these runs.
        peak_gib: most memory of the process that ran them, one after the other.
    """

    runs: int
    sizes: list[int]
    free: int
    fresh_size: int
    cpu_s: float
    peak_gib: float

    @property
    def ratio(self) -> float:
        """Of the file after all runs to the fresh one."""
        return self.sizes[-1] / self.fresh_size

    def as_json(self) -> dict[str, Any]:
        """The ratio and what it stands on."""
        return {
            "file_growth": round(self.ratio, 3),
            "growth_runs": self.runs,
            "growth_bytes": self.sizes,
            "growth_free_bytes": self.free,
            "fresh_bytes": self.fresh_size,
            "growth_cpu_s": round(self.cpu_s, 2),
            "growth_peak_gib": round(self.peak_gib, 2),
        }


def measure_growth(folder: Path, *, runs: int = GROWTH_RUNS, events: int = GROWTH_EVENTS) -> Iterator[Growth]:
    """Run a small company day by day in one home, and at once in another.

    Args:
        folder: where the company and its homes go; they are removed.
        runs: daily runs.
        events: web events of the company, about.
    """
    company = sample_company(fresh(folder) / "sample", event_count=events)
    last = company.last
    first = last - timedelta(days=runs - 1)
    deliver_daily(company.folder, folder / "company", first)
    daily = Company(folder / "company")
    ran = taken(["days", str(folder / "home"), str(daily.folder), str(first), str(last)])
    whole = run(folder / "fresh", daily, last=last)
    files = [Settings(home=folder / name).paths.build_file for name in ("home", "fresh")]
    yield Growth(
        runs=runs,
        sizes=list(ran.told["bytes"]),
        free=free_bytes(files[0]),
        fresh_size=files[1].stat().st_size,
        cpu_s=ran.cpu_seconds + whole.cpu_seconds,
        peak_gib=ran.peak_gib,
    )
    fresh(folder).rmdir()


def free_bytes(build_file: Path) -> int:
    """Bytes of a file of DuckDB that hold nothing."""
    with connection(build_file, read_only=True) as opened:
        row = opened.execute("select free_blocks * block_size from pragma_database_size()").fetchone()
    return int(row[0]) if row else 0
