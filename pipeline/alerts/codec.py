"""Alerts as JSON and back.

Belongs here: what the ledger keeps of an alert. Does not belong here: where it keeps it.
"""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from pipeline.alerts.model import Alert, Finding, Measure, Severity, State, Subject


def as_json(alert: Alert) -> str:
    """An alert as one line of JSON, keys in order."""
    return json.dumps(asdict(alert), default=str, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Alert:
    """The alert that ``as_json`` wrote."""
    content: dict[str, Any] = json.loads(text)
    found = content.pop("finding")
    finding = Finding(
        **{
            **found,
            "subject": Subject(**found["subject"]),
            "severity": Severity(found["severity"]),
            "measure": Measure(**found["measure"]),
            "first_day": date.fromisoformat(found["first_day"]),
            "last_day": date.fromisoformat(found["last_day"]),
        }
    )
    content["history"] = tuple(content.get("history", ()))
    days = {name: _day(content.pop(name)) for name in ("opened_on", "seen_on", "resolved_on")}
    return Alert(finding=finding, state=State(content.pop("state")), **days, **content)  # type: ignore[arg-type]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
