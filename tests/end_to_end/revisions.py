"""What comes too late and what is corrected: messages of days long closed, in the newest extract.

Belongs here: the rows, and what `kpi_restatements` must say of them. Does not belong here: runs.
"""

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.end_to_end.laboratory import LAST_DAY, SERVED_DAY, Laboratory

_FORMAT = {"delimiter": ";", "lineterminator": "\r\n"}
_CLOSED = (
    "select metric_date from kpi_daily where kpi_id = 'open_rate' and segment = 'all' and is_mature "
    f"and not is_suppressed and metric_date < date '{SERVED_DAY - timedelta(days=60)}' order by metric_date desc"
)


@dataclass(frozen=True)
class Revised:
    """The two days that are told of anew, and of how many messages."""

    late_on: date
    late_count: int
    corrected_on: date
    corrected_count: int


def revise(lab: Laboratory) -> Revised:
    """Three messages nobody knew of, and whoever did not open those of another day opened them after all."""
    days = [row["metric_date"].date() for row in lab.ask(_CLOSED)]
    late_on = days[0]
    corrected_on = next(day for day in days if day < late_on - timedelta(days=60))
    known = _messages(lab)
    late = [row for row in known if _sent_on(row) == late_on and row["purpose"] == "marketing"][:3]
    unread = [row for row in known if _sent_on(row) == corrected_on and row["delivered_at"] and not row["opened_at"]]
    corrected = [row | {"opened_at": _next_day(row)} for row in unread]
    with lab.dropped("messages", LAST_DAY).open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(known[0]), **_FORMAT)
        writer.writerows(row | {"message_id": f"{row['message_id']}9"} for row in late)
        writer.writerows(corrected)
    return Revised(late_on, len(late), corrected_on, len(corrected))


def open_rates(lab: Laboratory) -> dict[date, Mapping[str, Any]]:
    """The days of `open_rate` over all customers, as served."""
    return _by_day(lab.ask("from kpi_daily where kpi_id = 'open_rate' and segment = 'all'"))


def expect_restatements(lab: Laboratory, served: str, revised: Revised, before: Mapping[date, Any]) -> None:
    """What came late, what was corrected, and nothing else but customers who became known."""
    rows, now = lab.ask("from kpi_restatements"), open_rates(lab)
    told = _by_day([row for row in rows if row["kpi_id"] == "open_rate" and row["segment"] == "all"])
    expected = {revised.late_on: ("late_data", revised.late_count, 0)}
    expected[revised.corrected_on] = ("correction", 0, revised.corrected_count)
    for day, (cause, late_count, corrected_count) in expected.items():
        row = told[day]
        assert (row["cause"], row["late_row_count"], row["corrected_row_count"]) == (cause, late_count, corrected_count)
        assert row["previous_release_id"] == served
        assert (row["previous_n"], row["previous_value"]) == (before[day]["n"], before[day]["value"])
        assert (row["n"], row["value"]) == (now[day]["n"], now[day]["value"])
    late, corrected = told[revised.late_on], told[revised.corrected_on]
    assert late["n"] == late["previous_n"] + revised.late_count
    assert corrected["value"] > corrected["previous_value"]
    others = [row for row in rows if not row["late_row_count"] + row["corrected_row_count"]]
    assert {row["cause"] for row in others} == {"identity"}
    # a message to somebody unknown so far counts once there is a customer
    known = [row for row in others if row["kpi_id"] == "open_rate" and row["segment"] == "all"]
    assert {row["n"] - row["previous_n"] for row in known} == {1}


def _by_day(rows: Sequence[Mapping[str, Any]]) -> dict[date, Mapping[str, Any]]:
    return {row["metric_date"].date(): row for row in rows}


def _messages(lab: Laboratory) -> list[dict[str, str]]:
    """Every message as first delivered."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted((lab.settings.paths.drop / "crm" / "messages").iterdir()):
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rt", newline="", encoding="utf-8") as text:
            for row in csv.DictReader(text, delimiter=";"):
                found.setdefault(row["message_id"], row)
    return list(found.values())


def _sent_on(row: Mapping[str, str]) -> date:
    day, month, year = row["sent_at"][:10].split("/")
    return date(int(year), int(month), int(day))


def _next_day(row: Mapping[str, str]) -> str:
    """A day after delivery: late enough for a human."""
    return f"{_sent_on(row) + timedelta(days=1):%d/%m/%Y}{row['delivered_at'][10:]}"
