"""The commands that pages show: blocks marked as bash, in the order they stand, and which of them nobody can run.

Belongs here: finding them and running one in a shell. Does not belong here: what they ought to say.

A block is run by the tests unless the line above it is ``<!-- not run: why -->``.
"""

import os
import re
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^(?:<!-- not run: (?P<why>[^\n]+) -->\n)?```bash\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One block of commands.

    Attributes:
        heading: the nearest heading above it.
        text: the commands.
        why_not: why it is not run; empty if it is.
    """

    heading: str
    text: str
    why_not: str = ""

    @property
    def commands(self) -> list[str]:
        """One command a line; lines that end in a backslash are joined with the next."""
        return [line.strip() for line in self.text.replace("\\\n", " ").splitlines() if line.strip()]


@dataclass(frozen=True)
class Spent:
    """What a block took: seconds on the clock, and seconds of the processor."""

    seconds: float
    cpu_seconds: float


class BlockError(RuntimeError):
    """A command of a page failed."""


def shell_blocks(page: Path) -> list[Block]:
    """Blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    headings = [(found.start(), found[1]) for found in _HEADING.finditer(text)]
    found = []
    for match in _BLOCK.finditer(text):
        above = [name for start, name in headings if start < match.start()]
        found.append(Block(above[-1] if above else page.stem, match["body"], match["why"] or ""))
    return found


def run_block(commands: str, folder: Path, environment: Path) -> Spent:
    """Run commands in a shell that stops at the first failure; what they export is there for the next block.

    Args:
        commands: the block.
        folder: where they are typed.
        environment: file that carries exported variables from block to block.

    Raises:
        BlockError: a command failed; the end of what it said is in the message.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    kept = f'[ ! -f "{environment}" ] || . "{environment}"'
    # whoever is asked whether to go on says yes, as often as asked
    script = f'exec < <(yes)\nset -euo pipefail\n{kept}\n{commands}\nexport -p > "{environment}"\n'
    done = subprocess.run(  # noqa: S603
        ["bash", "-c", script],  # noqa: S607
        cwd=folder,
        env={**os.environ, "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",  # exports are shown as they come
        check=False,
    )
    if done.returncode:
        raise BlockError(f"exit code {done.returncode}:\n{commands}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(time.monotonic() - began, cpu)
