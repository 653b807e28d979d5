"""The files of a table, wherever its source keeps them.

Belongs here: which place is asked. Does not belong here: how a place is asked.
"""

from datetime import date
from pathlib import Path

from pipeline.extract.files import SourceFile, find_dropped
from pipeline.extract.mapping import Mapping
from pipeline.extract.objects import discover_objects


def discover(drop: Path, mapping: Mapping) -> dict[date, list[SourceFile]]:
    """The files of a table by extract day, ascending; per day only the greatest replacement, sorted by name.

    Rows pulled from a database lie in the drop folder as files.

    Args:
        drop: the drop folder, for a source without a place of its own.
        mapping: mapping of the table.

    Raises:
        UnsafePathError: a file leads out of its place.
        UndatedFileError: a file bears no extract day.
        SourceUnavailableError, SourceAccessError: an object store does not answer, or refuses.
    """
    if mapping.location is not None:
        return discover_objects(mapping.location, mapping)
    return find_dropped(drop, mapping)
