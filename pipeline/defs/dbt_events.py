"""What dbt tells while it runs: what is of use in its log, without the making of what nobody reads.

Belongs here: dbt's event manager. Does not belong here: calling dbt. Importing this imports dbt.

dbt makes some twenty debug events per node, each a message of its own kind with the node's description, and writes them
into its log: a tenth of a small run. What SQL was run lies in the target folder anyway.
"""

from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager


class CalmEvents(EventManager):
    """dbt's own, but for debug events, which end here."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,  # noqa: ANN401 - dbt's signature
        force_warn_or_error_handling: bool = False,  # noqa: FBT001, FBT002 - dbt's signature
    ) -> None:
        """Tell an event unless it is for debugging."""
        if (level or e.level_tag()) is not EventLevel.DEBUG:
            super().fire_event(e, level, node, force_warn_or_error_handling)


def keep_calm() -> None:
    """Let dbt tell no debug events in this process."""
    if not isinstance(get_event_manager(), CalmEvents):
        ctx_set_event_manager(CalmEvents())
