"""The page in French: every sentence it says has one, with the same names in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.report import formats, render_report
from pipeline.report.views.reasons import REASONS
from pipeline.report.words import french, say, speaking

FOLDER = Path(formats.__file__).parent
_IN_TEMPLATE = re.compile(r'\bt\("((?:[^"\\]|\\.)*)"')


def _literals(node: ast.AST) -> Iterator[str]:
    """Texts of an expression, but for those handed to a call inside it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.BoolOp):
        yield from (text for value in node.values for text in _literals(value))


def _said() -> set[str]:
    texts = {text for file in FOLDER.rglob("*.j2") for text in _IN_TEMPLATE.findall(file.read_text(encoding="utf-8"))}
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in {"say", "titles"}:
                    texts |= {text for argument in node.args for text in _literals(argument)}
                if node.func.id == "Plan":
                    named = {keyword.arg: keyword.value for keyword in node.keywords}
                    texts |= {text for name in ("what", "definition", "period") for text in _literals(named[name])}
    return texts.union(REASONS) - {""}


def test_everything_said_has_its_french() -> None:
    assert len(_said()) > 150
    assert _said() - set(french()) == set()


def test_a_translation_keeps_the_names_of_its_sentence() -> None:
    names = re.compile(r"{\w+}")
    assert {
        english: text for english, text in french().items() if set(names.findall(english)) != set(names.findall(text))
    } == {}


def test_numbers_money_and_shares_are_written_as_the_french_do() -> None:
    with speaking("fr"):
        assert formats.number(-1234.5, decimals=1) == "−1\u202f234,5"
        assert formats.percent(0.123) == "12,3\u00a0%"
        assert formats.money(1234, "EUR") == "1\u202f234\u00a0€"
        assert formats.whole_money(0, "EUR") == "0\u00a0€"
        assert formats.interval(0.1, 0.2, "points_of_share") == "+10,0 à +20,0 pts"
    assert formats.percent(0.123) == "12.3%"
    assert [formats.whole_money(value, "EUR") for value in (0, 250.4, 2500)] == ["€0", "€250", "€2,500"]


def test_the_language_ends_with_its_page(release, facts) -> None:
    render_report(release, facts, language="fr")
    assert say("Friction ranking") == "Friction ranking"


@pytest.mark.parametrize("hostile", ["{0}", "{name.__class__}", "{"])
def test_names_from_data_are_never_read_as_sentences(hostile) -> None:
    assert say("owner: {name}", name=hostile) == f"owner: {hostile}"
