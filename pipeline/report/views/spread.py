"""How lifetime value is spread over the customers of a segment.

Belongs here: bands of equally many customers in words and as bars. Does not belong here: values of single customers.
"""

from collections.abc import Sequence

from pipeline.report.charts.marks import Bar, bars
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import MISSING, money, name_of, percent
from pipeline.report.queries import Row
from pipeline.report.views.common import Figure, as_float
from pipeline.report.views.listing import Cell, Listing, Named, count, titles
from pipeline.report.views.methods import ORDER
from pipeline.report.words import say


def spread(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """The bands of every method, the first method also as bars."""
    ordered = sorted(rows, key=lambda row: (_place(row), row["horizon"], row["band"]))
    first = [row for row in ordered if _kind(row) == _kind(ordered[0])]
    drawn = [Bar(_name(row), as_float(row["value_share"]), percent(row["value_share"])) for row in first]
    caption = say("How lifetime value is spread")
    return Listing(
        caption=caption,
        columns=titles("Band of customers", "Customers", "Mean value", "From", "To", "Share of the value"),
        rows=tuple(_row(row, facts) for row in ordered),
        note=say(
            "Bands of as many customers each, from the least valuable to the most. Drawn: {method}, share of all value."
            " All customers are counted, so there is no interval.",
            method=_method(first[0]) if first else "",
        ),
        chart=bars(drawn, title=caption, description="; ".join(f"{bar.name}: {bar.figure}" for bar in drawn)),
        empty=say("no rows"),
        is_folded=True,
    )


def _kind(row: Row) -> tuple[str, str]:
    return row["method"], row["horizon"]


def _place(row: Row) -> int:
    return ORDER.index(row["method"]) if row["method"] in ORDER else len(ORDER)


def _method(row: Row) -> str:
    return f"{say(name_of(row['method']))}, {say(name_of(row['horizon']))}"


def _name(row: Row) -> str:
    return say("Band {number}", number=row["band"])


def _row(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    named = Named(_name(row), _method(row))
    if row["is_suppressed"]:
        hidden = Figure(facts.suppressed_text, "", "", is_suppressed=True)
        return named, hidden, *(Figure(MISSING, "", "", is_absent=True),) * 4
    currency = row["currency"] or facts.reporting_currency
    return (
        named,
        count(row, "customer_count", facts),
        Figure(money(row["clv_mean_amount"], currency), "", ""),
        Figure(say("no bound") if row["low_amount"] is None else money(row["low_amount"], currency), "", ""),
        Figure(say("no bound") if row["high_amount"] is None else money(row["high_amount"], currency), "", ""),
        Figure(percent(row["value_share"]), "", ""),
    )
