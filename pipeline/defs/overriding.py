"""Publishing what a closed gate kept back, on a named human's word.

Belongs here: the course of an override. Does not belong here: which checks may be overridden (``pipeline.publish``).
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pipeline import publish
from pipeline.defs import gating, releasing
from pipeline.defs.session import open_session
from pipeline.settings import Settings


def publish_by_override(
    settings: Settings, names: Sequence[str], *, reason: str, by: str, at: datetime
) -> tuple[Path, tuple[publish.Override, ...]]:
    """Stage, judge and seal the build a closed gate kept back; to be called by the one writer of the home.

    Args:
        settings: the home.
        names: the checks to override; all that are closed.
        reason: why the figures are right.
        by: who answers for it.
        at: now, naive UTC.

    Returns:
        The release, and the overrides it bears.

    Raises:
        OverrideError: the gate is open, or closed over another build, or these checks cannot be overridden.
        GateClosedError: judged again, something else is unmet.
    """
    session = open_session(settings)
    gate = publish.read_gate(settings.paths.gate)
    if gate is None or gate.is_open:
        raise publish.OverrideError("the gate is not closed, so there is nothing to override")
    overrides = publish.overridden(gate.checks, names, reason=reason, by=by, at=at)
    if gating.judgement_now(session).release_id != gate.release_id:
        raise publish.OverrideError(
            f"the gate closed over release {gate.release_id}, and data, seeds or code have changed since; "
            "`parcours run` judges them first"
        )
    judged = releasing.stage_and_judge(session, overrides)
    if judged.is_blocked:
        rest = ", ".join(check.check for check in judged.closed)
        raise publish.GateClosedError(f"judged again, the gate stays closed because of {rest}; nothing was published")
    folder, _ = releasing.seal_staged(session, at, judged.overrides)
    return folder, overrides
