"""Listings as HTML, written without a template because the page holds tens of thousands of their cells.

Belongs here: the one layout of a listing. Does not belong here: what is listed, any other HTML.
"""

from collections.abc import Mapping, Sequence
from html import escape

from pipeline.report.views.common import Figure
from pipeline.report.views.listing import Cell, Listing, Named, Word
from pipeline.report.words import say


def listing(view: Listing) -> str:
    """Note, picture and rows of a listing; everything that came from data is escaped."""
    caption = escape(view.caption)
    parts = [f'<p class="note">{escape(view.note)}</p>\n'] if view.note else []
    if view.chart:
        # What may be wider than the screen is scrolled, by the keyboard too.
        wide = f' tabindex="0" aria-label="{caption}"' if 'class="chart ' in view.chart else ""
        title = view.chart.partition("<title>")[2].partition("</title>")[0]
        said = f"<figcaption>{title}</figcaption>" if title != caption else ""
        parts.append(f'<figure class="picture"{wide}>{said}{view.chart}</figure>\n')
    if not view.rows:
        parts.append(f'<p class="missing">{caption}: {escape(view.empty)}</p>\n')
    elif view.is_folded:
        parts.append(f"<details><summary>{escape(say('Figures'))}</summary>{_table(view)}</details>\n")
    else:
        parts.append(_table(view))
    return "".join(parts)


def _table(view: Listing) -> str:
    titles = [escape(title) for title in view.columns]
    flags = {name: escape(say(name)) for name in ("provisional", "small n")}
    heads = "".join(f'<th scope="col">{title}</th>' for title in titles)
    rows = "".join(_row(cells, titles, flags) for cells in view.rows)
    return (
        f'<table class="stack">\n<caption>{escape(view.caption)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )


def _row(cells: Sequence[Cell], titles: Sequence[str], flags: Mapping[str, str]) -> str:
    first, *others = cells
    written = [
        f'<td data-label="{title}"{_cell(cell, flags)}</td>' for title, cell in zip(titles[1:], others, strict=True)
    ]
    return f'<tr><th scope="row"{_cell(first, flags)}</th>{"".join(written)}</tr>\n'


def _cell(cell: Cell, flags: Mapping[str, str]) -> str:
    """What stands between the name of an element and its end."""
    if isinstance(cell, Word):
        mood = f' class="{cell.mood}"' if cell.mood else ""
        return f"{mood}>{escape(cell.text)}"
    if isinstance(cell, Named):
        about = f'<small class="line">{escape(cell.about)}</small>' if cell.about else ""
        return f">{escape(cell.text)}{flags_html(cell.flags, flags)}{about}"
    return f">{figure_html(cell, flags)}"


def figure_html(figure: Figure, words: Mapping[str, str] | None = None) -> str:
    """A figure with interval, n and flags; ``words`` are flags already said."""
    if figure.is_suppressed or figure.is_absent:
        return f'<span class="muted">{escape(figure.value)}</span>'
    smalls = "".join(f" <small>{escape(text)}</small>" for text in (figure.interval, figure.n) if text)
    return f"<b>{escape(figure.value)}</b>{smalls}{flags_html(figure.flags, words or {})}"


def flags_html(names: Sequence[str], words: Mapping[str, str] | None = None) -> str:
    """What makes a figure weak, each in a frame."""
    known = words or {}
    return "".join(f' <span class="flag">{known.get(name) or escape(say(name))}</span>' for name in names)
