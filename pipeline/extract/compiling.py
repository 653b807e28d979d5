"""From expressions to SQL, in layers: derived texts, parsed values, offsets of local times, zoned times.

Belongs here: what each form of expression means in SQL and when it fails. Does not belong here: reading
files.
"""

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field

from pipeline.contracts import ColumnType
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
    When,
)
from pipeline.extract.parsing import CANONICAL, Layouts, failure_of, parse, parse_instant, parse_number, parse_time
from pipeline.extract.zones import calm_offset
from pipeline.warehouse import literal, literals

_TEXTS = (ColumnType.TEXT, ColumnType.IDENTIFIER)
_FACTOR = "decimal(18, 6)"
_PRODUCT = "decimal(38, 12)"  # exact for two factors; far wider than any column, so that sums do not overflow
_GREATEST = "1e18"
TOO_LARGE = "too large"

Layers = tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, str]]


@dataclass(frozen=True)
class Value:
    """SQL of a value, with predicates that tell when it failed (and how) and when its time exists twice."""

    sql: str
    failures: tuple[tuple[str, str], ...] = ()
    twice: tuple[str, ...] = ()

    def only_if(self, condition: str) -> "Value":
        """The same value, failing only where a condition holds."""
        return Value(
            self.sql,
            tuple((f"({condition} and {predicate})", what) for predicate, what in self.failures),
            tuple(f"({condition} and {predicate})" for predicate in self.twice),
        )


@dataclass
class Compiler:
    """Compiles the expressions of one mapping for one file.

    Attributes:
        columns: source column to SQL column; one that is absent reads as NULL.
        native: SQL columns written canonically whatever the mapping says.
        layouts: how the mapping writes numbers and times.
        time_zone: zone of times without an offset.
        is_exact: whether a number with more decimals than its type is none, rather than rounded.
        layers: SQL columns each layer adds, by name.
    """

    columns: AnyMapping[str, str]
    native: frozenset[str]
    layouts: Layouts
    time_zone: str
    is_exact: bool = False
    layers: Layers = field(default_factory=lambda: ({}, {}, {}, {}))

    def value(self, expression: AnyExpression, kind: ColumnType) -> Value:
        """SQL of an expression as a value of a type (an aggregate: of what is inside it)."""
        if isinstance(expression, Aggregate):
            inner = self.value(expression.part, kind)
            if expression.function != "sum":
                return inner
            # SQL would leave an empty value out of the sum without a word.
            empty = (f"({inner.sql} is null)", "an empty value in a sum")
            return Value(inner.sql, (*inner.failures, empty), inner.twice)
        if isinstance(expression, When):
            return self._when(expression, kind)
        if isinstance(expression, Coalesce):
            parts = [self.value(part, kind) for part in expression.parts]
            return _joined(f"coalesce({', '.join(part.sql for part in parts)})", parts)
        if isinstance(expression, Negate | Multiply):
            return self._arithmetic(expression, kind)
        text = self._text(expression)
        return text if kind in _TEXTS else self._parsed(text, expression, kind)

    def condition(self, condition: Condition) -> str:
        """SQL truth of a condition; never NULL."""
        column = self.columns.get(condition.column, "null::varchar")
        if condition.operator in ("null", "not_null"):
            return f"({column} is {condition.operator.replace('_', ' ')})"
        if condition.operator == "starts_with":
            tests = [f"starts_with({column}, {literal(operand)})" for operand in condition.operands]
            return f"coalesce({' or '.join(tests)}, false)"
        inside = f"coalesce({column} in ({literals(condition.operands)}), false)"
        return inside if condition.operator == "in" else f"(not {inside})"

    def _text(self, expression: AnyExpression) -> Value:
        if isinstance(expression, From):
            return self._from(expression)
        if isinstance(expression, Constant):
            return Value(literal(expression.text) if expression.text else "null::varchar")
        if isinstance(expression, Concat):
            parts = [self.value(part, ColumnType.TEXT) for part in expression.parts]
            joined = ", ".join(part.sql for part in parts)
            return _joined(f"nullif(concat_ws({literal(expression.separator)}, {joined}), '')", parts)
        return self.value(expression, ColumnType.TEXT)

    def _from(self, expression: From) -> Value:
        text = self.columns.get(expression.column, "null::varchar")
        if expression.no_answer:
            text = f"case when {_is_code(text, expression.no_answer)} then null else {text} end"
        failures: tuple[tuple[str, str], ...] = ()
        if expression.values:
            text = source = self._layer(0, text)
            known = literals([theirs for theirs, _ in expression.values])
            arms = " ".join(
                f"when {literal(theirs)} then {'null' if ours is None else literal(ours)}"
                for theirs, ours in expression.values
            )
            rest = {"keep": source, "null": "null", "error": "null"}
            otherwise = (
                literal(expression.otherwise.text)
                if isinstance(expression.otherwise, Constant)
                else rest[expression.otherwise]
            )
            text = f"case when {source} is null then null else case {source} {arms} else {otherwise} end end"
            if expression.otherwise == "error":
                failures = ((f"({source} is not null and {source} not in ({known}))", "not among the mapped values"),)
        if expression.prefix:
            text = f"{literal(expression.prefix)} || ({text})"
        return Value(text, failures)

    def _parsed(self, text: Value, expression: AnyExpression, kind: ColumnType) -> Value:
        is_native = isinstance(expression, Constant) or (
            isinstance(expression, From) and self.columns.get(expression.column) in self.native
        )
        layouts = CANONICAL if is_native else self.layouts
        source = self._layer(0, text.sql)
        what = failure_of(kind, layouts, is_exact=self.is_exact)
        if kind is not ColumnType.TIMESTAMP:
            parsed = self._layer(1, parse(source, kind, layouts, is_exact=self.is_exact))
            return Value(parsed, (*text.failures, (f"({source} is not null and {parsed} is null)", what)))
        if self.time_zone == "UTC":
            parsed = self._layer(1, parse_instant(source, layouts))
            return Value(parsed, (*text.failures, (f"({source} is not null and {parsed} is null)", what)))
        local_sql, instant_sql = parse_time(source, layouts)
        local, instant = self._layer(1, local_sql), self._layer(1, instant_sql)
        failures = ((f"({source} is not null and {local} is null and {instant} is null)", what),)
        zone = literal(self.time_zone)
        ahead = self._layer(2, calm_offset(local, self.time_zone))
        is_near = f"{ahead} is null and {local} is not null"  # near a change of clocks, or in a year not looked at
        utc = self._layer(
            3,
            f"case when {ahead} is not null then make_timestamp(epoch_us({local}) - {ahead}) "
            f"when {is_near} then utc_of({local}, {zone}) else {instant} end",
        )
        twice = self._layer(3, f"case when {is_near} then is_twice({local}, {zone}) else false end")
        missing = (
            f"({local} is not null and {utc} is null)",
            "a local time that does not exist (clocks went forward)",
        )
        return Value(utc, (*text.failures, *failures, missing), (twice,))

    def _arithmetic(self, expression: Negate | Multiply, kind: ColumnType) -> Value:
        operands = expression.parts if isinstance(expression, Multiply) else (expression.part,)
        parts = [self._factor(part) for part in operands]
        number = f"({parts[0].sql})"
        if isinstance(expression, Negate):
            number = f"-{number}"
        for part in parts[1:]:
            number = f"try(cast(cast({number} as {_PRODUCT}) * cast({part.sql} as {_FACTOR}) as {_PRODUCT}))"
        is_filled = " and ".join(f"{part.sql} is not null" for part in parts)
        number = f"case when abs({number}) < {_GREATEST} then {number} end"
        joined = _joined(f"({number})::varchar" if kind in _TEXTS else number, parts)
        too_large = (f"({is_filled} and ({number}) is null)", TOO_LARGE)
        return Value(joined.sql, (*joined.failures, too_large), joined.twice)

    def _factor(self, expression: AnyExpression) -> Value:
        if isinstance(expression, Negate | Multiply):
            return self._arithmetic(expression, ColumnType.AMOUNT)
        text = self.value(expression, ColumnType.TEXT)
        is_native = isinstance(expression, From) and self.columns.get(expression.column) in self.native
        layouts = CANONICAL if is_native or isinstance(expression, Constant) else self.layouts
        source = self._layer(0, text.sql)
        parsed = self._layer(1, parse_number(source, layouts, kind=_FACTOR, is_exact=self.is_exact))
        what = failure_of(ColumnType.AMOUNT, layouts, is_exact=self.is_exact)
        failed = (f"({source} is not null and {parsed} is null)", what)
        return Value(parsed, (*text.failures, failed))

    def _when(self, expression: When, kind: ColumnType) -> Value:
        test = self.condition(expression.condition)
        then = self.value(expression.then, kind).only_if(test)
        other = self.value(expression.otherwise or Constant(""), kind).only_if(f"not {test}")
        return _joined(f"case when {test} then {then.sql} else {other.sql} end", [then, other])

    def _layer(self, level: int, sql: str) -> str:
        layer = self.layers[level]
        for name, known in layer.items():
            if known == sql:
                return name
        name = f"_{'tpoz'[level]}{len(layer)}"
        layer[name] = sql
        return name


def _joined(sql: str, parts: list[Value]) -> Value:
    return Value(
        sql,
        tuple(dict.fromkeys(failure for part in parts for failure in part.failures)),
        tuple(dict.fromkeys(twice for part in parts for twice in part.twice)),
    )


def _is_code(text: str, codes: tuple[str, ...]) -> str:
    """A code is met as text or as a number: 11, 11.0 and "11" are one no-answer code."""
    numbers = [code for code in codes if code.lstrip("+-").replace(".", "", 1).isdigit()]
    tests = [f"{text} in ({literals(codes)})"]
    if numbers:
        tests.append(f"try_cast({text} as decimal(18, 4)) in ({', '.join(numbers)})")
    return f"coalesce({' or '.join(tests)}, false)"
