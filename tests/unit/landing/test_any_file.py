"""Whatever files arrive, every row is accounted for and no value changes in silence.

Files are made of true rows whose cells are known; then they are corrupted in known and in random ways. What lands must
be one of the true rows, cell by cell, unless its own cells were tampered with.
"""

import gzip
import json
import random
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.settings import Home
from tests.unit.landing.laboratory import Lab

DAY = date(2025, 12, 1)
FILES_PER_EXAMPLE = 20
NAMES = ("feedback_id", "published_at", "platform", "rating", "body")
TEXTS = [
    "Très déçu", "l’été à 5 €", "plain words", "cœur", "say \"hi\"", "a;b,c", "two\nlines", "São Paulo", "=1+1",
    "  spaced  ", "N° 5", "naïve — don’t", "NULL", "0612345678 bis", "é", "x" * 300,
]  # fmt: skip
PLATFORMS = ["shop", "réseau", "forum"]


def true_row(chance, number):
    """Cells as they are meant, all texts."""
    day = DAY - timedelta(days=chance.randrange(1, 30))
    rating = chance.choice(["1", "2.5", "5", ""])
    return (f"f{number}", f"{day} 10:00:00", chance.choice(PLATFORMS), rating, chance.choice(TEXTS))


def quoted(cell, delimiter):
    return '"' + cell.replace('"', '""') + '"' if set(cell) & {'"', "\n", "\r", delimiter} else cell


def written(chance, rows, form):
    """The rows as a file of a form, columns in any order, sometimes one more."""
    order = chance.sample(NAMES, len(NAMES))
    extra = chance.random() < 0.2
    ends = chance.choice([["\n"], ["\r\n"], ["\n", "\r\n"]])
    if form == "jsonl":
        return "".join(
            json.dumps({name: cells[NAMES.index(name)] for name in order}, ensure_ascii=chance.random() < 0.5) + "\n"
            for cells in rows
        )
    lines = [",".join([*order, *(["colour"] if extra else [])])]
    lines += [
        ",".join([*(quoted(cells[NAMES.index(name)], ",") for name in order), *(["red"] if extra else [])])
        for cells in rows
    ]
    return "".join(line + chance.choice(ends) for line in lines)


def damage_bytes(chance, content):
    """What a transfer or a broken program does to bytes."""
    kind = chance.randrange(6)
    place = chance.randrange(len(content) + 1)
    if kind == 0:
        return content[:place]
    if kind == 1:
        return content[:place] + bytes([chance.randrange(256)]) + content[place:]
    if kind == 2:
        return content[:place] + b"\x00" + content[place:]
    if kind == 3:
        return content[:place] + b'"' + content[place:]
    if kind == 4:
        return content + content[: chance.randrange(len(content) + 1)]
    return content[:place] + content[place + 1 :]


def made_file(chance, number):
    """(name, bytes, true rows, whether cells may differ from the true ones)."""
    rows = [true_row(chance, number * 100 + n) for n in range(chance.randrange(0, 6))]
    rows += [chance.choice(rows)] if rows and chance.random() < 0.3 else []
    form = chance.choice(["csv", "csv", "jsonl"])
    text = written(chance, rows, form)
    if chance.random() < 0.15:
        text = text.encode("utf-8").decode("iso-8859-1")  # encoded twice
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "windows-1252", "utf-16", "iso-8859-15"])
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        content = text.encode("utf-8")
    is_tampered = chance.random() < 0.3
    content = damage_bytes(chance, content) if is_tampered else content
    suffix = chance.choice(["", "", ".gz"])
    if suffix:
        content = gzip.compress(content, mtime=0)
        if chance.random() < 0.1:
            content, is_tampered = damage_bytes(chance, content), True
    return f"{DAY}-{number}.{form}{suffix}", content, rows, is_tampered


def landed_text(body):
    """A body as it lands: trimmed, without people."""
    return body.strip(" \t\r\n").replace("0612345678", "[phone]") or None


def check(seed):
    chance = random.Random(seed)  # noqa: S311
    files = [made_file(chance, number) for number in range(FILES_PER_EXAMPLE)]
    with tempfile.TemporaryDirectory() as root:
        home = Home(Path(root) / "home", Path(root) / "drop")
        for number, (name, content, _, _) in enumerate(files):
            # Each file is a day of its own: one that cannot be read must not hide the others.
            day = DAY + timedelta(days=number)
            lab = Lab(home, "feedback")
            lab.drop(name.replace(str(DAY), str(day)), b"").write_bytes(content)
        outcomes = lab.land()
        assert len(outcomes) == len(files)
        for (_, _, rows, is_tampered), outcome in zip(files, outcomes, strict=True):
            _check_day(lab, outcome, rows, is_tampered=is_tampered)
        whole = [outcome for (*_, is_tampered), outcome in zip(files, outcomes, strict=True) if not is_tampered]
        assert sum(outcome.is_readable for outcome in whole) >= len(whole) / 2, "refusing everything is no answer"
        assert {outcome.status for outcome in lab.land()} == {"unchanged"}


def _check_day(lab, outcome, rows, *, is_tampered):
    content = outcome.content
    parts = ("loaded", "quarantined", "duplicate", "set_aside")
    for file in content["files"]:
        assert file["received"] == sum(file[part] for part in parts)
    if not outcome.is_readable:
        assert content["row_count_loaded"] == 0
        assert outcome.problems
        return
    day = outcome.extract_date
    landed = lab.rows("feedback_id, published_at::varchar, platform, rating::double, body", day)
    assert len(landed) == content["row_count_loaded"]
    kept = lab.quarantined("_raw", day) if content["row_count_quarantined"] else []
    assert len(kept) == content["row_count_quarantined"]
    assert all("\ufffd" not in str(row) for row in landed)
    if is_tampered:
        return
    true = {
        (cells[0], cells[1], cells[2], float(cells[3]) if cells[3] else None, landed_text(cells[4])) for cells in rows
    }
    assert content["row_count_received"] == len(rows)
    assert set(landed) == true, "nothing lost, nothing changed"
    assert content["row_count_duplicate"] == len(rows) - len(true)


_SETTINGS = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate], database=None
)


@settings(_SETTINGS, max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_no_file_breaks_the_door(seed):
    check(seed)


@pytest.mark.slow
@settings(_SETTINGS, max_examples=100)
@given(seed=st.integers(0, 2**32))
def test_two_thousand_files_do_not_break_the_door(seed):
    check(seed)
