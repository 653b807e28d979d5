"""How long the sample company takes to write, and how much memory; by hand, not part of any tier.

python -m tests.benchmarks.sample_speed [--events 1e6] [--folder DIR] [--keep]
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from pipeline.sample import write_sample


def main() -> None:
    """Write one company and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=float, default=1e6)
    parser.add_argument("--scenario", default="mixed")
    parser.add_argument("--folder", type=Path, help="where to write; a temporary folder if not given")
    parser.add_argument("--keep", action="store_true", help="do not remove what was written")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="sample_speed_"))
    wall, cpu = time.perf_counter(), time.process_time()
    summary = write_sample(folder, scenario=arguments.scenario, event_count=round(arguments.events))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "linux" else 2**30)
    events, rows = summary.row_counts["web_events"], sum(summary.row_counts.values())
    sys.stdout.write(
        f"{events:,} web events, {rows:,} rows in {summary.file_count} files, {summary.size_bytes / 1e6:.0f} MB\n"
    )
    sys.stdout.write(f"{wall:.1f} s on the clock, {cpu:.1f} CPU seconds, {peak:.2f} GiB at most\n")
    if not arguments.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
