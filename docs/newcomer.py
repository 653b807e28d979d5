"""The newcomer's path, timed: clone, demo, own exports, as `docs/first-hour.md` tells it, command by command.

Belongs here: running that page in a fresh clone. Does not belong here: any command of its own.

Run as ``python docs/newcomer.py [FOLDER]``, with a package index within reach; prints a table of times.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from shell_blocks import Spent, run_block, shell_blocks

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path("docs") / "first-hour.md"
LIMIT_MINUTES = 15


def walk(folder: Path) -> dict[str, Spent]:
    """Clone the repository into a folder and run the page there.

    Returns:
        What each part of the page took, the clone first.
    """
    began = time.monotonic()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)  # noqa: S603, S607
    spent = {"clone": Spent(time.monotonic() - began, 0.0)}
    for block in shell_blocks(folder / PAGE):
        if block.why_not:
            continue
        took = run_block(block.text, folder, folder.parent / "environment")
        sofar = spent.get(block.heading, Spent(0.0, 0.0))
        spent[block.heading] = Spent(sofar.seconds + took.seconds, sofar.cpu_seconds + took.cpu_seconds)
    return spent


def main() -> int:
    """Walk, and say how long each part took; 1 if all together took longer than promised."""
    with tempfile.TemporaryDirectory() as scratch:
        spent = walk(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch) / "parcours")
    spent["together"] = Spent(
        sum(each.seconds for each in spent.values()), sum(each.cpu_seconds for each in spent.values())
    )
    sys.stdout.write("| part | seconds | of the processor |\n|---|---|---|\n")
    for part, each in spent.items():
        sys.stdout.write(f"| {part} | {each.seconds:.0f} | {each.cpu_seconds:.0f} |\n")
    return int(spent["together"].seconds > 60 * LIMIT_MINUTES)


if __name__ == "__main__":
    sys.exit(main())
