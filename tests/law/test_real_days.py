"""Sixty real days of a shop (Online Retail II), run one by one, are one rebuild; so are they landed in one go."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import PROJECT_ROOT
from tests.law.comparing import differences
from tests.law.history import GROWING, History, flags_of
from tests.law.narrow import NarrowSettings, write_narrow_project

REAL = PROJECT_ROOT.parent / "shared" / "data" / "real" / "online_retail_2010.parquet"
DAYS = 60
COMPARED = (1, 20, 41)
LATE_EVERY = 9
"""Each ninth day comes with the day after it."""
MODELS = (*GROWING, "int_purchase_days__valued")
pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.is_file(), reason="the real data sets are not beside this checkout"),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[date, Path]:
    """One file per day on which something was sold."""
    folder = tmp_path_factory.mktemp("days")
    with duckdb.connect() as memory:
        memory.execute(f"create view lines as from '{REAL}'")
        listed = f"select distinct InvoiceDate[:10] as day from lines order by day limit {DAYS}"
        days = [row[0] for row in memory.execute(listed).fetchall()]
        for day in days:
            memory.execute(f"copy (from lines where InvoiceDate[:10] = '{day}') to '{folder / day}.parquet'")
    return {date.fromisoformat(day): folder / f"{day}.parquet" for day in days}


def _history(home: Path) -> History:
    home.mkdir()
    (home / "drop").mkdir()
    settings = NarrowSettings(home=home, sources=Path(__file__).with_name("sources_real.yaml"))
    write_narrow_project(settings, MODELS)
    return History(settings, flags_of(MODELS))


def _drop(history: History, file: Path) -> None:
    (history.settings.paths.drop / file.name).write_bytes(file.read_bytes())


def test_sixty_days_one_by_one_are_one_rebuild(files: dict[date, Path], tmp_path: Path) -> None:
    assert len(files) == DAYS
    daily, late = _history(tmp_path / "daily"), []
    for number, (day, file) in enumerate(files.items(), 1):
        if number % LATE_EVERY == 0:
            late.append(file)
            continue
        for each in (*late, file):
            _drop(daily, each)
        late.clear()
        daily.land()
        daily.build(day)
        if number in COMPARED:
            assert daily.differences() == [], f"day {number}"
    assert daily.differences() == []
    at_once = _history(tmp_path / "at_once")
    for file in files.values():
        _drop(at_once, file)
    at_once.land()
    at_once.build(max(files))
    builds = daily.settings.paths.build_file, at_once.settings.paths.build_file
    assert differences(*builds, names=("daily", "at_once")) == []
    with duckdb.connect(str(at_once.settings.paths.build_file), read_only=True) as opened:
        counted = opened.execute("select count(*) from intermediate.int_touchpoints__sessionized").fetchone()
    assert counted is not None
    assert counted[0] > 4_000, "the days hold orders"
