"""Work in a process of its own, and what the operating system says it took.

Belongs here: starting it and reading its usage. Does not belong here: the work (``child``).
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

CHILD = "pipeline.cli.speed.child"


class MeasurementError(RuntimeError):
    """What was to be measured did not come to its end."""


@dataclass(frozen=True)
class Taken:
    """What a process took from start to end, imports included.

    Attributes:
        cpu_seconds: user and system time of all its threads.
        wall_seconds: time on the clock.
        peak_gib: most memory it held.
        told: what it wrote as JSON.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_gib: float
    told: dict[str, Any]


def taken(arguments: Sequence[str]) -> Taken:
    """Run the child with these arguments.

    Raises:
        MeasurementError: it failed; what it said is on the error stream.
    """
    clock = time.perf_counter()
    command = [sys.executable, "-m", CHILD, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        written = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise MeasurementError(f"{' '.join(arguments)} ended with exit code {process.returncode}")
    told = dict(json.loads(written))
    return Taken(
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=time.perf_counter() - clock,
        peak_gib=told["peak_gib"],
        told=told,
    )
