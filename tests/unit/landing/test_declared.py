"""Identities declared in seeds land as those of extracts do."""

from pathlib import Path

import duckdb
import pytest

from pipeline.landing import Declared, LandingError, read_declared, write_declared
from pipeline.landing.personal import hmac_sql, normalised_email, normalised_phone, set_pads
from pipeline.settings import Settings
from pipeline.warehouse import literal

KEY = b"key of a test"


def _landed(sql: str) -> str:
    with duckdb.connect() as opened:
        set_pads(opened, KEY)
        found = opened.execute(f"select {sql}").fetchone()
    assert found is not None
    return str(found[0])


def _email(text: str) -> str:
    return _landed(hmac_sql(normalised_email(literal(text))))


def _phone(text: str) -> str:
    return _landed(hmac_sql(normalised_phone(literal(text))))


def _seed(folder: Path, name: str, *lines: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_addresses_and_numbers_are_hashed_and_other_identifiers_are_not(tmp_path: Path) -> None:
    _seed(
        tmp_path,
        "identity_blocked_values.csv",
        "identifier_type,identifier,reason",
        "email, Inconnu@Example.com ,typed",
        "phone,00 00 00 00 00,typed",
        "anonymous,undefined,fault",
        "email,none,no address",
    )
    assert read_declared(tmp_path, key=KEY).blocked == (
        ("email", _email("inconnu@example.com"), "typed"),
        ("phone", _phone("0000000000"), "typed"),
        ("anonymous", "undefined", "fault"),
    )


def test_a_decision_may_name_a_pseudonym(tmp_path: Path) -> None:
    known = _email("ann@example.org")
    _seed(
        tmp_path,
        "identity_overrides.csv",
        "action,identifier_type,identifier,other_identifier_type,other_identifier,reason,decided_by,decided_on",
        f"split,crm,C1,email,{known},not hers,Ann,2025-01-01",
        "merge,crm,C1,email,ben@example.org,his,Ann,2025-01-01",
    )
    assert read_declared(tmp_path, key=KEY).decisions == (
        ("split", "crm", "C1", "email", known),
        ("merge", "crm", "C1", "email", _email("ben@example.org")),
    )


def test_the_first_folder_with_a_seed_counts_and_none_is_fine(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    _seed(own, "identity_blocked_values.csv", "identifier_type,identifier,reason", "loyalty,1,own")
    _seed(shipped, "identity_blocked_values.csv", "identifier_type,identifier,reason", "loyalty,0,shipped")
    assert read_declared(own, shipped, key=KEY).blocked == (("loyalty", "1", "own"),)
    assert read_declared(tmp_path, key=KEY) == Declared()


def test_a_seed_without_a_column_is_named(tmp_path: Path) -> None:
    _seed(tmp_path, "identity_overrides.csv", "action,identifier", "split,C1")
    with pytest.raises(LandingError, match=r"identity_overrides\.csv has no column identifier_type"):
        read_declared(tmp_path, key=KEY)


def test_what_is_declared_is_written_for_dbt(tmp_path: Path) -> None:
    home = Settings(home=tmp_path / "home").paths
    write_declared(home, Declared(blocked=(("loyalty", "0", "no card"),)))
    blocked = duckdb.sql(f"from '{home.landing_facts}/blocked_identifiers.parquet'").fetchall()
    decisions = duckdb.sql(f"from '{home.landing_facts}/identity_decisions.parquet'")
    assert blocked == [("loyalty", "0", "no card")]
    assert decisions.fetchall() == []
    assert decisions.columns[0] == "action"


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("join,crm,1,crm,2,same,me,2024-01-01", "action is merge or split"),
        ("merge,crm,1,browser,2,same,me,2024-01-01", "identifier types are of"),
        ("merge,crm,1,crm,2,,me,2024-01-01", "reason and decided_by"),
    ],
)
def test_a_decision_that_cannot_be_meant_is_refused(tmp_path: Path, row: str, rule: str) -> None:
    header = "action,identifier_type,identifier,other_identifier_type,other_identifier,reason,decided_by,decided_on"
    _seed(tmp_path, "identity_overrides.csv", header, row)
    with pytest.raises(LandingError, match=rule):
        read_declared(tmp_path, key=KEY)
