"""The sample company keeps its promises: same bytes for a seed, books that balance, plausible journeys."""

import gzip
import hashlib
import io
import re
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml

from pipeline.contracts import CONTRACTS
from pipeline.sample import FIRST_DAY, FIRST_DROP, HISTORY_END, LAST_DROP, write_sample
from pipeline.sample.company import make_world
from pipeline.sample.deliveries import World
from pipeline.sample.mapping import HEADERS, WORDS
from pipeline.sample.seasons import business_day, to_local, to_utc

SMALL = 120


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("sample")
    write_sample(directory, customer_count=SMALL)
    return directory


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(seed=2024, customer_count=1000)


def _fingerprints(directory: Path) -> dict[str, str]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _csv(path: Path, *, encoding: str = "utf-8", **options) -> pd.DataFrame:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode(encoding)
    return pd.read_csv(io.StringIO(text), **options)


def _french(folder: Path, encoding: str = "utf-8") -> pd.DataFrame:
    parts = [_csv(path, encoding=encoding, sep=";", decimal=",") for path in sorted(folder.iterdir())]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _web(home: Path) -> pd.DataFrame:
    folder = home / "drop" / "web" / "web_events"
    parquet = folder / f"{HISTORY_END}.parquet"
    parts = [duckdb.sql(f"select * from '{parquet}'").df()]
    parts += [
        pd.read_json(io.BytesIO(gzip.decompress(path.read_bytes())), lines=True) for path in sorted(folder.glob("*.gz"))
    ]
    return pd.concat(parts, ignore_index=True)


def test_same_seed_writes_the_same_bytes(home, tmp_path):
    write_sample(tmp_path, customer_count=SMALL)
    assert _fingerprints(tmp_path) == _fingerprints(home)


def test_another_seed_writes_other_bytes(home, tmp_path):
    write_sample(tmp_path, seed=7, customer_count=SMALL)
    mine, other = _fingerprints(home), _fingerprints(tmp_path)
    for name in ("drop/crm/orders/2025-12-17.csv", "drop/web/web_events/2025-12-17.parquet"):
        assert mine[name] != other[name]


def test_summary_counts_what_is_there(tmp_path):
    summary = write_sample(tmp_path, customer_count=SMALL)
    files = [path for path in (tmp_path / "drop").rglob("*") if path.is_file()]
    assert summary.file_count == len(files)
    assert summary.size_bytes == sum(path.stat().st_size for path in files)
    assert summary.row_counts["orders"] == len(_french(tmp_path / "drop" / "crm" / "orders"))


def test_too_few_customers_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 50"):
        write_sample(tmp_path, customer_count=3)
    assert not list(tmp_path.iterdir())


def test_every_file_lies_in_its_folder_on_a_fixed_day(home):
    days = {day.date().isoformat() for day in pd.date_range(FIRST_DROP, LAST_DROP)} | {HISTORY_END.isoformat()}
    seen: dict[str, set[str]] = {}
    for path in (path for path in (home / "drop").rglob("*") if path.is_file()):
        source, table, name = path.relative_to(home / "drop").parts
        assert CONTRACTS[table].source == source
        assert name[:10] in days
        seen.setdefault(table, set()).add(name[:10])
    assert seen["orders"] == seen["web_events"] == days
    assert all(HISTORY_END.isoformat() in found for found in seen.values())


def test_order_amounts_are_the_sums_of_their_lines(home):
    orders = _french(home / "drop" / "crm" / "orders").drop_duplicates("N° commande", keep="last")
    items = _french(home / "drop" / "crm" / "order_items")
    cents = (items["Quantité"] * (items["Prix unitaire"] * 100).round()).groupby(items["N° commande"]).sum()
    net = (orders.set_index("N° commande")["Montant net"] * 100).round()
    pd.testing.assert_series_equal(
        net.sort_index().astype(float), cents.sort_index().astype(float), check_names=False, check_index_type=False
    )
    assert not items.duplicated(["N° commande", "Ligne"]).any()


def test_refunds_take_back_an_earlier_order(home):
    orders = _french(home / "drop" / "crm" / "orders").drop_duplicates("N° commande", keep="last")
    orders["at"] = pd.to_datetime(orders["Date"], format="%d/%m/%Y %H:%M:%S")
    refunds = orders[orders["Nature"] == "Avoir"].merge(
        orders[orders["Nature"] == "Vente"], left_on="Commande remboursée", right_on="N° commande", how="left"
    )
    assert len(refunds) > 5
    assert (refunds["Montant net_x"] < 0).all()
    assert (refunds["Montant net_x"] + refunds["Montant net_y"] >= -0.001).all()
    assert ((refunds["at_x"] - refunds["at_y"]).dt.days >= 7).all()


def test_purchase_events_are_web_orders_at_the_same_instant_in_the_same_browser(home):
    bought = _web(home).query("event == 'purchase'").drop_duplicates("event_id").set_index("order_id")
    orders = _french(home / "drop" / "crm" / "orders").drop_duplicates("N° commande", keep="last")
    web = orders[(orders["Canal"] == "Site web") & (orders["Nature"] == "Vente")].set_index("N° commande")
    assert set(web.index) == set(bought.index)
    local = pd.to_datetime(web["Date"], format="%d/%m/%Y %H:%M:%S").sort_index()
    instants = pd.to_datetime(bought["ts"].astype(str).str[:19].str.replace("T", " ")).sort_index()
    assert (local.to_numpy() == to_local(instants).to_numpy()).all()
    known = web["Visiteur"].dropna()
    assert (known == bought["visitor_id"].reindex(known.index)).all()


def test_known_people_are_customers(home):
    customers = _french(home / "drop" / "crm" / "customers", "windows-1252")
    ids = set(customers["N° client"])
    assert set(_web(home)["user_id"].dropna()) <= ids
    assert set(_french(home / "drop" / "crm" / "orders")["N° client"].dropna()) <= ids
    assert customers.drop_duplicates("N° client")["Courriel"].is_unique


def test_the_promised_mess_is_there(home):
    web = home / "drop" / "web" / "web_events"
    assert (web / "2025-12-22_renvoi.jsonl.gz").read_bytes() == (web / "2025-12-22.jsonl.gz").read_bytes()
    header = (home / "drop" / "crm" / "customers" / "2025-12-24.csv").read_bytes().decode("windows-1252")
    assert header.splitlines()[0].endswith(";Pointure")
    answers = pd.concat([_csv(path) for path in (home / "drop" / "surveys" / "survey_responses").iterdir()])
    off_scale = answers[(answers["nps"] > 10) & (answers["nps"] != 99)]
    assert 1 <= off_scale["response_id"].nunique() <= 3
    assert (answers[["nps", "csat", "ces"]] == 99).to_numpy().any()


def test_sources_yaml_names_only_columns_that_are_delivered(home):
    mapping = yaml.safe_load((home / "sources.yaml").read_text(encoding="utf-8"))
    assert mapping["version"] == 1
    assert mapping["company"]["reporting_currency"] == "EUR"
    tables = {name: block for source in mapping["sources"].values() for name, block in source["tables"].items()}
    delivered = {path.name for source in (home / "drop").iterdir() for path in source.iterdir()}
    assert set(tables) == delivered
    for table, headers in HEADERS.items():
        for column, expression in tables[table]["columns"].items():
            is_plain = isinstance(expression, str)
            theirs = expression if is_plain else expression.get("from", expression.get("then"))
            assert theirs == headers.get(column, "score")


def test_sources_yaml_undoes_every_foreign_word(home):
    mapping = yaml.safe_load((home / "sources.yaml").read_text(encoding="utf-8"))
    tables = {name: block for source in mapping["sources"].values() for name, block in source["tables"].items()}
    for table, columns in WORDS.items():
        for column, words in columns.items():
            values = tables[table]["columns"][column]["values"]
            assert {ours if isinstance(ours, str) else str(ours).lower(): theirs for ours, theirs in words.items()} == {
                ours: theirs for theirs, ours in values.items()
            }


def test_funnel_is_plausible(world):
    events = world.events
    by_visit = pd.crosstab(events["visit"], events["event_name"]) > 0
    assert 0.03 < by_visit["purchase"].mean() < 0.08
    assert 0.58 < 1 - by_visit["purchase"].sum() / by_visit["add_to_cart"].sum() < 0.72
    steps = ["add_to_cart", "checkout_address", "checkout_delivery", "checkout_payment", "purchase"]
    counts = by_visit[steps].sum().to_numpy()
    assert (np.diff(counts) < 0).all()
    assert (by_visit["purchase"] <= by_visit["checkout_payment"]).all()
    searches = events[events["event_name"] == "search"]
    assert 0.12 < (searches["search_result_count"] == 0).mean() < 0.22


def test_failed_payments_cost_purchases_and_hit_mobile_harder(world):
    events = world.events[world.events["event_name"].isin(["checkout_payment", "payment_failed", "purchase"])]
    visits = (pd.crosstab(events["visit"], events["event_name"]) > 0).join(events.groupby("visit")["device"].first())
    rates = visits.groupby("payment_failed")["purchase"].mean()
    assert rates[False] - rates[True] > 0.3
    failures = visits.groupby("device")["payment_failed"].mean()
    assert failures["mobile"] > 1.3 * failures["desktop"]


def test_customers_come_back_and_are_rather_content(world):
    sales = world.sales.orders.query("order_type == 'sale' and owner >= 0")
    moment = pd.Timestamp("2024-12-31")
    before = set(sales.loc[sales["ordered_at"] < moment, "owner"])
    after = set(sales.loc[sales["ordered_at"] >= moment, "owner"])
    assert 0.5 < len(before & after) / len(before) < 0.8
    nps = world.surveys["nps"].dropna()
    nps = nps[nps <= 10]
    assert 15 < 100 * ((nps >= 9).mean() - (nps <= 6).mean()) < 45
    assert 0.3 < world.surveys["answered_at"].notna().mean() < 0.4


def test_nothing_happens_outside_the_calendar(world):
    for moments in (
        world.events["occurred_at"],
        world.sales.orders["ordered_at"],
        world.surveys["invited_at"],
    ):
        days = business_day(moments)
        assert days.min() >= np.datetime64(FIRST_DAY)
        assert days.max() <= np.datetime64(LAST_DROP)


def test_clock_changes_keep_local_times_apart():
    local = np.array([(90 * 24 + hour) * 3600 for hour in (1, 3)])  # 2024-03-31, when 02:00 does not exist
    assert np.diff(to_utc(local)).astype(int).tolist() == [3600]


def test_phone_numbers_are_fictional(world):
    phones = world.customers["phone"].dropna()
    assert phones.is_unique
    assert phones.map(lambda text: re.fullmatch(r"06 39 98 \d\d \d\d", text) is not None).all()
