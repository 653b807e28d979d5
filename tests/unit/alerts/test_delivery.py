"""Messages: recorded, sent once, repeated at most once by a kill, tried again, and never lost in silence."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from pipeline.alerts.channels import FILE_CHANNEL, FileChannel, NoSuchChannelError, channel_named, received
from pipeline.alerts.delivery import UNDELIVERED, WAITS, deliver, messages_of
from pipeline.alerts.ledger import Ledger, Message
from pipeline.alerts.model import Event, Happening, State
from pipeline.alerts.rules import Route
from pipeline.settings import PROJECT_ROOT
from tests.unit.alerts.home import LAST, alert, book

NOW = datetime(2025, 7, 20, 5, 30)  # noqa: DTZ001


def queued(folder: Path, *messages: Message) -> Ledger:
    ledger = Ledger(folder)
    ledger.record(alert(), messages, NOW)
    return ledger


def message(channel: str = FILE_CHANNEL, key: str = "k1") -> Message:
    return Message(key, channel, "[warning] conversion: opened", "Conversion fell.\nk1")


class Mailbox:
    """Keeps what a mail server is given."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.letters.append(envelope.content)  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def web() -> Iterator[tuple[list[dict], list[int], int]]:
    got: list[dict] = []
    answers: list[int] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers.pop(0) if answers else 200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield got, answers, server.server_port
    server.shutdown()
    server.server_close()


def test_a_mail_server_receives_the_message(tmp_path: Path, mail: tuple[Mailbox, int]) -> None:
    box, port = mail
    ledger = queued(tmp_path, message("cx_mail"))
    address = f"mailto://127.0.0.1:{port}/?from=parcours@example.org&to=cx@example.org&mode=insecure"
    done = deliver(ledger, tmp_path, address=lambda _: address, now=lambda: NOW)
    assert (done.sent, done.waiting, done.dead) == (1, 0, 0)
    assert b"Conversion fell." in box.letters[0]
    assert b"[warning] conversion: opened" in box.letters[0]
    again = deliver(ledger, tmp_path, address=lambda _: address, now=lambda: NOW)
    assert (again.sent, len(box.letters)) == (0, 1)


def test_a_web_endpoint_receives_the_message_after_a_failure(
    tmp_path: Path, web: tuple[list[dict], list[int], int]
) -> None:
    got, answers, port = web
    answers.append(503)
    ledger = queued(tmp_path, message("hook"))
    address = f"json://127.0.0.1:{port}/alerts"

    def send(now: datetime) -> tuple[int, int]:
        done = deliver(ledger, tmp_path, address=lambda _: address, now=lambda: now)
        return done.sent, done.waiting

    assert send(NOW) == (0, 1)
    assert send(NOW + timedelta(seconds=30)) == (0, 0)
    assert send(NOW + WAITS[0]) == (1, 0)
    assert [each["title"] for each in got] == ["[warning] conversion: opened"] * 2
    assert "Conversion fell." in got[1]["message"]
    log = ledger.deliveries("k1")
    assert [(attempt, result) for attempt, _, result in log] == [
        (1, "sending"),
        (1, "queued"),
        (2, "sending"),
        (2, "sent"),
    ]


def test_what_cannot_be_delivered_becomes_an_alert_that_is_found(tmp_path: Path) -> None:
    ledger = queued(tmp_path, message("nowhere"))
    assert deliver(ledger, tmp_path, address=lambda _: None, now=lambda: NOW).dead == 1
    rules = [each.finding.subject.rule for each in ledger.alerts().values()]
    assert UNDELIVERED in rules
    in_file = received(tmp_path)
    assert in_file["k1"]["body"].startswith("Conversion fell.")
    assert any("PARCOURS_CHANNEL_NOWHERE" in each["body"] for each in in_file.values())
    assert deliver(ledger, tmp_path, address=lambda _: None, now=lambda: NOW).dead == 0


def test_a_service_that_is_down_for_hours_is_given_up_aloud(tmp_path: Path) -> None:
    ledger = queued(tmp_path, message("hook"))
    states = []
    for attempt in range(len(WAITS) + 1):
        done = deliver(
            ledger,
            tmp_path,
            address=lambda _: "json://127.0.0.1:9/none",
            now=lambda attempt=attempt: NOW + attempt * max(WAITS),
        )
        states.append((done.waiting, done.dead))
    assert states == [(1, 0)] * len(WAITS) + [(0, 1)]
    assert "k1" in received(tmp_path)


def test_an_address_is_not_shown(tmp_path: Path) -> None:
    ledger = queued(tmp_path, message("hook"))
    deliver(ledger, tmp_path, address=lambda _: "nonsense://sesame", now=lambda: NOW)
    stored = (tmp_path / "ledger.sqlite").read_bytes() + (tmp_path / "messages.jsonl").read_bytes()
    assert b"sesame" not in stored
    with pytest.raises(NoSuchChannelError, match="PARCOURS_CHANNEL_PAGER"):
        channel_named("pager", tmp_path, lambda _: None)


def test_the_file_channel_holds_each_message_once_even_after_a_torn_line(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)
    channel.send(message())
    with (tmp_path / "messages.jsonl").open("a", encoding="utf-8") as handle:
        handle.write('{"key": "k2", "tit')
    channel.send(message(key="k2"))
    channel.send(message(key="k2"))
    assert list(received(tmp_path)) == ["k1", "k2"]


_KILLED = """
    import os, signal
    from datetime import datetime
    from pathlib import Path
    from pipeline.alerts import delivery
    from pipeline.alerts.ledger import Ledger

    class Deadly:
        def send(self, message):
            with open("{log}", "a") as handle:
                handle.write(message.key + "\\n")
            os.kill(os.getpid(), signal.SIGKILL)

    delivery.channel_named = lambda *arguments: Deadly()
    folder = Path("{folder}")
    delivery.deliver(Ledger(folder), folder, address=lambda _: "x", now=lambda: datetime(2025, 7, 20, 5, 30))
"""


def test_a_kill_between_sending_and_recording_repeats_one_message_and_loses_none(tmp_path: Path) -> None:
    log = tmp_path / "sent.log"
    ledger = queued(tmp_path / "alerts", message(key="k1"), message(key="k2"))
    code = textwrap.dedent(_KILLED.format(log=log, folder=tmp_path / "alerts"))
    process = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, env={**os.environ}, check=False)
    assert process.returncode == -signal.SIGKILL
    assert log.read_text().split() == ["k1"]
    assert [each.state for each in ledger.messages("sending", "queued")] == ["sending", "queued"]
    done = deliver(ledger, tmp_path / "alerts", address=lambda _: None, now=lambda: NOW)
    assert done.sent == 2
    assert list(received(tmp_path / "alerts")) == ["k1", "k2"]
    assert ledger.messages("sending", "queued", "dead") == []


def test_messages_say_what_why_and_where_in_either_language() -> None:
    one = alert(explanation_en="By device: mobile.", explanation_fr="Par appareil : mobile.")
    rules = book(
        routes=(Route("*", "*", "*", "file"), Route("ecommerce", "*", "*", "shop"), Route("cx", "*", "*", "cx"))
    )
    event = Event(one, Happening.OPENED, LAST)
    (english,) = messages_of([event], rules, language="en", link="https://example.org/report/index.html")
    assert english.channel == "shop"
    assert english.body.splitlines()[:3] == [
        "conversion (all) fell.",
        "By device: mobile.",
        "https://example.org/report/index.html#kpis",
    ]
    (french,) = messages_of([event], rules, language="fr", link="")
    assert french.body.startswith("conversion (all) a baissé.\nPar appareil")
    assert french.key == english.key
    over = alert(state=State.RESOLVED, resolution="recovered", resolved_on=LAST)
    (ended,) = messages_of([Event(over, Happening.RESOLVED, LAST)], rules, language="en", link="")
    assert "over" in ended.title
    assert ended.key != english.key
