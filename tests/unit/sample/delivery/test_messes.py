"""Each mess is a switch: off it never happens, on it does, at its rate, and never so much that a day is refused."""

from dataclasses import fields

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.sample import Messes, write_sample
from pipeline.sample.delivery.days import LAST, NEVER, day_number, delivered
from pipeline.sample.delivery.messes import CONFLICT, DUPLICATE, HEALED, with_copies
from tests.unit.sample.reading import files_of

SWITCHES = ("legacy_encodings", "decimal_commas")
RATES = [field.name for field in fields(Messes) if field.name not in SWITCHES]
WORDS = {
    "resent_files": {"resent_file"},
    "corrected_files": {"corrected_file"},
    "changed_column_orders": {"changed_column_order"},
    "new_columns": {"new_column"},
    "missing_days": {"missing_day_late", "missing_day_never"},
    "conflicting_duplicates": {"conflicting_duplicates", "delivered_again_after_conflict"},
}


def _told(directory) -> list[tuple]:
    return duckdb.execute(f"select \"table\", file, mess, key from '{directory}/truth/messes.parquet'").fetchall()


@pytest.fixture(scope="module")
def loud(tmp_path_factory):
    """Every mess often enough to be met in a small company."""
    directory = tmp_path_factory.mktemp("loud")
    rates = dict.fromkeys(RATES, 0.05)
    write_sample(directory, customer_count=60, messes=Messes().having(**rates))
    return directory


def test_none_switches_all_off(tmp_path):
    assert set(vars(Messes.none()).values()) == {0.0}
    write_sample(tmp_path, customer_count=60, messes=Messes.none())
    assert _told(tmp_path) == []
    assert "windows-1252" not in (tmp_path / "sources.yaml").read_text(encoding="utf-8")
    text = (tmp_path / "drop" / "crm" / "customers" / "2025-12-17.csv").read_text(encoding="utf-8")
    assert text.startswith("N° client;")
    orders = (tmp_path / "drop" / "crm" / "orders" / "2025-12-17.csv").read_text(encoding="utf-8")
    assert "," not in orders.replace("Téléphone", "")


def test_all_of_them_happen_by_default():
    assert all(rate > 0 for rate in vars(Messes()).values())


@pytest.mark.parametrize("name", RATES)
def test_each_happens_where_it_is_asked_for(loud, name):
    assert WORDS.get(name, {name}) & {mess for _, _, mess, _ in _told(loud)}


def test_messes_of_files_are_seen_in_the_drop(loud):
    for table, file, mess, _ in _told(loud):
        paths = {path.name for day in files_of(loud / "drop", table).values() for path in day}
        if mess == "missing_day_never":
            assert not any(name.startswith(file[:10]) and "rattrapage" not in name for name in paths)
        elif mess == "corrected_file":
            assert ".r1." in file
            assert file in paths
        elif mess == "resent_file":
            one, other = sorted(path for path in files_of(loud / "drop", table)[file[:10]] if file[:10] in path.name)[
                :2
            ]
            assert one.read_bytes() == other.read_bytes()
        elif mess == "new_column":
            folder = files_of(loud / "drop", table)[file[:10]][0].parent
            assert "Pointure" in (folder / file).read_bytes().decode("latin-1").splitlines()[0]


@pytest.mark.parametrize("rates", [{"late_rows": 1.5}, {"late_rows": -0.1}])
def test_a_rate_lies_between_0_and_1(rates):
    with pytest.raises(ValueError, match="late_rows"):
        Messes(**rates)


def test_an_unknown_mess_is_refused_by_name():
    with pytest.raises(ValueError, match=r"thunder.*late_rows"):
        Messes().having(thunder=1)


def _rows(count: int, days: int = LAST) -> pd.DataFrame:
    day = np.sort(np.arange(count) % (days + 1)).astype(np.int8)
    return pd.DataFrame({"row": np.arange(count), "day": day, "is_early": False, "mess": np.int16(0)})


def test_a_contradiction_is_told_rightly_on_the_next_day():
    rows = with_copies(
        np.random.default_rng(3), _rows(3000), Messes.none().having(conflicting_duplicates=0.01), has_conflicts=True
    )
    wrong, healed = rows[(rows["mess"] & CONFLICT) > 0], rows[(rows["mess"] & HEALED) > 0]
    assert len(wrong) > 10
    assert (wrong["day"].to_numpy() + 1 == healed.set_index("row").loc[wrong["row"], "day"].to_numpy()).all()
    assert wrong["day"].max() < LAST
    per_day = rows.groupby("day").size()
    contradicted = 2 * wrong.groupby("day").size()
    assert (contradicted / per_day.reindex(contradicted.index)).max() < 0.05


def test_copies_are_as_many_as_asked_for_and_fewer_in_the_history():
    rows = _rows(60_000, days=1)
    twice = with_copies(np.random.default_rng(3), rows, Messes.none().having(exact_duplicates=0.1), has_conflicts=False)
    copies = twice[(twice["mess"] & DUPLICATE) > 0].groupby("day").size() / 30_000
    assert copies[0] == pytest.approx(0.01, abs=0.003)
    assert copies[1] == pytest.approx(0.1, abs=0.01)


def _frame(born: list[str], done: list[str | None]) -> pd.DataFrame:
    moments = {"born": born, "done": done}
    return pd.DataFrame({name: np.array(values, dtype="datetime64[s]") for name, values in moments.items()})


def test_a_row_comes_when_it_is_born_and_again_when_it_is_complete():
    frame = _frame(
        ["2025-12-01T10:00", "2025-12-18T10:00", "2025-12-20T10:00", "2025-12-31T22:59", "2025-12-31T23:00"],
        ["2025-12-19T10:00", "2025-12-18T12:00", None, "2026-01-02T10:00", None],
    )
    rows = delivered(frame, born="born", done=("done",), delay=np.zeros(5, dtype=np.int64))
    told = list(rows.itertuples(index=False, name=None))
    assert told == [(0, 0, True), (1, 1, False), (0, 2, False), (2, 3, True), (3, LAST, True)]


def test_a_late_row_is_late_in_all_its_versions_and_comes_by_the_last_drop():
    frame = _frame(["2025-12-18T10:00", "2025-12-29T10:00"], ["2025-12-20T10:00", "2025-12-30T10:00"])
    rows = delivered(frame, born="born", done=("done",), delay=np.array([2, 5]))
    assert list(rows.itertuples(index=False, name=None)) == [(0, 3, True), (0, 5, False), (1, LAST, False)]


def test_days_are_local():
    assert day_number(np.array(["2025-12-17T23:30", "2025-12-17T22:30", "NaT"], dtype="datetime64[s]")).tolist() == [
        1, 0, NEVER,
    ]  # fmt: skip
