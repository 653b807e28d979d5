"""The page that says why nothing was published.

Belongs here: drawing a `Gate`. Does not belong here: any judgement. Texts come from data, so all are escaped.
"""

from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pipeline.publish.gate import Gate

_TEMPLATES = Path(__file__).with_name("templates")


def gate_page(gate: Gate) -> str:
    """The page of a gate as self-contained HTML; it loads nothing."""
    age = None
    if gate.served_as_of_date is not None:
        age = (date.fromisoformat(gate.judged_at[:10]) - date.fromisoformat(gate.served_as_of_date)).days
    return _template().render(gate=gate, served_age_days=age, command=override_command(gate))


def override_command(gate: Gate) -> str | None:
    """The command a named human would type, or ``None`` if some closed check may not be overridden."""
    if gate.is_open or any(check.is_final for check in gate.checks):
        return None
    names = " ".join(f"--override {check.check}" for check in gate.checks)
    return f'parcours publish {names} --reason "…" --by "…"'


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("gate.html.j2")
