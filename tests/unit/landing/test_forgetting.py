"""People who were forgotten: out of what landed, out of quarantine, and turned away when they are sent again."""

import hashlib
import hmac
import json
from dataclasses import replace

import pytest

from pipeline.contracts import CONTRACTS
from pipeline.defs.profiles import remake_profile
from pipeline.landing import Person, Tombstones, find_person, forget_landed, forget_quarantined, word_test
from pipeline.landing.store import accepted_folder, read_outcome
from tests.unit.landing.laboratory import DAY, KEY

ORDERS = "order_id,customer_id,ordered_at,order_type,net_amount,anonymous_id,refunded_order_id\n"
ROWS = [
    "o1,C1,2025-11-30T10:00:00Z,sale,10.00,b1,",
    "o2,C2,2025-11-30T11:00:00Z,sale,20.00,b1,",
    "o3,,2025-11-30T12:00:00Z,sale,30.00,b2,",
    "o4,,2025-11-30T13:00:00Z,refund,-10.00,,o1",
    "o5,C1,yesterday,sale,10.00,b1,",
]
WEB = "event_id,occurred_at,anonymous_id,user_id,event_name\n"
VISITS = [
    "e1,2025-11-30T10:00:00Z,b1,C1,page_view",
    "e2,2025-11-30T10:01:00Z,b1,C2,page_view",
    "e3,2025-11-30T10:02:00Z,b2,,page_view",
    "e4,2025-11-30T10:03:00Z,b3,,page_view",
]
PERSON = Person({"crm": frozenset({"C1"}), "anonymous": frozenset({"b2"}), "order": frozenset({"o1", "o3", "o5"})})


def text(header, rows, *, without=()):
    return header + "\n".join(row for row in rows if not row.startswith(without)) + "\n"


def stones(person, key=KEY):
    return Tombstones(
        key,
        {
            kind: frozenset(hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest() for value in values)
            for kind, values in person.identifiers.items()
        },
    )


def nobody(kind, values):
    return []


def everybody(kind, values):
    return values


def forgetful(lab, *kept):
    lab.settings = replace(lab.settings, tombstones=kept)
    return lab


@pytest.mark.parametrize(
    ("table", "header", "rows", "theirs"),
    [("orders", ORDERS, ROWS, ("o1", "o3", "o4", "o5")), ("web_events", WEB, VISITS, ("e1", "e3"))],
)
def test_a_file_sent_again_does_not_bring_anybody_back(make_lab, table, header, rows, theirs):
    lab = forgetful(make_lab(table), stones(PERSON))
    outcome = lab.land_one(f"{DAY}.csv", text(header, rows))
    content = outcome.content
    assert content["row_count_received"] == len(rows)
    assert content["row_count_set_aside"] == len(theirs)
    assert content["row_count_loaded"] == len(rows) - len(theirs)
    assert content["row_count_quarantined"] == 0, "nor does what is wrong with their rows"
    key = CONTRACTS[table].key[0]
    assert [row[0] for row in lab.rows(key)] == [r.split(",")[0] for r in rows if not r.startswith(theirs)]


def test_the_landed_rows_are_those_of_a_file_without_them(make_lab, tmp_path):
    lab = forgetful(make_lab("web_events"), stones(PERSON))
    with_them = lab.land_one(f"{DAY}.csv", text(WEB, VISITS)).content
    lab.settings = replace(lab.settings, tombstones=())
    without = lab.land_one(f"{DAY}.csv", text(WEB, VISITS, without=("e1", "e3"))).content
    assert with_them["content_hash"] == without["content_hash"]


def test_other_people_of_a_shared_browser_stay(make_lab):
    person = Person({"crm": frozenset({"C1"}), "anonymous": frozenset({"b1"})})
    lab = forgetful(make_lab("web_events"), stones(person))
    lab.land_one(f"{DAY}.csv", text(WEB, VISITS))
    assert [row[0] for row in lab.rows("event_id")] == ["e2", "e3", "e4"], "an owner who is named decides"


def test_an_address_is_known_by_its_hash_whichever_key_the_home_has_now(make_lab):
    old = bytes(32)
    address = hmac.new(old, b"zoe@example.fr", hashlib.sha256).hexdigest()
    lab = forgetful(make_lab("interactions"), stones(Person({"email": frozenset({address})}), old))
    lab.land_one(
        f"{DAY}.csv",
        "interaction_id,email,opened_at,channel\n"
        "i1, Zoe@Example.fr ,2025-11-30T10:00:00Z,email\ni2,max@example.fr,2025-11-30T10:00:00Z,email\n",
    )
    assert [row[0] for row in lab.rows("interaction_id")] == ["i2"]


def test_forgetting_takes_rows_out_of_landing_and_quarantine_and_the_counts_add_up(make_lab):
    lab = make_lab()
    lab.drop(f"{DAY}.csv", text(ORDERS, ROWS))
    lab.accept()
    assert len(lab.quarantined()) == 1
    removals = [*forget_landed(lab.home, PERSON), *forget_quarantined(lab.home, word_test(PERSON, KEY))]
    assert [(each.place, each.row_count) for each in removals] == [("landing", 3), ("quarantine", 1)]
    assert removals[0].hash_before != removals[0].hash_after
    assert [row[0] for row in lab.rows("order_id", accepted=True)] == ["o2"]
    content = read_outcome(accepted_folder(lab.home, "orders", DAY))
    assert (content["row_count_loaded"], content["row_count_set_aside"], content["row_count_quarantined"]) == (1, 4, 0)
    assert content["row_count_received"] == 5
    assert content["quarantine_reasons"] == {}
    assert list(forget_landed(lab.home, PERSON)) == [], "nothing is left to forget"
    assert not list(lab.home.quarantine.rglob("rows.parquet"))


def test_a_profile_that_counts_the_person_goes_and_can_be_made_again(make_lab):
    lab = make_lab()
    lab.drop(f"{DAY}.csv", text(ORDERS, ROWS))
    lab.accept()
    profile = accepted_folder(lab.home, "orders", DAY) / "profile.json"
    remake_profile(lab.home, CONTRACTS["orders"], DAY)
    before = {column["row_count"] for column in json.loads(profile.read_text(encoding="utf-8"))["columns"]}
    list(forget_landed(lab.home, PERSON))
    assert not profile.exists()
    remake_profile(lab.home, CONTRACTS["orders"], DAY)
    after = {column["row_count"] for column in json.loads(profile.read_text(encoding="utf-8"))["columns"]}
    assert (before, after) == ({4}, {1})


def test_what_was_taken_out_is_what_the_door_would_leave_out(make_lab):
    lab = make_lab("web_events")
    lab.drop(f"{DAY}.csv", text(WEB, VISITS))
    lab.accept()
    (removal,) = forget_landed(lab.home, PERSON)
    before = read_outcome(accepted_folder(lab.home, "web_events", DAY))
    again = forgetful(lab, stones(PERSON)).land()
    assert [outcome.status for outcome in again] == ["unchanged"]
    lab.drop(f"{DAY}.csv", text(WEB, VISITS) + "e5,2025-11-30T10:09:00Z,b2,,page_view\n")
    (outcome,) = lab.land()
    assert outcome.content["content_hash"] == removal.hash_after == before["content_hash"]


def test_who_belongs_together_is_found_in_landing_where_the_models_do_not_know(make_lab):
    lab = make_lab()
    lab.drop(f"{DAY}.csv", text(ORDERS, ROWS[:4]))
    lab.accept()
    found = find_person(lab.home, frozenset({"C1"}), together={}, elsewhere=nobody)
    assert found.identifiers == {"crm": frozenset({"C1"}), "order": frozenset({"o1", "o4"})}, (
        "b1 is another's browser too"
    )
    both = find_person(lab.home, frozenset({"C1", "C2"}), together={}, elsewhere=nobody)
    assert both.identifiers["anonymous"] == frozenset({"b1"})
    known = find_person(lab.home, frozenset({"C1", "C2"}), together={}, elsewhere=everybody)
    assert "anonymous" not in known.identifiers


def test_a_word_is_compared_as_the_door_compares(make_lab):
    def hashed(value):
        return frozenset({hmac.new(KEY, value.encode(), hashlib.sha256).hexdigest()})

    is_theirs = word_test(Person({"email": hashed("zoe@example.fr"), "phone": hashed("+33612345678")}), KEY)
    assert is_theirs(" Zoe@Example.FR")
    assert is_theirs("+33 (0)6 12 34 56 78")
    assert is_theirs("0033612345678")
    assert not is_theirs("C1")
    assert not is_theirs("max@example.fr")
