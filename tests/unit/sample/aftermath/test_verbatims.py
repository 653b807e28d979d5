"""The stock of texts: known themes, two languages, enough of them, some with typos, nobody's address in them."""

import re

import numpy as np
import pytest

from pipeline.sample.aftermath.verbatims import (
    SENTIMENTS,
    THEME_CATEGORIES,
    THEMES,
    TYPO_SHARE,
    VARIANTS,
    meaning_of,
    pick_texts,
    verbatim_texts,
)
from pipeline.sample.ground.vocabulary import LANGUAGES


def test_every_text_has_a_known_theme_sentiment_and_language():
    stock = verbatim_texts()
    assert stock["text"].tolist() == list(range(len(stock)))
    cells = stock.groupby(["language", "theme", "sentiment"]).size()
    assert set(cells.index) == {(a, b, c) for a in LANGUAGES for b in THEMES for c in SENTIMENTS}
    assert (cells == VARIANTS).all()
    assert stock["words"].str.len().between(9, 200).all()
    assert not stock["words"].str.contains("[{}]").any()


def test_themes_belong_to_the_categories_of_frictions():
    assert set(THEME_CATEGORIES.values()) == {"E2", "E3", "E4", "E5", "E6", "E7", "over-contact", None}
    assert len(THEMES) >= 12


def test_a_number_means_what_the_stock_says():
    stock = verbatim_texts()
    meaning = meaning_of(stock["text"].to_numpy())
    assert (np.array(THEMES)[meaning["theme"]] == stock["theme"]).all()
    assert (np.array(SENTIMENTS)[meaning["sentiment"]] == stock["sentiment"]).all()
    assert (np.array(LANGUAGES)[meaning["language"]] == stock["language"]).all()


def test_a_pick_has_the_meaning_asked_for():
    rng = np.random.default_rng(1)
    themes, sentiments, languages = (rng.integers(0, len(each), 5000) for each in (THEMES, SENTIMENTS, LANGUAGES))
    meaning = meaning_of(pick_texts(rng, themes=themes, sentiments=sentiments, languages=languages))
    assert (meaning["theme"] == themes).all()
    assert (meaning["sentiment"] == sentiments).all()
    assert (meaning["language"] == languages).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_hundreds_of_distinct_texts_in_each_language_and_sentiment(language):
    stock = verbatim_texts()
    distinct = stock[stock["language"] == language].groupby("sentiment")["words"].nunique()
    assert distinct.min() > 300
    assert distinct.sum() > 2000


def test_one_text_in_eight_has_a_typo():
    share = verbatim_texts()["has_typo"].mean()
    error = np.sqrt(TYPO_SHARE * (1 - TYPO_SHARE) / len(verbatim_texts()))
    assert share == pytest.approx(TYPO_SHARE, abs=4 * error)


def test_words_can_be_written_in_the_old_encodings_and_hold_no_identifier():
    for words in verbatim_texts()["words"]:
        words.encode("cp1252")
        words.encode("iso-8859-15")
        assert "@" not in words
        assert not re.search(r"\d{5}|\d \d\d \d\d", words)


def test_french_is_contracted():
    french = verbatim_texts().query("language == 'fr'")["words"]
    assert not french.str.contains(r"\b(?:de|à) les? ", regex=True).any()
