"""Alerts: what is wrong, since when, why, and who was told. Evaluation, lives, ledger, channels.

Belongs here: from exact daily cells to messages. Does not belong here: computing a KPI, drawing a page.
"""

from pipeline.alerts.channels import DeliveryError, NoSuchChannelError, channel_named
from pipeline.alerts.delivery import Delivered, deliver, messages_of
from pipeline.alerts.ledger import Ledger, Message, UnknownAlertError
from pipeline.alerts.model import Alert, Event, Finding, Severity, State, Subject
from pipeline.alerts.rules import AlertRulesError, RuleBook, read_rules

__all__ = [
    "Alert",
    "AlertRulesError",
    "Delivered",
    "DeliveryError",
    "Event",
    "Finding",
    "Ledger",
    "Message",
    "NoSuchChannelError",
    "RuleBook",
    "Severity",
    "State",
    "Subject",
    "UnknownAlertError",
    "channel_named",
    "deliver",
    "messages_of",
    "read_rules",
]
