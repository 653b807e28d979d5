"""Double-encoded text is put right where that is certain, and clean text is never touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.repair import candidates, is_plausible, repair_all, repaired

_CLEAN = """
    été où cœur être Être hélène Hélène Zoë l’avion “oui” «non» 5 € à ÉCOLE naïf Noël garçon François Île île Œuvre 12°
    São Muñoz don’t — … pâté maïs août hôtel mûr déçu reçu ça français élève là voilà dès après très forêt FORÊT Ê À Ç
    aigüe ambiguë Citroën L’Haÿ Besançon Orléans Sèvres Nîmes Béziers Mâcon Évry Épinal Angoulême Montréal coût goût
    sœur œil vœux bœuf nœud œuvre cœlacanthe Lætitia curriculum ex æquo 10 °C m² n° 1ᵉʳ ½ ¼ § © ® ™ µm £ ¥ ±
    SÃO PAULO Ã Â Åse Ångström Ärzte Ödipus Übung Straße Łódź Dvořák Çelik Şahin Ñandú ĂN Ĺ Żaneta “São” »Ã« Â.
    Aïcha Anaïs Benoît Cécile Désiré Éloïse Françoise Gaëlle Hervé Inès Jérôme Joël Léa Maël Noémie Océane René Thaïs
"""
WORDS = _CLEAN.split()
SENTENCES = [
    "Très déçu : le colis n’est jamais arrivé à l’adresse… « inadmissible » !",
    "Où est ma commande ? J’attends depuis 12 jours, ça coûte 19,90 €.",
    "The café’s “crème brûlée” was naïve — don’t ask…",
    "Merci beaucoup, livraison très rapide 😀",
]
CODECS = ("windows-1252", "iso-8859-1", "windows-1250", "iso-8859-2")
LETTERS = "aàâæbcçdeéèêëfghiîïjklmnoôœpqrstuùûüvwxyÿzAÀÂÆBCÇDEÉÈÊËIÎÏOÔŒUÙÛÜ «»“”‘’'…–—€,.;:!?0123456789°"


def badly(text, *codecs):
    """The text as programs make it that take its UTF-8 bytes for another encoding."""
    for codec in codecs:
        marks = []
        for byte in text.encode("utf-8"):
            try:
                marks.append(bytes([byte]).decode(codec))
            except UnicodeDecodeError:
                marks.append(chr(byte))  # as browsers do
        text = "".join(marks)
    return text


@pytest.mark.parametrize("text", [*WORDS, *SENTENCES])
def test_clean_text_is_never_touched(text):
    assert repaired(text) == text


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_are_put_right_after_one_layer_and_after_two(text, codec):
    assert repaired(badly(text, codec)) == text
    for second in CODECS:
        assert repaired(badly(text, codec, second)) == text


@pytest.mark.parametrize(
    ("came", "meant"),
    [
        ("Ã©", "é"), ("Ă©", "é"), ("ĂŠ", "é"), ("ĂŠtĂŠ", "été"), ("ÃƒÂ©", "é"), ("lâ€™Ã©tÃ©", "l’été"),
        ("cÅ“ur", "cœur"),
        ("19,90 â‚¬", "19,90 €"), ("Ã\xa0 voir", "à voir"), ("NÂ° client", "N° client"), ("SÃƒO", "SÃO"),
    ],
)  # fmt: skip
def test_families_met_in_the_field(came, meant):
    assert repaired(came) == meant


@pytest.mark.parametrize("came", ["cœur brisÃ©", "Ã\xa9 et é", "“IRMÔ Ã”", "prix\ufffd Ã©"])
def test_a_text_with_clean_accents_among_damaged_ones_is_left(came):
    assert repaired(came) == came


def test_several_readings_are_settled_by_the_other_texts_of_the_file_or_not_at_all():
    both = badly("où", "windows-1250")
    assert len(candidates(both)) == 2
    assert repaired(both) == both
    others = [badly(text, "windows-1250") for text in SENTENCES]
    assert repair_all([both, *others])[both] == "où"
    mixed = [badly(text, codec) for text in SENTENCES for codec in ("windows-1250", "iso-8859-2")]
    assert both not in repair_all([both, *mixed])


@settings(max_examples=400, deadline=None)
@given(st.text(LETTERS, min_size=1, max_size=40), st.sampled_from(["windows-1252", "iso-8859-1"]), st.booleans())
def test_what_was_damaged_the_usual_way_comes_back(text, codec, twice):
    came = badly(text, *([codec] * (1 + twice)))
    if came != text and is_plausible(text):
        assert repaired(came) == text


@settings(max_examples=400, deadline=None)
@given(st.text(LETTERS, max_size=40), st.lists(st.sampled_from(CODECS), max_size=2))
def test_a_repair_is_never_wrong(text, codecs):
    came = badly(text, *codecs)
    if is_plausible(text):
        assert repaired(came) in (text, came) or len({repair.text for repair in candidates(came)}) == 1


@settings(max_examples=400, deadline=None)
@given(st.text(LETTERS + "ÃÂÅâĂĹ\ufffd", max_size=30))
def test_no_replacement_character_is_written_and_a_repair_is_final(text):
    once = repaired(text)
    assert once.count("\ufffd") == text.count("\ufffd")
    assert repaired(once) == once
