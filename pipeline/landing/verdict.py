"""What became of the rows of a day, in figures.

Belongs here: counting view ``door``. Does not belong here: judging rows, what an outcome says beside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from pipeline.landing.references import contradictions
from pipeline.warehouse import literal

STATUSES = ("loaded", "quarantined", "duplicate")
FORGOTTEN = "forgotten"  # of a person who was forgotten; counted among the rows set aside


@dataclass(frozen=True)
class Verdict:
    """The rows of one day of one table, judged.

    Attributes:
        received: file name to rows staged.
        counts: (file name, status) to rows.
        reasons: quarantined rows by reason.
        seen_days: other days some row was found on already, as ISO texts, ascending.
        contradictions: see `pipeline.landing.references.contradictions`.
    """

    received: Mapping[str, int]
    counts: Mapping[tuple[str, str], int]
    reasons: Mapping[str, int] = field(default_factory=dict)
    seen_days: Sequence[str] = ()
    contradictions: Mapping[str, list[list[str]]] = field(default_factory=dict)

    @property
    def quarantined_count(self) -> int:
        """Rows in quarantine."""
        return sum(count for (_, status), count in self.counts.items() if status == "quarantined")


def door_verdict(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    received: Mapping[str, int],
    *,
    clean: Mapping[str, int] | None = None,
) -> Verdict:
    """The verdict over the rows of view ``door``.

    Args:
        connection: where the view is.
        table: the table.
        received: file name to rows staged.
        clean: file name to rows that land and are not in the view.
    """
    counts = {(name, "loaded"): count for name, count in (clean or {}).items()}
    for name, status, count in connection.execute(
        "select _source_file, _status, count(*) from door group by all "
        f"union all select _source_file, {literal(FORGOTTEN)}, row_count from forgotten"
    ).fetchall():
        counts[name, status] = counts.get((name, status), 0) + int(count)
    days = connection.execute("select distinct _seen_date::varchar from door where _seen_date is not null").fetchall()
    return Verdict(
        received, counts, reasons(connection), sorted(str(row[0]) for row in days), contradictions(connection, table)
    )


def reasons(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Quarantined rows of view ``door`` by reason."""
    rows = connection.execute(
        "select reason, count(*) from (select unnest(string_split(_final_reasons, chr(10))) as reason "
        "from door where _status = 'quarantined') group by reason order by reason"
    ).fetchall()
    return {str(reason): int(count) for reason, count in rows}
