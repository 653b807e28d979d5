"""What leaves as CSV is text or number in a spreadsheet, never a formula."""

import csv
import io

import pandas as pd
import pytest

from pipeline.publish import as_csv


def rows(frame):
    return list(csv.reader(io.StringIO(as_csv(frame))))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "\u200b=1"],
)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(text):
    assert rows(pd.DataFrame({"a": [text, "b"]}))[1] == ["'" + text.replace("\r", "\n")]


@pytest.mark.parametrize("text", ["-12.5", "+33", "-1e3", "a=b", "été", "'x", ""])
def test_other_texts_stay(text):
    assert as_csv(pd.DataFrame({"a": [text], "b": [1]})) == pd.DataFrame({"a": [text], "b": [1]}).to_csv(index=False)


def test_numbers_and_gaps_stay_and_names_are_made_harmless():
    frame = pd.DataFrame({"n": [-1, 2], "x": [-0.5, None], "=bad": ["a", None]})
    assert rows(frame) == [["n", "x", "'=bad"], ["-1", "-0.5", "a"], ["2", "", ""]]


def test_an_empty_answer_keeps_its_header():
    assert as_csv(pd.DataFrame({"a": []})).strip() == "a"
    assert as_csv(pd.DataFrame()).strip() in ("", '""')
