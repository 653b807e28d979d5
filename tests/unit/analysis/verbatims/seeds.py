"""The shipped lexicon and the labelled sample, read from their files.

Belongs here: reading. Does not belong here: assertions.
"""

import csv
from functools import cache
from pathlib import Path

from pipeline.analysis.verbatims.lexicon import Lexicon, lexicon_of
from pipeline.analysis.verbatims.reading import Reader
from pipeline.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
SAMPLE = PROJECT_ROOT / "tests" / "fixtures" / "verbatims_labelled.csv"


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@cache
def shipped_lexicon() -> Lexicon:
    return lexicon_of(
        themes=[(row["theme"], row["is_given_alone"] == "true") for row in rows_of(SEEDS / "verbatim_theme_types.csv")],
        lexicon=[
            (row["theme"] or None, row["language"], row["pattern"], float(row["polarity"]), float(row["weight"]))
            for row in rows_of(SEEDS / "verbatim_lexicon.csv")
        ],
        sentiments=[
            (row["language"], row["pattern"], row["kind"], float(row["value"]))
            for row in rows_of(SEEDS / "verbatim_sentiments.csv")
        ],
        vocabulary=[(row["language"], row["word"]) for row in rows_of(SEEDS / "verbatim_vocabulary.csv")],
    )


@cache
def shipped_reader() -> Reader:
    return Reader(shipped_lexicon())
