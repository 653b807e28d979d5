"""The sample company keeps its promises: same bytes for a seed, every planted row once, books that balance."""

import hashlib
import re
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml

from pipeline.contracts import CONTRACTS, Delivery
from pipeline.sample import FIRST_DROP, HISTORY_END, LAST_DROP, Messes, write_sample
from pipeline.sample.company import make_world
from pipeline.sample.delivery.days import LAST, day_number
from pipeline.sample.delivery.mapping import HEADERS, WORDS
from pipeline.sample.delivery.names import RETURN_SALT, scrambled
from pipeline.sample.ground.scenario import scenario_named
from pipeline.sample.ground.world import World
from tests.unit.sample.reading import files_of, key_of, landed, rows_of

SMALL, SEED = 120, 11
OLD_SYSTEMS = Messes.none().having(legacy_encodings=1, decimal_commas=1)
NAMES = {
    "deliveries": ("parcel", "LIV{:07d}"), "interactions": ("contact", "CT{:07d}"),
    "survey_responses": ("response", "Q{:07d}"), "feedback": ("feedback", "AVIS{:07d}"),
    "messages": ("message", "M{:07d}"), "referrals": ("referral", "PAR{:07d}"),
    "loyalty_events": ("loyalty_event", "FID{:07d}"), "contracts": ("contract", "CTR{:07d}"),
}  # fmt: skip
BORN = {
    "deliveries": "shipped_at", "returns": "requested_at", "interactions": "opened_at",
    "survey_responses": "invited_at", "feedback": "published_at", "messages": "sent_at", "referrals": "referred_at",
    "loyalty_events": "occurred_at", "contracts": "signed_at",
}  # fmt: skip


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    """Everything once, on its day."""
    directory = tmp_path_factory.mktemp("clean")
    write_sample(directory, seed=SEED, customer_count=SMALL, messes=OLD_SYSTEMS)
    return directory


@pytest.fixture(scope="module")
def messy(tmp_path_factory) -> Path:
    """The same company with all messes, more of them than usual."""
    directory = tmp_path_factory.mktemp("messy")
    messes = Messes(
        late_rows=0.1, exact_duplicates=0.02, conflicting_duplicates=0.01, missing_days=0.1, resent_files=0.05,
        corrected_files=0.05, changed_column_orders=0.1, new_columns=0.1,
    )  # fmt: skip
    write_sample(directory, seed=SEED, customer_count=SMALL, messes=messes)
    return directory


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(scenario=scenario_named("mixed"), seed=SEED, customer_count=SMALL)


def _fingerprints(directory: Path) -> dict[str, str]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_writes_the_same_bytes(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for directory in (one, other):
        write_sample(directory, customer_count=60)
    assert _fingerprints(one) == _fingerprints(other)
    write_sample(tmp_path / "third", customer_count=60, seed=7)
    name = "drop/web/web_events/2025-12-17.parquet"
    assert _fingerprints(tmp_path / "third")[name] != _fingerprints(one)[name]


def test_too_few_customers_and_unknown_scenarios_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 50"):
        write_sample(tmp_path, customer_count=3)
    with pytest.raises(ValueError, match="mixed"):
        write_sample(tmp_path, scenario="chaos")
    assert not list(tmp_path.iterdir())


def test_events_asked_for_are_about_what_comes(tmp_path):
    summary = write_sample(tmp_path, event_count=60_000)
    assert summary.row_counts["web_events"] == pytest.approx(60_000, rel=0.12)  # few customers, much chance


def test_summary_counts_what_is_there(tmp_path):
    summary = write_sample(tmp_path, customer_count=60)
    files = [path for path in (tmp_path / "drop").rglob("*") if path.is_file()]
    assert summary.file_count == len(files)
    assert summary.size_bytes == sum(path.stat().st_size for path in files)
    assert not list(tmp_path.rglob("_*")), "nothing half done is left behind"


def test_every_table_is_delivered_in_its_folder_on_a_fixed_day(clean):
    first, last = str(HISTORY_END), str(LAST_DROP)
    for table, contract in CONTRACTS.items():
        days = set(files_of(clean / "drop", table))
        assert first in days
        assert max(days) <= last
        if contract.is_required:
            assert len(days) == (LAST_DROP - FIRST_DROP).days + 2


def _planted(world: World, table: str) -> list[str]:
    """Keys of the rows of a table that began by the last day."""
    frame = world.others[table]
    own = frame[day_number(frame[BORN[table]]) <= LAST]
    if table == "returns":
        return [f"RET-{name:016x}" for name in scrambled(own["return"].to_numpy(), salt=RETURN_SALT)]
    column, form = NAMES[table]
    return [form.format(number) for number in own[column]]


@pytest.mark.parametrize("table", BORN)
def test_every_planted_row_is_in_an_extract_once_as_its_last_version(clean, world, table):
    assert Counter(_planted(world, table)) == Counter(list(landed(clean / "drop", table)))


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "seed"), [("calm", 1), ("clv_clean", 2), ("over_contact", 3), ("mixed", 4)])
def test_every_planted_row_is_there_whatever_the_company(tmp_path, scenario, seed):
    write_sample(tmp_path, scenario=scenario, seed=seed, customer_count=SMALL, messes=OLD_SYSTEMS)
    world = make_world(scenario=scenario_named(scenario), seed=seed, customer_count=SMALL)
    for table in BORN:
        assert Counter(_planted(world, table)) == Counter(list(landed(tmp_path / "drop", table))), table
    assert len(landed(tmp_path / "drop", "orders")) == len(world.orders)
    assert len(landed(tmp_path / "drop", "web_events")) == len(world.events)


def test_every_order_line_event_and_account_is_there_once(clean, world):
    drop = clean / "drop"
    orders = landed(drop, "orders")
    sales = {f"CMD{number:07d}" for number in world.orders.loc[world.orders["order_type"] == 0, "order"]}
    refunds = {f"AV{number:07d}" for number in world.orders.loc[world.orders["order_type"] == 1, "order"]}
    assert orders.keys() == sales | refunds
    assert len(landed(drop, "order_items")) == len(world.items)
    events = [key_of(row, "web_events") for files in files_of(drop, "web_events").values() for path in files
              for row in rows_of(path, "web_events")]  # fmt: skip
    assert len(events) == len(set(events)) == len(world.events)
    accounts = world.persons[["customer", "second_customer"]].to_numpy().ravel()
    assert landed(drop, "customers").keys() == {f"C{number:06d}" for number in accounts if number >= 0}


def test_amounts_and_words_of_orders_are_those_of_the_world(clean, world):
    orders = landed(clean / "drop", "orders")
    for row in world.orders.itertuples():
        told = orders[f"{'AV' if row.order_type else 'CMD'}{row.order:07d}"]
        assert int(told["Montant net"].replace(",", "")) == row.net_amount
        assert told["Nature"] == ("Avoir" if row.order_type else "Vente")
        assert (told["N° client"] is None) == (row.customer < 0)
        assert (told["Visiteur"] is None) == (row.browser < 0)


def test_order_amounts_are_the_sums_of_their_lines(clean):
    cents = Counter()
    for row in landed(clean / "drop", "order_items").values():
        cents[row["N° commande"]] += int(row["Quantité"]) * int(row["Prix unitaire"].replace(",", ""))
    orders = landed(clean / "drop", "orders")
    assert {name: int(row["Montant net"].replace(",", "")) for name, row in orders.items()} == cents


def test_known_people_are_customers(clean):
    ids = set(landed(clean / "drop", "customers"))
    assert {row["user_id"] for row in landed(clean / "drop", "web_events").values()} - {None} <= ids
    assert {row["N° client"] for row in landed(clean / "drop", "orders").values()} - {None} <= ids


def test_phone_numbers_are_fictional(clean):
    phones = {row["Téléphone"] for row in landed(clean / "drop", "customers").values()} - {None}
    assert {phone for phone in phones if not re.fullmatch(r"06 39 98 \d\d \d\d|0000000000", phone)} == set()


@pytest.mark.parametrize("table", list(CONTRACTS))
def test_messes_change_nothing_that_is_known_in_the_end(clean, messy, table):
    """Duplicates, late rows, contradictions told again, replaced and late files: the same rows land, messes aside."""
    wanted, found = landed(clean / "drop", table), landed(messy / "drop", table)
    aside = _aside(clean, messy, table)
    if CONTRACTS[table].delivery is Delivery.EVENTS:
        assert found.keys() <= wanted.keys()
    wrong = {key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)}
    assert wrong - aside == set()


def _aside(clean: Path, messy: Path, table: str) -> set[str]:
    """Keys of rows whose text or score is itself the mess, or whose file never came."""
    told = duckdb.execute(
        f"select file, mess, key from '{messy}/truth/messes.parquet' where \"table\" = ?", [table]
    ).fetchall()
    own = {key for _, mess, key in told if mess in ("double_encoded_text", "off_scale_scores")}
    gone = {file[:10] for file, mess, _ in told if mess == "missing_day_never"}
    files = [path for day in gone for path in files_of(clean / "drop", table).get(day, [])]
    late = {key for _, mess, key in told if mess == "late_rows" and gone}
    return own | late | {key_of(row, table) for path in files for row in rows_of(path, table)}


def test_sources_yaml_names_only_columns_that_are_delivered(clean):
    mapping = yaml.safe_load((clean / "sources.yaml").read_text(encoding="utf-8"))
    tables = {name: block for source in mapping["sources"].values() for name, block in source["tables"].items()}
    assert set(tables) == set(CONTRACTS)
    for table, headers in HEADERS.items():
        for column, expression in tables[table]["columns"].items():
            is_plain = isinstance(expression, str)
            theirs = expression if is_plain else expression.get("from", expression.get("then"))
            assert theirs == headers.get(column, "score")
    for table in CONTRACTS:
        ours = {column.name for column in CONTRACTS[table].columns}
        questions = {"nps", "csat", "ces", "value_for_money", "expectation"}
        known = ours | set(HEADERS.get(table, {}).values()) | {"sdk"} | questions
        (path, *_) = files_of(clean / "drop", table)[str(HISTORY_END)]
        assert set(rows_of(path, table)[0]) <= known


def test_sources_yaml_undoes_every_foreign_word(clean):
    mapping = yaml.safe_load((clean / "sources.yaml").read_text(encoding="utf-8"))
    tables = {name: block for source in mapping["sources"].values() for name, block in source["tables"].items()}
    for table, columns in WORDS.items():
        for column, words in columns.items():
            values = tables[table]["columns"][column]["values"]
            assert {ours if isinstance(ours, str) else str(ours).lower(): theirs for ours, theirs in words.items()} == {
                ours: theirs for theirs, ours in values.items()
            }
