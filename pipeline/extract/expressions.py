"""The small vocabulary columns are derived with, as values. It can only look at the row it is given.

Belongs here: the shape of an expression and questions about it. Does not belong here: YAML, SQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Otherwise = Literal["keep", "null", "error"]


@dataclass(frozen=True)
class Condition:
    """A test of one source column.

    Attributes:
        column: source column.
        operator: ``null``, ``not_null``, ``starts_with``, ``in`` or ``not_in``.
        operands: texts compared with; none for ``null`` and ``not_null``.
    """

    column: str
    operator: str
    operands: tuple[str, ...] = ()


@dataclass(frozen=True)
class From:
    """A source column, perhaps with no-answer codes, a value map and a prefix (applied in that order)."""

    column: str
    values: tuple[tuple[str, str | None], ...] = ()
    otherwise: "Otherwise | Constant" = "error"
    no_answer: tuple[str, ...] = ()
    prefix: str = ""


@dataclass(frozen=True)
class Constant:
    """The same text in every row."""

    text: str


@dataclass(frozen=True)
class Concat:
    """Texts joined; empty ones are left out."""

    parts: tuple["AnyExpression", ...]
    separator: str = ""


@dataclass(frozen=True)
class Coalesce:
    """The first filled one."""

    parts: tuple["AnyExpression", ...]


@dataclass(frozen=True)
class Multiply:
    """The product of numbers, in decimals."""

    parts: tuple["AnyExpression", ...]


@dataclass(frozen=True)
class Negate:
    """The number with the other sign."""

    part: "AnyExpression"


@dataclass(frozen=True)
class When:
    """One of two, depending on a condition."""

    condition: Condition
    then: "AnyExpression"
    otherwise: "AnyExpression | None"


@dataclass(frozen=True)
class Aggregate:
    """One value per group: ``first`` (by line), ``min``, ``max`` or ``sum``."""

    function: str
    part: "AnyExpression"


AnyExpression = From | Constant | Concat | Coalesce | Multiply | Negate | When | Aggregate


def children(expression: AnyExpression) -> tuple[AnyExpression, ...]:
    """The expressions directly inside another."""
    if isinstance(expression, Concat | Coalesce | Multiply):
        return expression.parts
    if isinstance(expression, Negate | Aggregate):
        return (expression.part,)
    if isinstance(expression, When):
        return (expression.then, expression.otherwise) if expression.otherwise else (expression.then,)
    return ()


def walk(expression: AnyExpression) -> Iterator[AnyExpression]:
    """The expression and everything inside it."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def source_columns(expression: AnyExpression) -> tuple[str, ...]:
    """Source columns an expression reads, in order, each once."""
    found: dict[str, None] = {}
    for part in walk(expression):
        if isinstance(part, From):
            found[part.column] = None
        elif isinstance(part, When):
            found[part.condition.column] = None
    return tuple(found)
