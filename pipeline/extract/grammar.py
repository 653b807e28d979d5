"""From YAML values to expressions, with every problem collected under its key path.

Belongs here: the grammar of ``columns``, ``where`` and ``when``. Does not belong here: the keys of a table.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.extract.expressions import (
    Aggregate,
    AnyExpression,
    Coalesce,
    Concat,
    Condition,
    Constant,
    From,
    Multiply,
    Negate,
    Otherwise,
    When,
)

AGGREGATES = ("first", "min", "max", "sum")
_NOTHING = Constant("")
_FORMS = ("from", "constant", "concat", "coalesce", "multiply", "negate", "when", *AGGREGATES)


@dataclass
class Problems:
    """Collects what is wrong, so that one look shows everything."""

    found: list[str] = field(default_factory=list)

    def add(self, path: str, problem: str, remedy: str) -> None:
        """Note a problem: where, what, and what to do."""
        self.found.append(f"{path}: {problem} {remedy}")

    def unknown_keys(self, path: str, value: dict[str, Any], known: Iterable[str]) -> None:
        """Note every key that means nothing here, with the nearest that does."""
        names = sorted(known)
        for key in value:
            if key not in names:
                near = difflib.get_close_matches(str(key), names, n=1)
                remedy = f"Did you mean `{near[0]}`?" if near else f"Known keys: {', '.join(names)}."
                self.add(f"{path}.{key}", "this key is not known.", remedy)


def text(value: object) -> str:
    """A YAML scalar as the text it stands for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def texts(value: object) -> tuple[str, ...]:
    """A YAML scalar or list as texts."""
    return tuple(text(item) for item in value) if isinstance(value, list) else (text(value),)


def parse_condition(value: object, path: str, problems: Problems) -> Condition:
    """Read ``{column: …, is|starts_with|in|not_in: …}``."""
    if not isinstance(value, dict) or "column" not in value:
        problems.add(path, "a condition needs a `column`.", "Write {column: NAME, is: not_null}.")
        return Condition("", "null")
    tests = {key: operand for key, operand in value.items() if key != "column"}
    problems.unknown_keys(path, tests, ("is", "starts_with", "in", "not_in"))
    if len(tests) != 1:
        problems.add(path, "a condition needs exactly one test.", "Use is, starts_with, in or not_in.")
        return Condition(text(value["column"]), "null")
    operator, operand = next(iter(tests.items()))
    column = text(value["column"])
    if operator == "is":
        word = "null" if operand is None else text(operand)
        if word not in ("null", "not_null"):
            problems.add(f"{path}.is", "only null and not_null are understood.", "Use `in: [..]` to compare.")
        return Condition(column, word)
    return Condition(column, operator, texts(operand))


def parse_expression(value: object, path: str, problems: Problems) -> AnyExpression:
    """Read an expression; a plain text is a source column."""
    if isinstance(value, str):
        return From(value)
    if not isinstance(value, dict):
        problems.add(path, "this is no expression.", "Write a source column, or {constant: …} for a fixed value.")
        return _NOTHING
    forms = [form for form in _FORMS if form in value]
    if len(forms) != 1:
        problems.add(path, "an expression needs exactly one form.", f"Use one of {', '.join(_FORMS)}.")
        return _NOTHING
    form = forms[0]
    extra = {"from": ("values", "otherwise", "no_answer", "prefix"), "concat": ("separator",)}
    allowed = (form, *extra.get(form, ()), *(("then", "otherwise") if form == "when" else ()))
    problems.unknown_keys(path, value, allowed)
    return _parse_form(form, value, path, problems)


def _parse_form(form: str, value: dict[str, Any], path: str, problems: Problems) -> AnyExpression:
    match form:
        case "from":
            parsed: AnyExpression = _parse_from(value, path, problems)
        case "constant":
            parsed = Constant(text(value[form]))
        case "when":
            parsed = _parse_when(value, path, problems)
        case "negate":
            parsed = Negate(parse_expression(value[form], f"{path}.{form}", problems))
        case "concat" | "coalesce" | "multiply":
            parsed = _parse_list(form, value, path, problems)
        case _:
            parsed = Aggregate(form, parse_expression(value[form], f"{path}.{form}", problems))
    return parsed


def _parse_list(form: str, value: dict[str, Any], path: str, problems: Problems) -> AnyExpression:
    items = value[form]
    if not isinstance(items, list) or not items:
        problems.add(f"{path}.{form}", "this needs a list.", f"Write {form}: [a, b].")
        return _NOTHING
    parts = tuple(parse_expression(item, f"{path}.{form}[{place}]", problems) for place, item in enumerate(items))
    if form == "concat":
        return Concat(parts, str(value.get("separator", "")))
    return Coalesce(parts) if form == "coalesce" else Multiply(parts)


def _parse_from(value: dict[str, Any], path: str, problems: Problems) -> AnyExpression:
    values = value.get("values", {})
    if not isinstance(value["from"], str):
        problems.add(f"{path}.from", "this must name one source column.", "Use coalesce or concat for several.")
        return _NOTHING
    if not isinstance(values, dict):
        problems.add(f"{path}.values", "this must map foreign values to ours.", "Write values: {theirs: ours}.")
        values = {}
    if "otherwise" in value and "values" not in value:
        problems.add(f"{path}.otherwise", "this means nothing without `values`.", "Add `values` or remove it.")
    pairs = tuple((text(key), None if ours is None else text(ours)) for key, ours in values.items())
    return From(
        column=value["from"],
        values=pairs,
        otherwise=_parse_otherwise(value, path, problems),
        no_answer=texts(value["no_answer"]) if "no_answer" in value else (),
        prefix=text(value.get("prefix", "")),
    )


def _parse_otherwise(value: dict[str, Any], path: str, problems: Problems) -> "Otherwise | Constant":
    otherwise: Any = value.get("otherwise", "error")
    if otherwise is None:
        return "null"
    if otherwise in ("keep", "null", "error"):
        return otherwise
    if isinstance(otherwise, dict) and set(otherwise) == {"constant"}:
        return Constant(text(otherwise["constant"]))
    problems.add(f"{path}.otherwise", "not understood.", "Use keep, null, error or {constant: …}.")
    return "error"


def _parse_when(value: dict[str, Any], path: str, problems: Problems) -> AnyExpression:
    condition = parse_condition(value["when"], f"{path}.when", problems)
    if "then" not in value:
        problems.add(path, "a `when` needs a `then`.", "Add then: {constant: …}.")
        return _NOTHING
    then = parse_expression(value["then"], f"{path}.then", problems)
    other = value.get("otherwise")
    otherwise = None if other is None else parse_expression(other, f"{path}.otherwise", problems)
    return When(condition, then, otherwise)
