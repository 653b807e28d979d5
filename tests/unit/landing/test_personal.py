"""Personal data at the door: pseudonyms equal HMAC-SHA256, text is redacted, names never land."""

import hashlib
import hmac
from dataclasses import replace

import duckdb
import pytest

from pipeline.extract import FileReader
from pipeline.landing.personal import redacted

HEADER = "customer_id,email,phone,first_name,last_name,address\n"


def expected(text, key=bytes(range(32))):
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("key", [bytes(range(32)), b"\x00" * 32, b"k", b"\xff" * 64])
def test_pseudonyms_are_hmac_of_the_normalised_text(make_lab, key):
    lab = make_lab("customers")
    lab.settings = replace(lab.settings, key=key)
    lab.land_one("2025-12-01.csv", HEADER + "1, Zoé.Durand@Example.FR ,0033 (0)6 12 34 56 78,Zoé,Durand,1 rue X\n")
    assert lab.rows("email_hash, phone_hash") == [
        (expected("zoé.durand@example.fr", key), expected("+33612345678", key))
    ]


def test_placeholders_make_no_pseudonym(make_lab):
    lab = make_lab("customers")
    lab.land_one("2025-12-01.csv", HEADER + "1,none,n/a,,,\n2,,12,,,\n")
    assert lab.rows("email_hash, phone_hash") == [(None, None)] * 2


def test_nothing_personal_lands_but_in_quarantine(make_lab, files_of):
    lab = make_lab("customers")
    lab.land_one(
        "2025-12-01.csv",
        HEADER + "1,zoe@example.fr,0612345678,Zoé,Durand,1 rue X\n,eve@example.fr,,Eve,Blanc,\n",
    )
    names = {name for name, *_ in duckdb.connect().execute(
        f"describe select * from '{lab.home.pending}/customers/extract_date=2025-12-01/data.parquet'"
    ).fetchall()}  # fmt: skip
    assert not names & {"email", "phone", "first_name", "last_name", "address"}
    for content in files_of(lab.home.landing).values():
        for word in (b"zoe@", b"eve@", b"Durand", b"Blanc", b"0612345678"):
            assert word not in content
    assert "eve@example.fr" in lab.quarantined("_raw")[0][0]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("write to zoe.durand+x@mail.example.co.uk please", "write to [email] please"),
        ("call 06 12 34 56 78 today", "call [phone] today"),
        ("call +33 6.12.34.56.78!", "call [phone]!"),
        ("call 0033612345678", "call [phone]"),
        ("call +44 (0)20 7946 0958", "call [phone]"),
        ("call (415) 555-0123", "call [phone]"),
        ("order 4711 of 2025-12-18 cost 1234.50", "order 4711 of 2025-12-18 cost 1234.50"),
        ("10 out of 10, 24/7", "10 out of 10, 24/7"),
    ],
)
def test_redaction(text, clean):
    with duckdb.connect() as connection:
        assert connection.execute(f"select {redacted('$text')}", {"text": text}).fetchall()[0][0] == clean


def test_free_text_is_redacted_when_landed(make_lab):
    lab = make_lab("feedback")
    lab.land_one("2025-12-01.csv", "feedback_id,published_at,body\n1,2025-11-30,I am zoe@example.fr\n")
    assert lab.rows("body") == [("I am [email]",)]


def test_an_identifier_made_of_an_address_is_hashed_like_the_address(make_lab):
    lab = make_lab("web_events")
    header = "event_id,occurred_at,anonymous_id,user_id,event_name,page_path\n"
    lab.land_one(
        "2025-12-01.csv",
        header
        + "1,2025-11-30,a1,Zoe@Example.fr,search,/reset?email=zoe@example.fr\n"
        + "2,2025-11-30,a1,C7,search,/a#tel=0612345678\n",
    )
    assert lab.rows("anonymous_id, user_id, page_path") == [
        ("a1", expected("zoe@example.fr"), "/reset"),
        ("a1", "C7", "/a"),
    ]


def test_copies_of_a_killed_run_are_private_and_swept(make_lab):
    lab = make_lab("customers")
    seen = []

    def spying(connection, file, *, prefix, scratch, **asked):
        seen.append((scratch, scratch.stat().st_mode & 0o777, scratch.parent.stat().st_mode & 0o777))
        return FileReader.__call__(reader, connection, file, prefix=prefix, scratch=scratch, **asked)

    reader = lab.reader()
    left = lab.home.quarantine / "_scratch" / "left"
    left.mkdir(parents=True)
    (left / "plain.txt").write_text("zoe@example.fr")
    lab.drop("2025-12-01.csv", HEADER + "1,zoe@example.fr,,,,\n")
    lab.land(read=spying)
    assert [(folder.is_relative_to(lab.home.quarantine), *modes) for folder, *modes in seen] == [(True, 0o700, 0o700)]
    assert [path for path in (lab.home.quarantine / "_scratch").rglob("*") if path.exists()] == []
