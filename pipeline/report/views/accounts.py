"""KPIs of business customers, with companies as what varies.

Belongs here: wording of published rows. Does not belong here: who belongs to which company.
"""

from collections.abc import Sequence

from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import number
from pipeline.report.queries import Row
from pipeline.report.views.listing import Cell, Listing, Named, count, label_of, titles, value, weak
from pipeline.report.words import say


def accounts(rows: Sequence[Row], facts: ReleaseFacts) -> Listing:
    """Every KPI of business customers with its interval over companies."""
    known = [row for row in rows if not row["is_suppressed"]]
    note = say("People of one company behave alike, so these intervals are of companies, not of persons.")
    hidden = say("{count} KPIs: {word}.", count=number(len(rows) - len(known)), word=facts.suppressed_text)
    return Listing(
        caption=say("KPIs of business customers"),
        columns=titles("KPI", "Value, interval over companies", "Companies"),
        rows=tuple(_row(row, facts) for row in sorted(known, key=lambda row: label_of(row, "label", "kpi_id"))),
        note=f"{note} {hidden}" if len(known) < len(rows) else note,
        empty=facts.suppressed_text,
    )


def _row(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    return (
        Named(label_of(row, "label", "kpi_id"), "", weak(row)),
        value(row, "value", row["unit"], facts),
        count(row, "account_count", facts),
    )
