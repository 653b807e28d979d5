"""The one resource: a home, held for writing from the first step of a run to the last.

Belongs here: what Dagster hands to assets. Does not belong here: work.
"""

from collections.abc import Iterator

import dagster as dg

from pipeline.defs.session import open_session, require_tables
from pipeline.settings import Settings
from pipeline.warehouse import one_writer

OWNERS = ("team:data-engineering",)


def home_resource(settings: Settings) -> dg.ResourceDefinition:
    """A resource that gives assets their `Session`.

    It takes the home's lock for the whole run and refuses to start when configuration is wrong or a required table
    has never been delivered, so that nothing is touched then.
    """

    @dg.resource(description="Configuration of the home, and the lock that makes this run its only writer")
    def home(_: dg.InitResourceContext) -> Iterator[object]:
        with one_writer(settings.paths.lock_file):
            session = open_session(settings)
            require_tables(session)
            yield session

    return home
