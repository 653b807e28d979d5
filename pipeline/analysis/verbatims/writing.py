"""The pass over verbatims: texts of one intermediate view in, languages, sentiments, themes and words out as Parquet.

Belongs here: the order of the pass, and which words may leave it. Does not belong here: reading a single text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.analysis.tables import TABLES, write_table
from pipeline.analysis.verbatims.languages import READ, small_words
from pipeline.analysis.verbatims.lexicon import Lexicon, read_lexicon, shown_as
from pipeline.analysis.verbatims.reading import Reader, Reading
from pipeline.warehouse import connection

VERBATIMS = "intermediate.int_verbatims__collected"
LEAST_CUSTOMERS = 10
"""A word the vocabulary does not list leaves the pass only if as many people use it, whatever the company sets."""
_LEAST_LETTERS = 3
_LONGEST = 4000
_BATCH = 10_000


@dataclass(frozen=True)
class Verbatim:
    """A text as it was collected.

    Attributes:
        key: its key.
        person: key of who wrote it.
        language: what the tool said, ISO 639-1, or ``None``.
        text: the text, without addresses and numbers of people.
    """

    key: str
    person: str
    language: str | None
    text: str


def read_verbatims(build: duckdb.DuckDBPyConnection) -> Iterator[Verbatim]:
    """Texts in the order of their keys, a batch at a time."""
    cursor = build.execute(
        f"select verbatim_key, person_key, delivered_language, left(body, {_LONGEST}) from {VERBATIMS} "
        "order by verbatim_key"
    )
    while batch := cursor.fetchmany(_BATCH):
        yield from (Verbatim(*row) for row in batch)


class _Words:
    """Words of texts, and how many people use those the vocabulary does not list."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._vocabulary = lexicon.vocabulary
        self._shown: dict[tuple[str, str], tuple[str, bool] | None] = {}
        self._rows: list[tuple[str, str, str, bool]] = []
        self._users: dict[tuple[str, str], set[str]] = {}

    def note(self, verbatim: Verbatim, reading: Reading) -> None:
        """Keep the words of a text that may turn out to be fit for leaving."""
        language = reading.language
        if language not in READ:
            return
        for word, is_listed in sorted({shown for word in reading.words if (shown := self._as_shown(word, language))}):
            self._rows.append((verbatim.key, language, word, is_listed))
            users = self._users.setdefault((language, word), set())
            if not is_listed and len(users) < LEAST_CUSTOMERS:
                users.add(verbatim.person)

    def _as_shown(self, word: str, language: str) -> tuple[str, bool] | None:
        """The word as it would leave, and whether it is listed; ``None`` for what never does."""
        key = (language, word)
        if key not in self._shown:
            listed = shown_as(word, self._vocabulary.get(language, {}))
            is_word = len(word) >= _LEAST_LETTERS and word.isalpha() and word not in small_words(language)
            self._shown[key] = (listed or word, listed is not None) if is_word else None
        return self._shown[key]

    def rows(self) -> Iterator[Sequence[Any]]:
        """Key, language, word, whether it is listed; in the order of the texts."""
        for row in self._rows:
            if row[3] or len(self._users[row[1], row[2]]) >= LEAST_CUSTOMERS:
                yield row


def verbatim_tables(verbatims: Iterator[Verbatim], lexicon: Lexicon) -> dict[str, list[Sequence[Any]]]:
    """Rows of the three tables of the pass.

    Args:
        verbatims: texts, in the order of their keys.
        lexicon: what to read them by.

    Returns:
        Rows per table of ``TABLES``, in the order of its columns.
    """
    reader, words = Reader(lexicon), _Words(lexicon)
    scores: list[Sequence[Any]] = []
    mentions: list[Sequence[Any]] = []
    for verbatim in verbatims:
        reading = reader.read(verbatim.text, verbatim.language)
        scores.append((verbatim.key, reading.language or "unknown", reading.sentiment, len(reading.words)))
        mentions += [(verbatim.key, theme, sentiment) for theme, sentiment in reading.themes]
        words.note(verbatim, reading)
    return {"verbatim_scores": scores, "verbatim_mentions": mentions, "verbatim_words": list(words.rows())}


def _columns(name: str, rows: Sequence[Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    return dict(zip(TABLES[name], zip(*rows, strict=True), strict=True)) if rows else {}


def write_verbatims(build_file: Path, folder: Path) -> dict[str, int]:
    """Write the tables of the pass; no text leaves it.

    Args:
        build_file: the DuckDB file with the intermediate view and the seeds.
        folder: where the Parquet files go.

    Returns:
        Rows written per table.

    Raises:
        LexiconError: a seed of the lexicon cannot be used.
    """
    with connection(build_file, read_only=True) as build:
        lexicon = read_lexicon(build)
        tables = verbatim_tables(read_verbatims(build), lexicon)
    return {name: write_table(folder, name, _columns(name, rows)) for name, rows in sorted(tables.items())}
