"""`parcours bench speed`: a drop written by hand, delivered from a day on and day by day."""

import gzip
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from pipeline.cli.speed.extracts import day_of
from pipeline.cli.speed.redelivery import deliver_daily, deliver_since

PARIS = ZoneInfo("Europe/Paris")
FILES = {
    "crm/customers/2025-12-17.csv": (
        "N°;Nom;Inscrit le\r\nC1;Élodie;01/01/2021 10:00:00\r\nC2;Zoé;15/12/2025 09:00:00\r\n",
        "windows-1252",
    ),
    "crm/orders/2025-12-17.csv": (
        "id;date\r\nO1;01/02/2024 10:00:00\r\nO2;05/11/2025 10:00:00\r\nO3;16/12/2025 23:30:00\r\n",
        "utf-8",
    ),
    "crm/deliveries/2025-12-17.csv": (
        (
            "id;order;shipped;promised;delivered\r\n"
            "L2;O2;06/11/2025 10:00:00;31/12/2026;03/12/2025 11:00:00\r\nL1;O1;02/02/2024 10:00:00;03/02/2024;\r\n"
        ),
        "utf-8",
    ),
    "crm/deliveries/2025-12-18.csv": ("id;order;shipped;promised;delivered\r\n", "utf-8"),
    "crm/order_items/2025-12-17.csv.gz": (
        'id;what\r\nO1;"a; b"\r\nO2;"two\r\nlines"\r\nO3;c\r\n',
        "utf-8",
    ),
    "reference/fx_rates/2025-12-17.csv": ("currency,day,rate\nCHF,2024-01-01,1\nCHF,2025-12-16,2\n", "utf-8"),
    "surveys/feedback/2025-12-17.jsonl": (
        '{"id":"A1","at":"2025-12-01T22:59:59Z","body":"très bien"}\n{"id":"A2","at":"2025-12-01T23:00:00Z"}\n',
        "utf-8",
    ),
}
EVENTS = """
    select * from (values ('e1', timestamp '2025-12-01 22:59:59'), ('e2', timestamp '2025-12-01 23:00:00'),
        ('e3', timestamp '2025-12-17 22:00:00')) as events (id, ts)
"""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A company of which some things happened before 2 December 2025, some on that day, some after."""
    folder = tmp_path / "company"
    for name, (text, encoding) in FILES.items():
        file = folder / "drop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        content = text.encode(encoding)
        file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    events = folder / "drop" / "web" / "web_events" / "2025-12-17.parquet"
    events.parent.mkdir(parents=True)
    duckdb.execute(f"copy ({EVENTS}) to '{events}' (format parquet)")
    (folder / "sources.yaml").write_text("company: {business_time_zone: Europe/Paris}\n", encoding="utf-8")
    return folder


def _text(folder: Path, name: str, encoding: str = "utf-8") -> str:
    content = (folder / "drop" / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode(encoding)


def _events(file: Path) -> list[str]:
    return [row[0] for row in duckdb.execute(f"select id from '{file}' order by id").fetchall()]


def test_a_row_is_of_the_day_of_its_latest_time_there():
    assert day_of(["x", "01/02/2024 10:00:00", "02/02/2024 00:00:00", "31/12/2026"], PARIS) == date(2024, 2, 2)
    assert day_of(["2025-07-01T22:30:00Z", "2025-06-30T10:00:00Z"], PARIS) == date(2025, 7, 2)
    assert day_of(["CHF", "2025-12-16", "1.0"], PARIS) == date(2025, 12, 16)
    assert day_of(["O1", "2", ""], PARIS) is None


def test_what_happened_before_is_left_out_and_what_is_needed_is_not(company, tmp_path):
    short = tmp_path / "short"
    deliver_since(company, short, date(2025, 12, 2))
    # the order of a parcel that came since is delivered, and its items with it
    orders = "id;date\r\nO2;05/11/2025 10:00:00\r\nO3;16/12/2025 23:30:00\r\n"
    assert _text(short, "crm/orders/2025-12-17.csv") == orders
    assert _text(short, "crm/order_items/2025-12-17.csv.gz") == 'id;what\r\nO2;"two\r\nlines"\r\nO3;c\r\n'
    assert "L1" not in _text(short, "crm/deliveries/2025-12-17.csv")
    assert '"A2"' in _text(short, "surveys/feedback/2025-12-17.jsonl")
    assert '"A1"' not in _text(short, "surveys/feedback/2025-12-17.jsonl")
    assert _events(short / "drop" / "web" / "web_events" / "2025-12-17.parquet") == ["e2", "e3"]
    for whole in ("crm/customers/2025-12-17.csv", "crm/deliveries/2025-12-18.csv", "reference/fx_rates/2025-12-17.csv"):
        encoding = FILES[whole][1]
        assert _text(short, whole, encoding).split() == FILES[whole][0].split()
    assert (short / "sources.yaml").exists()


def test_every_day_gets_what_it_tells_of_and_nothing_is_lost(company, tmp_path):
    daily = tmp_path / "daily"
    deliver_daily(company, daily, date(2025, 12, 2))
    assert "C1" in _text(daily, "crm/customers/2025-12-01.csv", "windows-1252")
    assert "Zoé" in _text(daily, "crm/customers/2025-12-15.csv", "windows-1252")
    # a required table has a file each day, another only where there are rows
    assert _text(daily, "crm/customers/2025-12-05.csv", "windows-1252") == "N°;Nom;Inscrit le\r\n"
    assert sorted(path.name for path in (daily / "drop" / "crm" / "deliveries").iterdir()) == [
        "2025-12-01.csv", "2025-12-03.csv", "2025-12-18.csv",
    ]  # fmt: skip
    assert _text(daily, "crm/order_items/2025-12-16.csv.gz") == "id;what\r\nO3;c\r\n"
    assert '"A1"' in _text(daily, "surveys/feedback/2025-12-01.jsonl")
    assert '"A2"' in _text(daily, "surveys/feedback/2025-12-02.jsonl")
    events = daily / "drop" / "web" / "web_events"
    assert [_events(events / f"2025-12-{day}.parquet") for day in ("01", "02", "17")] == [["e1"], ["e2"], ["e3"]]
    for name in ("crm/orders", "crm/deliveries", "reference/fx_rates"):
        found = [line for path in (daily / "drop" / name).iterdir() for line in path.read_text().splitlines()[1:]]
        assert sorted(filter(None, found)) == sorted(FILES[f"{name}/2025-12-17.csv"][0].splitlines()[1:])
