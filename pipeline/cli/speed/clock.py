"""What CPU time passed when, in the process that is measured.

Belongs here: CPU seconds at a moment, CPU seconds of a node of dbt. Does not belong here: what is run meanwhile.
"""

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_TICK = 0.02


class Clock:
    """CPU seconds of this process at any time since it was made, to a fiftieth of a second."""

    def __init__(self) -> None:
        """Note the first moment."""
        self.ticks: list[tuple[float, float]] = [(time.time(), time.process_time())]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Note moments until the end of the block."""
        is_over = threading.Event()

        def tick() -> None:
            while not is_over.wait(_TICK):
                self.ticks.append((time.time(), time.process_time()))

        ticker = threading.Thread(target=tick, daemon=True)
        ticker.start()
        try:
            yield
        finally:
            is_over.set()
            ticker.join()

    def at(self, moment: float) -> float:
        """CPU seconds at the first moment noted that is not before this one (seconds since 1970)."""
        return self.ticks[min(bisect_left(self.ticks, (moment, 0.0)), len(self.ticks) - 1)][1]


class NodeClock:
    """CPU seconds of this process while each node of dbt ran; they are the node's where dbt has one thread."""

    def __init__(self) -> None:
        """Nothing has run."""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def noting(self, node: str) -> Iterator[None]:
        """Add what passes within the block to a node."""
        before = time.process_time()
        try:
            yield
        finally:
            self.seconds[node] = self.seconds.get(node, 0.0) + time.process_time() - before

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note every node dbt compiles and runs within the block, its hooks included."""
        from dbt.task.base import BaseRunner  # noqa: PLC0415

        clock, made = self, BaseRunner.compile_and_execute

        def compile_and_execute(self: BaseRunner, manifest: Any, ctx: Any) -> Any:  # noqa: ANN401 - dbt's signature
            with clock.noting(str(self.node.name)):
                return made(self, manifest, ctx)

        setattr(BaseRunner, "compile_and_execute", compile_and_execute)  # noqa: B010 - a method for mypy
        try:
            yield
        finally:
            setattr(BaseRunner, "compile_and_execute", made)  # noqa: B010 - as above
