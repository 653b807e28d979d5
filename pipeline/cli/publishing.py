"""`parcours publish`: a named human opens a closed gate for one release; and telling why a gate is closed.

Belongs here: asking for name and reason, and words. Does not belong here: the gate (``pipeline.publish``).
"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from pipeline import publish
from pipeline.cli.terminal import complain, plain_errors, read_settings, say
from pipeline.settings import Settings
from pipeline.warehouse import one_writer


def publish_command(
    override: Annotated[list[str], typer.Option(metavar="CHECK", help="A closed check; `parcours status` names them.")],
    reason: Annotated[str, typer.Option(help="Why the figures are right although the check says otherwise.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who answers for it; shown on the report.")],
) -> None:
    """Publish what a closed gate keeps back, on a named human's word; manifest and report show it."""
    from pipeline.defs import overriding  # noqa: PLC0415

    settings = read_settings()
    with plain_errors(), one_writer(settings.paths.lock_file):
        at = datetime.now(UTC).replace(tzinfo=None)
        folder, overrides = overriding.publish_by_override(settings, override, reason=reason, by=by, at=at)
    say(f"New release {folder.name}")
    for each in overrides:
        say(f"  overridden: {each.text}")


def say_gate(settings: Settings) -> None:
    """Say why nothing was published, if the gate is closed."""
    gate = publish.read_gate(settings.paths.gate)
    if gate is None or gate.is_open:
        return
    complain(f"the gate is closed: no run has passed since {gate.closed_since} (as of {gate.as_of_date})")
    for check in gate.checks:
        say(f"  {check.check}")
        say(f"    {check.observed}: {check.why}")
        say(f"    {check.remedy}{' Nobody can override it.' if check.is_final else ''}")
    if gate.served_release_id:
        say(f"  Readers see release {gate.served_release_id}, published {gate.served_published_at}")
    if command := publish.override_command(gate):
        say(f"  If the figures are right: {command}")
    say(f"  The same as a page: {settings.paths.gate / 'index.html'}")
