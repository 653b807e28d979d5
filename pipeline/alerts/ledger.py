"""The ledger of a home: every alert with its life, mutes, and the outbox of messages. One SQLite file.

Belongs here: what must survive a killed process, in transactions. Does not belong here: deciding or sending. A day
enters the ledger as a whole, once: its alerts and the messages due are one transaction.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipeline.alerts.codec import as_json, from_json
from pipeline.alerts.model import Alert

FILE = "ledger.sqlite"
_SCHEMA = """
create table if not exists alerts (alert_id text primary key, content text not null);
create table if not exists evaluations (evaluation_id text primary key, as_of text not null);
create table if not exists eves (as_of text primary key, through text, content text not null);
create table if not exists mutes (fingerprint text primary key, last_day text not null, note text not null);
create table if not exists outbox (
    message_key text primary key, channel text not null, title text not null, body text not null,
    state text not null, attempts integer not null, due_at text not null, problem text not null
);
create table if not exists deliveries (
    message_key text not null, attempt integer not null, at text not null, result text not null,
    primary key (message_key, attempt, result)
);
"""


@dataclass(frozen=True)
class Message:
    """Something to be sent to one channel.

    Attributes:
        key: idempotency key: one per event of a life and channel.
        channel: name of the channel.
        title: one line.
        body: text.
        attempts: how often it was tried.
        state: ``queued``, ``sending``, ``sent`` or ``dead``.
        problem: why the last attempt failed.
    """

    key: str
    channel: str
    title: str
    body: str
    attempts: int = 0
    state: str = "queued"
    problem: str = ""


class UnknownAlertError(ValueError):
    """No alert of that id is in the ledger."""


class Ledger:
    """Reads and writes the ledger of one home."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        opened = sqlite3.connect(self._file, timeout=30, isolation_level=None)
        try:
            opened.execute("pragma synchronous = full")
            opened.executescript(_SCHEMA)
            opened.execute("begin immediate")
            yield opened
            opened.execute("commit")
        except BaseException:
            if opened.in_transaction:
                opened.execute("rollback")
            raise
        finally:
            opened.close()

    def alerts(self) -> dict[str, Alert]:
        """All alerts by id."""
        if not self._file.exists():
            return {}
        with self._opened() as opened:
            rows = opened.execute("select content from alerts order by alert_id").fetchall()
        found = [from_json(content) for (content,) in rows]
        return {alert.alert_id: alert for alert in found}

    def find(self, alert_id: str) -> Alert:
        """One alert, by its id or the beginning of it that only it has.

        Raises:
            UnknownAlertError: none, or several.
        """
        fitting = [alert for key, alert in self.alerts().items() if key.startswith(alert_id)]
        if len(fitting) != 1:
            word = "no alert" if not fitting else f"{len(fitting)} alerts"
            raise UnknownAlertError(f"{word} with the id {alert_id}; `parcours alerts list --all` shows them")
        return fitting[0]

    def evaluated_through(self) -> date | None:
        """The last as-of day that was taken in."""
        if not self._file.exists():
            return None
        with self._opened() as opened:
            row = opened.execute("select max(as_of) from evaluations").fetchone()
        return date.fromisoformat(row[0]) if row and row[0] else None

    def take_in(
        self, evaluation_id: str, as_of: date, alerts: Mapping[str, Alert], messages: Sequence[Message], now: datetime
    ) -> bool:
        """Write a day: alerts and messages due, together or not at all.

        What was before the day is kept, so that the day can be lived through again if its data are corrected.

        Args:
            evaluation_id: what was evaluated (the release); the same one twice changes nothing.
            as_of: its day.
            alerts: all alerts after it.
            messages: to be sent; one whose key was ever queued is not queued again.
            now: when they are due.

        Returns:
            Whether it was new.
        """
        with self._opened() as opened:
            (through,) = opened.execute("select max(as_of) from evaluations").fetchone()
            row = (evaluation_id, as_of.isoformat())
            done = opened.execute("insert into evaluations values (?, ?) on conflict do nothing", row)
            if done.rowcount == 0:
                return False
            if through is None or as_of.isoformat() > through:
                _keep_eve(opened, as_of, through)
            self._write(opened, alerts.values())
            self._queue(opened, messages, now)
        return True

    def eve(self, as_of: date) -> tuple[dict[str, Alert], date | None] | None:
        """All alerts before an as-of day was first evaluated, and the day evaluated before it.

        Returns:
            ``None`` unless it is the last day that was taken in.
        """
        if not self._file.exists():
            return None
        with self._opened() as opened:
            row = opened.execute("select content, through from eves where as_of = ?", [as_of.isoformat()]).fetchone()
        if row is None:
            return None
        found = [from_json(content) for content in json.loads(row[0])]
        return {alert.alert_id: alert for alert in found}, date.fromisoformat(row[1]) if row[1] else None

    def record(self, alert: Alert, messages: Sequence[Message], now: datetime) -> None:
        """Write one alert, changed by hand or raised outside of an evaluation, and its messages."""
        with self._opened() as opened:
            self._write(opened, [alert])
            self._queue(opened, messages, now)

    @staticmethod
    def _write(opened: sqlite3.Connection, alerts: Iterable[Alert]) -> None:
        rows = [(alert.alert_id, as_json(alert)) for alert in alerts]
        opened.executemany("insert or replace into alerts values (?, ?)", rows)

    @staticmethod
    def _queue(opened: sqlite3.Connection, messages: Sequence[Message], now: datetime) -> None:
        rows = [(each.key, each.channel, each.title, each.body, now.isoformat()) for each in messages]
        opened.executemany(
            "insert into outbox values (?, ?, ?, ?, 'queued', 0, ?, '') on conflict (message_key) do nothing", rows
        )

    def mute(self, fingerprint: str, last_day: date, note: str) -> None:
        """Tell nothing of a subject up to a day."""
        with self._opened() as opened:
            opened.execute("insert or replace into mutes values (?, ?, ?)", (fingerprint, last_day.isoformat(), note))

    def muted(self) -> dict[str, date]:
        """Last muted day by fingerprint."""
        if not self._file.exists():
            return {}
        with self._opened() as opened:
            rows = opened.execute("select fingerprint, last_day from mutes").fetchall()
        return {fingerprint: date.fromisoformat(day) for fingerprint, day in rows}

    def messages(self, *states: str, due: datetime | None = None) -> list[Message]:
        """Messages in some states, oldest first; with ``due``, only those whose time has come."""
        if not self._file.exists():
            return []
        marks = ", ".join("?" for _ in states)
        with self._opened() as opened:
            rows = opened.execute(
                "select message_key, channel, title, body, attempts, state, problem from outbox "
                f"where state in ({marks}) and due_at <= ? order by due_at, message_key",
                [*states, due.isoformat() if due else "9999"],
            ).fetchall()
        return [Message(*row) for row in rows]

    def mark(self, message: Message, state: str, now: datetime, *, due: datetime | None = None) -> None:
        """Write how a message stands, and one line of the delivery log."""
        with self._opened() as opened:
            opened.execute(
                "update outbox set state = ?, attempts = ?, problem = ?, due_at = ? where message_key = ?",
                (state, message.attempts, message.problem, (due or now).isoformat(), message.key),
            )
            opened.execute(
                "insert or replace into deliveries values (?, ?, ?, ?)",
                (message.key, message.attempts, now.isoformat(), state),
            )

    def deliveries(self, message_key: str) -> list[tuple[int, str, str]]:
        """The log of a message: attempt, when, what."""
        with self._opened() as opened:
            return opened.execute(
                "select attempt, at, result from deliveries where message_key = ? order by attempt, at, rowid",
                (message_key,),
            ).fetchall()


def _keep_eve(opened: sqlite3.Connection, as_of: date, through: str | None) -> None:
    opened.execute("delete from eves")
    opened.execute(
        "insert into eves select ?, ?, coalesce(json_group_array(content), '[]') from alerts",
        (as_of.isoformat(), through),
    )
