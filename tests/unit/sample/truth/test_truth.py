"""The truth says what the extracts do not, and never contradicts them."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.sample import Messes, write_sample
from pipeline.sample.company import make_world
from pipeline.sample.delivery.rows import delivered_events
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import scenario_named
from pipeline.sample.ground.seasons import business_day
from pipeline.sample.ground.vocabulary import DEVICES
from pipeline.sample.truth.linkage import KINDS, linkage_of
from pipeline.sample.writing import block_sizes
from tests.unit.sample.reading import landed
from tests.unit.sample.schemas import SCHEMAS
from tests.unit.sample.worlds import world_of

SMALL, SEED = 120, 11
OLD_SYSTEMS = Messes.none().having(legacy_encodings=1, decimal_commas=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("truth")
    write_sample(directory, seed=SEED, customer_count=SMALL, messes=OLD_SYSTEMS)
    return directory


def _table(home: Path, name: str) -> pd.DataFrame:
    return duckdb.execute(f"select * from '{home}/truth/{name}.parquet'").df()


@pytest.mark.parametrize("name", SCHEMAS)
def test_tables_have_the_columns_they_promise(home, name):
    described = duckdb.execute(f"describe select * from '{home}/truth/{name}.parquet'").fetchall()
    assert ", ".join(f"{row[0]} {row[1]}" for row in described) == SCHEMAS[name]


def test_nothing_else_lies_beside_them(home):
    assert {path.stem for path in (home / "truth").iterdir()} == set(SCHEMAS)


def test_the_summary_has_no_path_and_no_clock_and_adds_up(home):
    text = (home / "truth.json").read_text(encoding="utf-8")
    assert str(home) not in text
    assert not re.search(r"20(?!24|25)[0-9]{2}-", text)
    told = json.loads(text)
    assert (told["scenario"], told["seed"], told["customer_count"]) == ("mixed", SEED, SMALL)
    lived = _table(home, "frictions")
    for friction in told["frictions"]:
        own = lived[lived["friction_type"] == friction["friction_type"]]
        assert friction["exposure_count"] == len(own)
        assert friction["affected_customer_count"] == own["person_id"].nunique()
        assert friction["measurable_cost_amount"] == pytest.approx(own[own["is_measurable"]]["cost_amount"].sum())
        assert friction["lost_outcomes"] == pytest.approx(
            (own["probability_without"] - own["probability_with"]).sum(), abs=1e-5
        )
    costs = [each["measurable_cost_amount"] for each in told["frictions"] if each["is_effective"]]
    assert costs == sorted(costs, reverse=True)
    assert [each["rank"] for each in told["frictions"] if each["is_effective"]] == list(range(1, len(costs) + 1))


def test_every_identifier_delivered_has_a_person_and_no_other_is_told(home):
    told = defaultdict(set)
    for row in _table(home, "identifiers").itertuples():
        told[row.identifier_type].add(row.identifier)
    drop = home / "drop"
    accounts, events, orders = (landed(drop, name).values() for name in ("customers", "web_events", "orders"))
    people = [row for row in events if row["is_internal"] == "false"]
    assert told["crm"] == {row["N° client"] for row in accounts}
    assert told["web_user"] == {row["user_id"] for row in people} - {None}
    assert told["loyalty"] == {row["Carte fidélité"] for row in accounts} - {None}
    assert told["anonymous"] == {row["visitor_id"] for row in people} | ({row["Visiteur"] for row in orders} - {None})
    assert told["phone"] >= {row["Téléphone"] for row in accounts} - {None}
    shown = {row["Courriel"] for row in accounts} - {None}
    for name in ("survey_responses", "interactions", "messages"):
        shown |= {row["email"] for row in landed(drop, name).values()} - {None}
    assert told["email"] == shown


def test_shared_identifiers_are_those_of_several_persons(home):
    identifiers = _table(home, "identifiers")
    owners = identifiers.groupby(["identifier_type", "identifier"])["person_id"].transform("nunique")
    default = identifiers["identifier"].isin(["inconnu@example.com", "0000000000"])
    assert (identifiers["is_shared"] == ((owners > 1) | default)).all()


def test_a_person_has_one_main_identifier_that_is_linkable(home):
    identifiers = _table(home, "identifiers")
    own = identifiers[~identifiers["is_shared"]]
    assert own.groupby("person_id")["is_linkable"].any().all()
    crm = own[own["identifier_type"] == "crm"]
    assert crm.groupby("person_id")["is_linkable"].any().all()


def test_what_no_row_ties_together_is_not_linkable():
    """Browser by browser: without a log-in or an order from it, nothing ties it to an account."""
    world = make_world(scenario=scenario_named("mixed"), seed=SEED, customer_count=SMALL)
    found = linkage_of(world, world.events).identifiers
    nodes = {(row.person_row, row.kind, row.number): row for row in found.itertuples()}
    anonymous, crm = KINDS.index("anonymous"), KINDS.index("crm")
    logged_in = world.events[world.events["customer"] >= 0]
    tied = set(zip(logged_in["person_row"], logged_in["browser"], strict=True))
    placed = world.orders[(world.orders["customer"] >= 0) & (world.orders["browser"] >= 0)]
    tied |= set(zip(placed["person_row"], placed["browser"], strict=True))
    has_account = set(found.loc[found["kind"] == crm, "person_row"])
    checked = 0
    for (person, kind, number), row in nodes.items():
        if kind == anonymous and person in has_account and not row.is_shared:
            linked_account = any(
                node.is_linkable for (who, what, _), node in nodes.items() if who == person and what == crm
            )
            if (person, number) not in tied:
                assert not row.is_linkable
                checked += 1
            elif len([1 for who, what, _ in nodes if who == person and what == crm]) == 1:
                assert row.is_linkable == linked_account
                checked += 1
    assert checked > 50


def test_every_text_delivered_has_a_theme(home):
    told = {(row.source_table, row.row_id): row for row in _table(home, "verbatims").itertuples()}
    columns = {"survey_responses": "commentaire", "feedback": "body", "interactions": "note"}
    written = {
        (table, key)
        for table, column in columns.items()
        for key, row in landed(home / "drop", table).items()
        if row[column]
    }
    assert written == told.keys()
    assert Counter(row.sentiment for row in told.values()).keys() == {"negative", "neutral", "positive"}


def test_journeys_are_counted_from_what_was_delivered(home):
    journeys = _table(home, "journeys")
    checkout = journeys[journeys["funnel_id"] == "checkout"]
    browsers = {row["visitor_id"] for row in landed(home / "drop", "web_events").values()}
    assert set(checkout["subject"].str.split("/").str[0]) <= browsers
    per_entry = journeys.groupby(["funnel_id", "subject", "entry_number"])
    assert (per_entry["step"].min() == per_entry["entry_step"].first()).all()
    assert (per_entry["step"].max() - per_entry["step"].min() + 1 == per_entry.size()).all(), "chains have no holes"
    last = journeys[journeys["step"] == 5]
    assert set(last["entry_state"]) == {"completed"}
    bought = {row["order_id"] for row in landed(home / "drop", "web_events").values()} - {None}
    assert 0 < len(checkout[checkout["step"] == 5]) <= len(bought)


def test_several_blocks_make_one_company(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.sample.writing.CUSTOMERS_PER_BLOCK", 60)
    assert block_sizes(150) == [50, 50, 50]
    summary = write_sample(tmp_path, seed=3, customer_count=150)
    names = [path.name for path in (tmp_path / "drop" / "crm" / "orders").glob("2025-12-17*")]
    assert sorted(names) == [f"2025-12-17.part-000{number}.csv" for number in (1, 2, 3)]
    persons = _table(tmp_path, "persons")
    assert persons["person_id"].is_unique
    assert np.unique(persons["person_id"] // 10**7).tolist() == [0, 1, 2]
    rates = landed(tmp_path / "drop", "fx_rates")
    assert summary.row_counts["fx_rates"] == len(rates)
    identifiers = _table(tmp_path, "identifiers")
    own = identifiers[~identifiers["is_shared"]]
    assert not own.duplicated(["identifier_type", "identifier"]).any()


def test_lost_tracking_takes_events_and_no_customer(tmp_path):
    write_sample(tmp_path, scenario="tracking_loss", seed=SEED, customer_count=SMALL, messes=OLD_SYSTEMS)
    scenario = scenario_named("tracking_loss")
    world = make_world(scenario=scenario, seed=SEED, customer_count=SMALL)
    reached = delivered_events(world, scenario, Streams(SEED))
    assert len(landed(tmp_path / "drop", "web_events")) == len(reached) < len(world.events)
    assert len(landed(tmp_path / "drop", "orders")) == len(world.orders)


def test_tracking_is_lost_as_stated():
    scenario = scenario_named("tracking_loss")
    world, loss = world_of("tracking_loss", customer_count=4000), scenario.tracking_loss
    day = business_day(world.events["occurred_at"])
    could = (day >= np.datetime64(loss.first_day)) & (day <= np.datetime64(loss.last_day))
    could &= world.events["device"].isin([DEVICES.index(name) for name in loss.devices]).to_numpy()
    is_lost = ~world.events["event"].isin(delivered_events(world, scenario, Streams(1))["event"]).to_numpy()
    assert not is_lost[~could].any()
    assert is_lost[could].mean() == pytest.approx(loss.share, abs=4 * np.sqrt(0.25 / could.sum()))


def test_a_survey_turned_upside_down_is_so_only_in_its_days(tmp_path):
    write_sample(tmp_path, scenario="survey_polarity_flip", seed=SEED, customer_count=SMALL, messes=Messes.none())
    scenario = scenario_named("survey_polarity_flip")
    world = make_world(scenario=scenario, seed=SEED, customer_count=SMALL)
    flip = scenario.polarity_flip
    assert flip is not None
    surveys = world.others["survey_responses"]
    told = landed(tmp_path / "drop", "survey_responses", has_old_encodings=False)
    ends = {"nps": 10, "csat": 6, "ces": 8}[flip.question]
    day = business_day(surveys["answered_at"])
    inside = (day >= np.datetime64(flip.first_day)) & (day <= np.datetime64(flip.last_day))
    answers = [told[f"Q{number:07d}"][flip.question] for number in surveys["response"]]
    scores = surveys[flip.question]
    known = [place for place, answer in enumerate(answers) if answer not in (None, "99")]
    assert [int(answers[place]) for place in known] == [
        int(ends - scores[place] if inside[place] else scores[place]) for place in known
    ]
    assert (scores[known][inside[known]] != ends / 2).any()
