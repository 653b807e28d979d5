"""A closed gate says why, since when and what to do; a named human may open it, and is named for it."""

from dataclasses import replace
from datetime import datetime

import duckdb
import pytest

from pipeline import publish
from pipeline.publish.gate import PAGE, TABLE

NOW, LATER = datetime(2026, 1, 2, 5, 30), datetime(2026, 1, 3, 5, 30)  # noqa: DTZ001  naive UTC, as everywhere
EVIL = '<script>alert("x")</script>'
CHECK = publish.ClosedCheck(
    "published/kpi_daily/value/column_values_to_be_between", "published", "kpi_daily", None, "value",
    "3 of 100 rows fail", "A share lies between 0 and 1", "Mend the data",
)  # fmt: skip
OTHER = replace(CHECK, check="landing/orders/2026-01-01", door="landing", table="orders", extract_date="2026-01-01")
SERVED = publish.Manifest("2025-12-31-aaaa", "2025-12-31", "2026-01-01T05:30:00Z", "0", "EUR", "UTC",
                          publish.Ingredients("i", "s", "c", "k"))  # fmt: skip
WORDS = {"reason": "counted by hand, it is right", "by": "Ada Lovelace", "at": NOW}


def _gate(*checks, before=None, at=NOW):
    return publish.gate_now(before, checks, release_id="2026-01-01-bbbb", as_of_date="2026-01-01", served=SERVED, at=at)


def test_a_closed_gate_is_kept_as_state_table_and_page(tmp_path):
    gate = _gate(CHECK, OTHER)
    publish.write_gate(tmp_path, gate, publish.gate_page(gate))
    assert publish.read_gate(tmp_path) == gate
    rows = duckdb.sql(f"select \"check\", door, is_final from '{tmp_path / TABLE}'").fetchall()
    assert rows == [(CHECK.check, "published", False), (OTHER.check, "landing", False)]
    page = (tmp_path / PAGE).read_text(encoding="utf-8")
    told = (CHECK.check, "3 of 100 rows fail", "2025-12-31-aaaa", "published 2026-01-01T05:30:00Z", "Mend the data")
    for words in (*told, "parcours publish --override", "2 days before this judgement"):
        assert words in page


def test_closed_since_is_when_it_closed_and_an_open_gate_forgets_it(tmp_path):
    first = _gate(CHECK)
    second = _gate(CHECK, before=first, at=LATER)
    assert (first.closed_since, second.closed_since, second.judged_at) == (
        "2026-01-02T05:30:00Z", "2026-01-02T05:30:00Z", "2026-01-03T05:30:00Z",
    )  # fmt: skip
    opened = _gate(before=second, at=LATER)
    assert opened.is_open
    assert opened.closed_since is None
    publish.write_gate(tmp_path, opened, publish.gate_page(opened))
    assert "The gate is open" in (tmp_path / PAGE).read_text(encoding="utf-8")
    assert _gate(CHECK, before=opened, at=LATER).closed_since == "2026-01-03T05:30:00Z"


def test_texts_from_data_are_escaped_and_nothing_is_loaded():
    page = publish.gate_page(_gate(replace(CHECK, observed=EVIL, why=EVIL, column=EVIL, remedy=EVIL)))
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "src=" not in page.replace("default-src", "").replace("style-src", "")


def test_an_override_bears_name_reason_and_instant():
    (override,) = publish.overridden([CHECK], [CHECK.check], **WORDS)
    assert override == publish.Override(CHECK.check, WORDS["reason"], "Ada Lovelace", "2026-01-02T05:30:00Z")
    assert override.text == f"{CHECK.check}: “{WORDS['reason']}” (Ada Lovelace, 2026-01-02)"


@pytest.mark.parametrize(
    ("names", "words", "message"),
    [
        (["nothing"], {}, "no closed check is named nothing; closed are: published/kpi_daily"),
        ([CHECK.check], {"by": " "}, "say who overrides"),
        ([CHECK.check, OTHER.check], {"reason": "ok"}, "in a sentence"),
        ([CHECK.check], {}, f"would stay closed because of {OTHER.check}"),
    ],
)
def test_an_override_that_says_too_little_is_refused(names, words, message):
    checks = [CHECK] if words.get("by") else [CHECK, OTHER]
    with pytest.raises(publish.OverrideError, match=message):
        publish.overridden(checks, names, **{**WORDS, **words})


def test_what_guards_people_cannot_be_overridden():
    final = replace(CHECK, is_final=True)
    with pytest.raises(publish.OverrideError, match="guards people"):
        publish.overridden([final], [final.check], **WORDS)
    gate = _gate(final)
    assert publish.override_command(gate) is None
    assert "parcours publish" not in publish.gate_page(gate)


def test_the_manifest_keeps_overrides(make_release):
    folder, _ = make_release()
    plain = publish.read_manifest(folder)
    assert plain.overrides == ()
    from pipeline.publish.manifest import write_manifest  # noqa: PLC0415

    override = publish.Override("c", "r", "b", "a")
    (folder / "manifest.json").chmod(0o644)
    write_manifest(replace(plain, overrides=(override,)), folder)
    assert publish.read_manifest(folder).overrides == (override,)
