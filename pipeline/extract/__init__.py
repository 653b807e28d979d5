"""Where rows come from: the source mapping, files in the drop folder, typed rows.

Belongs here: reading what companies send, as their mapping says. Does not belong here: rules of a contract,
landing.
"""

from pipeline.extract.errors import (
    SourceAccessError,
    SourcesError,
    SourceUnavailableError,
    UndatedFileError,
    UnreadableFileError,
    UnsafePathError,
)
from pipeline.extract.files import SourceFile
from pipeline.extract.finding import discover
from pipeline.extract.limits import Limits
from pipeline.extract.mapping import Company, Mapping, Sources
from pipeline.extract.pulling import Pull, pull_day, pulls, sampled
from pipeline.extract.reader import FileReader
from pipeline.extract.removing import NotRemovableError, every_file, write_without
from pipeline.extract.sources import load_sources, parse_sources

__all__ = [
    "Company",
    "FileReader",
    "Limits",
    "Mapping",
    "NotRemovableError",
    "Pull",
    "SourceAccessError",
    "SourceFile",
    "SourceUnavailableError",
    "Sources",
    "SourcesError",
    "UndatedFileError",
    "UnreadableFileError",
    "UnsafePathError",
    "discover",
    "every_file",
    "load_sources",
    "parse_sources",
    "pull_day",
    "pulls",
    "sampled",
    "write_without",
]
