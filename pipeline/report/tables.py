"""Listings as HTML, written without a template because the page holds tens of thousands of their cells.

Belongs here: the one layout of a listing. Does not belong here: what is listed, any other HTML.
"""

from collections.abc import Mapping, Sequence

from markupsafe import escape

from pipeline.report.views.common import Figure
from pipeline.report.views.listing import Cell, Listing, Named, Word
from pipeline.report.words import say


def listing(view: Listing) -> str:
    """Note, picture and rows of a listing; everything that came from data is escaped."""
    caption = escape(view.caption)
    parts = [f'<p class="note">{escape(view.note)}</p>\n'] if view.note else []
    if view.chart:
        parts.append(f'<figure class="picture"><figcaption>{caption}</figcaption>{view.chart}</figure>\n')
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
        return f">{escape(cell.text)}{_flags(cell.flags, flags)}{about}"
    return f">{_figure(cell, flags)}"


def _figure(figure: Figure, flags: Mapping[str, str]) -> str:
    if figure.is_suppressed or figure.is_absent:
        return f'<span class="muted">{escape(figure.value)}</span>'
    smalls = "".join(f" <small>{escape(text)}</small>" for text in (figure.interval, figure.n) if text)
    return f"<b>{escape(figure.value)}</b>{smalls}{_flags(figure.flags, flags)}"


def _flags(names: Sequence[str], words: Mapping[str, str]) -> str:
    return "".join(f' <span class="flag">{words.get(name) or escape(say(name))}</span>' for name in names)
