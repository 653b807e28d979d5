"""What CPU time passed when, in the process that is measured.

Belongs here: CPU seconds at a moment, CPU seconds of a node of dbt. Does not belong here: what is run meanwhile.
"""

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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
        self._started: dict[str, float] = {}

    def note(self, message: Any) -> None:  # noqa: ANN401 - dbt's messages are generated classes
        """Take note of a message of dbt: a node starts, a node ends."""
        name = message.info.name
        if name not in ("NodeStart", "NodeFinished"):
            return
        node, now = str(message.data.node_info.node_name), time.process_time()
        if name == "NodeStart":
            self._started[node] = now
        else:
            self.seconds[node] = self.seconds.get(node, 0.0) + now - self._started.pop(node, now)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear what every call of dbt within the block says."""
        from dbt.cli import main  # noqa: PLC0415

        runner = main.dbtRunner
        setattr(main, "dbtRunner", partial(runner, callbacks=[self.note]))  # noqa: B010 - a class for mypy
        try:
            yield
        finally:
            setattr(main, "dbtRunner", runner)  # noqa: B010 - as above
