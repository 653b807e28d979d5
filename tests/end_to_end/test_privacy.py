"""Nobody's name, address, e-mail or telephone number is anywhere but in the drop and in quarantine."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline.report.packing import unpack
from tests.end_to_end.laboratory import Laboratory, people

pytestmark = pytest.mark.end_to_end

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
NUMBER = re.compile(r"(?<![\da-f.])\+?\d(?:[ .-]?\d){8,13}(?![\da-f])")
COLUMNAR = (".parquet", ".duckdb")
PACKED = re.compile(r'<script type="text/plain" data-segment="[^"]*">([^<]+)</script>')
HARMLESS = ("DATE", "TIMESTAMP", "TIME", "DOUBLE", "DECIMAL", "BOOLEAN", "FLOAT")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-9:]


@pytest.fixture(scope="module")
def texts(origin: Laboratory) -> list[tuple[str, str]]:
    """Every file outside drop and quarantine, in lower case; columnar ones and packed parts of pages unfolded."""
    paths = origin.settings.paths
    # the truth about the sample company lies beside its drop; no part of the product reads or writes it
    private = (paths.drop, paths.quarantine, origin.root / "truth")
    found = []
    for path in sorted(origin.root.rglob("*")):
        if not path.is_file() or any(path.is_relative_to(folder) for folder in private):
            continue
        name = path.relative_to(origin.root).as_posix()
        content = "\n".join(_cells(path)) if path.suffix in COLUMNAR else _unfolded(path)
        found.append((name, content.lower()))
    return found


def _unfolded(path: Path) -> str:
    """A file as text; what a page holds compressed is read, too."""
    text = path.read_bytes().decode("utf-8", "replace")
    return PACKED.sub(lambda found: "\n".join(unpack(found[1]).values()), text)


def _cells(path: Path) -> Iterator[str]:
    """Every distinct value of every column that could hold a word or a number of somebody."""
    with duckdb.connect() as memory:
        relations = [f"read_parquet('{path}', hive_partitioning = false)"]
        if path.suffix == ".duckdb":
            memory.execute(f"attach '{path}' as file (read_only)")
            tables = memory.execute("select schema_name, table_name from duckdb_tables() where database_name = 'file'")
            relations = [f'file."{schema}"."{table}"' for schema, table in tables.fetchall()]
        for relation in relations:
            for name, kind, *_ in memory.execute(f"describe select * from {relation}").fetchall():
                if not kind.startswith(HARMLESS):
                    sql = f'select distinct cast("{name}" as varchar) from {relation} where "{name}" is not null'
                    yield from (value for (value,) in memory.execute(sql).fetchall())


def _every(values: Iterable[str], count: int = 40) -> list[str]:
    """Some of many, spread evenly: a column that leaks leaks all of them."""
    found = sorted({value.strip().lower() for value in values if len(value.strip()) > 8})
    assert len(found) >= count, "the sample holds them, or this test tests nothing"
    return found[:: len(found) // count]


def test_addresses_and_numbers_of_people_stay_in_the_drop_and_in_quarantine(origin, texts):
    delivered = people(origin.settings.paths.drop)
    addresses = {row["Courriel"].strip().lower() for row in delivered} - {""}
    numbers = {_digits(row["Téléphone"]) for row in delivered} - {"", "000000000"}  # zeros are typed by many
    assert min(len(addresses), len(numbers)) > 200
    found = [f"{place}: e-mail" for place, text in texts if not addresses.isdisjoint(ADDRESS.findall(text))]
    found += [
        f"{place}: telephone"
        for place, text in texts
        if not numbers.isdisjoint(_digits(each) for each in NUMBER.findall(text))
    ]
    assert found == []


def test_names_of_people_stay_there_too(origin, texts):
    delivered = people(origin.settings.paths.drop)
    needles = _every(f"{row['Prénom']} {row['Nom']}" for row in delivered)
    needles += _every(row["Adresse"] for row in delivered)
    assert [place for place, text in texts if any(needle in text for needle in needles)] == []


def test_what_people_wrote_is_kept_for_the_models_and_never_released(origin, texts):
    folder = origin.settings.paths.drop / "surveys" / "survey_responses"
    comments = pd.concat([pd.read_csv(file) for file in sorted(folder.glob("*.csv*"))])["commentaire"].dropna()
    needles = _every(comments, 10)
    places = {place.split("/")[0] for place, text in texts if any(needle in text for needle in needles)}
    assert "landing" in places, "or the scan would not have found them elsewhere either"
    assert places <= {"landing", "warehouse"}


def test_the_scan_sees_into_every_kind_of_file(texts):
    assert {".parquet", ".duckdb", ".html", ".json", ".sql", ".log", ".db"} <= {
        Path(place).suffix for place, _ in texts
    }
    contents = dict(texts)
    assert "maison exemple" in "".join(text for place, text in texts if place.endswith("index.html"))
    assert "fidélité" in contents["warehouse/build.duckdb"] or "b2c" in contents["warehouse/build.duckdb"]


def test_the_key_and_the_quarantine_are_for_their_owner_only(origin, texts):
    paths = origin.settings.paths
    assert paths.pseudonym_key.stat().st_mode & 0o077 == 0
    rows = list(paths.quarantine.rglob("rows.parquet"))
    assert rows
    assert [path for path in rows if path.stat().st_mode & 0o077] == []
    secret = paths.pseudonym_key.read_text(encoding="ascii").strip()
    holding = [place for place, text in texts if secret in text]
    assert holding == ["privacy/pseudonym.key"]
