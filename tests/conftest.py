"""Which tests share a worker: those that stand on the same costly home."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/dbt/": "a build of an empty home",
    "tests/end_to_end/test_airport_survey.py": "a build of an empty home",
    "tests/end_to_end/test_repeat_buying.py": "real data",
    "tests/end_to_end/test_real_data.py": "real data",
}
"""Beginnings of paths; every other module is a unit of its own."""


class _ByModule(LoadScopeScheduling):
    """One unit of work per module, or per group of `TOGETHER`, in the order collected: the long ones come first."""

    def _split_scope(self, nodeid: str) -> str:
        return next(
            (group for path, group in TOGETHER.items() if nodeid.startswith(path)), nodeid.split("::", maxsplit=1)[0]
        )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Spread modules over workers; the groups of xdist stand in node ids, which pytest no longer lets it change."""
    config.option.loadscopereorder = False
    return _ByModule(config, log)
