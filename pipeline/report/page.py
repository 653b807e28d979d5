"""The page: tables in, HTML out.

Belongs here: putting the views together, keeping the page small. Does not belong here: how a section looks.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.report.facts import ReleaseFacts
from pipeline.report.queries import PublishedTables, load_tables
from pipeline.report.views.common import ALL, SegmentKey, all_segments
from pipeline.report.views.friction import friction
from pipeline.report.views.funnels import funnels
from pipeline.report.views.kpis import kpi_tiles
from pipeline.report.views.quality import coverage, quality
from pipeline.report.views.retention import cohort_grids, retention_lines
from pipeline.report.views.value import lifetime_value

Language = Literal["en", "fr"]

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
        language: language of the labels that come from the catalogue; the page's own words are English.

    Returns:
        The page, at most three megabytes: segments that would make it larger are named, not shown.

    Raises:
        ReportInputError: a published table is not as the report expects it.
    """
    loaded = load_tables(tables, facts.as_of_date, language)
    segments = all_segments((loaded.kpi_latest, loaded.funnel_steps, loaded.segment_retention, loaded.segment_cohorts))
    sections = _sections(loaded, facts)
    shown = len(segments)
    while True:
        page = _page(sections, segments, shown, facts, language)
        size = len(page.encode())
        if size <= MAXIMUM_BYTES or shown == 1:
            return page
        shown = max(1, min(shown - 1, int(shown * MAXIMUM_BYTES / size)))


def write_report(tables: Path, facts: ReleaseFacts, out_folder: Path, *, language: Language = "en") -> Path:
    """Write the report as ``index.html`` into a folder, which is made if need be.

    Args:
        tables: as for `render_report`.
        facts: as for `render_report`.
        out_folder: where the page goes.
        language: as for `render_report`.

    Returns:
        The file.
    """
    out_folder.mkdir(parents=True, exist_ok=True)
    file = out_folder / "index.html"
    file.write_text(render_report(tables, facts, language=language), encoding="utf-8", newline="\n")
    return file


def _sections(loaded: PublishedTables, facts: ReleaseFacts) -> dict[str, Any]:
    """The view of each section; ``None`` where its table is not in the release."""
    return {
        "tiles": None if loaded.kpi_latest is None else kpi_tiles(loaded.kpi_latest, loaded.kpi_daily, facts),
        "funnels": None if loaded.funnel_steps is None else funnels(loaded.funnel_steps, facts),
        "retention": None if loaded.segment_retention is None else retention_lines(loaded.segment_retention, facts),
        "cohorts": None if loaded.segment_cohorts is None else cohort_grids(loaded.segment_cohorts, facts),
        "value": None if loaded.segment_clv is None else lifetime_value(loaded.segment_clv, facts),
        "friction": (
            None if loaded.segment_friction_ranking is None else friction(loaded.segment_friction_ranking, facts)
        ),
        "coverage": None if loaded.data_coverage is None else coverage(loaded.data_coverage),
        "quality": None if loaded.data_quality is None else quality(loaded.data_quality),
    }


def _selector(segments: list[SegmentKey], shown: int) -> _Selector:
    kept = segments[:shown]
    names = dict.fromkeys(key.dimension_name for key in kept if key != ALL)
    missing = Counter(key.dimension_name for key in segments[shown:])
    return _Selector(
        dimensions=tuple((name, tuple(key for key in kept if key.dimension_name == name)) for name in names),
        not_shown=tuple(f"{count} of {name}" for name, count in missing.items()),
    )


def _page(
    sections: dict[str, Any], segments: list[SegmentKey], shown: int, facts: ReleaseFacts, language: Language
) -> str:
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            facts=facts,
            language=language,
            all_key=ALL,
            segments=segments[:shown],
            selector=_selector(segments, shown),
            **sections,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
