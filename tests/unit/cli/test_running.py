"""Starting a run: what the process does besides."""

import subprocess
import sys

_PROCESS = """
import atexit, gc
from pipeline.cli.running import leave_quickly
atexit.register(lambda: print(gc.get_freeze_count() > 1000))  # called after what is registered later
leave_quickly()
leave_quickly()
print(gc.get_freeze_count())
"""


def test_a_process_that_ran_ends_without_looking_for_garbage_and_looks_for_it_until_then():
    told = subprocess.run([sys.executable, "-c", _PROCESS], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["0", "True"]
