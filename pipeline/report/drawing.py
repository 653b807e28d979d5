"""Tiles and funnels as HTML, written without a template because every segment and period has dozens of them.

Belongs here: their layout; everything that came from data is escaped. Does not belong here: what they say.
"""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final

from pipeline.report.tables import figure_html, flags_html
from pipeline.report.views.funnels import Funnel, Step
from pipeline.report.views.kpis import Tile
from pipeline.report.words import say

_MOODS: Final = {"good": "better", "bad": "worse", "calm": "within noise", "plain": ""}
_COUNTS: Final = ("Entrants", "Converted", "Dropped", "Pending")


def tiles_html(tiles: Sequence[Tile]) -> str:
    """Tiles under the names of their groups, in the order given within a group."""
    parts = []
    for _, found in groupby(sorted(tiles, key=lambda tile: tile.group_order), key=lambda tile: tile.group_order):
        group = list(found)
        drawn = "".join(map(_tile, group))
        parts.append(f'<h3 class="group">{escape(say(group[0].group))}</h3>\n<div class="tiles">\n{drawn}</div>\n')
    return "".join(parts)


def _tile(tile: Tile) -> str:
    return f'<article class="tile"><h4>{escape(tile.label)}</h4>{_told(tile)}</article>\n'


def _told(tile: Tile) -> str:
    if tile.figure is None:
        return f'<p class="muted">{escape(say("not available: {reason}", reason=tile.unavailable_reason))}</p>'
    if tile.figure.is_suppressed:
        return f'<p class="muted">{escape(tile.figure.value)}</p>'
    window = f'<span class="flag">{escape(tile.window)}</span> ' if tile.window else ""
    ends = " · ".join(escape(text) for text in (tile.figure.interval, tile.figure.n) if text)
    parts = [
        f'<p class="big" title="{escape(tile.title)}">{escape(tile.figure.value)}</p>',
        f'<p class="small">{window}{ends}</p>',
    ]
    if tile.trend:
        mood = say(_MOODS[tile.trend.mood]) if _MOODS[tile.trend.mood] else ""
        parts.append(
            f'<p class="trend {tile.trend.mood}" title="{escape(tile.trend.title)}"><span aria-hidden="true">'
            f'{tile.trend.arrow}</span> {escape(tile.trend.text)} <span class="mood">{escape(mood)}</span></p>'
        )
    parts += [
        f'<p class="flags"><a class="flag{" strong" if mark.is_open else ""}" href="#actions" '
        f'title="{escape(mark.title)}">{escape(mark.text)}</a></p>'
        for mark in tile.alerts
    ]
    if tile.flags:
        parts.append(f'<p class="flags">{flags_html(tile.flags)}</p>')
    return f"{''.join(parts)}{tile.sparkline}"  # a sum would escape the parts


def funnels_html(funnels: Sequence[Funnel]) -> str:
    """Each funnel as a table with a bar per step."""
    return "".join(map(_funnel, funnels))


def _funnel(funnel: Funnel) -> str:
    about = say("one entry per {subject} and start, {window}", subject=say(funnel.subject), window=funnel.window)
    counts = "".join(f'<th scope="col" class="n">{escape(say(name))}</th>' for name in _COUNTS)
    notes = "".join(f'<p class="note">{escape(note)}</p>\n' for note in funnel.notes)
    return (
        f'<table class="stack funnel">\n<caption>{escape(funnel.name)} <small>{escape(about)}</small></caption>\n'
        f'<thead><tr><th scope="col">{escape(say("Step"))}</th>'
        f'<th scope="col" class="wide">{escape(say("Entrants by outcome"))}</th>{counts}'
        f'<th scope="col">{escape(say("Rate to next step"))}</th></tr></thead>\n'
        f"<tbody>\n{''.join(map(_step, funnel.steps))}</tbody>\n</table>\n{notes}"
    )


def _step(step: Step) -> str:
    head = f'<tr><th scope="row">{escape(step.name)}</th>'
    if step.counts is None:
        hidden = step.rate.value if step.rate else ""
        return f'{head}<td colspan="6" class="muted">{escape(hidden)}</td></tr>\n'
    counts = "".join(
        f'<td class="n" data-label="{escape(say(name))}">{count}</td>'
        for name, count in zip(_COUNTS, step.counts, strict=True)
    )
    rate = figure_html(step.rate) if step.rate else escape(say("last step"))
    return (
        f'{head}<td class="bars">{step.bar}</td>{counts}'
        f'<td data-label="{escape(say("Rate to next step"))}">{rate}</td></tr>\n'
    )
