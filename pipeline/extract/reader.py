"""The reader landing is handed: one table's mapping and contract, closed over.

Belongs here: the seam between extract and landing. Does not belong here: anything else.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.contracts import Contract
from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import SourceFile
from pipeline.extract.limits import Limits
from pipeline.extract.mapping import Mapping
from pipeline.extract.stage import stage_file
from pipeline.extract.staged import StagedFile


@dataclass(frozen=True)
class FileReader:
    """Turns a file of one table into typed rows.

    A file that cannot be read comes back with its ``problem``.
    """

    mapping: Mapping
    contract: Contract
    limits: Limits = field(default_factory=Limits)

    def __call__(
        self,
        connection: duckdb.DuckDBPyConnection,
        file: SourceFile,
        *,
        prefix: str,
        scratch: Path,
        is_streamed: bool = False,
    ) -> StagedFile:
        """Stage a file; see `pipeline.extract.stage.stage_file`. An object of a store is not streamed."""
        try:
            with file.local(scratch) as local:
                return stage_file(
                    connection,
                    local,
                    mapping=self.mapping,
                    contract=self.contract,
                    prefix=prefix,
                    scratch=scratch,
                    limits=self.limits,
                    is_streamed=is_streamed and local is file,  # what is fetched is gone when this ends
                )
        except UnreadableFileError as error:
            return StagedFile("", "", 0, 0, (), (), problem=error.message)
