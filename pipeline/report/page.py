"""The page: tables in, HTML out.

Belongs here: putting the views together, keeping the page small. Does not belong here: how a section looks.
"""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.report.drawing import funnels_html, tiles_html
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import day
from pipeline.report.packing import pack
from pipeline.report.parts import Drawer, draw, periods_of, placed, segments_of
from pipeline.report.plans import PLANS
from pipeline.report.queries import USUAL_PERIOD_DAYS, Tables, in_language, read_tables
from pipeline.report.sections import parts_of
from pipeline.report.views.common import ALL, SegmentKey
from pipeline.report.views.personas import personas
from pipeline.report.views.quality import coverage, quality
from pipeline.report.views.value import lifetime_value
from pipeline.report.words import LANGUAGES, Language, say, speaking

MAXIMUM_BYTES: Final = 3_000_000
_TEMPLATES: Final = Path(__file__).with_name("templates")


@dataclass(frozen=True, kw_only=True)
class _Selector:
    """The segments the page can be switched to, by dimension, and how many did not fit."""

    dimensions: tuple[tuple[str, tuple[SegmentKey, ...]], ...]
    not_shown: tuple[str, ...]


def render_report(tables: Path, facts: ReleaseFacts, *, language: Language = "en") -> str:
    """Draw the report of a release as one self-contained HTML page.

    Args:
        tables: folder with ``<table>.parquet`` for each published table; a section without its table says so.
        facts: what the tables do not hold.
        language: language of the page and of the labels that come from the catalogue.

    Returns:
        The page, at most three megabytes: segments that would make it larger are named, not shown.

    Raises:
        ReportInputError: a published table is not as the report expects it.
    """
    return _rendered(in_language(read_tables(tables, facts.as_of_date), language), facts, language)


def write_report(tables: Path, facts: ReleaseFacts, out_folder: Path) -> Path:
    """Write the report as ``index.html``, and one page per other language, into a folder that is made if need be.

    Args:
        tables: as for `render_report`.
        facts: as for `render_report`.
        out_folder: where the pages go.

    Returns:
        The page in English.
    """
    out_folder.mkdir(parents=True, exist_ok=True)
    with _without_collection():
        read = read_tables(tables, facts.as_of_date)
        for language in LANGUAGES:
            text = _rendered(in_language(read, language), facts, language)
            (out_folder / file_name(language)).write_text(text, encoding="utf-8", newline="\n")
    return out_folder / file_name("en")


@contextmanager
def _without_collection() -> Iterator[None]:
    """Hundreds of thousands of small values, none in a circle: looking for circles costs a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _rendered(loaded: Tables, facts: ReleaseFacts, language: Language) -> str:
    names = {
        (row["segment_dimension"], row["segment"]): (row["dimension_label"], row["label"])
        for row in loaded["dim_segments"] or ()
        if row["dimension_label"] and row["label"]
    }
    with speaking(language, names):
        parts = parts_of(PLANS, loaded, facts)
        drawers = _drawers(facts, language)
        others = [key for key in segments_of(parts) if key != ALL]
        packed = {key: pack(draw(parts, key, drawers)) for key in others}
        at_first = draw(parts, ALL, drawers)
        later = draw(parts, ALL, drawers, others_only=True)
        page = partial(
            _page,
            {
                **_fixed(loaded, facts),
                "facts": facts,
                "language": language,
                "periods": periods_of(parts),
                "slot": partial(placed, {part.slot: part for part in parts}, at_first),
            },
            others=others,
        )
        whole = {ALL: pack(later)} if later else {}
        bare = len(page(whole).encode())
        return page({**whole, **_fitting(packed, MAXIMUM_BYTES - bare)})


def _drawers(facts: ReleaseFacts, language: Language) -> dict[str, Drawer]:
    """What turns a view into HTML, by slot; listings need none."""

    def templated(slot: str) -> Drawer:
        template = environment().get_template(f"parts/{slot}.html.j2")
        return lambda view: template.render(view=view, facts=facts, language=language)

    slots = ("weekly", "retention", "survival", "cohorts", "friction")
    return {"tiles": tiles_html, "funnels": funnels_html, **{slot: templated(slot) for slot in slots}}


def file_name(language: Language) -> str:
    """The file of the page in a language."""
    return "index.html" if language == "en" else f"index.{language}.html"


def _fixed(loaded: Tables, facts: ReleaseFacts) -> dict[str, Any]:
    """What does not follow the segment, because it shows all of them or none."""
    value, received, checked = (loaded[name] for name in ("segment_clv", "data_coverage", "data_quality"))
    return {
        "value": None if value is None else lifetime_value(value, facts),
        "coverage": None if received is None else coverage(received),
        "personas": personas(loaded, facts),
        "quality": None if checked is None else quality(checked),
    }


def _fitting(packed: Mapping[SegmentKey, str], room: int) -> dict[SegmentKey, str]:
    """The first segments that fit into so many bytes; a segment is also an option of the selector."""
    kept: dict[SegmentKey, str] = {}
    for key, text in packed.items():
        room -= len(text) + 4 * len(key.code.encode()) + 100
        if room < 0:
            break
        kept[key] = text
    return kept


def _selector(kept: Sequence[SegmentKey], others: Sequence[SegmentKey]) -> _Selector:
    names = dict.fromkeys(key.dimension_name for key in kept)
    missing = Counter(key.dimension_name for key in others if key not in kept)
    return _Selector(
        dimensions=tuple((name, tuple(key for key in kept if key.dimension_name == name)) for name in names),
        not_shown=tuple(say("{count} of {name}", count=count, name=name) for name, count in missing.items()),
    )


def _page(said: Mapping[str, Any], packed: Mapping[SegmentKey, str], *, others: Sequence[SegmentKey]) -> str:
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            languages={other: file_name(other) for other in LANGUAGES if other != said["language"]},
            all_key=ALL,
            usual=USUAL_PERIOD_DAYS,
            selector=_selector([key for key in packed if key != ALL], others),
            packed={key.code: text for key, text in packed.items()},
            **said,
        )
    )


@cache
def environment() -> Environment:
    """Templates of the pages; every value they print is escaped."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"t": say, "day": day}
    return made
