"""Reading suites: Great Expectations JSON in, expectations out, with every slip named.

Belongs here: the shape of a suite file. Does not belong here: judging. Great Expectations drops an
expectation it does not know without a word, so each is built on its own and the file is refused if one fails.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.checks.outcomes import Severity

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation as BuiltExpectation

_COLUMN_KEYS = ("column", "column_A", "column_B", "column_list", "column_set")
_KEYS = {"type", "kwargs", "severity", "meta"}


class Frame(StrEnum):
    """What an expectation judges; ``meta.frame`` in its suite, the rows if it says nothing."""

    ROWS = "rows"
    """Door 1: a row per extract day. Door 2: the rows of the published table."""
    COLUMNS = "columns"
    """A row per column (door 1: and extract day): its profile against those accepted before."""
    TABLE = "table"
    """Door 2: one row, the table as a whole against the releases before."""


class SuiteError(ValueError):
    """A suite file that cannot be trusted; names the file, the expectation and what to change."""


@dataclass(frozen=True)
class Expectation:
    """One expectation as its suite file states it."""

    type: str
    severity: Severity
    why: str
    kwargs: dict[str, Any] = field(hash=False)
    frame: Frame = Frame.ROWS

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns it judges, then those its row condition reads."""
        names: list[str] = []
        for key in _COLUMN_KEYS:
            value = self.kwargs.get(key, [])
            names += [value] if isinstance(value, str) else value
        return tuple(dict.fromkeys(names + _condition_columns(self.kwargs.get("row_condition"))))

    @property
    def column_name(self) -> str:
        """Judged columns as one text."""
        judged = [self.kwargs[key] for key in _COLUMN_KEYS if key in self.kwargs]
        return ", ".join(name if isinstance(name, str) else ", ".join(name) for name in judged)


def _condition_columns(condition: object) -> list[str]:
    if not isinstance(condition, dict):
        return []
    if "conditions" in condition:
        return [name for part in condition["conditions"] for name in _condition_columns(part)]
    return [condition["column"]["name"]] if "column" in condition else []


def read_suite(suite_file: Path) -> tuple[Expectation, ...]:
    """Expectations of a suite file, without asking Great Expectations.

    Raises:
        SuiteError: no such file, no JSON, or an expectation without type, severity or reason.
    """
    try:
        content = json.loads(suite_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SuiteError(f"{suite_file}: there is no such suite; every judged table needs one") from None
    except json.JSONDecodeError as error:
        raise SuiteError(f"{suite_file}, line {error.lineno}: not JSON ({error.msg})") from None
    entries = content.get("expectations") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not entries:
        raise SuiteError(f"{suite_file}: needs a list `expectations` with at least one entry")
    return tuple(_read_entry(entry, f"{suite_file}, expectation {n}") for n, entry in enumerate(entries, 1))


def _read_entry(entry: object, where: str) -> Expectation:
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        raise SuiteError(f"{where}: needs a `type`")
    where = f"{where} ({entry['type']})"
    if unknown := sorted(set(entry) - _KEYS):
        raise SuiteError(f"{where}: unknown key {', '.join(unknown)}; known are {', '.join(sorted(_KEYS))}")
    try:
        severity = Severity(entry.get("severity", ""))
    except ValueError:
        raise SuiteError(f"{where}: `severity` must be critical or warning") from None
    why = (entry.get("meta") or {}).get("why")
    if not isinstance(why, str) or not why.strip():
        raise SuiteError(f"{where}: needs a reason in `meta.why`")
    kwargs = entry.get("kwargs", {})
    if not isinstance(kwargs, dict):
        raise SuiteError(f"{where}: `kwargs` must be an object")
    try:
        frame = Frame(entry["meta"].get("frame", "rows"))
    except ValueError:
        raise SuiteError(f"{where}: `meta.frame` must be rows, columns or table") from None
    return Expectation(type=entry["type"], severity=severity, why=why, kwargs=kwargs, frame=frame)


def build(expectation: Expectation, *, where: str, position: int) -> "BuiltExpectation":
    """The Great Expectations object; its meta carries its position, as results come back in another order.

    Raises:
        SuiteError: the type is unknown (misspelt, say) or the arguments do not fit it.
    """
    from great_expectations.exceptions import GreatExpectationsError  # noqa: PLC0415
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415
        ExpectationConfiguration,
    )

    where = f"{where}, expectation {position + 1} ({expectation.type})"
    if expectation.type not in _known_types():
        raise SuiteError(f"{where}: Great Expectations knows no such type; is it misspelt?")
    try:
        return ExpectationConfiguration(
            type=expectation.type,
            kwargs=dict(expectation.kwargs),
            severity=expectation.severity.value,
            meta={"position": position},
        ).to_domain_obj()
    except (GreatExpectationsError, ValueError, TypeError) as error:
        raise SuiteError(f"{where}: its arguments do not fit ({type(error).__name__})") from error


@lru_cache(maxsize=1)
def _known_types() -> frozenset[str]:
    import great_expectations.expectations  # noqa: F401, PLC0415  fills the registry
    from great_expectations.expectations.registry import (  # noqa: PLC0415
        list_registered_expectation_implementations,
    )

    return frozenset(list_registered_expectation_implementations())
