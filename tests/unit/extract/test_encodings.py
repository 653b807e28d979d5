"""An encoding that is not declared is proven by the bytes, or the file is refused."""

import contextlib
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.decode import plain_text
from pipeline.extract.encodings import AUTO
from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import SourceFile

TEXT = "Numéro;Prénom\n1;Hélène, « déçue » à Nîmes\n"

WORDS = ["été", "où", "cœur", "ŒUVRE", "5 €", "1½", "½ tarif", "ça", "N°", "«", "»", "a;b", "plain", "Noël", "ÿ"]


def found(content):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "2025-12-01.csv"
        file.write_bytes(content)
        source = SourceFile(file, file.name, date(2025, 12, 1))
        scratch = Path(folder) / "scratch"
        scratch.mkdir()
        text = plain_text(duckdb.connect(), source, encoding=AUTO, scratch=scratch)
        return text.encoding, text.path.read_bytes().decode("utf-8")


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (TEXT, "utf-8", "utf-8"),
        ("plain", "ascii", "utf-8"),
        (TEXT, "utf-8-sig", "utf-8"),
        (TEXT, "utf-16", "utf-16"),
        (TEXT, "utf-16-le", "utf-16-le"),
        (TEXT, "utf-16-be", "utf-16-be"),
        (TEXT, "windows-1252", "windows-1252"),
        (TEXT + "5 €", "windows-1252", "windows-1252"),
        (TEXT + "l’œuvre…", "windows-1252", "windows-1252"),
        (TEXT + "5 €", "iso-8859-15", "iso-8859-15"),
        (TEXT + "cœur", "iso-8859-15", "iso-8859-15"),
        (TEXT + " ½ tarif", "windows-1252", "windows-1252"),
    ],
)
def test_what_is_certain(text, encoding, expected):
    assert found(text.encode(encoding)) == (expected, text)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Привет, мир", "windows-1251"), ("Dvořák", "windows-1250"), ("Żółć", "iso-8859-2"), ("café", "mac-roman"),
        ("déçu", "cp850"), ("Ελλάδα", "iso-8859-7"), ("日本語の文章", "shift-jis"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused_with_the_candidates(text, encoding):
    with pytest.raises(UnreadableFileError, match="candidates: windows-1252, iso-8859-15"):
        found(text.encode(encoding))


def test_signs_of_both_western_encodings_are_refused():
    with pytest.raises(UnreadableFileError):
        found("cœur ".encode("iso-8859-15") + " ½ ".encode("windows-1252"))


def test_a_binary_file_is_refused():
    with pytest.raises(UnreadableFileError, match="zero bytes"):
        found(b"\x7fELF\x02\x01\x00\x00\x03\x00\x00\x00abc")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1),
    st.sampled_from(["windows-1252", "iso-8859-15", "utf-8", "utf-16"]),
)
def test_a_detected_encoding_gives_the_text_back(words, encoding):
    text = "x " + " ".join(word for word in words if encoding != "iso-8859-15" or "½" not in word) + "\nx"
    with contextlib.suppress(UnreadableFileError):  # refused is right, wrong is not
        assert found(text.encode(encoding))[1] == text


def test_a_few_letters_that_make_sense_twice_are_refused():
    with pytest.raises(UnreadableFileError, match="candidates: utf-8, windows-1252"):
        found("à««".encode("windows-1252"))
    assert found("Привет, мир".encode())[0] == "utf-8"
