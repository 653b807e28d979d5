"""Words, slips and patterns, one rule at a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.verbatims.phrases import Patterns, Phrase
from pipeline.analysis.verbatims.spelling import Speller, one_slip
from pipeline.analysis.verbatims.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'équipe n'est pas à l'écoute.", ["l", "equipe", "ne", "est", "pas", "a", "l", "ecoute", "."]),
        ("Qu’est-ce que j'attends ?", ["qu", "est", "ce", "que", "j", "attends", "."]),
        ("I can't log in, it doesn't work", ["i", "can", "not", "log", "in", ",", "it", "does", "not", "work"]),
        ("cant pay, wont open", ["can", "not", "pay", ",", "will", "not", "open"]),
        ("The driver's van", ["the", "driver", "van"]),
        ("Cœur ŒUVRE", ["coeur", "oeuvre"]),
        ("sooooo slow!!!", ["soo", "slow", ".", ".", "."]),
        ("écrivez à [email] ou au [phone]", ["ecrivez", "a", "ou", "au"]),
        ("bien :)", ["bien", "emoticonsmile"]),
        ("👍", ["emoticonsmile"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_slip_is_one_letter_wrong_missing_too_many_or_swapped() -> None:
    slips = ("livrason", "livraiison", "livraisom", "livrasion")
    assert all(one_slip(word, "livraison") for word in slips)
    assert not any(one_slip(word, "livraison") for word in ("livrson", "lirvasion", "livraisonss"))


@settings(max_examples=60, deadline=None)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_slip_is_symmetric_and_agrees_with_brute_force(left: str, right: str) -> None:
    near = {left}
    for place in range(len(left) + 1):
        near |= {left[:place] + letter + left[place:] for letter in "abc"}
        near |= {left[:place] + letter + left[place + 1 :] for letter in "abc"} if place < len(left) else set()
        near |= {left[:place] + left[place + 1 :]}
        near |= {left[:place] + left[place + 1 : place + 2] + left[place : place + 1] + left[place + 2 :]}
    assert one_slip(left, right) == one_slip(right, left) == (right in near)


def test_only_long_unknown_words_are_mended_and_only_where_one_word_can_be_meant() -> None:
    speller = Speller(["livraison", "livraisons", "retard", "regard", "colis", "information"])
    assert speller.meant("livrasion") == ("livraison",)
    assert speller.meant("retord") == ("retard",)
    assert speller.meant("rexard") == ("rexard",), "retard and regard are as near"
    assert speller.meant("color") == ("color",), "too short"
    assert speller.meant("dinformation", elides=True) == ("d", "information")
    assert speller.meant("xetard") == ("xetard",), "nobody misses the first letter"


def test_the_longest_pattern_takes_its_words() -> None:
    patterns = Patterns(
        [
            Phrase("livr*", "delivery", 1, 0),
            Phrase("frais de livraison", "price", 1, 0),
            Phrase("cher|cheres", "price", 1, 0),
        ]
    )
    assert [found.phrase.meaning for found in patterns.found_in(["frais", "de", "livraison", "trop", "cher"])] == [
        "price"
    ] * 2
    assert [found.phrase.meaning for found in patterns.found_in(["livraison", "sans", "frais"])] == ["delivery"]


def test_a_gap_is_up_to_three_words_within_a_sentence() -> None:
    patterns = Patterns([Phrase("remboursement .. jamais", "returns", 1, -1)])
    assert patterns.found_in(["remboursement", "de", "mon", "vase", "jamais"])
    assert not patterns.found_in(["remboursement", "de", "mon", "beau", "vase", "jamais"])
    assert not patterns.found_in(["remboursement", ".", "jamais"])


@pytest.mark.parametrize("pattern", ["", "..", ".. mot", "mot .."])
def test_impossible_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="must begin and end with a word"):
        Patterns([Phrase(pattern, "theme", 1, 0)])
