"""The drop folder of the invented shop, and everything that goes wrong with what is delivered.

Belongs here: messes, as changes of files. Does not belong here: landing, building.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pipeline.contracts import CONTRACTS, Delivery
from tests.law.shop import BROWSERS, CUSTOMERS, Row, contract, customer, day_of_shop, follow_up, moment, one_each

FIRST_DAY = date(2025, 3, 24)
"""Clocks change on the sixth day after it."""
BULK_DAYS = 21
_SOURCES = """
version: 1
company: {name: Tea, business_time_zone: Europe/Paris, reporting_currency: EUR}
sources:
"""
Place = tuple[str, date]
_Any = TypeVar("_Any")


@dataclass
class Company:
    """What was delivered, what is held back, and what the next day will bring besides its own rows.

    Attributes:
        drop: the drop folder.
        files: rows of each delivered file, by table and extract day.
        held: files that are made, and come later.
        extra: rows that come with the next day.
        today: the last day that was made.
        touched: tables with a file that nobody asked for yet.
        count: names given so far.
    """

    drop: Path
    files: dict[Place, list[Row]] = field(default_factory=dict)
    held: dict[Place, list[Row]] = field(default_factory=dict)
    extra: list[tuple[str, Row]] = field(default_factory=list)
    today: date = FIRST_DAY
    touched: set[str] = field(default_factory=set)
    count: int = 0

    def __post_init__(self) -> None:
        bulk: dict[str, list[Row]] = {}
        for back in range(BULK_DAYS, -1, -1):
            for table, rows in day_of_shop(FIRST_DAY - timedelta(days=back), visit_count=5).items():
                bulk.setdefault(table, []).extend(rows)
        bulk["customers"] = [customer(number, FIRST_DAY) for number in range(0, CUSTOMERS, 2)]
        for table, rows in bulk.items():
            self._deliver((table, FIRST_DAY), one_each(table, rows))

    @staticmethod
    def sources() -> str:
        """The source mapping: every table by its own names."""
        groups: dict[str, list[str]] = {}
        for table, each in CONTRACTS.items():
            groups.setdefault(each.source, []).append(f"      {table}: {{}}\n")
        return _SOURCES + "".join(f"  {name}:\n    tables:\n{''.join(lines)}" for name, lines in groups.items())

    def changed_tables(self) -> set[str]:
        """Tables with a new or another file since this was last asked."""
        touched, self.touched = self.touched, set()
        return touched

    def next_day(self, *, held: tuple[str, ...] = ()) -> None:
        """The shop lives through a day; files of some tables come later."""
        self.today += timedelta(days=1)
        made = day_of_shop(self.today)
        for table, row in [*follow_up(self.today, self._known("deliveries")), *self.extra]:
            made.setdefault(table, []).append(row)
        self.extra.clear()
        for table, rows in made.items():
            place = (table, self.today)
            if table in held:
                self.held[place] = one_each(table, rows)
            else:
                self._deliver(place, one_each(table, rows))

    def deliver_held(self, *, echoed: bool = False) -> None:
        """What was held back arrives; if echoed, with some rows of the day after, which are that day's no longer."""
        for table, day in sorted(self.held):
            later = self.files.get((table, day + timedelta(days=1)), []) if echoed else []
            self._deliver((table, day), one_each(table, [*self.held[table, day], *later[:3]]))
        self.held.clear()

    def resend(self, number: int, how: str) -> Place:
        """A file is sent again, a row of it added (`add`), gone (`remove`), found to be a bot's (`hide`) or changed."""
        place = _pick(sorted(self.files), number)
        rows = [dict(row) for row in self.files[place]]
        if how == "add":
            rows.append(self._like(place[0], rows[number % len(rows)], minutes=20))
        elif how == "remove" and len(rows) > 1:
            del rows[number % len(rows)]
        elif how == "hide" and place[0] == "web_events":
            rows[number % len(rows)]["is_internal"] = True
        else:
            rows[number % len(rows)] = self._changed(place[0], rows[number % len(rows)])
        self._deliver(place, rows)
        return place

    def late_events(self, number: int) -> None:
        """The next day tells of events long past: one between two visits, one in the middle of a visit."""
        events = self._events()
        for minutes, offset in ((29, 0), (7, 5)):
            row = events[(number + offset) % len(events)]
            self.extra.append(("web_events", self._like("web_events", row, minutes=minutes)))

    def correct(self, number: int) -> None:
        """The next day brings another version of a row that may be told anew."""
        tables = sorted({name for name, _ in self.files if CONTRACTS[name].delivery is Delivery.UPSERTS})
        table = _pick(tables, number)
        self.extra.append((table, self._changed(table, _pick(self._known(table), number))))

    def log_in(self, number: int) -> None:
        """A browser nobody knew, or somebody else's, is used by a customer: all its past is theirs, or nobody's."""
        seen = sorted({row["anonymous_id"] for row in self._events()})
        at = datetime.combine(self.today + timedelta(days=1), datetime.min.time()) + timedelta(hours=11)
        row = self._like("web_events", self._events()[0], minutes=0)
        names = {"anonymous_id": _pick(seen, number), "user_id": f"c{number % CUSTOMERS:02}", "event_name": "login"}
        self.extra.append(("web_events", row | names | {"occurred_at": moment(at)}))

    def link(self, one: int, other: int) -> None:
        """Two customers show one card: they are one from now on."""
        card = f"L{other % CUSTOMERS:02}"
        for number in (one, other):
            self.extra.append(("customers", customer(number % CUSTOMERS, self.today, loyalty_id=card)))

    def split(self, one: int, other: int) -> None:
        """They were not one after all: each is told anew with an own card."""
        for number in (one, other):
            row = customer(number % CUSTOMERS, self.today, loyalty_id=f"L{number % CUSTOMERS:02}")
            self.extra.append(("customers", row))

    def own_order(self, number: int) -> None:
        """An order of nobody gets its customer."""
        guests = [row for row in self._known("orders") if row["customer_id"] is None]
        if guests:
            owner = f"c{number % CUSTOMERS:02}"
            self.extra.append(("orders", _pick(guests, number) | {"customer_id": owner}))

    def move_account(self, number: int) -> None:
        """A customer buys for another company, or for none any more."""
        account = (None, "A0", "A1", "A9")[number % 4]
        changed = customer(number % CUSTOMERS, self.today, account_id=account, customer_type="B2B")
        self.extra.append(("customers", changed))

    def renew(self, number: int) -> None:
        """A contract is renewed, or ended early."""
        known = _pick(self._known("contracts"), number)
        if number % 2:
            made = contract(self._name("k"), known["customer_id"], self.today, days=20, renews=known["contract_id"])
        else:
            made = known | {"cancelled_on": str(self.today)}
        self.extra.append(("contracts", made))

    def take_away(self, number: int) -> Place:
        """The file of a day is no longer in the drop; the table keeps another."""
        place = _pick([place for place in sorted(self.files) if place[1] > FIRST_DAY], number)
        del self.files[place]
        self._path(place).unlink()
        return place

    def read_again(self) -> None:
        """Take the files as they are now: somebody else rewrote them."""
        self.touched = set(CONTRACTS)
        self.files = {
            place: [json.loads(line) for line in self._path(place).read_text(encoding="utf-8").splitlines()]
            for place in self.files
            if self._path(place).exists()
        }
        self.files = {place: rows for place, rows in self.files.items() if rows}

    def _deliver(self, place: Place, rows: list[Row]) -> None:
        self.files[place] = rows
        self.touched.add(place[0])
        path = self._path(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def _path(self, place: Place) -> Path:
        table, day = place
        return self.drop / CONTRACTS[table].source / table / f"{day}.jsonl"

    def _events(self) -> list[Row]:
        return self._known("web_events")

    def _known(self, table: str) -> list[Row]:
        """Rows delivered so far, by day; of a key told twice the last."""
        rows = [row for place in sorted(self.files) if place[0] == table for row in self.files[place]]
        return one_each(table, rows)

    def _name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-new-{self.count}"

    def _like(self, table: str, row: Row, *, minutes: int) -> Row:
        """Another row of a table, some minutes after one it has."""
        key = CONTRACTS[table].key[0]
        return self._later(table, row, minutes=minutes) | {key: self._name(table)}

    def _changed(self, table: str, row: Row) -> Row:
        """The same row, told otherwise."""
        told = {
            "orders": {"net_amount": 77.5},
            "order_items": {"quantity": 9},
            "customers": {"acquisition_channel": "display", "country": "BE"},
            "contracts": {"cancelled_on": str(self.today)},
            "deliveries": {"delivered_at": moment(datetime.combine(self.today, datetime.min.time()))},
            "web_events": {"event_name": "search", "search_result_count": 0, "anonymous_id": f"b{BROWSERS - 1:02}"},
            "messages": {"clicked_at": moment(datetime.combine(self.today, datetime.min.time()))},
            "survey_responses": {"score": 10},
            "interactions": {"closed_at": moment(datetime.combine(self.today, datetime.min.time()))},
        }
        return row | told.get(table, {})

    @staticmethod
    def _later(table: str, row: Row, *, minutes: int) -> Row:
        columns = [name for name in (*CONTRACTS[table].event_time, "shipped_at") if row.get(name)]
        shift = timedelta(minutes=minutes)
        return row | {name: moment(datetime.fromisoformat(row[name]) + shift) for name in columns}


def _pick(choices: Sequence[_Any], number: int) -> _Any:
    return choices[number % len(choices)]
