"""Negation, strength and contrast, on sentences whose feeling nobody doubts."""

import pytest

from pipeline.analysis.verbatims.lexicon import LexiconError, lexicon_of
from pipeline.analysis.verbatims.reading import Reader
from tests.unit.analysis.verbatims.seeds import shipped_reader


def _small_reader() -> Reader:
    return Reader(
        lexicon_of(
            themes=[("site", False), ("whole", True)],
            lexicon=[("site", "fr", "site", 0.0, 1.0), ("whole", "fr", "ensemble", 0.0, 1.0),
                     (None, "fr", "site de campagne", 0, 1)],
            sentiments=[
                ("fr", "rapide", "felt", 0.7), ("fr", "lent", "felt", -0.6), ("fr", "tres", "more", 1.5),
                ("fr", "peu", "less", 0.5), ("fr", "ne", "opens", 0), ("fr", "pas", "closes", 0),
                ("fr", "plus", "closes_opened", 0), ("fr", "sans", "negates", 0), ("fr", "mais", "contrast", 0),
            ],
            vocabulary=[("fr", "site")],
        )
    )  # fmt: skip


def _felt(text: str) -> float:
    return _small_reader().read(text, "fr").sentiment or 0.0


def test_negation_turns_and_weakens() -> None:
    assert 0 > _felt("il n'est pas rapide") > -_felt("il est rapide")
    assert _felt("pas lent") > 0
    assert _felt("rapide pas") < 0, "without its first half, the second one reaches the word before"
    assert _felt("il n'est plus rapide") < 0
    assert _felt("il est plus rapide") > 0, "plus alone is no negation"
    assert _felt("sans etre rapide") < 0


def test_negation_ends_with_the_clause() -> None:
    assert _felt("je ne sais pas, rapide") > 0
    assert _felt("pas cher mais rapide") > 0


def test_strength() -> None:
    assert _felt("tres rapide") > _felt("rapide") > _felt("peu rapide") > 0


def test_nothing_felt_is_neutral_and_nothing_said_is_not_judged() -> None:
    reader = _small_reader()
    assert reader.read("le site", "fr").sentiment == 0
    assert reader.read("...", "fr").sentiment is None


def test_a_theme_feels_as_its_clause() -> None:
    reader = shipped_reader()
    themes = dict(reader.read("Livraison rapide et soignée, mais le vase est arrivé cassé.").themes)
    assert themes["delivery"] > 0 > themes["product_quality"]


def test_themes_given_alone_and_words_that_are_none() -> None:
    reader = _small_reader()
    assert [theme for theme, _ in reader.read("le site dans l'ensemble", "fr").themes] == ["site"]
    assert [theme for theme, _ in reader.read("dans l'ensemble", "fr").themes] == ["whole"]
    assert reader.read("un site de campagne", "fr").themes == ()


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Jamais déçue, je recommande.", 1), ("Never disappointed.", 1), ("No problem at all, great service.", 1),
        ("Ce n'est vraiment pas rapide.", -1), ("Not good.", -1), ("Sans aucun souci.", 1),
        ("Aucune réponse du service client.", -1), ("I would not recommend this shop.", -1),
    ],
)  # fmt: skip
def test_the_shipped_lexicon_negates(text: str, sign: int) -> None:
    assert (shipped_reader().read(text).sentiment or 0) * sign > 0.2


def test_a_lexicon_that_names_an_unknown_theme_or_kind_is_refused() -> None:
    with pytest.raises(LexiconError, match="nowhere"):
        lexicon_of(themes=[], lexicon=[("nowhere", "fr", "mot", 0, 1)], sentiments=[], vocabulary=[])
    with pytest.raises(LexiconError, match="shout"):
        lexicon_of(themes=[], lexicon=[], sentiments=[("fr", "mot", "shout", 0)], vocabulary=[])
