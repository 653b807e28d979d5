"""Files of an S3-compatible server (started here), and of stores without tags, by the rules of the drop folder."""

import gzip
import re
from collections.abc import Iterator
from datetime import date

import fsspec
import pytest

from pipeline.contracts import CONTRACTS
from pipeline.extract import (
    FileReader,
    SourceAccessError,
    SourcesError,
    SourceUnavailableError,
    UndatedFileError,
    UnsafePathError,
    discover,
    parse_sources,
)
from pipeline.landing import DoorSettings, land_table, promote
from pipeline.settings import Home

moto = pytest.importorskip("moto.server")
DAY = date(2025, 12, 1)
ORDERS = "order_id,customer_id,ordered_at,order_type,net_amount\nO1,C1,2025-12-01T08:00:00Z,sale,10\n"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint, monkeypatch, request):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret-of-the-tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    store = fsspec.filesystem("s3", endpoint_url=endpoint, skip_instance_cache=True, use_listings_cache=False)
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:60].strip("-")
    store.mkdir(name)
    return store, name


@pytest.fixture
def put(bucket):
    store, name = bucket

    def write(key: str, content: str | bytes = ORDERS) -> None:
        with store.open(f"{name}/drop/{key}", "wb") as target:
            target.write(content.encode() if isinstance(content, str) else content)

    return write


def mapping(location, endpoint=None, **block):
    source = {"location": location, "tables": {"orders": block}}
    if endpoint:
        source["options"] = {"endpoint_url": endpoint, "region": "us-east-1"}
    return parse_sources({"version": 1, "sources": {"crm": source}}, name="s").mappings["orders"]


@pytest.fixture
def orders(bucket, endpoint):
    return mapping(f"s3://{bucket[1]}/drop", endpoint)


def names(days):
    return {day.isoformat(): [file.name for file in files] for day, files in days.items()}


def land(tmp_path, mapped):
    home, contract = Home(tmp_path / "home", tmp_path / "drop"), CONTRACTS["orders"]
    outcomes = land_table(
        home, mapped, contract, files=discover(home.drop, mapped), read=FileReader(mapped, contract),
        settings=DoorSettings(bytes(32), "fp"),
    )  # fmt: skip
    return home, outcomes


def test_objects_are_found_as_files_are(tmp_path, put, orders):
    for key in (
        "crm/orders/2025-12-02.csv", "crm/orders/2025-12-01.b.csv", "crm/orders/2025-12-01.a.csv.gz",
        "crm/orders/2025-12-03.csv", "crm/orders/2025-12-03.r2.csv", "crm/orders/_2025-12-04.csv",
        "crm/orders/2025-12-05.csv.part", "crm/orders/deeper/2025-12-06.csv", "crm/orders_old/2025-12-07.csv",
    ):  # fmt: skip
        put(key)
    assert names(discover(tmp_path / "nowhere", orders)) == {
        "2025-12-01": ["crm/orders/2025-12-01.a.csv.gz", "crm/orders/2025-12-01.b.csv"],
        "2025-12-02": ["crm/orders/2025-12-02.csv"],
        "2025-12-03": ["crm/orders/2025-12-03.r2.csv"],
    }


def test_a_wildcard_stays_within_a_folder_and_two_do_not(tmp_path, put, bucket, endpoint):
    put("crm/2025/orders/2025-12-01.csv")
    for pattern, found in (("crm/*/2025*", 0), ("crm/**/2025*", 1), ("crm/20?5/orders/{day}.csv", 1)):
        mapped = mapping(f"s3://{bucket[1]}/drop", endpoint, files=pattern)
        assert len(discover(tmp_path, mapped)) == found, pattern


def test_an_object_lands_once_and_its_copy_is_gone(tmp_path, put, orders):
    put("crm/orders/2025-12-01.csv.gz", gzip.compress(ORDERS.encode()))
    home, (outcome,) = land(tmp_path, orders)
    assert outcome.content["row_count_loaded"] == 1
    assert outcome.content["files"][0]["name"] == "crm/orders/2025-12-01.csv.gz"
    assert not any((home.quarantine / "_scratch").iterdir())
    promote(home, "orders", DAY)
    _, (again,) = land(tmp_path, orders)
    assert again.status == "unchanged"


def test_new_content_is_a_correction_and_the_same_content_is_none(tmp_path, put, orders):
    put("crm/orders/2025-12-01.csv")
    home, _ = land(tmp_path, orders)
    promote(home, "orders", DAY)
    put("crm/orders/2025-12-01.csv")
    assert land(tmp_path, orders)[1][0].status == "unchanged", "written anew, but with the same bytes"
    put("crm/orders/2025-12-01.csv", ORDERS + "O2,C2,2025-12-01T09:00:00Z,sale,5\n")
    (corrected,) = land(tmp_path, orders)[1]
    assert (corrected.status, corrected.content["row_count_loaded"]) == ("landed", 2)


def test_an_object_that_changes_while_it_is_read_keeps_the_day_out(tmp_path, put, orders, monkeypatch):
    put("crm/orders/2025-12-01.csv")
    reader = FileReader(orders, CONTRACTS["orders"])

    def read(*arguments, **keywords):
        staged = reader(*arguments, **keywords)
        put("crm/orders/2025-12-01.csv", ORDERS.replace("10", "11"))
        return staged

    home, contract = Home(tmp_path / "home", tmp_path / "drop"), CONTRACTS["orders"]
    (outcome,) = land_table(
        home, orders, contract, files=discover(home.drop, orders), read=read, settings=DoorSettings(bytes(32), "fp")
    )
    assert "changed while it was read" in outcome.content["problems"][0]["message"]


def test_undated_and_climbing_keys_stop(tmp_path, put, orders, bucket, endpoint):
    put("crm/orders/all.csv")
    with pytest.raises(UndatedFileError, match=r"crm/orders/all\.csv"):
        discover(tmp_path, orders)
    put("crm/x/../2025-12-01.csv")
    with pytest.raises(UnsafePathError):
        discover(tmp_path, mapping(f"s3://{bucket[1]}/drop", endpoint, files="crm/**/2025*"))


def test_what_a_store_refuses_is_said_without_a_secret(tmp_path, bucket, endpoint, monkeypatch):
    with pytest.raises(SourceAccessError, match="does not exist"):
        discover(tmp_path, mapping("s3://no-such-bucket-anywhere/drop", endpoint))
    with pytest.raises(SourceUnavailableError, match="does not answer") as caught:
        discover(tmp_path, mapping(f"s3://{bucket[1]}/drop", "http://127.0.0.1:9"))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_a_store_without_tags_is_told_by_its_bytes(tmp_path, scheme):
    store = fsspec.filesystem(scheme)
    root = "/parcours-tests/drop" if scheme == "memory" else str(tmp_path / "store")
    store.makedirs(f"{root}/crm/orders", exist_ok=True)
    mapped = mapping(f"{scheme}://{root}")
    for content, status in ((ORDERS, "landed"), (ORDERS, "unchanged"), (ORDERS.replace("10", "12"), "landed")):
        with store.open(f"{root}/crm/orders/2025-12-01.csv", "wb") as target:
            target.write(content.encode())
        home, (outcome,) = land(tmp_path, mapped)
        assert outcome.status == status
        if outcome.is_pending:
            promote(home, "orders", DAY)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            {"location": "s3://b/x", "secret_access_key": "AKIA"},
            "sources.crm.secret_access_key: this looks like a secret",
        ),
        ({"location": "s3://b/x", "options": {"key": "AKIA"}}, "options.key: this looks like a secret"),
        ({"location": "s3://b/x", "options": {"token": "AKIA"}}, "options.token: this looks like a secret"),
        ({"location": "s3://AKIA:pw@b/x"}, "an address may not bear credentials"),
        ({"location": "https://host/x?sig=AKIA"}, "an address may not bear credentials"),
        ({"location": "ftp://b/x"}, "this is no place known"),
        ({"location": "s3://b/../x"}, "an address may not climb"),
        ({"options": {"region": "x"}}, "this means nothing without `location`"),
        ({"database": "postgresql", "dsn_env": "postgresql://u:AKIA@h/d"}, "this names no environment variable"),
        ({"database": "oracle", "dsn_env": "DB_URL"}, "this database is not known"),
        ({"database": "postgresql", "dsn_env": "DB_URL", "location": "s3://b"}, "a source is files or a database"),
    ],
)
def test_a_mapping_holds_no_secret_and_no_place_that_is_none(source, words):
    with pytest.raises(SourcesError) as caught:
        parse_sources({"version": 1, "sources": {"crm": {**source, "tables": {"orders": {}}}}}, name="s")
    assert words in str(caught.value)
    assert "AKIA" not in str(caught.value)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({}, "a database needs `query` or `table`"),
        ({"query": "delete from x"}, "only one SELECT"),
        ({"query": "select 1; select 2"}, "only one SELECT"),
        ({"table": "x", "overlap": "2 days"}, "`overlap`"),
        ({"table": "x", "watermark": "w", "overlap": "soon"}, "this is no span"),
        ({"table": "x", "encoding": "utf-8"}, "this means nothing for a database"),
    ],
)
def test_the_keys_of_a_database_are_checked(block, words):
    source = {"database": "postgresql", "dsn_env": "DB_URL", "tables": {"orders": block}}
    with pytest.raises(SourcesError) as caught:
        parse_sources({"version": 1, "sources": {"crm": source}}, name="s")
    assert words.strip("`") in str(caught.value).replace("`", "") or words in str(caught.value)
