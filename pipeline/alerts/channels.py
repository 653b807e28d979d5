"""Where messages go: a local file by default, anything Apprise knows (Slack, Teams, e-mail, webhooks …) by address.

Belongs here: the port and its two adapters. Does not belong here: when and how often. An address is a secret: it is
read from the environment, and appears in no message, log or error.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from pipeline.alerts.ledger import Message

FILE_CHANNEL = "file"
MESSAGES = "messages.jsonl"


class DeliveryError(RuntimeError):
    """A channel did not take a message; trying again may help."""


class NoSuchChannelError(DeliveryError):
    """A channel has no address, or one nobody understands; trying again does not help."""


class Channel(Protocol):
    """Takes messages."""

    def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            DeliveryError: it was not taken.
        """


class FileChannel:
    """One line of JSON per message in the home; a message is there once, however often it is sent."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / MESSAGES

    def send(self, message: Message) -> None:
        """Append the message unless its key is there."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        content = {name: value for name, value in asdict(message).items() if name in ("key", "title", "body")}
        lines = self._file.read_text(encoding="utf-8").splitlines() if self._file.exists() else []
        whole = [line for line in lines if _key(line)]  # a line cut short by a kill is written again
        if message.key in {_key(line) for line in whole}:
            return
        partial = self._file.with_name(f"_{self._file.name}")
        partial.write_text("\n".join([*whole, json.dumps(content, ensure_ascii=False)]) + "\n", encoding="utf-8")
        partial.replace(self._file)


def _key(line: str) -> str:
    try:
        return str(json.loads(line)["key"])
    except (json.JSONDecodeError, KeyError, TypeError):
        return ""


class AppriseChannel:
    """Sends through Apprise to the service an address names (``slack://…``, ``mailto://…``, ``json://…``)."""

    def __init__(self, name: str, address: str) -> None:
        self._name, self._address = name, address

    def send(self, message: Message) -> None:
        """Send the message.

        Raises:
            NoSuchChannelError: the address is none.
            DeliveryError: the service did not take it.
        """
        import apprise  # noqa: PLC0415 - a third of a second, paid only where something is sent

        service = apprise.Apprise()
        if not service.add(self._address):
            raise NoSuchChannelError(f"the address of channel {self._name} is none that Apprise understands")
        if not service.notify(title=message.title, body=message.body, body_format=apprise.NotifyFormat.TEXT):
            raise DeliveryError(f"channel {self._name} did not take the message")


def channel_named(name: str, folder: Path, address: Callable[[str], str | None]) -> Channel:
    """The channel of a name.

    Args:
        name: as in the routes; ``file`` is the local one.
        folder: the home's folder of alerts.
        address: gives the address of a channel, ``None`` without one.

    Raises:
        NoSuchChannelError: it has no address.
    """
    if name == FILE_CHANNEL:
        return FileChannel(folder)
    found = address(name)
    if not found:
        raise NoSuchChannelError(
            f"channel {name} has no address: set PARCOURS_CHANNEL_{name.upper()}, or change alert_routes.csv"
        )
    return AppriseChannel(name, found)


def received(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """What the file channel holds, by key."""
    file = folder / MESSAGES
    if not file.exists():
        return {}
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if _key(line)]
    return {_key(line): json.loads(line) for line in lines}
