"""Data Docs of Great Expectations, built into the home: what each suite expects and what was found, in counts.

Belongs here: handing outcomes to the renderer of Great Expectations. Does not belong here: judging. Results are made
anew from outcomes, so no cell can be in them; what the renderer would load from elsewhere is taken out, so opening a
page tells nobody. A page is written only when its outcomes differ from those it shows.
"""

import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.checks.suites import Expectation, read_suite

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult

_COUNTS = re.compile(r"([0-9]+) of ([0-9]+) rows fail")
_ELSEWHERE = re.compile(
    r"<(?:script|link|img)\b[^>]*\b(?:src|href)=\"https?:[^\"]*\"[^>]*>(?:\s*</script>)?|<a\b[^>]*newsletter[^>]*>.*?</a>",
    re.DOTALL,
)
_MARK = "<!-- outcomes {} -->"
_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:\">"
)


@dataclass(frozen=True)
class Page:
    """What one page shows.

    Attributes:
        name: ``landing/orders``, say; also its path.
        suite_file: the suite judged by.
        rows: outcomes as kept, ``CheckOutcome.as_row``.
        judged_on: extract day or as-of day, ISO.
    """

    name: str
    suite_file: Path
    rows: Sequence[Mapping[str, Any]]
    judged_on: str


def write_data_docs(folder: Path, pages: Sequence[Page]) -> int:
    """Write the pages that changed, and the index.

    Args:
        folder: where; made if need be.
        pages: every page there is.

    Returns:
        How many pages were written anew.

    Raises:
        SuiteError: a suite cannot be read.
    """
    written = 0
    for page in pages:
        file = folder / f"{page.name}.html"
        mark = _MARK.format(_digest(page))
        if file.is_file() and file.read_text(encoding="utf-8").startswith(mark):
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{mark}\n{_render(page)}", encoding="utf-8", newline="\n")
        written += 1
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(_index(pages), encoding="utf-8", newline="\n")
    return written


def _digest(page: Page) -> str:
    # Counts of rows change every day; only what is unmet makes another page.
    shown = [
        (row["expectation"], row["column_name"], row["why"], row["is_met"] or row["observed_value"])
        for row in page.rows
    ]
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()[:16]


def _render(page: Page) -> str:
    from great_expectations.core.expectation_validation_result import (  # noqa: PLC0415
        ExpectationSuiteValidationResult,
    )
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer  # noqa: PLC0415
    from great_expectations.render.view import DefaultJinjaPageView  # noqa: PLC0415

    stated = {(each.type, each.column_name, each.why): each for each in read_suite(page.suite_file)}
    known = [(stated.get((row["expectation"], row["column_name"], row["why"])), row) for row in page.rows]
    results = [_result(expectation, row) for expectation, row in known if expectation is not None]
    met = sum(bool(result.success) for result in results)
    validation = ExpectationSuiteValidationResult(
        success=met == len(results),
        results=results,
        suite_name=page.name,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": met,
            "unsuccessful_expectations": len(results) - met,
            "success_percent": 100 * met / len(results) if results else None,
        },
        meta={
            "run_id": {"run_name": page.judged_on, "run_time": f"{page.judged_on}T00:00:00+00:00"},
            "active_batch_definition": {},
            "batch_kwargs": {},
        },
    )
    drawn = DefaultJinjaPageView().render(ValidationResultsPageRenderer(run_info_at_end=True).render(validation))
    return _ELSEWHERE.sub("", str(drawn)).replace("<head>", f"<head>{_POLICY}", 1)


def _result(expectation: Expectation, row: Mapping[str, Any]) -> "ExpectationValidationResult":
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult  # noqa: PLC0415
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415
        ExpectationConfiguration,
    )

    counts = _COUNTS.match(row["observed_value"])
    result: dict[str, Any] = {}
    if counts and not row["is_met"]:
        unmet, whole = int(counts[1]), int(counts[2])
        result = {"element_count": whole, "unexpected_count": unmet, "unexpected_percent": 100 * unmet / max(whole, 1)}
    return ExpectationValidationResult(
        success=bool(row["is_met"]),
        expectation_config=ExpectationConfiguration(
            type=expectation.type, kwargs=dict(expectation.kwargs), meta={"why": expectation.why}
        ),
        result=result,
    )


def _index(pages: Sequence[Page]) -> str:
    rows = []
    for page in sorted(pages, key=lambda each: each.name):
        unmet = [row for row in page.rows if not row["is_met"]]
        critical = sum(row["severity"] == "critical" for row in unmet)
        cells = (page.judged_on, str(len(page.rows)), str(len(unmet) - critical), str(critical))
        link = f'<a href="{html.escape(page.name)}.html">{html.escape(page.name)}</a>'
        rows.append(f"<tr><td>{link}</td>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>")
    heads = "".join(f"<th>{name}</th>" for name in ("Suite", "Judged on", "Expectations", "Warnings", "Critical"))
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{_POLICY}<title>Data Docs</title></head>\n'
        f"<body><h1>Data Docs</h1><table><thead><tr>{heads}</tr></thead><tbody>\n"
        + "\n".join(rows)
        + "\n</tbody></table></body></html>\n"
    )
