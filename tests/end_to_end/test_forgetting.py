"""A person is forgotten: nothing of them is left anywhere, a file sent again does not bring them back."""

import dataclasses
import json
import shutil
from datetime import UTC, date, datetime

import duckdb
import pytest

from pipeline import landing, privacy, publish
from pipeline.contracts import CONTRACTS
from pipeline.defs.erasing import erase, find_person, retire_due
from pipeline.defs.rekeying import lost_days, rekey_home
from pipeline.landing.store import read_outcome
from tests.end_to_end.laboratory import SERVED_DAY, people
from tests.end_to_end.test_privacy import _cells

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]
FIRST_DAY = date(2025, 12, 1)
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC).replace(tzinfo=None)
IDS = "select identifier from intermediate.int_identifiers__resolved where identifier_type = 'crm' and customer_key = "
BUSY = (
    "(select customer_key from intermediate.int_identifiers__resolved group by 1 "
    "order by count(distinct identifier_type) desc, count(*) desc, customer_key limit 1)"
)


@pytest.fixture
def number(lab):
    """The CRM number of somebody who left traces in every silo."""
    ((found,),) = lab.query(f"select min(identifier) from ({IDS}{BUSY})")
    return str(found)


def holding(lab, needles):
    """Files of a home, but for its keys and the truth of the sample, with one of some texts."""
    found = []
    for path in sorted(lab.root.rglob("*")):
        if path.is_file() and not path.is_relative_to(lab.root / "truth") and path.name != "truth.json":
            is_table = path.suffix in (".parquet", ".duckdb")
            text = "\n".join(_cells(path)) if is_table else path.read_bytes().decode("utf-8", "replace")
            if any(needle in text for needle in needles):
                found.append(path.relative_to(lab.root).as_posix())
    return found


def contents(lab):
    """Content hash of every accepted day."""
    return {
        (table, day): read_outcome(lab.settings.paths.landing / table / f"extract_date={day}")["content_hash"]
        for table in CONTRACTS
        for day in landing.accepted_days(lab.settings.paths, table)
    }


def profiled(lab):
    """Rows of every accepted day that has a profile, as it says and as they are."""
    with duckdb.connect() as memory:
        for file in sorted(lab.settings.paths.landing.rglob("extract_date=*/profile.json")):
            (column, *_) = json.loads(file.read_text(encoding="utf-8"))["columns"]
            held = memory.execute(f"select count(*) from '{file.with_name('data.parquet')}'").fetchone()
            yield file.parent, column["row_count"], held[0]


def test_nothing_of_a_person_is_left_and_a_file_sent_again_changes_nothing(lab, number):
    paths, session = lab.settings.paths, lab.session()
    person = find_person(session, frozenset({number}))
    assert {"crm", "anonymous", "order"} <= set(person.identifiers)
    needles = sorted(set().union(*person.identifiers.values()))
    rows = [row for row in people(paths.drop) if row["N° client"] == number]
    assert rows
    needles += [row["Courriel"] for row in rows if row["Courriel"]]
    resent = {file: file.read_bytes() for file in paths.drop.rglob("*") if file.is_file()}
    before = holding(lab, [number])
    assert {name.split("/")[0] for name in before} >= {"drop", "landing", "warehouse"}
    done = erase(session, frozenset({number}), at=NOW)
    assert holding(lab, needles) == []
    assert {each.place for each in done.receipt.removed} >= {"drop", "landing", "warehouse", "analysis"}
    assert all(each.hash_before != each.hash_after for each in done.receipt.removed)
    assert not done.receipt.left
    counts = list(profiled(lab))
    assert counts
    assert [each for each in counts if each[1] != each[2]] == [], "profiles count who is left"
    forgotten = contents(lab)
    lab.land(FIRST_DAY, SERVED_DAY)
    assert contents(lab) == forgotten, "what is landed from the rewritten files is what was left"
    for file, content in resent.items():
        file.write_bytes(content)
    lab.land(FIRST_DAY, SERVED_DAY)
    assert contents(lab) == forgotten
    assert [name for name in holding(lab, needles) if not name.startswith("drop/")] == []


def test_the_receipt_is_for_its_owner_and_tells_of_nobody(lab, number):
    done = erase(lab.session(), frozenset({number}), at=NOW)
    assert done.file.stat().st_mode & 0o077 == 0
    content = json.loads(done.file.read_text(encoding="utf-8"))
    assert number not in json.dumps(content)
    stones = json.loads((done.file.parents[1] / "tombstones.json").read_text(encoding="utf-8"))
    hashes = {each for kinds in stones.values() for values in kinds.values() for each in values}
    assert hashes
    assert not any(each in json.dumps(content) for each in hashes)
    with pytest.raises(landing.UnknownPersonError):
        erase(lab.session(), frozenset({number}), at=NOW)


def test_releases_from_before_go_when_there_is_one_from_after(lab, number):
    paths = lab.settings.paths
    old = publish.current_release(paths.releases)
    erase(lab.session(), frozenset({number}), at=NOW)
    assert privacy.releases_due(paths) == [old.name]
    assert retire_due(paths, NOW) == [], "what is served stays until there is another"
    shutil.copytree(old, paths.releases / "2025-12-29-abcdef123456")
    publish.point_current_at(paths.releases, "2025-12-29-abcdef123456")
    assert retire_due(paths, NOW) == [old.name]
    assert [folder.name for folder in publish.release_folders(paths.releases)] == ["2025-12-29-abcdef123456"]
    assert privacy.releases_due(paths) == []
    (receipt,) = privacy.read_receipts(paths)
    assert receipt.release_after == "2025-12-29-abcdef123456"


def test_a_drop_elsewhere_is_named_and_left_alone(lab, number, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    lab.settings.paths.drop.rename(elsewhere)
    moved = dataclasses.replace(lab, settings=lab.settings.model_copy(update={"drop": elsewhere}))
    files = {file: file.read_bytes() for file in elsewhere.rglob("*") if file.is_file()}
    done = erase(moved.session(), frozenset({number}), at=NOW)
    assert {"crm/customers/2025-12-17.csv"} <= {left.name for left in done.receipt.left}
    assert {file: file.read_bytes() for file in files} == files


def test_a_copy_for_the_person_holds_their_rows_and_nobody_elses(lab, number, command, tmp_path):
    target = tmp_path / "copy"
    assert command(lab, "export-person", number, str(target)).exit_code == 0
    assert [path for path in (target, *target.rglob("*")) if path.stat().st_mode & 0o077] == []
    with duckdb.connect() as memory:
        owners = memory.execute(f"select distinct customer_id from '{target / 'landing' / 'orders.jsonl'}'").fetchall()
    assert (number,) in owners
    assert (target / "models" / "dim_customers.csv").is_file()
    assert command(lab, "export-person", number, str(target)).exit_code == 2, "never over a folder that is there"


def test_a_home_is_landed_again_with_a_new_key(lab, number):
    paths, session = lab.settings.paths, lab.session()
    assert lost_days(session) == []
    erase(session, frozenset({number}), at=NOW)
    session = lab.session()
    shown = "select count(email_hash), count(distinct customer_id), bit_xor(hash(email_hash)) from read_parquet('{}')"
    files = f"{paths.landing}/customers/extract_date=*/data.parquet"
    with duckdb.connect() as memory:
        before = memory.execute(shown.format(files)).fetchone()
        key = rekey_home(session)
        assert key.fingerprint != session.key.fingerprint
        lab.land(FIRST_DAY, SERVED_DAY)
        after = memory.execute(shown.format(files)).fetchone()
    assert before[:2] == after[:2], "the same people, and whoever was forgotten stays so under the new key"
    assert before[2] != after[2]
    lab.dropped("orders", SERVED_DAY).unlink()
    assert lost_days(lab.session()) == [("orders", SERVED_DAY)]


def test_a_whole_run_after_it_makes_a_release_without_the_person_that_tells_nothing(lab, number, command):
    """One customer less is counted, nothing says which figures moved, and no older release is left to compare with."""
    counted = "select segment_customer_count as n from dim_segments where segment_dimension = 'all'"
    before, ((everybody,),) = lab.served, (tuple(row.values()) for row in lab.ask(counted))
    needles = sorted(set().union(*find_person(lab.session(), frozenset({number})).identifiers.values()))
    assert command(lab, "forget", number, "--yes", "--no-run").exit_code == 0
    done = command(lab, "run", "--to", str(SERVED_DAY))
    assert done.exit_code == 0, done.output
    assert lab.served != before
    assert [folder.name for folder in publish.release_folders(lab.settings.paths.releases)] == [lab.served]
    assert lab.ask(counted) == [{"n": everybody - 1}]
    assert lab.ask("from kpi_restatements") == []
    (receipt,) = privacy.read_receipts(lab.settings.paths)
    assert (receipt.retired_releases, receipt.release_after) == ((before,), lab.served)
    assert holding(lab, needles) == []
