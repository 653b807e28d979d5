"""`parcours kpi`: one KPI from a release, by segment, as a table, data or a picture of characters.

Belongs here: finding the KPI that is meant, and its rows. Does not belong here: any figure of its own.
"""

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer

from pipeline import publish
from pipeline.cli.releases import release_folder
from pipeline.cli.terminal import WRONG_INPUT, complain, plain_errors, read_settings, say
from pipeline.warehouse import literal

_COLUMNS: Final = (
    "segment_dimension, segment, window_days, window_end, unit, value, value_low, value_high, n, previous_value, "
    "is_mature, is_small_n, is_suppressed, is_available, unavailable_reason"
)
_PLOT_WIDTH: Final = 48


class KpiFormat(StrEnum):
    """How a KPI is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MD = "md"


def kpi(
    name: Annotated[str, typer.Argument(metavar="KPI", help="Its id or its name, as in the KPI catalogue.")],
    by: Annotated[str, typer.Option(metavar="DIMENSION", help="A segment dimension, such as persona.")] = "all",
    last: Annotated[str, typer.Option(metavar="DAYS", help="7d, 28d, 90d or 365d; what the KPI has.")] = "28d",
    release: Annotated[str | None, typer.Option(help="A release; the served one if left out.")] = None,
    output: Annotated[KpiFormat, typer.Option("--format", help="table, csv, json or md")] = KpiFormat.TABLE,
    plot: Annotated[bool, typer.Option("--plot", help="Draw values and intervals below the table.")] = False,
) -> None:
    """Show a KPI with its interval and n, for all customers or by segment."""
    if plot and output in (KpiFormat.CSV, KpiFormat.JSON):
        complain(f"--plot goes with table or md: {output} is read by programs")
        raise typer.Exit(WRONG_INPUT)
    with plain_errors():
        folder = release_folder(read_settings(), release)
        found = kpi_rows(folder, name, by=by, last=last)
    if output is KpiFormat.CSV:
        say(publish.as_csv(found).rstrip("\n"))
    elif output is KpiFormat.JSON:
        say(json.dumps(json.loads(found.to_json(orient="records", date_format="iso")), ensure_ascii=False))
    else:
        rows = shown_rows(found.to_dict(orient="records"))
        say(as_markdown(rows) if output is KpiFormat.MD else pd.DataFrame(rows).to_string(index=False))
    if plot:
        say()
        say(plotted(found.to_dict(orient="records")))


def kpi_rows(folder: Path, name: str, *, by: str, last: str) -> pd.DataFrame:
    """Rows of ``kpi_latest`` for one KPI, dimension and window, by segment.

    Args:
        folder: the release.
        name: id or label of the KPI in either language, in any case.
        by: segment dimension.
        last: length of the window, such as ``90d``.

    Raises:
        QueryError: there is no such KPI, dimension or window; says which there are.
    """
    match = re.fullmatch(r"([0-9]{1,4})d?", last.strip())
    if match is None:
        raise publish.QueryError(f"--last {last} is not a number of days such as 90d")
    kpi_id = _meant(folder, name)
    where = f"kpi_id = {literal(kpi_id)}"
    choices = publish.query_release(
        folder, f"select distinct segment_dimension, window_days from kpi_latest where {where}"
    )
    dimensions, windows = (
        sorted(set(choices["segment_dimension"])),
        sorted({int(day) for day in choices["window_days"]}),
    )
    if by not in dimensions:
        raise publish.QueryError(f"{kpi_id} is not known by {by}; it is by {', '.join(dimensions)}")
    if int(match[1]) not in windows:
        days = ", ".join(f"{day}d" for day in windows)
        raise publish.QueryError(f"{kpi_id} has no window of {match[1]} days; it has {days}")
    return publish.query_release(
        folder,
        f"select {_COLUMNS} from kpi_latest where {where} and segment_dimension = {literal(by)} "
        f"and window_days = {match[1]} order by segment",
    )


def _meant(folder: Path, name: str) -> str:
    known = publish.query_release(folder, "select distinct kpi_id, label_en, label_fr from kpi_latest order by kpi_id")
    wanted = name.strip().lower()
    names: dict[str, str] = {}
    for row in known.itertuples(index=False):
        for text in (row.label_fr, row.label_en, row.kpi_id, str(row.kpi_id).replace("_", " ")):
            names[str(text).lower()] = str(row.kpi_id)
    if wanted in names:
        return names[wanted]
    near = sorted({names[text] for text in get_close_matches(wanted, names, n=5, cutoff=0.5)})
    hint = f"; did you mean {', '.join(near)}?" if near else "; `parcours query 'from kpi_latest'` shows all"
    raise publish.QueryError(f"there is no KPI {name}{hint}")


def shown_rows(rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, str]]:
    """Rows in words: a value with its interval and n, or why there is none."""
    return [
        {
            "segment": str(row["segment"]),
            "value": _value(row),
            "95 % interval": _interval(row),
            "n": "" if pd.isna(row["n"]) else f"{int(row['n']):,}",
            "before": "" if pd.isna(row["previous_value"]) else f"{row['previous_value']:,.4g}",
            "remark": _remark(row),
        }
        for row in rows
    ]


def _value(row: Mapping[Any, Any]) -> str:
    return "–" if pd.isna(row["value"]) else f"{row['value']:,.4g}"


def _interval(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["value_low"]) or pd.isna(row["value_high"]):
        return ""
    return f"{row['value_low']:,.4g} to {row['value_high']:,.4g}"


def _remark(row: Mapping[Any, Any]) -> str:
    if row["is_suppressed"] is True:
        return "suppressed"
    if not row["is_available"]:
        return f"not available: {row['unavailable_reason']}"
    named = (("provisional", row["is_mature"] is False), ("small n", row["is_small_n"] is True))
    return ", ".join(words for words, applies in named if applies)


def as_markdown(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as a Markdown table; bars and line ends in values cannot break it."""
    titles = list(rows[0])
    lines = [titles, ["---"] * len(titles), *([_plain(row[title]) for title in titles] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _plain(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def plotted(rows: Sequence[Mapping[Any, Any]]) -> str:
    """Values as dots with their intervals on one scale, a line per segment."""
    known = [row for row in rows if not pd.isna(row["value"])]
    if not known:
        return "nothing to draw"
    ends = [
        float(row[name]) for row in known for name in ("value", "value_low", "value_high") if not pd.isna(row[name])
    ]
    low, high = min(ends), max(ends)
    scale = (_PLOT_WIDTH - 1) / ((high - low) or 1.0)
    width = max(len(str(row["segment"])) for row in rows)
    lines = [f"{row['segment']!s:<{width}}  {_line(row, low, scale)}".rstrip() for row in rows]
    lines.append(f"{'':<{width}}  {low:<{_PLOT_WIDTH // 2}.4g}{high:>{_PLOT_WIDTH // 2}.4g}")
    return "\n".join(lines)


def _line(row: Mapping[Any, Any], low: float, scale: float) -> str:
    if pd.isna(row["value"]):
        return _remark(row) or "no value"
    cells = [" "] * _PLOT_WIDTH
    if not pd.isna(row["value_low"]) and not pd.isna(row["value_high"]):
        first, last = (round((float(row[name]) - low) * scale) for name in ("value_low", "value_high"))
        cells[first : last + 1] = "─" * (last + 1 - first)
        cells[first], cells[last] = "├", "┤"
    cells[round((float(row["value"]) - low) * scale)] = "●"
    return "".join(cells)
