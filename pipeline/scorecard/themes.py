"""Whether themes of verbatims are the ones people wrote about.

Belongs here: precision and coverage of themes. Does not belong here: reading text.
"""

import pandas as pd

from pipeline.scorecard.model import Score, not_applicable

NAMES = ("theme_precision", "theme_coverage")
_ROW = ["source_table", "row_id"]


def score_themes(truth: pd.DataFrame, product: pd.DataFrame) -> tuple[Score, Score]:
    """Share of themes given that are right, and share of verbatims with a theme that were given one.

    Args:
        truth: source_table, row_id, theme; one row per verbatim.
        product: source_table, row_id, theme; one row per verbatim and theme given.

    Returns:
        ``theme_precision`` and ``theme_coverage``.
    """
    given = product.drop_duplicates([*_ROW, "theme"]).merge(truth, on=_ROW, suffixes=("", "_true"))
    coverage_of = truth[truth["theme"].notna()]
    if coverage_of.empty:
        reason = "no verbatim has a theme"
        return not_applicable(NAMES[0], reason), not_applicable(NAMES[1], reason)
    reached = len(coverage_of.merge(given[_ROW].drop_duplicates(), on=_ROW))
    coverage = Score(NAMES[1], reached / len(coverage_of), len(coverage_of), "verbatims with a true theme")
    if given.empty:
        return not_applicable(NAMES[0], "no verbatim was given a theme"), coverage
    right = (given["theme"] == given["theme_true"]).mean()
    return Score(NAMES[0], float(right), len(given), "themes given"), coverage
