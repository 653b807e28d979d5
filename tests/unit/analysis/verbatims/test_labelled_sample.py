"""Themes, sentiment and language against the labelled sample; its held-out half was never tuned on."""

import pytest

from tests.unit.analysis.verbatims.seeds import SAMPLE, rows_of, shipped_reader

LEAST_PRECISION, LEAST_COVERAGE = 0.85, 0.70
_FELT = 0.2  # from here on a sentiment counts as told


def _sample(language: str, half: str) -> list[dict[str, str]]:
    return [row for row in rows_of(SAMPLE) if row["language"] == language and row["half"] == half]


def _feeling(sentiment: float | None) -> str:
    value = sentiment or 0.0
    return "negative" if value <= -_FELT else "positive" if value >= _FELT else "neutral"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_sample_is_large_and_split_in_halves(language: str) -> None:
    sizes = {half: len(_sample(language, half)) for half in ("development", "held_out")}
    assert sum(sizes.values()) >= 300
    assert min(sizes.values()) >= 150
    texts = [row["text"] for half in sizes for row in _sample(language, half)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("half", ["development", "held_out"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_themes_are_precise_and_cover(language: str, half: str) -> None:
    """Precision over themes given, coverage over themes that are there; a verbatim may have none or several."""
    reader = shipped_reader()
    given_count = right_count = true_count = 0
    for row in _sample(language, half):
        given = {theme for theme, _ in reader.read(row["text"]).themes}
        true = set(filter(None, row["themes"].split("|")))
        given_count, right_count, true_count = (
            given_count + len(given), right_count + len(given & true), true_count + len(true)
        )  # fmt: skip
    assert right_count / given_count >= LEAST_PRECISION
    assert right_count / true_count >= LEAST_COVERAGE


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_theme_is_left_out(language: str) -> None:
    reader = shipped_reader()
    themes = {theme for row in _sample(language, "held_out") for theme in row["themes"].split("|") if theme}
    for theme in themes:
        rows = [row for row in _sample(language, "held_out") if theme in row["themes"].split("|")]
        found = sum(theme in dict(reader.read(row["text"]).themes) for row in rows)
        assert found / len(rows) >= 0.5, theme


@pytest.mark.parametrize("language", ["fr", "en"])
def test_feelings_are_seldom_wrong_and_hardly_ever_the_opposite(language: str) -> None:
    reader, rows = shipped_reader(), _sample(language, "held_out")
    pairs = [(_feeling(reader.read(row["text"]).sentiment), row["sentiment"]) for row in rows]
    assert sum(told == true for told, true in pairs) / len(pairs) >= 0.75
    assert sum({told, true} == {"negative", "positive"} for told, true in pairs) / len(pairs) <= 0.08


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_language_is_told_without_help(language: str) -> None:
    reader = shipped_reader()
    rows = [row for half in ("development", "held_out") for row in _sample(language, half)]
    assert sum(reader.read(row["text"]).language == language for row in rows) / len(rows) >= 0.97


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Lieferung war sehr schnell und alles ist gut angekommen", "other"),
        ("El pedido llegó muy tarde y nadie me contesta", "other"),
        ("De bestelling is nog altijd niet aangekomen", "other"),
        ("La consegna è stata molto veloce, grazie", "other"),
        ("12345", None),
        ("配送はとても早かった", None),
    ],
)
def test_other_languages_are_left_alone(text: str, language: str | None) -> None:
    reading = shipped_reader().read(text)
    assert reading.language == language
    assert reading.sentiment is None
    assert reading.themes == reading.words == ()
