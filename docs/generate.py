"""Write the reference pages from what they describe: contracts, seeds and the YAML of published models.

Belongs here: turning facts that live elsewhere into Markdown. Does not belong here: any fact of its own.
Run by ``make docs``; a test fails when a page is stale.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from extracts_reference import extracts_page
from markdown_parts import PROJECT, code, page, seed, table, variables
from presets_reference import preset_pages
from scores_reference import scores_page

from pipeline.contracts import CONTRACTS
from pipeline.defs.descriptions import run_tables
from pipeline.report.catalogue import INTERVALS, UNITS, WINDOWS, formula

REFERENCE = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """Every reference page by file name; the same repository gives the same text."""
    return {
        "extracts.md": extracts_page(CONTRACTS.values()),
        "kpis.md": kpis_page(seed("kpi_catalogue")),
        "tables.md": tables_page(),
        "frictions.md": frictions_page(seed("friction_types")),
        "funnels.md": funnels_page(),
        **preset_pages(),
        "scores.md": scores_page(),
    }


def kpis_page(rows: Sequence[dict[str, str]]) -> str:
    """The KPI catalogue, group by group."""
    parts: list[str] = []
    for group in dict.fromkeys(row["kpi_group"] for row in rows):
        parts.append(f"## {group.capitalize()}")
        for row in (row for row in rows if row["kpi_group"] == group):
            parts += _kpi_parts(row)
    lengths = ", ".join(str(days) for days in variables()["kpi_windows_days"])
    return page(
        "KPIs",
        "the seed `kpi_catalogue`",
        f"Every KPI is in `kpi_daily` (one business day) and in `kpi_latest` (the last {lengths} days, beside as many "
        "days before and those of a year ago); KPIs of whole months are in both by month. Only observations that are "
        "*mature*, that is, old enough to be final, count. "
        f"{variables()['lateness_allowance_days']} days are allowed for late data on top of the days to maturity "
        "given here. Why a definition is what it is: [decisions](../decisions.md).",
        *parts,
    )


def _kpi_parts(row: dict[str, str]) -> tuple[str, str, str]:
    facts = (
        ("id", f"`{row['kpi_id']}`"),
        ("definition", row["definition_en"]),
        ("en français", row["definition_fr"]),
        ("population", row["population_en"]),
        ("formula", formula(row)),
        ("unit", f"{UNITS.get(row['unit'], row['unit'])}; {row['direction'].replace('_', ' ')}"),
        ("interval (95 %)", INTERVALS[row["interval_kind"]]),
        ("windows", WINDOWS[row["aggregation"]]),
        ("needs", code([*row["required_tables"].split("|"), *filter(None, row["required_columns"].split("|"))])),
        ("mature after", f"{row['maturity_days']} days" if row["maturity_days"] != "0" else "at once"),
        ("small n below", row["minimum_n"]),
        ("target", row["target"] or "none of ours"),
        ("reviewed, alert", f"{row['review_cadence']}, {row['alert_rule'].replace('_', ' ')}"),
        ("pillar, owner", f"{row['pillar'].replace('_', ' ')}, {row['owner']}"),
        ("source", row["source"]),
    )
    return f"### {row['label_en']}", f"{row['question_en']} ({row['label_fr']})", table(("", ""), facts)


def tables_page() -> str:
    """The published tables with their columns."""
    files = sorted((PROJECT / "models" / "_docs").glob("*.md"))
    blocks = "\n".join(file.read_text(encoding="utf-8") for file in files)
    meanings = dict(re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", blocks, flags=re.DOTALL))
    entries: dict[str, tuple[str, str, list[tuple[str, str, str]]]] = {}
    for file in sorted((PROJECT / "models" / "published").glob("*.yml")):
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", []):
            columns = [_described(column, meanings) for column in model["columns"]]
            entries[model["name"]] = (str(model["description"]), _key(model), columns)
    for name, written in run_tables().items():
        columns = [(column, kind, meaning) for column, (kind, meaning) in written.columns.items()]
        entries[name] = (written.description, "", columns)
    parts: list[str] = []
    for name, (text, key, columns) in sorted(entries.items()):
        rows = [(f"`{column}`", kind.lower(), meaning) for column, kind, meaning in columns]
        parts += [f"## {name}", f"{text.rstrip('.')}.{key}", table(("column", "type", "meaning"), rows)]
    return page(
        "Published tables",
        "the YAML of `dbt_project/models/published` and `pipeline/defs/run_tables.yml`",
        "What a release holds, as Parquet and in `parcours.duckdb`. How to read them: [analysts](../analysts.md).",
        *parts,
    )


def _described(column: dict[str, Any], meanings: dict[str, str]) -> tuple[str, str, str]:
    text = str(column.get("description", ""))
    block = re.search(r"doc\(['\"](\w+)['\"]\)", text)
    return column["name"], column["data_type"], (meanings[block.group(1)] if block else text).strip()


def _key(model: dict[str, Any]) -> str:
    for test in model.get("data_tests", []):
        if isinstance(test, dict) and "is_key" in test:
            return f" Key: {code(test['is_key']['arguments']['columns'])}."
    return ""


def frictions_page(rows: Sequence[dict[str, str]]) -> str:
    """The friction types."""
    parts: list[str] = []
    for row in rows:
        landmark = "the risk event" if row["landmark"] == "risk_event" else "the end of the exposure window"
        facts = (
            ("id, category", f"`{row['friction_type']}`, {row['category']}"),
            ("possible once a visit has", code(row["risk_set_touchpoints"].split("|"))),
            ("struck by", code(row["index_touchpoints"].split("|"))),
            ("within", f"{float(row['exposure_window_minutes']):g} minutes"),
            ("outcome", f"`{row['outcome']}`, within {float(row['horizon_days']):g} days after {landmark}"),
            ("owner, effort", f"{row['owner']}, {row['effort_days']} person-days"),
            ("action", f"{row['action_en']} ({row['action_fr']})"),
        )
        parts += [f"## {row['label_en']}", row["label_fr"], table(("", ""), facts)]
    return page(
        "Frictions",
        "the seed `friction_types`",
        "What is looked for, and how. The method: [statistics](../statistics.md#friction).",
        *parts,
    )


def funnels_page() -> str:
    """The funnels shipped, their steps, and the touchpoints events become."""
    steps, fillers = seed("funnel_step_definitions"), seed("funnel_step_touchpoints")
    parts: list[str] = []
    for funnel in seed("funnels"):
        own = [row for row in steps if row["funnel_id"] == funnel["funnel_id"]]
        rows = []
        for row in own:
            filling = [
                each["touchpoint"]
                for each in fillers
                if (each["funnel_id"], each["step_id"]) == (row["funnel_id"], row["step_id"])
            ]
            names = (row["step"], f"`{row['step_id']}`", row["label_en"], row["label_fr"])
            rows.append((*names, row["step_window_days"], code(filling)))
        days = float(funnel["window_days"])
        parts += [
            f"## {funnel['label_en']}",
            f"`{funnel['funnel_id']}` ({funnel['label_fr']}): subject {funnel['subject']}, {days:g}-day window.",
            table(("step", "id", "en", "fr", "window, days", "filled by"), rows),
        ]
    mapped = seed("touchpoint_mappings")
    touchpoints = (
        (
            f"`{row['touchpoint']}`",
            row["label_en"],
            row["label_fr"],
            code(f"{m['source_table']}: {m['source_value']}" for m in mapped if m["touchpoint"] == row["touchpoint"]),
        )
        for row in seed("touchpoints")
    )
    return page(
        "Funnels and touchpoints",
        "the seeds of funnels and touchpoints",
        "How they are counted, and how to add one: [funnels](../funnels.md).",
        *parts,
        "## Touchpoints",
        table(("touchpoint", "en", "fr", "made from"), touchpoints),
    )


def write_pages(folder: Path = REFERENCE) -> None:
    """Write every page."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_pages()
