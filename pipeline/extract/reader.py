"""The reader landing is handed: one table's mapping and contract, closed over.

Belongs here: the seam between extract and landing. Does not belong here: anything else.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.contracts import Contract
from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import SourceFile
from pipeline.extract.mapping import Mapping
from pipeline.extract.stage import StagedFile, stage_file


@dataclass(frozen=True)
class FileReader:
    """Turns a file of one table into typed rows.

    A file that cannot be read comes back with its ``problem``.
    """

    mapping: Mapping
    contract: Contract

    def __call__(
        self, connection: duckdb.DuckDBPyConnection, file: SourceFile, *, prefix: str, scratch: Path
    ) -> StagedFile:
        """Stage a file; see `pipeline.extract.stage.stage_file`."""
        try:
            return stage_file(
                connection, file, mapping=self.mapping, contract=self.contract, prefix=prefix, scratch=scratch
            )
        except UnreadableFileError as error:
            return StagedFile("", "", 0, 0, (), (), problem=error.message)
