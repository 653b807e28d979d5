"""The reference page of scores, from the baseline the slow tests keep.

Belongs here: laying out the baseline. Does not belong here: what a score means (``scorecard.md``).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markdown_parts import page, table

from pipeline.scorecard import SCORE_NAMES

_BASELINE = Path(__file__).parents[1] / "tests" / "benchmarks" / "recovery_baseline.json"


def scores_page() -> str:
    """Scores per scenario with their tolerances, and the figures of the studies."""
    baseline = json.loads(_BASELINE.read_text(encoding="utf-8"))
    introduction = (
        "What each score means and how it is computed: [scorecard](../scorecard.md). A dash stands for a score that is "
        "not built yet or has no meaning in that scenario. A test fails when a score gets worse by more than its "
        "tolerance."
    )
    studies = [f"### {name.capitalize()}\n\n{_study(figures)}" for name, figures in baseline["studies"].items()]
    cards = _cards(baseline["cards"], baseline["tolerances"])
    parts = [introduction, "## Whole companies", cards, "## Studies over many seeds", *studies]
    return page("Scores", "`tests/benchmarks/recovery_baseline.json`", *parts)


def _cards(cards: Mapping[str, Mapping[str, Any]], tolerances: Mapping[str, float]) -> str:
    rows = [
        (f"`{name}`", *(_shown(scores.get(name)) for scores in cards.values()), _shown(tolerances[name]))
        for name in SCORE_NAMES
    ]
    return table(("score", *(f"`{scenario}`" for scenario in cards), "tolerance"), rows)


def _study(figures: Mapping[str, float]) -> str:
    return table(("", ""), [(name, _shown(value)) for name, value in figures.items()])


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
